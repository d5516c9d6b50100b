//! When a session ends.

use std::time::Duration;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::SessionError;

/// The name under which a session keeps an expiry of its own, in Django and here.
pub const EXPIRY_KEY: &str = "_session_expiry";

/// What `set_expiry` takes.
///
/// Numbers are seconds of inactivity, `0` means until the browser closes, a time is that time, a duration is counted
/// from now, and `None` returns to the policy of the settings.
///
/// ```
/// use std::time::Duration;
/// use nuages_sessions::Expiry;
///
/// assert_eq!(Expiry::from(300), Expiry::Seconds(300));
/// assert_eq!(Expiry::from(0), Expiry::BrowserClose);
/// assert_eq!(Expiry::from(None), Expiry::Default);
/// assert_eq!(Expiry::from(Duration::from_secs(60)), Expiry::In(chrono::TimeDelta::seconds(60)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Expiry {
    /// As the settings say: SESSION_COOKIE_AGE and SESSION_EXPIRE_AT_BROWSER_CLOSE.
    #[default]
    Default,
    /// When the browser closes; in the store after SESSION_COOKIE_AGE.
    BrowserClose,
    /// After so many seconds without a change.
    Seconds(i64),
    /// At that time.
    At(DateTime<FixedOffset>),
    /// So long after now.
    In(TimeDelta),
}

impl From<i64> for Expiry {
    fn from(seconds: i64) -> Self {
        if seconds == 0 { Self::BrowserClose } else { Self::Seconds(seconds) }
    }
}

impl From<Option<i64>> for Expiry {
    fn from(seconds: Option<i64>) -> Self {
        seconds.map_or(Self::Default, Self::from)
    }
}

impl From<DateTime<Utc>> for Expiry {
    fn from(time: DateTime<Utc>) -> Self {
        Self::At(time.fixed_offset())
    }
}

impl From<DateTime<FixedOffset>> for Expiry {
    fn from(time: DateTime<FixedOffset>) -> Self {
        Self::At(time)
    }
}

impl From<TimeDelta> for Expiry {
    fn from(delta: TimeDelta) -> Self {
        Self::In(delta)
    }
}

impl From<Duration> for Expiry {
    fn from(duration: Duration) -> Self {
        Self::In(TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX))
    }
}

/// The keyword arguments of Django's `get_expiry_age` and `get_expiry_date`.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// # let engine = nuages_sessions::SessionEngine::for_tests();
/// # let handle = engine.session(None);
/// # let session = handle.session().await?;
/// use nuages_sessions::ExpiryArguments;
/// assert_eq!(session.get_expiry_age_with(&ExpiryArguments::new().expiry(90))?, 90);
/// # Ok::<_, nuages_sessions::SessionError>(()) }).unwrap();
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct ExpiryArguments {
    pub(crate) modification: Option<DateTime<FixedOffset>>,
    pub(crate) expiry: Option<Expiry>,
}

impl ExpiryArguments {
    /// None of the arguments.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// When the session was last changed, instead of now.
    #[must_use]
    pub fn modification<Tz: TimeZone>(self, time: DateTime<Tz>) -> Self {
        Self { modification: Some(time.fixed_offset()), ..self }
    }

    /// An expiry instead of the session's own.
    #[must_use]
    pub fn expiry(self, expiry: impl Into<Expiry>) -> Self {
        Self { expiry: Some(expiry.into()), ..self }
    }
}

/// An expiry as it stands in a session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kept {
    /// Absent, or null.
    Nothing,
    /// Zero, or what Python takes for it.
    Zero,
    /// What Python takes for false without being zero: an empty text, list or object.
    Empty,
    Micros(i128),
    At(DateTime<FixedOffset>),
}

impl Kept {
    pub(crate) fn read(raw: Option<&RawValue>) -> Result<Self, SessionError> {
        let Some(raw) = raw else { return Ok(Self::Nothing) };
        let value: Value = serde_json::from_str(raw.get())
            .map_err(|_| SessionError::bad_expiry("the session's expiry is out of range"))?;
        match value {
            Value::Null => Ok(Self::Nothing),
            Value::Bool(flag) => Ok(Self::seconds(i64::from(flag))),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(seconds), _) => Ok(Self::seconds(seconds)),
                (None, Some(0.0)) => Ok(Self::Zero),
                (None, Some(seconds)) if seconds.abs() < 1e13 => {
                    Ok(Self::Micros((seconds * 1e6).round() as i128))
                }
                _ => Err(SessionError::bad_expiry("the session's expiry is out of range")),
            },
            Value::String(text) if text.is_empty() => Ok(Self::Empty),
            Value::String(text) => from_isoformat(&text)
                .map(Self::At)
                .ok_or_else(|| SessionError::bad_expiry("the session's expiry is no time in ISO 8601")),
            Value::Array(list) if list.is_empty() => Ok(Self::Empty),
            Value::Object(map) if map.is_empty() => Ok(Self::Empty),
            _ => Err(SessionError::bad_expiry("the session's expiry is neither a number nor a time")),
        }
    }

    pub(crate) fn given(expiry: Expiry) -> Self {
        match expiry {
            Expiry::Default => Self::Nothing,
            Expiry::BrowserClose => Self::Zero,
            Expiry::Seconds(seconds) => Self::seconds(seconds),
            Expiry::At(time) => Self::At(time),
            Expiry::In(delta) => Self::Micros(micros(delta)),
        }
    }

    fn seconds(seconds: i64) -> Self {
        if seconds == 0 { Self::Zero } else { Self::Micros(i128::from(seconds).saturating_mul(1_000_000)) }
    }

    /// Whole seconds from `modification` to the end, rounded down as by Python's timedelta.
    pub(crate) fn age(
        self,
        modification: DateTime<FixedOffset>,
        cookie_age: i64,
    ) -> Result<i64, SessionError> {
        let micros = match self {
            Self::Nothing | Self::Zero | Self::Empty => return Ok(cookie_age),
            Self::Micros(micros) => micros,
            Self::At(time) => micros(time.signed_duration_since(modification)),
        };
        i64::try_from(micros.div_euclid(1_000_000))
            .map_err(|_| SessionError::bad_expiry("the session's expiry is out of range"))
    }

    pub(crate) fn date(
        self,
        modification: DateTime<FixedOffset>,
        cookie_age: i64,
    ) -> Result<DateTime<FixedOffset>, SessionError> {
        let micros = match self {
            Self::At(time) => return Ok(time),
            Self::Nothing | Self::Zero | Self::Empty => i128::from(cookie_age).saturating_mul(1_000_000),
            Self::Micros(micros) => micros,
        };
        let delta = i64::try_from(micros).ok().map(TimeDelta::microseconds);
        delta
            .and_then(|delta| modification.checked_add_signed(delta))
            .filter(|date| (1..=9999).contains(&date.year()))
            .ok_or_else(|| SessionError::bad_expiry("the session's expiry is beyond the year 9999"))
    }

    pub(crate) fn at_browser_close(self, default: bool) -> bool {
        match self {
            Self::Nothing => default,
            Self::Zero => true,
            Self::Empty | Self::Micros(_) | Self::At(_) => false,
        }
    }
}

