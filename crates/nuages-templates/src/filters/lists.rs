//! Filters of lists.

use minijinja::value::{Tuple, ValueKind};
use minijinja::{Error, State, Value};

use super::input::{autoescape, conditional_escape, items, required, safe, unfit};
use super::{ArgCount, Filter};
use crate::python;

pub(super) const FILTERS: &[Filter] = &[
    Filter::new("first", ArgCount::None, first),
    Filter::new("join", ArgCount::Required, join).safe(),
    Filter::new("last", ArgCount::None, last).safe(),
    Filter::new("length", ArgCount::None, length),
    Filter::new("random", ArgCount::None, random).safe(),
    Filter::new("slice", ArgCount::Required, slice).safe(),
];

/// The item at a place, and nothing beyond the end: Python's `value[at]` of a text or a list.
fn item(filter: &str, value: &Value, at: impl FnOnce(usize) -> Option<usize>) -> Result<Value, Error> {
    let sequence =
        matches!(value.kind(), ValueKind::String | ValueKind::Bytes | ValueKind::Seq | ValueKind::Iterable);
    let length = if sequence { value.len() } else { None }.ok_or_else(|| unfit(filter, value))?;
    let Some(at) = at(length).filter(|at| *at < length) else { return Ok(Value::from("")) };
    Ok(match value.kind() {
        ValueKind::String => {
            value.as_str().unwrap_or_default().chars().nth(at).map(|c| Value::from(c.to_string()))
        }
        ValueKind::Bytes => value.as_bytes().unwrap_or_default().get(at).map(|byte| Value::from(*byte)),
        ValueKind::Seq => value.get_item_by_index(at).ok(),
        _ => value.try_iter().ok().and_then(|mut items| items.nth(at)),
    }
    .unwrap_or_default())
}

fn first(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    item("first", value, |_| Some(0))
}

fn last(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    item("last", value, |length| length.checked_sub(1))
}

fn random(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    item("random", value, |length| (length > 0).then(|| rand::random_range(0..length)))
}

fn length(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(Value::from(value.len().unwrap_or_default()))
}

fn join(state: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let arg = required("join", arg)?;
    let escapes = autoescape(state);
    if !escapes && arg.kind() != ValueKind::String {
        return Err(unfit("join", arg));
    }
    let Some(items) = items(value) else { return Ok(value.clone()) };
    let separator = if escapes { conditional_escape(arg) } else { python::str(arg).into_owned() };
    let mut text = String::new();
    for (at, item) in items.enumerate() {
        if at > 0 {
            text.push_str(&separator);
        }
        if escapes {
            text.push_str(&conditional_escape(&item));
        } else if item.kind() == ValueKind::String {
            text.push_str(&python::str(&item));
        } else {
            // Python joins texts alone, and Django hands back what cannot be joined.
            return Ok(value.clone());
        }
    }
    Ok(safe(text))
}

fn slice(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let arg = required("slice", arg)?;
    Ok(Slice::read(&python::str(arg)).and_then(|slice| slice.of(value)).unwrap_or_else(|| value.clone()))
}

/// Python's `slice(start, stop, step)`.
#[derive(Default)]
struct Slice {
    start: Option<i128>,
    stop: Option<i128>,
    step: Option<i128>,
}

impl Slice {
    fn read(text: &str) -> Option<Self> {
        let bound = |text: &str| match text {
            "" => Some(None),
            text => python::int(&Value::from(text)).map(Some),
        };
        let bounds: Option<Vec<_>> = text.split(':').map(bound).collect();
        match *bounds?.as_slice() {
            [stop] => Some(Self { stop, ..Self::default() }),
            [start, stop] => Some(Self { start, stop, step: None }),
            [start, stop, step] if step != Some(0) => Some(Self { start, stop, step }),
            _ => None,
        }
    }

    fn of(&self, value: &Value) -> Option<Value> {
        match value.kind() {
            ValueKind::String => {
                let chars: Vec<char> = value.as_str()?.chars().collect();
                Some(Value::from(self.places(chars.len()).filter_map(|at| chars.get(at)).collect::<String>()))
            }
            ValueKind::Bytes => {
                let bytes = value.as_bytes()?;
                Some(Value::from_bytes(
                    self.places(bytes.len()).filter_map(|at| bytes.get(at).copied()).collect(),
                ))
            }
            ValueKind::Seq | ValueKind::Iterable => {
                value.len()?;
                let all: Vec<Value> = value.try_iter().ok()?.collect();
                let some: Vec<Value> = self.places(all.len()).filter_map(|at| all.get(at).cloned()).collect();
                Some(if value.is_tuple() { Value::from(Tuple::from(some)) } else { Value::from(some) })
            }
            _ => None,
        }
    }

    /// The places that it takes out of so many, in its order.
    fn places(&self, length: usize) -> impl Iterator<Item = usize> {
        let length = length as i128;
        let step = self.step.unwrap_or(1);
        let (lowest, highest) = if step > 0 { (0, length) } else { (-1, length - 1) };
        let bound = |bound: Option<i128>, default| match bound {
            None => default,
            Some(bound) if bound < 0 => bound.saturating_add(length).max(lowest),
            Some(bound) => bound.min(highest),
        };
        let (start, stop) = if step > 0 {
            (bound(self.start, 0), bound(self.stop, length))
        } else {
            (bound(self.start, length - 1), bound(self.stop, -1))
        };
        let inside = move |at: &i128| if step > 0 { *at < stop } else { *at > stop };
        std::iter::successors(Some(start), move |at| at.checked_add(step))
            .take_while(inside)
            .filter_map(|at| usize::try_from(at).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_pythons() {
        for (slice, wanted) in [
            (":2", "ab"),
            ("2", "ab"),
            ("2:", "cde"),
            ("", "abcde"),
            ("1:-1", "bcd"),
            ("-2:", "de"),
            ("::2", "ace"),
            ("::-1", "edcba"),
            ("3:0:-2", "db"),
            (":-10", ""),
            ("10:", ""),
            ("-100:100", "abcde"),
            ("::170141183460469231731687303715884105727", "a"),
        ] {
            let value = Slice::read(slice).unwrap().of(&Value::from("abcde")).unwrap();
            assert_eq!(value.as_str(), Some(wanted), "{slice:?}");
        }
        for slice in ["x", "1:2:3:4", "::0", "1.5"] {
            assert!(Slice::read(slice).is_none(), "{slice:?}");
        }
    }
}
