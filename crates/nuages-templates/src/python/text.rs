//! `str()`, and what `{{ }}` prints.

use std::borrow::Cow;

use minijinja::value::ValueKind;
use minijinja::{State, Value};

use super::repr::{repr, write_repr};
use super::{decimal_text, float_repr};
use crate::moment::{self, Date, DateTime, Time};

/// Writes a value as Python's `str()` does: a text as it is, all else as [`repr`] does, except dates, which have a text of their own.
///
/// ```
/// use nuages_templates::{Value, python};
///
/// assert_eq!(python::str(&Value::from("it's")), "it's");
/// assert_eq!(python::str(&Value::from(1e16)), "1e+16");
/// ```
pub fn str(value: &Value) -> Cow<'_, str> {
    match value.kind() {
        ValueKind::Undefined => Cow::Borrowed(""),
        ValueKind::String => Cow::Borrowed(value.as_str().unwrap_or_default()),
        ValueKind::None => Cow::Borrowed("None"),
        ValueKind::Bool => Cow::Borrowed(if value.is_true() { "True" } else { "False" }),
        ValueKind::Number if value.is_integer() => Cow::Owned(value.to_string()),
        ValueKind::Number => Cow::Owned(float_repr(f64::try_from(value.clone()).unwrap_or(f64::NAN))),
        ValueKind::Plain => Cow::Owned(value.to_string()),
        _ => Cow::Owned(repr(value)),
    }
}

/// Writes a value as Django's `{{ }}` does before it escapes: [`str`](fn@str), but numbers and dates in the format of the settings.
///
/// A moment keeps its own time zone; [`text_in`] moves it into the current one.
///
/// ```
/// use nuages_templates::{Value, moment::Date, python};
///
/// assert_eq!(python::text(&Value::from(1e16)), "10000000000000000");
/// let date = chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
/// assert_eq!(python::text(&Date::from(date).into()), "March 1, 2026");
/// ```
pub fn text(value: &Value) -> Cow<'_, str> {
    match value.kind() {
        ValueKind::Number if !value.is_integer() => {
            Cow::Owned(decimal_text(f64::try_from(value.clone()).unwrap_or(f64::NAN)))
        }
        ValueKind::Plain => match moment_text(value) {
            Some(text) => Cow::Owned(text),
            None => str(value),
        },
        ValueKind::Seq | ValueKind::Map | ValueKind::Iterable => {
            let mut text = String::new();
            write_repr(&mut text, value, 100);
            Cow::Owned(text)
        }
        _ => str(value),
    }
}

/// Writes a value as [`text`] does, a moment in the time zone that is current in a render.
///
/// ```
/// use minijinja::{Environment, State};
/// use nuages_templates::{Value, python};
///
/// fn shout(state: &State<'_, '_>, value: Value) -> String {
///     python::text_in(state, &value).to_uppercase()
/// }
/// let mut environment = Environment::new();
/// environment.add_filter("shout", shout);
/// assert_eq!(environment.render_str("{{ 'hello'|shout }}", ())?, "HELLO");
/// # Ok::<(), minijinja::Error>(())
/// ```
pub fn text_in<'a>(state: &State<'_, '_>, value: &'a Value) -> Cow<'a, str> {
    if value.kind() == ValueKind::Plain && value.downcast_object_ref::<DateTime>().is_some() {
        return Cow::Owned(text(&moment::localized(state, value)).into_owned());
    }
    text(value)
}

fn moment_text(value: &Value) -> Option<String> {
    if let Some(moment) = value.downcast_object_ref::<DateTime>() {
        return Some(
            moment::date_format(&(*moment).into(), moment::DATETIME_FORMAT, moment::Zone::UTC)
                .unwrap_or_default(),
        );
    }
    if let Some(date) = value.downcast_object_ref::<Date>() {
        return Some(
            moment::date_format(&(*date).into(), moment::DATE_FORMAT, moment::Zone::UTC).unwrap_or_default(),
        );
    }
    let time = value.downcast_object_ref::<Time>()?;
    Some(moment::time_format(&(*time).into(), moment::TIME_FORMAT, moment::Zone::UTC).unwrap_or_default())
}
