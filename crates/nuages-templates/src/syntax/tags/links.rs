//! Tags that write addresses: url, static, the prefixes, querystring.

use super::super::node::{Bindings, Kind, Prefix};
use super::super::parser::{Parser, Tag};
use super::super::words::keyword;
use super::super::{SyntaxError, UseKind};

pub(super) fn url(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let mut words = tag.words.clone();
    if words.is_empty() {
        return Err(parser
            .error("'url' needs the name of a URL")
            .with_hint("write {% url 'name' argument %}"));
    }
    let name = parser.expression(&words.remove(0))?;
    let target = super::target(&mut words);
    let mut args = Vec::new();
    let mut kwargs = Bindings::new();
    for word in &words {
        match keyword(word) {
            (Some(key), value) => {
                let value = parser.expression(value)?;
                kwargs.retain(|(known, _)| known != key);
                kwargs.push((key.to_owned(), value));
            }
            (None, value) => args.push(parser.expression(value)?),
        }
    }
    if let Some(name) = name.literal().filter(|_| target.is_none()) {
        parser.uses(UseKind::Url {
            name: name.to_owned(),
            args: args.len(),
            kwargs: kwargs.iter().map(|(key, _)| key.clone()).collect(),
        });
    }
    Ok(Kind::Url { name, args, kwargs, target })
}

pub(super) fn static_file(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let mut words = tag.words.clone();
    let target = super::target(&mut words);
    // Django passes over what else there is.
    let Some(path) = words.first() else {
        return Err(parser
            .error("'static' needs the path of a file")
            .with_hint("write {% static \"file.css\" %}"));
    };
    let path = parser.expression(path)?;
    if let Some(path) = path.literal() {
        parser.uses(UseKind::Static(path.to_owned()));
    }
    Ok(Kind::Static { path, target })
}

pub(super) fn prefix(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let prefix = if tag.name == "get_static_prefix" { Prefix::Static } else { Prefix::Media };
    match tag.contents.split_whitespace().skip(1).collect::<Vec<_>>().as_slice() {
        [] => Ok(Kind::Prefix { prefix, target: None }),
        ["as", name, ..] => Ok(Kind::Prefix { prefix, target: Some((*name).to_owned()) }),
        _ => Err(parser.error(format!("'{}' takes nothing but 'as name'", tag.name))),
    }
}

pub(super) fn query_string(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let mut base = None;
    let mut changes = Bindings::new();
    let mut words = tag.words.clone();
    let target = super::target(&mut words);
    for word in &words {
        match keyword(word) {
            (Some(key), value) => {
                if changes.iter().any(|(known, _)| known == key) {
                    return Err(parser.error(format!("'{key}' is given twice")));
                }
                changes.push((key.to_owned(), parser.expression(value)?));
            }
            (None, value) if base.is_none() && changes.is_empty() => base = Some(parser.expression(value)?),
            _ => {
                return Err(parser
                    .error("'querystring' takes one query and then name=value")
                    .with_hint("write {% querystring page=2 %}"));
            }
        }
    }
    // As Django's parameter is called.
    if let Some(at) = changes.iter().position(|(key, _)| key == "query_dict") {
        if base.is_some() {
            return Err(parser.error("'query_dict' is given twice"));
        }
        base = Some(changes.remove(at).1);
    }
    Ok(Kind::QueryString { base, changes, target })
}
