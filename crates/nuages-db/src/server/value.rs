//! What goes into a statement and what comes out of a row.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};
use sqlx::Row as _;

use super::failure::Failure;

/// A parameter.
#[derive(Clone)]
pub(super) enum Value {
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

/// A row of an answer.
pub(super) enum Row {
    #[cfg(feature = "postgres")]
    Postgres(sqlx::postgres::PgRow),
    #[cfg(feature = "mysql")]
    MySql(sqlx::mysql::MySqlRow),
}

impl Row {
    pub(super) fn text(&self, column: usize) -> Result<String, Failure> {
        match self {
            #[cfg(feature = "postgres")]
            Row::Postgres(row) => row.try_get(column).map_err(Failure::of_postgres),
            #[cfg(feature = "mysql")]
            Row::MySql(row) => row.try_get(column).map_err(Failure::of_mysql),
        }
    }

    pub(super) fn number(&self, column: usize) -> Result<i64, Failure> {
        match self {
            #[cfg(feature = "postgres")]
            Row::Postgres(row) => row.try_get(column).map_err(Failure::of_postgres),
            #[cfg(feature = "mysql")]
            Row::MySql(row) => row.try_get(column).map_err(Failure::of_mysql),
        }
    }

    pub(super) fn time(&self, column: usize) -> Result<DateTime<Utc>, Failure> {
        match self {
            #[cfg(feature = "postgres")]
            Row::Postgres(row) => postgres_time(row, column),
            #[cfg(feature = "mysql")]
            Row::MySql(row) => {
                let naive: chrono::NaiveDateTime = row.try_get(column).map_err(Failure::of_mysql)?;
                Ok(naive.and_utc())
            }
        }
    }
}

/// Read by hand: PostgreSQL has `infinity` and years that chrono has not, for which the driver would panic.
#[cfg(feature = "postgres")]
fn postgres_time(row: &sqlx::postgres::PgRow, column: usize) -> Result<DateTime<Utc>, Failure> {
    /// Microseconds from 1970 to 2000.
    const EPOCH: i64 = 946_684_800_000_000;

    let value = row.try_get_raw(column).map_err(Failure::of_postgres)?;
    let bytes = value.as_bytes().ok().and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
    match bytes.map(i64::from_be_bytes) {
        Some(micros) if value.format() == sqlx::postgres::PgValueFormat::Binary => {
            let out_of_range = if micros < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
            Ok(DateTime::from_timestamp_micros(micros.saturating_add(EPOCH)).unwrap_or(out_of_range))
        }
        _ => Err(Failure::invalid_value()),
    }
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
