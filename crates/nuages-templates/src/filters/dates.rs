//! Filters of dates and times.

use minijinja::value::ValueKind;
use minijinja::{Error, State, Value};

use super::input::{raised, unfit};
use super::{ArgCount, Filter};
use crate::moment::{self, Date, DateTime, FormatError, Subject};
use crate::python::{self, truth};

pub(super) const FILTERS: &[Filter] = &[
    Filter::new("date", ArgCount::Optional, date).local(),
    Filter::new("time", ArgCount::Optional, time).local(),
    Filter::new("timesince", ArgCount::Optional, timesince),
    Filter::new("timeuntil", ArgCount::Optional, timeuntil),
];

/// The format in an argument, or that of a name if there is none.
fn format(arg: Option<&Value>, default: &'static str) -> String {
    match arg {
        Some(arg) if truth(arg) => moment::named_format(&python::str(arg)).to_owned(),
        _ => default.to_owned(),
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_none() || (value.kind() == ValueKind::String && value.as_str() == Some(""))
}

pub(super) fn date(state: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    if is_nothing(value) {
        return Ok(Value::from(""));
    }
    let format = format(arg, moment::DATE_FORMAT);
    match moment::date_format(&Subject::from(value), &format, moment::default_zone(state)) {
        Ok(text) => Ok(Value::from(text)),
        Err(FormatError::Attribute) => Ok(Value::from("")),
        Err(FormatError::Type(letter)) => Err(raised(format!(
            "the filter date cannot write {letter:?} of {}, which has no time; use a format of dates alone",
            python::repr(value)
        ))),
    }
}

fn time(state: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    if is_nothing(value) {
        return Ok(Value::from(""));
    }
    let format = format(arg, moment::TIME_FORMAT);
    let text = moment::time_format(&Subject::from(value), &format, moment::default_zone(state));
    Ok(Value::from(text.unwrap_or_default()))
}

fn timesince(state: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    between(state, "timesince", value, arg, moment::since)
}

fn timeuntil(state: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    between(state, "timeuntil", value, arg, |until, now| moment::since(now, until))
}

fn between(
    state: &State<'_, '_>,
    filter: &str,
    value: &Value,
    arg: Option<&Value>,
    text: impl Fn(chrono::NaiveDateTime, chrono::NaiveDateTime) -> String,
) -> Result<Value, Error> {
    if !truth(value) {
        return Ok(Value::from(""));
    }
    let moment = moment_of(value).ok_or_else(|| unfit(filter, value))?;
    let now = match arg {
        Some(arg) if truth(arg) => moment_of(arg).ok_or_else(|| unfit(filter, arg))?,
        _ if moment.is_naive() => DateTime::now(moment::default_zone(state)).local().into(),
        _ => DateTime::now(moment::Zone::UTC),
    };
    if moment.is_naive() != now.is_naive() {
        return Ok(Value::from(""));
    }
    // Both on the clock of the value's zone.
    let now = moment.zone().map_or(now, |zone| now.in_zone(zone));
    Ok(Value::from(text(moment.local(), now.local())))
}

/// A moment, or the midnight at which a date begins.
fn moment_of(value: &Value) -> Option<DateTime> {
    if let Some(moment) = value.downcast_object_ref::<DateTime>() {
        return Some(*moment);
    }
    let date = value.downcast_object_ref::<Date>()?;
    Some(date.day().and_time(chrono::NaiveTime::MIN).into())
}