fn micros(delta: TimeDelta) -> i128 {
    let seconds = i128::from(delta.num_seconds()).saturating_mul(1_000_000);
    seconds.saturating_add(i128::from(delta.subsec_nanos()).div_euclid(1000))
}

/// A time as Python's `isoformat()` writes it.
///
/// ```
/// use chrono::{TimeZone, Utc};
///
/// let time = Utc.with_ymd_and_hms(2099, 1, 1, 0, 0, 0).unwrap();
/// assert_eq!(nuages_sessions::isoformat(time), "2099-01-01T00:00:00+00:00");
/// ```
pub fn isoformat<Tz: TimeZone>(time: DateTime<Tz>) -> String {
    let time = time.fixed_offset();
    let fraction = if time.timestamp_subsec_micros() == 0 { "" } else { "%.6f" };
    time.format(&format!("%Y-%m-%dT%H:%M:%S{fraction}%:z")).to_string()
}

/// Reads what `isoformat()` writes; a time without an offset is taken as UTC.
fn from_isoformat(text: &str) -> Option<DateTime<FixedOffset>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time);
    }
    for form in ["%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M%:z"] {
        if let Ok(time) = DateTime::parse_from_str(text, form) {
            return Some(time);
        }
    }
    for form in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"] {
        if let Ok(time) = NaiveDateTime::parse_from_str(text, form) {
            return Some(time.and_utc().fixed_offset());
        }
    }
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(date.and_time(chrono::NaiveTime::MIN).and_utc().fixed_offset())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).unwrap()
    }

    #[test]
    fn times_are_written_as_python_writes_them() {
        for text in [
            "2099-12-31T23:59:59+00:00",
            "2020-01-01T00:00:00.500000+00:00",
            "2020-01-01T02:00:00+02:00",
            "2020-01-01T02:00:00.000001-09:30",
        ] {
            assert_eq!(isoformat(from_isoformat(text).unwrap()), text);
        }
        for (text, same) in [
            ("2020-01-01", "2020-01-01T00:00:00Z"),
            ("2020-01-01T10:11:12", "2020-01-01T10:11:12Z"),
            ("2020-01-01 10:11:12.5", "2020-01-01T10:11:12.5Z"),
            ("2020-01-01T10:11:12Z", "2020-01-01T10:11:12Z"),
        ] {
            assert_eq!(from_isoformat(text), Some(time(same)), "{text}");
        }
        for text in ["", "tomorrow", "2020-13-01", "2020-01-01T25:00:00", "é"] {
            assert_eq!(from_isoformat(text), None, "{text}");
        }
    }

    #[test]
    fn odd_values_are_errors_or_what_python_makes_of_them() {
        let read = |json: &str| Kept::read(Some(&RawValue::from_string(json.to_owned()).unwrap()));
        for (json, kept) in [
            ("null", Kept::Nothing),
            ("0", Kept::Zero),
            ("0.0", Kept::Zero),
            ("false", Kept::Zero),
            ("true", Kept::Micros(1_000_000)),
            ("1.5", Kept::Micros(1_500_000)),
            ("\"\"", Kept::Empty),
            ("[]", Kept::Empty),
        ] {
            assert_eq!(read(json).unwrap(), kept, "{json}");
        }
        for json in ["\"soon\"", "[1]", "{\"a\":1}", "1e300", "99999999999999999999"] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn no_expiry_is_too_large() {
        let now = time("2020-01-01T00:00:00Z");
        for seconds in [i64::MAX, i64::MIN, 1 << 50] {
            assert!(Kept::given(seconds.into()).date(now, 60).is_err());
            assert_eq!(Kept::given(seconds.into()).age(now, 60).unwrap(), seconds);
        }
        assert!(Kept::given(Expiry::In(TimeDelta::MAX)).date(now, 60).is_err());
    }
}
