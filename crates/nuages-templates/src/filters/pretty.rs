//! `pprint`: Python's layout of values over lines of 80 characters.

use minijinja::value::ValueKind;
use minijinja::{Error, State, Value};

use super::{ArgCount, Filter};
use crate::python;

pub(super) const FILTERS: &[Filter] = &[Filter::new("pprint", ArgCount::None, pprint).safe()];

const WIDTH: usize = 80;

fn pprint(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    let mut text = String::new();
    write(&mut text, &sorted(value, 100), 0, 0, 1);
    Ok(Value::from(text))
}

/// A value whose dictionaries are in the order of their keys.
fn sorted(value: &Value, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return value.clone() };
    match value.kind() {
        ValueKind::Map => {
            let mut pairs: Vec<(Value, Value)> =
                pairs(value).map(|(key, item)| (key, sorted(&item, depth))).collect();
            // Keys of kinds that do not compare are put in the order of their kinds, whose order is total.
            pairs.sort_by(|(left, _), (right, _)| {
                left.kind().cmp(&right.kind()).then_with(|| left.cmp(right))
            });
            Value::from_pairs(pairs)
        }
        ValueKind::Seq if value.is_tuple() => {
            let items: Vec<Value> = items(value).map(|item| sorted(&item, depth)).collect();
            Value::from(minijinja::value::Tuple::from(items))
        }
        ValueKind::Seq => items(value).map(|item| sorted(&item, depth)).collect(),
        _ => value.clone(),
    }
}

fn items(value: &Value) -> impl Iterator<Item = Value> {
    value.try_iter().into_iter().flatten()
}

fn pairs(value: &Value) -> impl Iterator<Item = (Value, Value)> {
    items(value).map(|key| {
        let item = value.get_item(&key).unwrap_or_default();
        (key, item)
    })
}

/// Writes a value that begins at `indent` and is followed by `allowance` characters: on one line if it fits.
fn write(text: &mut String, value: &Value, indent: usize, allowance: usize, level: usize) {
    let line = python::repr(value);
    let width = WIDTH.saturating_sub(indent + allowance);
    if line.chars().count() <= width || level > 100 {
        text.push_str(&line);
        return;
    }
    match value.kind() {
        ValueKind::Map if value.len() != Some(0) => dictionary(text, value, indent, allowance, level),
        ValueKind::Seq if value.is_tuple() => {
            text.push('(');
            let close = if value.len() == Some(1) { ",)" } else { ")" };
            sequence(text, value, indent, allowance + close.len(), level);
            text.push_str(close);
        }
        ValueKind::Seq => {
            text.push('[');
            sequence(text, value, indent, allowance + 1, level);
            text.push(']');
        }
        ValueKind::String => string(text, value.as_str().unwrap_or_default(), indent, allowance, level),
        _ => text.push_str(&line),
    }
}

fn dictionary(text: &mut String, value: &Value, indent: usize, allowance: usize, level: usize) {
    text.push('{');
    let count = value.len().unwrap_or_default();
    for (at, (key, item)) in pairs(value).enumerate() {
        let last = at + 1 == count;
        let key = python::repr(&key);
        text.push_str(&key);
        text.push_str(": ");
        let after = if last { allowance + 1 } else { 1 };
        write(text, &item, indent + key.chars().count() + 3, after, level + 1);
        if !last {
            text.push_str(",\n");
            text.push_str(&" ".repeat(indent + 1));
        }
    }
    text.push('}');
}

fn sequence(text: &mut String, value: &Value, indent: usize, allowance: usize, level: usize) {
    let count = value.len().unwrap_or_default();
    for (at, item) in items(value).enumerate() {
        let last = at + 1 == count;
        write(text, &item, indent + 1, if last { allowance } else { 1 }, level + 1);
        if !last {
            text.push_str(",\n");
            text.push_str(&" ".repeat(indent + 1));
        }
    }
}

/// A long text, broken after lines and words into several literals.
fn string(text: &mut String, string: &str, indent: usize, allowance: usize, level: usize) {
    let (indent, allowance) = if level == 1 { (indent + 1, allowance + 1) } else { (indent, allowance) };
    let width = WIDTH.saturating_sub(indent);
    let lines = lines_with_ends(string);
    let mut chunks = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let room = if at + 1 == lines.len() { width.saturating_sub(allowance) } else { width };
        let whole = python::string_repr(line);
        if whole.chars().count() <= room {
            chunks.push(whole);
        } else {
            break_line(&mut chunks, line, width, room);
        }
    }
    if let [only] = &*chunks {
        text.push_str(only);
        return;
    }
    if level == 1 {
        text.push('(');
    }
    text.push_str(&chunks.join(&format!("\n{}", " ".repeat(indent))));
    if level == 1 {
        text.push(')');
    }
}

fn break_line(chunks: &mut Vec<String>, line: &str, width: usize, room: usize) {
    let parts = words_with_blanks(line);
    let mut current = String::new();
    for (at, part) in parts.iter().enumerate() {
        let limit = if at + 1 == parts.len() { room } else { width };
        let longer = format!("{current}{part}");
        if python::string_repr(&longer).chars().count() > limit {
            if !current.is_empty() {
                chunks.push(python::string_repr(&current));
            }
            current = (*part).to_owned();
        } else {
            current = longer;
        }
    }
    if !current.is_empty() {
        chunks.push(python::string_repr(&current));
    }
}

/// Python's `splitlines(True)`.
fn lines_with_ends(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    for line in python::split_lines(text) {
        let after = &rest[line.len()..];
        let end = if after.starts_with("\r\n") { 2 } else { after.chars().next().map_or(0, char::len_utf8) };
        let (whole, next) = rest.split_at(line.len() + end);
        lines.push(whole);
        rest = next;
    }
    lines
}

/// Words, each with the blanks behind it.
fn words_with_blanks(line: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let word = rest.find(python::is_space).unwrap_or(rest.len());
        let end = rest[word..].find(|c| !python::is_space(c)).map_or(rest.len(), |blanks| word + blanks);
        let (part, next) = rest.split_at(end);
        parts.push(part);
        rest = next;
    }
    parts
}
