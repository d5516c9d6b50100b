//! `floatformat`.

use minijinja::value::ValueKind;
use minijinja::{Error, State, Value};

use super::decimal::{Decimal, grouped, rounded};
use super::input::{LONGEST_PADDING, Raised, int, raised, safe, unfit};
use super::{ArgCount, Filter};
use crate::python;

pub(super) const FILTERS: &[Filter] = &[Filter::new("floatformat", ArgCount::Optional, floatformat).safe()];

pub(super) fn floatformat(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let (places, grouping) = places(arg)?;
    let text = python::str(value).into_owned();
    let number = match Decimal::parse(&text) {
        Some(number) => number,
        None => match python::float(value).and_then(|number| Decimal::parse(&python::float_repr(number))) {
            Some(number) => number,
            None => return Ok(Value::from("")),
        },
    };
    let Some(places) = places else { return Ok(Value::from(text)) };
    let Decimal::Finite { negative, digits, exponent } = number else { return Ok(Value::from(text)) };
    // Django's bound, so that a short text does not become a long one.
    let length = i64::try_from(digits.len()).unwrap_or(i64::MAX).saturating_add(exponent.saturating_abs());
    if length > 200 {
        return Ok(Value::from(text));
    }
    let fraction = usize::try_from(-exponent).unwrap_or_default().min(digits.len());
    let whole = digits.iter().rev().take(fraction).all(|digit| *digit == 0);
    let decimals = usize::try_from(places.unsigned_abs()).unwrap_or(usize::MAX);
    if decimals > LONGEST_PADDING {
        return Err(raised(format!("the filter floatformat writes at most {LONGEST_PADDING} decimals")));
    }
    let text = rounded(negative, &digits, exponent, if whole && places <= 0 { 0 } else { decimals });
    Ok(safe(if grouping { grouped(&text) } else { text }))
}

/// How many decimals, negative if they are left out of a whole number, nothing if that is no number; and whether thousands are grouped.
fn places(arg: Option<&Value>) -> Result<(Option<i128>, bool), Error> {
    let Some(arg) = arg else { return Ok((Some(-1), false)) };
    if arg.kind() != ValueKind::String {
        return match int(arg) {
            Ok(places) => Ok((Some(places), false)),
            Err(Raised::Value) => Ok((None, false)),
            Err(_) => Err(unfit("floatformat", arg)),
        };
    }
    let text = python::str(arg);
    // Without the locale there are no groups either, whatever is asked for.
    let (digits, grouping) = if let Some(digits) = text.strip_suffix("gu").or_else(|| text.strip_suffix("ug"))
    {
        (digits, false)
    } else if let Some(digits) = text.strip_suffix('g') {
        (digits, true)
    } else if text.is_empty() {
        return Err(raised("the argument of the filter floatformat must not be empty: floatformat:2"));
    } else {
        (text.strip_suffix('u').unwrap_or(&text), false)
    };
    let places = if digits.is_empty() { Some(-1) } else { python::int(&Value::from(digits)) };
    Ok((places, grouping))
}
