//! Tags that the application has registered.

use super::super::SyntaxError;
use super::super::node::{Bindings, Call, Kind};
use super::super::parser::{Parser, Tag};
use super::super::words::keyword;
use crate::translate::identifier::is_identifier;

pub(super) fn call(parser: &mut Parser<'_>, tag: &Tag<'_>, inclusion: bool) -> Result<Kind, SyntaxError> {
    // It may look at the context, and so at `forloop`.
    parser.watched += 1;
    let mut words = tag.words.clone();
    let target = if inclusion { None } else { super::target(&mut words) };
    let mut args = Vec::new();
    let mut kwargs = Bindings::new();
    for word in &words {
        match keyword(word) {
            (Some(key), _) if !is_identifier(key) => {
                return Err(parser.error(format!("'{key}' is no name of a parameter; write ASCII letters")));
            }
            (Some(key), value) => {
                if kwargs.iter().any(|(known, _)| known == key) {
                    return Err(parser.error(format!("'{}' is given '{key}' twice", tag.name)));
                }
                kwargs.push((key.to_owned(), parser.expression(value)?));
            }
            (None, value) if kwargs.is_empty() => args.push(parser.expression(value)?),
            (None, _) => {
                return Err(
                    parser.error(format!("'{}' has a value behind name=value; put it first", tag.name))
                );
            }
        }
    }
    Ok(Kind::Custom(Call { name: tag.name.to_owned(), inclusion, args, kwargs, target }))
}
