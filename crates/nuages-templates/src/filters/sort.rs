//! `dictsort` and `dictsortreversed`.

use std::cmp::Ordering;

use minijinja::value::ValueKind;
use minijinja::{Error, State, Value};

use super::input::{items, raised, required, unfit};
use super::{ArgCount, Filter};
use crate::python::{self, compare};

pub(super) const FILTERS: &[Filter] = &[
    Filter::new("dictsort", ArgCount::Required, dictsort),
    Filter::new("dictsortreversed", ArgCount::Required, dictsortreversed),
];

fn dictsort(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    sorted(value, required("dictsort", arg)?, Ordering::Greater)
}

fn dictsortreversed(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    sorted(value, required("dictsortreversed", arg)?, Ordering::Less)
}

/// The items in the order of their keys; two whose keys compare as `swapped` change places.
fn sorted(value: &Value, arg: &Value, swapped: Ordering) -> Result<Value, Error> {
    let empty = Value::from("");
    let (Some(key), Some(items)) = (Key::read(arg)?, items(value)) else { return Ok(empty) };
    let mut keyed = Vec::new();
    for item in items {
        let Some(key) = key.of(&item)? else { return Ok(empty) };
        keyed.push((key, item));
    }
    Ok(match merged(keyed, swapped) {
        Some(sorted) => sorted.into_iter().map(|(_, item)| item).collect(),
        None => empty,
    })
}

/// What to sort by.
enum Key {
    /// A number, or a text that is one: Python's `itemgetter`.
    Item(Value),
    /// Names between dots, looked up one in the other.
    Path(Vec<String>),
}

impl Key {
    /// Nothing stands for the `TypeError` that makes Django's filter give an empty text.
    fn read(arg: &Value) -> Result<Option<Self>, Error> {
        if python::float(arg).is_some() {
            return Ok(Some(Self::Item(arg.clone())));
        }
        if arg.kind() != ValueKind::String {
            return Ok(None);
        }
        let text = python::str(arg);
        if text.is_empty() {
            return Err(raised("the filter dictsort needs the name of a key: dictsort:\"name\""));
        }
        let private = text.split('.').any(|part| part.starts_with('_'));
        Ok((!private).then(|| Self::Path(text.split('.').map(str::to_owned).collect())))
    }

    fn of(&self, item: &Value) -> Result<Option<Value>, Error> {
        match self {
            Self::Item(key) => match item.kind() {
                ValueKind::Map => {
                    let found = item.get_item(key)?;
                    if found.is_undefined() { Err(unfit("dictsort", item)) } else { Ok(Some(found)) }
                }
                ValueKind::Seq if key.is_integer() || key.kind() == ValueKind::Bool => {
                    let (at, length) = (python::int(key).unwrap_or_default(), item.len().unwrap_or_default());
                    let at = if at < 0 { at.saturating_add(length as i128) } else { at };
                    let at = usize::try_from(at)
                        .ok()
                        .filter(|at| *at < length)
                        .ok_or_else(|| unfit("dictsort", item))?;
                    item.get_item_by_index(at).map(Some)
                }
                ValueKind::String if key.is_integer() => {
                    let mut chars = item.as_str().unwrap_or_default().chars();
                    let at = key.as_i64().unwrap_or(i64::MAX);
                    let found = match usize::try_from(at) {
                        Ok(at) => chars.nth(at),
                        Err(_) => chars.nth_back(usize::try_from(-(at + 1)).unwrap_or(usize::MAX)),
                    };
                    found.map(|c| Some(Value::from(c.to_string()))).ok_or_else(|| unfit("dictsort", item))
                }
                _ => Ok(None),
            },
            Self::Path(names) => {
                let mut value = item.clone();
                for name in names {
                    value = match value.kind() {
                        ValueKind::Map | ValueKind::Plain => value.get_attr(name)?,
                        _ => Value::UNDEFINED,
                    };
                    if value.is_undefined() {
                        return Ok(None);
                    }
                }
                Ok(Some(value))
            }
        }
    }
}

/// A stable merge sort. That of the standard library may panic on an order that is none, which values of many kinds have not.
fn merged(mut items: Vec<(Value, Value)>, swapped: Ordering) -> Option<Vec<(Value, Value)>> {
    if items.len() < 2 {
        return Some(items);
    }
    let right = merged(items.split_off(items.len() / 2), swapped)?;
    let left = merged(items, swapped)?;
    let mut sorted = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some((a, _)), Some((b, _))) = (left.peek(), right.peek()) {
        let from = if order(a, b)? == swapped { &mut right } else { &mut left };
        sorted.extend(from.next());
    }
    sorted.extend(left);
    sorted.extend(right);
    Some(sorted)
}

/// The order of two keys; what is not a number compares as equal to every number, as Python's sort then leaves it.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    let number = |value: &Value| matches!(value.kind(), ValueKind::Number | ValueKind::Bool);
    compare(left, right).or_else(|| (number(left) && number(right)).then_some(Ordering::Equal))
}
