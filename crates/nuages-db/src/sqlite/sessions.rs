//! `django_session` in SQLite.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::SqliteDatabase;
use super::timestamp::{self, Timestamp};
use crate::error::DbError;
use crate::session_table::{Cas, Merged, SessionRow};
use crate::sql::Statement;

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
        if let Some(outcome) =
            self.readers.inline(|connection| row(connection, &self.sessions.load, params![key, now]))
        {
            return outcome;
        }
        let (sql, key) = (Arc::clone(&self.sessions), key.to_owned());
        self.readers.waiting(deadline, move |connection| row(connection, &sql.load, params![key, now])).await
    }

    pub(crate) async fn session_exists(&self, key: &str, deadline: Duration) -> Result<bool, DbError> {
        let sql = Arc::clone(&self.sessions);
        let exists = move |connection: &Connection, key: &str| {
            connection.prepare_cached(sql.exists.text())?.exists([key])
        };
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
        let (sql, key, data) = (Arc::clone(&self.sessions), key.to_owned(), data.to_owned());
        let work =
            move |connection: &Connection| changes(connection, &sql.insert, params![key, data, expire_date]);
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
        let (sql, key, data) = (Arc::clone(&self.sessions), key.to_owned(), data.to_owned());
        let work =
            move |connection: &Connection| changes(connection, &sql.update, params![key, data, expire_date]);
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
        let sql = Arc::clone(&self.sessions);
        let (key, seen, data) = (key.to_owned(), seen.to_owned(), data.to_owned());
        let work = move |connection: &Connection| {
            if changes(connection, &sql.compare_and_set, params![key, data, expire_date, seen])? {
                return Ok(Cas::Saved);
            }
            Ok(row(connection, &sql.read, params![key])?.map_or(Cas::Gone, Cas::Conflict))
        };
        self.write(size, deadline, work).await
    }

    pub(crate) async fn session_compare_and_delete(
        &self,
        key: &str,
        seen: &str,
        deadline: Duration,
    ) -> Result<Cas, DbError> {
        let (sql, size) = (Arc::clone(&self.sessions), key.len() + seen.len());
        let (key, seen) = (key.to_owned(), seen.to_owned());
        let work = move |connection: &Connection| {
            if changes(connection, &sql.compare_and_delete, params![key, seen])? {
                return Ok(Cas::Saved);
            }
            Ok(row(connection, &sql.read, params![key])?.map_or(Cas::Gone, Cas::Conflict))
        };
        self.write(size, deadline, work).await
    }

    pub(crate) async fn session_merge(
        &self,
        key: &str,
        mut merge: impl FnMut(Option<SessionRow>) -> Option<(String, DateTime<Utc>)> + Send + 'static,
        deadline: Duration,
    ) -> Result<Merged, DbError> {
        let (sql, size, key) = (Arc::clone(&self.sessions), key.len(), key.to_owned());
        let work = move |connection: &Connection| {
            let found = row(connection, &sql.read, params![key])?;
            let gone = found.is_none();
            match merge(found) {
                _ if gone => Ok(Merged::Gone),
                None => Ok(Merged::Unchanged),
                Some((data, expire_date)) => {
                    let expire_date = Timestamp::new(expire_date);
                    changes(connection, &sql.update, params![key, data, expire_date])?;
                    Ok(Merged::Saved)
                }
            }
        };
        self.write_alone(size, deadline, work).await
    }

    pub(crate) async fn session_delete(&self, key: &str, deadline: Duration) -> Result<bool, DbError> {
        let (sql, size, key) = (Arc::clone(&self.sessions), key.len(), key.to_owned());
        self.write(size, deadline, move |connection| changes(connection, &sql.delete, params![key])).await
    }

    pub(crate) async fn session_clear_expired(
        &self,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<u64, DbError> {
        let now = Timestamp::new(now);
        let mut total = 0u64;
        loop {
            let sql = Arc::clone(&self.sessions);
            let work = move |connection: &Connection| {
                connection.prepare_cached(sql.clear_expired.text())?.execute(params![now, CLEAR_BATCH])
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
fn changes(connection: &Connection, sql: &Statement, values: &[&dyn ToSql]) -> rusqlite::Result<bool> {
    Ok(connection.prepare_cached(sql.text())?.execute(values)? > 0)
}

fn row(
    connection: &Connection,
    sql: &Statement,
    values: &[&dyn ToSql],
) -> rusqlite::Result<Option<SessionRow>> {
    connection.prepare_cached(sql.text())?.query_row(values, read).optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<SessionRow> {
    let text = row.get_ref(1)?.as_str()?;
    let expire_date = timestamp::parse(text).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(1, Type::Text, "expire_date is no date and time".into())
    })?;
    Ok(SessionRow { session_data: row.get(0)?, expire_date })
}
