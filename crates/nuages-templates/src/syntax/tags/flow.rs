//! Tags that decide what is rendered and how often: if, for, with, cycle and their like.

use super::super::SyntaxError;
use super::super::condition::{Condition, condition};
use super::super::node::{For, Kind, Nodes};
use super::super::parser::{NamedCycle, Parser, Tag};
use super::super::words::words;

/// How many `{% elif %}` an `{% if %}` may have.
const BRANCHES: usize = 200;

pub(super) fn if_chain(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let mut branches: Vec<(Condition, Nodes)> = Vec::new();
    let mut test = test(parser, &tag.words)?;
    loop {
        let body = parser.until(&["elif", "else", "endif"])?;
        branches.push((test, body));
        let end = parser.end_tag();
        if end.starts_with("elif") {
            if branches.len() > BRANCHES {
                return Err(parser.error(format!("more than {BRANCHES} {{% elif %}} in one {{% if %}}")));
            }
            test = self::test(parser, &words(end)[1..])?;
            continue;
        }
        let (otherwise, end) = match end {
            "else" => (Some(parser.until(&["endif"])?), parser.end_tag()),
            _ => (None, end),
        };
        return match end {
            "endif" => Ok(Kind::If { branches, otherwise }),
            other => Err(parser.error(format!("malformed tag '{other}'; write {{% endif %}}"))),
        };
    }
}

fn test(parser: &mut Parser<'_>, words: &[String]) -> Result<Condition, SyntaxError> {
    let mut failed = None;
    let found = condition(words, &mut |text| {
        parser.expression(text).map_err(|error| {
            let message = error.message.clone();
            failed = Some(error);
            message
        })
    });
    found.map_err(|message| failed.unwrap_or_else(|| parser.error(message)))
}

pub(super) fn for_loop(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let mut words = tag.words.clone();
    let malformed = |parser: &Parser<'_>| {
        parser.error(format!("malformed tag '{}'", tag.contents)).with_hint("write {% for x in list %}")
    };
    if words.len() < 3 {
        return Err(malformed(parser));
    }
    let reversed = words.last().is_some_and(|word| word == "reversed");
    if reversed {
        words.pop();
    }
    let [targets @ .., keyword, list] = words.as_slice() else { return Err(malformed(parser)) };
    if keyword != "in" {
        return Err(malformed(parser));
    }
    let targets: Vec<String> =
        targets.join(" ").split(',').map(|name| name.trim_matches(' ').to_owned()).collect();
    if targets.iter().any(|name| name.is_empty() || name.contains([' ', '"', '\'', '|'])) {
        return Err(malformed(parser));
    }
    let list = parser.expression(list)?;
    let watched_before = parser.watched;
    let body = parser.until(&["empty", "endfor"])?;
    let empty = match parser.end_tag() {
        "empty" => Some(parser.body("endfor")?),
        _ => None,
    };
    let watched = parser.watched > watched_before;
    Ok(Kind::For(Box::new(For { targets, list, reversed, body, empty, watched })))
}

pub(super) fn if_changed(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    // Its state belongs to the loop around it.
    parser.watched += 1;
    let body = parser.until(&["else", "endifchanged"])?;
    let otherwise = match parser.end_tag() {
        "else" => parser.body("endifchanged")?,
        _ => Nodes::new(),
    };
    let values = tag.words.iter().map(|word| parser.expression(word)).collect::<Result<_, _>>()?;
    Ok(Kind::IfChanged { values, body, otherwise })
}

pub(super) fn with(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let mut words = tag.words.clone();
    let bindings = parser.bindings(&mut words, true)?;
    if bindings.is_empty() {
        return Err(parser
            .error("'with' needs at least one variable")
            .with_hint("write {% with name=value %}"));
    }
    if let Some(word) = words.first() {
        return Err(parser
            .error(format!("'with' does not understand '{word}'"))
            .with_hint("write name=value"));
    }
    Ok(Kind::With { bindings, body: parser.body("endwith")? })
}

pub(super) fn first_of(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let mut words = tag.words.clone();
    if words.is_empty() {
        return Err(parser.error("'firstof' needs at least one value"));
    }
    let target = super::target(&mut words);
    let values = words.iter().map(|word| parser.expression(word)).collect::<Result<_, _>>()?;
    Ok(Kind::FirstOf { values, target })
}

pub(super) fn cycle(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let mut words = tag.words.clone();
    if let [name] = words.as_slice() {
        let Some((cycle, known)) = named(parser, name) else {
            return Err(parser
                .error(format!("no cycle is named '{name}'"))
                .with_hint(format!("write {{% cycle 'a' 'b' as {name} %}} before it")));
        };
        parser.last_cycle = Some(cycle);
        return Ok(Kind::Cycle { cycle, values: known.values, name: known.name, silent: known.silent });
    }
    if words.is_empty() {
        return Err(parser.error("'cycle' needs at least two values"));
    }
    let mut silent = false;
    let mut name = None;
    if words.len() > 3 {
        if words[words.len() - 3] == "as" {
            if words.last().is_none_or(|word| word != "silent") {
                return Err(parser.error("only 'silent' may follow the name of a cycle"));
            }
            silent = true;
            words.pop();
            name = super::target(&mut words);
        } else if words[words.len() - 2] == "as" {
            name = super::target(&mut words);
        }
    }
    let values: Vec<_> = words.iter().map(|word| parser.expression(word)).collect::<Result<_, _>>()?;
    let cycle = parser.cycles.len();
    parser.cycles.push(NamedCycle { name: name.clone(), values: values.clone(), silent });
    parser.last_cycle = Some(cycle);
    Ok(Kind::Cycle { cycle, values, name, silent })
}

fn named(parser: &Parser<'_>, name: &str) -> Option<(usize, NamedCycle)> {
    let cycles = parser.cycles.iter().enumerate().rev();
    cycles
        .filter(|(_, cycle)| cycle.name.as_deref() == Some(name))
        .map(|(index, cycle)| (index, cycle.clone()))
        .next()
}

pub(super) fn reset_cycle(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    match tag.words.as_slice() {
        [] => match parser.last_cycle {
            Some(cycle) => Ok(Kind::ResetCycle { cycle }),
            None => Err(parser.error("there is no cycle to reset before this tag")),
        },
        [name] => match named(parser, name) {
            Some((cycle, _)) => Ok(Kind::ResetCycle { cycle }),
            None => Err(parser.error(format!("no cycle is named '{name}'"))),
        },
        _ => Err(parser.error("'resetcycle' takes at most one name")),
    }
}

pub(super) fn regroup(parser: &mut Parser<'_>, tag: &Tag<'_>) -> Result<Kind, SyntaxError> {
    let [list, by, key, keyword, target] = tag.words.as_slice() else {
        return Err(parser
            .error("'regroup' takes five words")
            .with_hint("write {% regroup list by attribute as name %}"));
    };
    if by != "by" || keyword != "as" {
        return Err(parser
            .error(format!("malformed tag '{}'", tag.contents))
            .with_hint("write {% regroup list by attribute as name %}"));
    }
    let list = parser.expression(list)?;
    let by = parser.expression(&format!("{target}.{key}"))?;
    Ok(Kind::Regroup { list, by, target: target.clone() })
}
