//! `django_session` in SQLite.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::SqliteDatabase;
use super::timestamp::{self, Timestamp};
use crate::error::DbError;
use crate::session_table::{Cas, Merged, SessionRow};
use crate::sql::django_session::sqlite as sql;

/// Rows deleted in one transaction by `clear_expired`: some milliseconds of work.
const CLEAR_BATCH: u32 = 1_000;

impl SqliteDatabase {
    pub(crate) async fn session_load(
        &self,
        key: &str,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<Option<SessionRow>, DbError> {
        let now = Timestamp::new(now);
        if let Some(outcome) = self.readers.inline(|connection| row(connection, sql::LOAD, params![key, now]))
        {
            return outcome;
        }
        let key = key.to_owned();
        self.readers.waiting(deadline, move |connection| row(connection, sql::LOAD, params![key, now])).await
    }

    pub(crate) async fn session_exists(&self, key: &str, deadline: Duration) -> Result<bool, DbError> {
        let exists =
            |connection: &Connection, key: &str| connection.prepare_cached(sql::EXISTS)?.exists([key]);
        if let Some(outcome) = self.readers.inline(|connection| exists(connection, key)) {
            return outcome;
        }
        let key = key.to_owned();
        self.readers.waiting(deadline, move |connection| exists(connection, &key)).await
    }

    pub(crate) async fn session_insert(
        &self,
        key: &str,
        data: &str,
        expire_date: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<bool, DbError> {
        let (size, expire_date) = (key.len() + data.len(), Timestamp::new(expire_date));
        let (key, data) = (key.to_owned(), data.to_owned());
        let work =
            move |connection: &Connection| changes(connection, sql::INSERT, params![key, data, expire_date]);
        self.write(size, deadline, work).await
    }

    pub(crate) async fn session_update(
        &self,
        key: &str,
        data: &str,
        expire_date: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<bool, DbError> {
        let (size, expire_date) = (key.len() + data.len(), Timestamp::new(expire_date));
        let (key, data) = (key.to_owned(), data.to_owned());
        let work =
            move |connection: &Connection| changes(connection, sql::UPDATE, params![key, data, expire_date]);
        self.write(size, deadline, work).await
    }

    pub(crate) async fn session_compare_and_set(
        &self,
        key: &str,
        seen: &str,
        data: &str,
        expire_date: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<Cas, DbError> {
        let (size, expire_date) = (key.len() + seen.len() + data.len(), Timestamp::new(expire_date));
        let (key, seen, data) = (key.to_owned(), seen.to_owned(), data.to_owned());
        let work = move |connection: &Connection| {
            if changes(connection, sql::COMPARE_AND_SET, params![key, data, expire_date, seen])? {
                return Ok(Cas::Saved);
            }
            Ok(row(connection, sql::READ, params![key])?.map_or(Cas::Gone, Cas::Conflict))
        };
        self.write(size, deadline, work).await
    }

    pub(crate) async fn session_merge(
        &self,
        key: &str,
        merge: impl FnOnce(Option<SessionRow>) -> Option<(String, DateTime<Utc>)> + Send + 'static,
        deadline: Duration,
    ) -> Result<Merged, DbError> {
        let (size, key) = (key.len(), key.to_owned());
        let work = move |connection: &Connection| {
            let found = row(connection, sql::READ, params![key])?;
            let gone = found.is_none();
            match merge(found) {
                _ if gone => Ok(Merged::Gone),
                None => Ok(Merged::Unchanged),
                Some((data, expire_date)) => {
                    let expire_date = Timestamp::new(expire_date);
                    changes(connection, sql::UPDATE, params![key, data, expire_date])?;
                    Ok(Merged::Saved)
                }
            }
        };
        self.write_alone(size, deadline, work).await
    }

    pub(crate) async fn session_delete(&self, key: &str, deadline: Duration) -> Result<bool, DbError> {
        let (size, key) = (key.len(), key.to_owned());
        self.write(size, deadline, move |connection| changes(connection, sql::DELETE, params![key])).await
    }

    pub(crate) async fn session_clear_expired(
        &self,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<u64, DbError> {
        let now = Timestamp::new(now);
        let mut total = 0u64;
        loop {
            let work = move |connection: &Connection| {
                connection.prepare_cached(sql::CLEAR_EXPIRED)?.execute(params![now, CLEAR_BATCH])
            };
            let deleted = u64::try_from(self.write(0, deadline, work).await?).unwrap_or(u64::MAX);
            total = total.saturating_add(deleted);
            if deleted < u64::from(CLEAR_BATCH) {
                return Ok(total);
            }
        }
    }
}

/// Whether the statement changed a row.
fn changes(connection: &Connection, sql: &str, values: &[&dyn ToSql]) -> rusqlite::Result<bool> {
    Ok(connection.prepare_cached(sql)?.execute(values)? > 0)
}

fn row(connection: &Connection, sql: &str, values: &[&dyn ToSql]) -> rusqlite::Result<Option<SessionRow>> {
    connection.prepare_cached(sql)?.query_row(values, read).optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<SessionRow> {
    let text = row.get_ref(1)?.as_str()?;
    let expire_date = timestamp::parse(text).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(1, Type::Text, "expire_date is no date and time".into())
    })?;
    Ok(SessionRow { session_data: row.get(0)?, expire_date })
}
