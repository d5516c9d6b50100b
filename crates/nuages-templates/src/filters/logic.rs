//! Filters that choose.

use minijinja::value::ValueKind;
use minijinja::{Error, State, Value};

use super::input::{required, unfit};
use super::{ArgCount, Filter};
use crate::python::{self, truth};

pub(super) const FILTERS: &[Filter] = &[
    Filter::new("default", ArgCount::Required, default),
    Filter::new("default_if_none", ArgCount::Required, default_if_none),
    Filter::new("pluralize", ArgCount::Optional, pluralize),
    Filter::new("yesno", ArgCount::Optional, yesno),
];

fn default(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let arg = required("default", arg)?;
    Ok(if truth(value) { value.clone() } else { arg.clone() })
}

fn default_if_none(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let arg = required("default_if_none", arg)?;
    Ok(if value.is_none() { arg.clone() } else { value.clone() })
}

/// An argument of parts between commas.
fn parts(filter: &str, arg: &Value) -> Result<Vec<Value>, Error> {
    if arg.kind() != ValueKind::String {
        return Err(unfit(filter, arg));
    }
    Ok(python::str(arg).split(',').map(Value::from).collect())
}

fn yesno(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let words = match arg {
        Some(arg) if !arg.is_none() => parts("yesno", arg)?,
        _ => vec![Value::from("yes"), Value::from("no"), Value::from("maybe")],
    };
    let [yes, no, rest @ ..] = &*words else { return Ok(value.clone()) };
    // With more than three words Django falls back on two, as it does with two.
    let maybe = if let [maybe] = rest { maybe } else { no };
    Ok(if value.is_none() {
        maybe
    } else if truth(value) {
        yes
    } else {
        no
    }
    .clone())
}

fn pluralize(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let suffixes = match arg {
        Some(arg) => parts("pluralize", arg)?,
        None => vec![Value::from("s")],
    };
    let (singular, plural) = match &*suffixes {
        [plural] => (Value::from(""), plural.clone()),
        [singular, plural] => (singular.clone(), plural.clone()),
        _ => return Ok(Value::from("")),
    };
    let one = match value.kind() {
        ValueKind::String | ValueKind::Bytes | ValueKind::Number | ValueKind::Bool => {
            python::float(value).map(|number| number.total_cmp(&1.0).is_eq())
        }
        _ => value.len().map(|length| length == 1),
    };
    Ok(match one {
        Some(true) => singular,
        Some(false) => plural,
        None => Value::from(""),
    })
}
