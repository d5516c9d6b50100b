//! Tags that make one template of several: block, extends, include.

use super::super::node::{Bindings, Kind};
use super::super::parser::{Parser, Tag};
use super::super::{SyntaxError, UseKind};
use crate::engine::names;

pub(super) fn block(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    // Not the words: the name of a block may have quotes in it.
    let Some([_, name]) = tag
        .contents
        .split_whitespace()
        .collect::<Vec<_>>()
        .first_chunk()
        .copied()
        .filter(|_| tag.contents.split_whitespace().count() == 2)
    else {
        return Err(parser.error("'block' takes one name").with_hint("write {% block name %}"));
    };
    if parser.blocks.iter().any(|known| known == name) {
        return Err(parser.error(format!("the block '{name}' appears more than once; give one another name")));
    }
    parser.blocks.push(name.to_owned());
    // What is inside may be replaced by a template that looks at `forloop`.
    parser.watched += 1;
    let body = parser.until(&["endblock"])?;
    let end = parser.end_tag();
    if end != "endblock" && end != format!("endblock {name}") {
        return Err(parser
            .error(format!("'{end}' ends no open block"))
            .with_hint(format!("write {{% endblock {name} %}}")));
    }
    Ok(Kind::Block { name: name.to_owned(), body })
}

pub(super) fn extends(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let [parent] = tag.words.as_slice() else {
        return Err(parser.error("'extends' takes one name").with_hint("write {% extends \"base.html\" %}"));
    };
    let parent = template(parser, parent, false)?;
    Ok(Kind::Extends(parent))
}

pub(super) fn include(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    // The template that is included may look at `forloop`.
    parser.watched += 1;
    let mut words = tag.words.clone();
    if words.is_empty() {
        return Err(parser
            .error("'include' needs the name of a template")
            .with_hint("write {% include \"name.html\" %}"));
    }
    let template_word = words.remove(0);
    let mut with: Option<Bindings> = None;
    let mut only = false;
    while !words.is_empty() {
        match words.remove(0).as_str() {
            "with" if with.is_some() => return Err(parser.error("'with' is given twice")),
            "with" => {
                let bindings = parser.bindings(&mut words, false)?;
                if bindings.is_empty() {
                    return Err(parser.error("'with' needs at least one name=value"));
                }
                with = Some(bindings);
            }
            "only" if only => return Err(parser.error("'only' is given twice")),
            "only" => only = true,
            word => {
                return Err(parser
                    .error(format!("'include' does not understand '{word}'"))
                    .with_hint("write {% include \"name.html\" with name=value only %}"));
            }
        }
    }
    let template = template(parser, &template_word, true)?;
    Ok(Kind::Include { template, with: with.unwrap_or_default(), only })
}

/// The name of a template; a literal name that is relative becomes absolute.
fn template(
    parser: &mut Parser<'_>,
    word: &str,
    itself: bool,
) -> Result<super::super::expression::Expression, SyntaxError> {
    let mut found = parser.expression(word)?;
    if let Some(literal) = found.literal() {
        let name = names::absolute(parser.name, literal, itself).map_err(|message| parser.error(message))?;
        parser.uses(UseKind::Template(name.clone()));
        found.base = super::super::expression::Operand::Text(name);
    }
    Ok(found)
}
