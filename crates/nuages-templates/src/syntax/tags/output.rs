//! Tags that change or write output, and those that write nothing.

use super::super::SyntaxError;
use super::super::lexer;
use super::super::node::{Kind, Method};
use super::super::parser::{Parser, Tag};

pub(super) fn autoescape(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let on = match tag.contents.split_whitespace().skip(1).collect::<Vec<_>>().as_slice() {
        ["on"] => true,
        ["off"] => false,
        _ => return Err(parser.error("'autoescape' takes 'on' or 'off'")),
    };
    Ok(Kind::Autoescape { on, body: parser.body("endautoescape")? })
}

pub(super) fn comment(parser: &mut Parser<'_>) -> Result<Kind, SyntaxError> {
    let start = parser.line;
    while let Some(token) = parser.next() {
        if token.kind == lexer::Kind::Block && token.contents == "endcomment" {
            return Ok(Kind::Silence);
        }
    }
    Err(SyntaxError::new(start, "unclosed tag 'comment'").with_hint("close it with {% endcomment %}"))
}

pub(super) fn debug(parser: &mut Parser<'_>) -> Result<Kind, SyntaxError> {
    parser.watched += 1;
    Ok(Kind::Debug)
}

pub(super) fn load(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    match tag.contents.split_whitespace().skip(1).collect::<Vec<_>>().as_slice() {
        [names @ .., "from", library] if !names.is_empty() => parser.load_from(names, library)?,
        names => {
            for name in names {
                parser.load(name)?;
            }
        }
    }
    Ok(Kind::Silence)
}

pub(super) fn filter(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let rest = tag.contents["filter".len()..].trim();
    if rest.is_empty() {
        return Err(parser
            .error("'filter' needs the name of a filter")
            .with_hint("write {% filter upper %}"));
    }
    let filters = parser.expression(&format!("var|{rest}"))?;
    if let Some(filter) =
        filters.filters.iter().find(|filter| matches!(filter.name.as_str(), "escape" | "safe"))
    {
        return Err(parser
            .error(format!("'filter {}' is not permitted", filter.name))
            .with_hint("write {% autoescape on %} or {% autoescape off %} around the text"));
    }
    Ok(Kind::Filter { filters, body: parser.body("endfilter")? })
}

pub(super) fn template_tag(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let text = match tag.contents.split_whitespace().skip(1).collect::<Vec<_>>().as_slice() {
        ["openblock"] => "{%",
        ["closeblock"] => "%}",
        ["openvariable"] => "{{",
        ["closevariable"] => "}}",
        ["openbrace"] => "{",
        ["closebrace"] => "}",
        ["opencomment"] => "{#",
        ["closecomment"] => "#}",
        _ => {
            return Err(parser.error("'templatetag' takes one of openblock, closeblock, openvariable, closevariable, openbrace, closebrace, opencomment, closecomment"));
        }
    };
    // Not a text: `extends` must not come behind it.
    let text = super::super::node::Node { line: parser.line, kind: Kind::Text(text.to_owned()) };
    Ok(Kind::Body(vec![text]))
}

pub(super) fn lorem(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let mut words = tag.words.clone();
    let common = words.pop_if(|word| word == "random").is_none();
    let method = match words.pop_if(|word| matches!(word.as_str(), "w" | "p" | "b")).as_deref() {
        Some("w") => Method::Words,
        Some("p") => Method::Paragraphs,
        _ => Method::Blocks,
    };
    let count = words.pop().unwrap_or_else(|| "1".to_owned());
    if !words.is_empty() {
        return Err(parser.error("malformed tag 'lorem'").with_hint("write {% lorem 3 w random %}"));
    }
    Ok(Kind::Lorem { count: parser.expression(&count)?, method, common })
}

pub(super) fn now(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let mut words = tag.words.clone();
    let target = if words.len() == 3 { super::target(&mut words) } else { None };
    let [format] = words.as_slice() else {
        return Err(parser.error("'now' takes one format").with_hint("write {% now \"Y-m-d\" %}"));
    };
    // Django cuts the first and last letter off, whatever they are.
    let mut letters = format.chars();
    letters.next();
    letters.next_back();
    Ok(Kind::Now { format: letters.as_str().to_owned(), target })
}

pub(super) fn width_ratio(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let mut words = tag.words.clone();
    let target = if words.len() == 5 { super::target(&mut words) } else { None };
    let [value, maximum, width] = words.as_slice() else {
        return Err(parser
            .error("'widthratio' takes three values")
            .with_hint("write {% widthratio value maximum 100 %}"));
    };
    let (value, maximum) = (parser.expression(value)?, parser.expression(maximum)?);
    Ok(Kind::WidthRatio { value, maximum, width: parser.expression(width)?, target })
}

pub(super) fn cache(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let body = parser.body("endcache")?;
    let [timeout, name, vary @ ..] = tag.words.as_slice() else {
        return Err(parser
            .error("'cache' needs a time and a name")
            .with_hint("write {% cache 500 sidebar user.id %}"));
    };
    let timeout = parser.expression(timeout)?;
    let (vary, using) = match vary {
        [vary @ .., last] if last.starts_with("using=") => (vary, Some(&last["using=".len()..])),
        vary => (vary, None),
    };
    let using = using.map(|using| parser.expression(using)).transpose()?;
    let vary = vary.iter().map(|word| parser.expression(word)).collect::<Result<_, _>>()?;
    Ok(Kind::Cache { timeout, name: name.clone(), vary, using, body })
}
