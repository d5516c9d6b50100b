//! Filters that calculate.

use minijinja::value::{Tuple, ValueKind};
use minijinja::{Error, State, Value};

use super::input::{Raised, int, raised, required, required_int, safe, unfit};
use super::{ArgCount, Filter};
use crate::moment::{Date, DateTime, Duration};
use crate::python;

pub(super) const FILTERS: &[Filter] = &[
    Filter::new("add", ArgCount::Required, add),
    Filter::new("divisibleby", ArgCount::Required, divisibleby),
    Filter::new("get_digit", ArgCount::Required, get_digit),
];

fn add(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let arg = required("add", arg)?;
    match (int(value), int(arg)) {
        (Ok(left), Ok(right)) => match left.checked_add(right) {
            Some(sum) => Ok(Value::from(sum)),
            None => Err(raised("the filter add has a sum of more than 127 bits")),
        },
        (Err(Raised::Overflow), _) | (Ok(_), Err(Raised::Overflow)) => {
            Err(raised("the filter add cannot turn infinity into a whole number"))
        }
        _ => Ok(joined(value, arg).unwrap_or_else(|| Value::from(""))),
    }
}

/// Python's `+` for what are no numbers.
fn joined(left: &Value, right: &Value) -> Option<Value> {
    match (left.kind(), right.kind()) {
        (ValueKind::String, ValueKind::String) => {
            let text = format!("{}{}", left.as_str()?, right.as_str()?);
            Some(if left.is_safe() && right.is_safe() { safe(text) } else { Value::from(text) })
        }
        (ValueKind::Bytes, ValueKind::Bytes) => {
            Some(Value::from_bytes([left.as_bytes()?, right.as_bytes()?].concat()))
        }
        (ValueKind::Seq, ValueKind::Seq) if left.is_tuple() == right.is_tuple() => {
            let items: Vec<Value> = left.try_iter().ok()?.chain(right.try_iter().ok()?).collect();
            Some(if left.is_tuple() { Value::from(Tuple::from(items)) } else { Value::from(items) })
        }
        (ValueKind::Plain, ValueKind::Plain) => later(left, right).or_else(|| later(right, left)),
        _ => None,
    }
}

/// A moment and a span of time.
fn later(moment: &Value, span: &Value) -> Option<Value> {
    let span = span.downcast_object_ref::<Duration>()?;
    if let Some(date) = moment.downcast_object_ref::<Date>() {
        return date.plus(*span).map(Value::from);
    }
    if let Some(moment) = moment.downcast_object_ref::<DateTime>() {
        return moment.plus(*span).map(Value::from);
    }
    moment.downcast_object_ref::<Duration>()?.plus(*span).map(Value::from)
}

fn divisibleby(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let divisor = required_int("divisibleby", arg)?;
    let number = int(value).map_err(|_| unfit("divisibleby", value))?;
    match number.checked_rem(divisor) {
        Some(rest) => Ok(Value::from(rest == 0)),
        None if divisor == -1 => Ok(Value::from(true)),
        None => Err(raised("the filter divisibleby cannot divide by zero")),
    }
}

fn get_digit(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let arg = required("get_digit", arg)?;
    let (position, number) = match (int(arg), int(value)) {
        (Ok(position), Ok(number)) => (position, number),
        (Err(Raised::Value), _) | (Ok(_), Err(Raised::Value)) => return Ok(value.clone()),
        (Ok(_), Err(_)) => return Err(unfit("get_digit", value)),
        (Err(_), _) => return Err(unfit("get_digit", arg)),
    };
    if position < 1 {
        return Ok(Value::from(number));
    }
    let text = number.to_string();
    let digit = usize::try_from(position).ok().and_then(|position| text.len().checked_sub(position));
    match digit.and_then(|at| text.as_bytes().get(at)) {
        None => Ok(Value::from(0)),
        Some(digit @ b'0'..=b'9') => Ok(Value::from(digit - b'0')),
        Some(_) => Err(raised(format!(
            "the filter get_digit finds no digit in {} at place {position}",
            python::str(value)
        ))),
    }
}
