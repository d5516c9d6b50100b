//! From `chrono` into a template's context.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use minijinja::{Error, ErrorKind, Value};
use serde::{Serialize, Serializer};

use super::{Date, DateTime, Duration, Time};

/// What [`value`] and [`serialize()`](fn@serialize) take: the types of `chrono`, options and lists of them.
///
/// ```
/// use chrono::NaiveDate;
/// use nuages_templates::{moment::Source, python};
///
/// let days = vec![NaiveDate::from_ymd_opt(2026, 3, 1), None];
/// assert_eq!(python::repr(&days.to_value()), "[datetime.date(2026, 3, 1), None]");
/// ```
pub trait Source {
    /// The template value.
    fn to_value(&self) -> Value;
}

/// Makes a template value of a date or time.
///
/// ```
/// use chrono::NaiveTime;
/// use nuages_templates::{context, moment, python};
///
/// let context = context! { opens => moment::value(&NaiveTime::from_hms_opt(9, 0, 0).unwrap()) };
/// assert_eq!(python::text(&context.get_attr("opens").unwrap()), "9 a.m.");
/// ```
pub fn value(source: &impl Source) -> Value {
    source.to_value()
}

/// Serializes a field that is a date or time, for `#[serde(serialize_with = "nuages_templates::moment::serialize")]`.
///
/// In a template's context it is a date; in JSON and elsewhere it is the text that Python's `str` writes.
///
/// ```
/// #[derive(serde::Serialize)]
/// struct Entry {
///     #[serde(serialize_with = "nuages_templates::moment::serialize")]
///     day: chrono::NaiveDate,
/// }
///
/// let entry = Entry { day: chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap() };
/// assert_eq!(serde_json::to_string(&entry).unwrap(), r#"{"day":"2026-03-01"}"#);
/// let day = nuages_templates::Value::from(nuages_templates::Serde(entry)).get_attr("day").unwrap();
/// assert_eq!(nuages_templates::python::text(&day), "March 1, 2026");
/// ```
///
/// # Errors
/// Only what the serializer itself refuses.
pub fn serialize<T: Source, S: Serializer>(source: &T, serializer: S) -> Result<S::Ok, S::Error> {
    source.to_value().serialize(serializer)
}

macro_rules! sources {
    ($($of:ty => $to:ty),* $(,)?) => {
        $(impl Source for $of {
            fn to_value(&self) -> Value {
                <$to>::from(*self).into()
            }
        })*
    };
}

sources! {
    chrono::DateTime<Utc> => DateTime,
    chrono::DateTime<FixedOffset> => DateTime,
    chrono::DateTime<chrono_tz::Tz> => DateTime,
    NaiveDateTime => DateTime,
    NaiveDate => Date,
    NaiveTime => Time,
    TimeDelta => Duration,
}

impl<T: Source> Source for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or_else(|| Value::from(()), Source::to_value)
    }
}

impl<T: Source> Source for Vec<T> {
    fn to_value(&self) -> Value {
        self.iter().map(Source::to_value).collect()
    }
}

/// A method of Python's that is called with parentheses, as Jinja does: those without arguments are kept as attributes.
pub(super) fn method(attribute: Option<Value>, args: &[Value]) -> Result<Value, Error> {
    match attribute {
        Some(value) if args.is_empty() => Ok(value),
        _ => Err(Error::from(ErrorKind::UnknownMethod)),
    }
}
