//! What goes into a statement and what comes out of a row.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};

/// A parameter, or a cell of an answer. Has no `Debug`: it may be a session's.
#[derive(Clone)]
pub(crate) enum Value {
    Text(String),
    Time(DateTime<Utc>),
    Number(i64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<DateTime<Utc>> for Value {
    fn from(time: DateTime<Utc>) -> Value {
        Value::Time(storable(time))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Number(number)
    }
}

/// Years that Python's `datetime` does not have become its first or last moment, and a leap second the one before.
fn storable(time: DateTime<Utc>) -> DateTime<Utc> {
    let naive = time.naive_utc();
    let bound = |year, month, day, time: Option<NaiveTime>| {
        NaiveDate::from_ymd_opt(year, month, day).zip(time).map(|(date, time)| date.and_time(time).and_utc())
    };
    let bounded = match naive.year() {
        ..1 => bound(1, 1, 1, NaiveTime::from_hms_opt(0, 0, 0)),
        10_000.. => bound(9_999, 12, 31, NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999)),
        _ => time.with_nanosecond(time.nanosecond().min(999_999_999) / 1_000 * 1_000),
    };
    bounded.unwrap_or(time)
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Time,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_become_what_python_has() {
        assert_eq!(storable(DateTime::<Utc>::MIN_UTC).to_string(), "0001-01-01 00:00:00 UTC");
        assert_eq!(storable(DateTime::<Utc>::MAX_UTC).to_string(), "9999-12-31 23:59:59.999999 UTC");
        let time = DateTime::from_timestamp(1_700_000_000, 123_456_789).unwrap();
        assert_eq!(storable(time).nanosecond(), 123_456_000);
        let leap = DateTime::from_timestamp(1_483_228_799, 1_500_000_000).unwrap();
        assert_eq!(storable(leap).to_string(), "2016-12-31 23:59:59.999999 UTC");
    }
}
