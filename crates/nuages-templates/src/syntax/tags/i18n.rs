//! Tags of the libraries i18n, l10n and tz. Texts are shown as they are written: there are no catalogues.

use super::super::SyntaxError;
use super::super::lexer;
use super::super::node::{Bindings, Constant, Kind, TranslateBlock, TranslatePart};
use super::super::parser::{Parser, Tag};

pub(super) fn translate(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let mut words = tag.words.clone().into_iter();
    let Some(text) = words.next() else {
        return Err(parser.error(format!("'{}' needs a text", tag.name)));
    };
    let text = parser.expression(&text)?;
    let mut seen = Vec::new();
    let mut target = None;
    while let Some(option) = words.next() {
        if seen.contains(&option) {
            return Err(parser.error(format!("'{option}' is given twice")));
        }
        match option.as_str() {
            "noop" => {}
            "context" => match words.next() {
                Some(context) if context != "as" && context != "noop" => {
                    parser.expression(&context)?;
                }
                _ => return Err(parser.error("'context' needs a text")),
            },
            "as" => match words.next() {
                Some(name) => target = Some(name),
                None => return Err(parser.error("'as' needs a name")),
            },
            other => return Err(parser.error(format!("'{}' does not understand '{other}'", tag.name))),
        }
        seen.push(option);
    }
    let noop = seen.iter().any(|option| option == "noop");
    Ok(Kind::Translate { text, noop, target })
}

pub(super) fn translate_block(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let mut block = options(parser, tag)?;
    let (singular, end) = parts(parser)?;
    block.singular = singular;
    let mut end = end;
    if block.count.is_some() {
        if end != "plural" {
            return Err(parser.error(format!("'{}' with 'count' needs {{% plural %}}", tag.name)));
        }
        (block.plural, end) = parts(parser)?;
    }
    if end != format!("end{}", tag.name) {
        return Err(parser
            .error(format!("'{}' may have no other tag in it, but has '{end}'", tag.name))
            .with_hint(format!("close it with {{% end{} %}}", tag.name)));
    }
    Ok(Kind::TranslateBlock(Box::new(block)))
}

fn options(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<TranslateBlock, SyntaxError> {
    let mut block = TranslateBlock {
        with: Bindings::new(),
        count: None,
        singular: Vec::new(),
        plural: Vec::new(),
        trimmed: false,
        target: None,
    };
    let mut words = tag.words.clone();
    let mut seen = Vec::new();
    while !words.is_empty() {
        let option = words.remove(0);
        if seen.contains(&option) {
            return Err(parser.error(format!("'{option}' is given twice")));
        }
        match option.as_str() {
            "with" => {
                block.with = parser.bindings(&mut words, true)?;
                if block.with.is_empty() {
                    return Err(parser.error("'with' needs at least one name=value"));
                }
            }
            "count" => {
                let mut counts = parser.bindings(&mut words, true)?;
                block.count = counts.pop();
                if block.count.is_none() || !counts.is_empty() {
                    return Err(parser.error("'count' takes exactly one name=value"));
                }
            }
            "context" if !words.is_empty() => {
                let context = words.remove(0);
                parser.expression(&context)?;
            }
            "trimmed" => block.trimmed = true,
            "asvar" if !words.is_empty() => block.target = Some(words.remove(0)),
            other => return Err(parser.error(format!("'{}' does not understand '{other}'", tag.name))),
        }
        seen.push(option);
    }
    Ok(block)
}

/// Text and variables up to the next tag.
fn parts(parser: &mut Parser<'_>) -> Result<(Vec<TranslatePart>, String), SyntaxError> {
    let start = parser.line;
    let mut found = Vec::new();
    while let Some(token) = parser.next() {
        match token.kind {
            lexer::Kind::Text => found.push(TranslatePart::Text(token.contents.to_owned())),
            lexer::Kind::Variable => {
                if token.contents == "forloop" {
                    parser.watched += 1;
                }
                found.push(TranslatePart::Variable(token.contents.to_owned()));
            }
            _ => return Ok((found, token.contents.to_owned())),
        }
    }
    Err(SyntaxError::new(start, "unclosed tag 'blocktranslate'"))
}

pub(super) fn constant(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let value = match tag.name {
        "get_current_language" => Constant::Language,
        "get_current_language_bidi" => Constant::LanguageBidi,
        _ => Constant::TimeZone,
    };
    match tag.contents.split_whitespace().skip(1).collect::<Vec<_>>().as_slice() {
        ["as", name] => Ok(Kind::Constant { value, target: (*name).to_owned() }),
        _ => Err(parser
            .error(format!("'{0}' needs a variable", tag.name))
            .with_hint(format!("write {{% {} as name %}}", tag.name))),
    }
}

pub(super) fn plain_body(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    match (tag.name, tag.words.as_slice()) {
        ("language", [language]) => {
            parser.expression(language)?;
        }
        ("language", _) => return Err(parser.error("'language' takes one language")),
        (_, []) => {}
        // In the one locale that there is, what is not localized looks the same, but for floats with an exponent.
        (_, [word]) if word == "on" || word == "off" => {}
        _ => return Err(parser.error("'localize' takes 'on' or 'off'")),
    }
    Ok(Kind::Body(parser.body(&format!("end{}", tag.name))?))
}

pub(super) fn time_zone(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let [zone] = tag.words.as_slice() else {
        return Err(parser
            .error("'timezone' takes one time zone")
            .with_hint("write {% timezone \"Europe/Paris\" %}"));
    };
    let zone = parser.expression(zone)?;
    Ok(Kind::TimeZone { zone, body: parser.body("endtimezone")? })
}

pub(super) fn local_time(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let on = match tag.words.as_slice() {
        [] => true,
        [word] if word == "on" => true,
        [word] if word == "off" => false,
        _ => return Err(parser.error("'localtime' takes 'on' or 'off'")),
    };
    Ok(Kind::LocalTime { on, body: parser.body("endlocaltime")? })
}

/// Tags of Django's that are understood and not supported.
pub(super) fn unsupported(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let instead = match tag.name {
        "get_available_languages" => "put the languages into the context and loop over them",
        _ => "put what you need to know of the language into the context",
    };
    Err(parser.error(format!("the tag '{}' is not supported", tag.name)).with_hint(instead))
}
