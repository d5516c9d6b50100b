//! A cache table in SQLite.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params, params_from_iter};

use super::SqliteDatabase;
use super::timestamp::{self, Timestamp};
use crate::cache_row::{CacheCas, CacheRow, Modified};
use crate::error::DbError;
use crate::sql::Statement;
use crate::sql::django_cache::{CacheSql, KEYS, padded};

/// Rows deleted in one transaction by `clear_expired`: some milliseconds of work.
const CLEAR_BATCH: u32 = 1_000;

impl SqliteDatabase {
    pub(crate) async fn cache_load(
        &self,
        sql: &Arc<CacheSql>,
        key: &str,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<Option<CacheRow>, DbError> {
        let now = Timestamp::new(now);
        let read = |connection: &Connection| row(connection, &sql.load, params![key, now]);
        if let Some(outcome) = self.readers.inline(read) {
            return outcome;
        }
        let (sql, key) = (Arc::clone(sql), key.to_owned());
        self.readers.waiting(deadline, move |connection| row(connection, &sql.load, params![key, now])).await
    }

    pub(crate) async fn cache_load_many(
        &self,
        sql: Arc<CacheSql>,
        keys: Vec<String>,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<Vec<Option<CacheRow>>, DbError> {
        let now = Timestamp::new(now);
        let read = move |connection: &Connection| {
            let mut found = HashMap::new();
            for keys in keys.chunks(KEYS) {
                let count = padded(keys.len());
                let mut statement = connection.prepare_cached(sql.load_many(count).text())?;
                let keys = keys.iter().cycle().take(count).map(|key| key as &dyn ToSql);
                let values = std::iter::once(&now as &dyn ToSql).chain(keys);
                let mut rows = statement.query(params_from_iter(values))?;
                while let Some(row) = rows.next()? {
                    found.insert(row.get::<_, String>(2)?, read(row)?);
                }
            }
            Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
        };
        match self.readers.inline(&read) {
            Some(outcome) => outcome,
            None => self.readers.waiting(deadline, read).await,
        }
    }

    pub(crate) async fn cache_insert(
        &self,
        sql: Arc<CacheSql>,
        key: &str,
        row: CacheRow,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<bool, DbError> {
        let (size, key) = (key.len() + row.value.len(), key.to_owned());
        let (expires, now) = (Timestamp::new(row.expires), Timestamp::new(now));
        let work = move |connection: &Connection| {
            changes(connection, &sql.insert, params![key, row.value, expires, now])
        };
        self.write(size, deadline, work).await
    }

    pub(crate) async fn cache_upsert(
        &self,
        sql: Arc<CacheSql>,
        rows: Vec<(String, String)>,
        expires: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<(), DbError> {
        let row_count = rows.len();
        let size = rows.iter().map(|(key, value)| key.len() + value.len()).sum();
        let expires = Timestamp::new(expires);
        let work = move |connection: &Connection| {
            let mut statement = connection.prepare_cached(sql.upsert(1).text())?;
            for (key, value) in &rows {
                statement.execute(params![key, value, expires])?;
            }
            Ok(())
        };
        // Several rows are written all or none: a transaction of its own is undone as a whole.
        match row_count {
            1 => self.write(size, deadline, work).await,
            _ => self.write_alone(size, deadline, work).await,
        }
    }

    pub(crate) async fn cache_replace(
        &self,
        sql: Arc<CacheSql>,
        key: &str,
        row: CacheRow,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<bool, DbError> {
        let (size, key) = (key.len() + row.value.len(), key.to_owned());
        let (expires, now) = (Timestamp::new(row.expires), Timestamp::new(now));
        let work = move |connection: &Connection| {
            changes(connection, &sql.replace, params![key, row.value, expires, now])
        };
        self.write(size, deadline, work).await
    }

    pub(crate) async fn cache_compare_and_set(
        &self,
        sql: Arc<CacheSql>,
        key: &str,
        seen: &str,
        new: CacheRow,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<CacheCas, DbError> {
        let size = key.len() + seen.len() + new.value.len();
        let (key, seen) = (key.to_owned(), seen.to_owned());
        let (expires, now) = (Timestamp::new(new.expires), Timestamp::new(now));
        let work = move |connection: &Connection| {
            if changes(connection, &sql.compare_and_set, params![key, new.value, expires, now, seen])? {
                return Ok(CacheCas::Saved);
            }
            let found = row(connection, &sql.load, params![key, now])?;
            Ok(found.map_or(CacheCas::Gone, CacheCas::Conflict))
        };
        self.write(size, deadline, work).await
    }

    pub(crate) async fn cache_modify(
        &self,
        sql: Arc<CacheSql>,
        key: &str,
        now: DateTime<Utc>,
        mut change: impl FnMut(CacheRow) -> Option<CacheRow> + Send + 'static,
        deadline: Duration,
    ) -> Result<Modified, DbError> {
        let (size, key, now) = (key.len(), key.to_owned(), Timestamp::new(now));
        let work = move |connection: &Connection| {
            let Some(found) = row(connection, &sql.load, params![key, now])? else {
                return Ok(Modified::Gone);
            };
            let Some(new) = change(found) else { return Ok(Modified::Unchanged) };
            let values = params![key, new.value, Timestamp::new(new.expires)];
            connection.prepare_cached(sql.update.text())?.execute(values)?;
            Ok(Modified::Saved(new))
        };
        self.write(size, deadline, work).await
    }

    pub(crate) async fn cache_touch(
        &self,
        sql: Arc<CacheSql>,
        key: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<bool, DbError> {
        let (size, key) = (key.len(), key.to_owned());
        let (expires, now) = (Timestamp::new(expires), Timestamp::new(now));
        let work = move |connection: &Connection| changes(connection, &sql.touch, params![key, expires, now]);
        self.write(size, deadline, work).await
    }

    pub(crate) async fn cache_delete(
        &self,
        sql: Arc<CacheSql>,
        key: &str,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<bool, DbError> {
        let (size, key, now) = (key.len(), key.to_owned(), Timestamp::new(now));
        let work = move |connection: &Connection| {
            if changes(connection, &sql.delete_alive, params![key, now])? {
                return Ok(true);
            }
            changes(connection, &sql.delete_dead, params![key, now])?;
            Ok(false)
        };
        self.write(size, deadline, work).await
    }

    pub(crate) async fn cache_delete_many(
        &self,
        sql: Arc<CacheSql>,
        keys: Vec<String>,
        ended_at: Option<DateTime<Utc>>,
        deadline: Duration,
    ) -> Result<u64, DbError> {
        let ended_at = ended_at.map(Timestamp::new);
        let size = keys.iter().map(String::len).sum();
        let work = move |connection: &Connection| {
            let mut deleted = 0_usize;
            for keys in keys.chunks(KEYS) {
                let count = padded(keys.len());
                let sql = if ended_at.is_some() { sql.delete_ended(count) } else { sql.delete_many(count) };
                let mut statement = connection.prepare_cached(sql.text())?;
                let keys = keys.iter().cycle().take(count).map(|key| key as &dyn ToSql);
                let values = ended_at.iter().map(|moment| moment as &dyn ToSql).chain(keys);
                deleted += statement.execute(params_from_iter(values))?;
            }
            Ok(counted(deleted))
        };
        self.write(size, deadline, work).await
    }

    pub(crate) async fn cache_count(&self, sql: Arc<CacheSql>, deadline: Duration) -> Result<u64, DbError> {
        // Counting reads the whole table, so it never runs on the calling thread.
        self.readers.waiting(deadline, move |connection| number(connection, &sql.count, &[])).await
    }

    pub(crate) async fn cache_cull(
        &self,
        sql: Arc<CacheSql>,
        (max_entries, cull_frequency): (u64, u64),
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<u64, DbError> {
        let most = i64::try_from(max_entries).unwrap_or(i64::MAX);
        let enough = {
            let sql = Arc::clone(&sql);
            let read = move |connection: &Connection| {
                number(connection, &sql.count_up_to, params![most.saturating_add(1)])
            };
            self.readers.waiting(deadline, read).await? <= max_entries
        };
        if enough {
            return Ok(0);
        }
        let now = Timestamp::new(now);
        let work = move |connection: &Connection| {
            if cull_frequency == 0 {
                return Ok(counted(connection.prepare_cached(sql.clear.text())?.execute([])?));
            }
            let expired =
                counted(connection.prepare_cached(sql.delete_expired.text())?.execute(params![now])?);
            let rest = number(connection, &sql.count, &[])?;
            if rest <= max_entries {
                return Ok(expired);
            }
            let offset = i64::try_from(rest / cull_frequency).unwrap_or(i64::MAX);
            let bound: Option<String> = connection
                .prepare_cached(sql.nth_key.text())?
                .query_row(params![offset], |row| row.get(0))
                .optional()?;
            let culled = match bound {
                Some(key) => connection.prepare_cached(sql.delete_below.text())?.execute(params![key])?,
                None => 0,
            };
            Ok(expired.saturating_add(counted(culled)))
        };
        self.write(0, deadline, work).await
    }

    pub(crate) async fn cache_clear(&self, sql: Arc<CacheSql>, deadline: Duration) -> Result<u64, DbError> {
        let work = move |connection: &Connection| Ok(counted(connection.execute(sql.clear.text(), [])?));
        self.write(0, deadline, work).await
    }

    pub(crate) async fn cache_clear_expired(
        &self,
        sql: Arc<CacheSql>,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<u64, DbError> {
        let now = Timestamp::new(now);
        let mut total = 0_u64;
        loop {
            let sql = Arc::clone(&sql);
            let work = move |connection: &Connection| {
                connection.prepare_cached(sql.clear_expired.text())?.execute(params![now, CLEAR_BATCH])
            };
            let deleted = counted(self.write(0, deadline, work).await?);
            total = total.saturating_add(deleted);
            if deleted < u64::from(CLEAR_BATCH) {
                return Ok(total);
            }
        }
    }
}

fn counted(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// Whether the statement changed a row.
fn changes(connection: &Connection, sql: &Statement, values: &[&dyn ToSql]) -> rusqlite::Result<bool> {
    Ok(connection.prepare_cached(sql.text())?.execute(values)? > 0)
}

fn number(connection: &Connection, sql: &Statement, values: &[&dyn ToSql]) -> rusqlite::Result<u64> {
    let number: i64 = connection.prepare_cached(sql.text())?.query_row(values, |row| row.get(0))?;
    Ok(u64::try_from(number).unwrap_or(0))
}

fn row(
    connection: &Connection,
    sql: &Statement,
    values: &[&dyn ToSql],
) -> rusqlite::Result<Option<CacheRow>> {
    connection.prepare_cached(sql.text())?.query_row(values, read).optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<CacheRow> {
    let expires = timestamp::parse(row.get_ref(1)?.as_str()?).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(1, Type::Text, "expires is no date and time".into())
    })?;
    Ok(CacheRow::new(row.get::<_, String>(0)?, expires))
}
