//! A row of a server's answer.

use chrono::{DateTime, Utc};
use sqlx::Row as _;

use super::failure::Failure;
use crate::sql::{Kind, Value};

pub(super) enum Row {
    #[cfg(feature = "postgres")]
    Postgres(sqlx::postgres::PgRow),
    #[cfg(feature = "mysql")]
    MySql(sqlx::mysql::MySqlRow),
}

impl Row {
    /// The columns, by what they hold.
    pub(super) fn values(&self, kinds: &[Kind]) -> Result<Vec<Value>, Failure> {
        let cell = |(column, kind): (usize, &Kind)| match kind {
            Kind::Text => self.text(column).map(Value::Text),
            Kind::Time => self.time(column).map(Value::Time),
        };
        kinds.iter().enumerate().map(cell).collect()
    }

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
