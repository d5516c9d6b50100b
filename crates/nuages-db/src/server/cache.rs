//! A cache table on a server.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::connection::Connection;
use super::failure::Failure;
use super::row::Row;
use super::sessions::{called, inserted};
use super::{Care, ServerDatabase};
use crate::cache_row::{CacheCas, CacheRow, Modified};
use crate::error::DbError;
use crate::sql::Value;
use crate::sql::django_cache::{CacheSql, KEYS, padded, rows_at_once};

/// Rows deleted in one transaction by `clear_expired`: some milliseconds of work.
const CLEAR_BATCH: u32 = 1_000;

impl ServerDatabase {
    pub(crate) async fn cache_load(
        &self,
        sql: &Arc<CacheSql>,
        key: &str,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<Option<CacheRow>, DbError> {
        Ok(self.query(deadline, sql.load.clone(), vec![key.into(), now.into()], read).await?.pop())
    }

    pub(crate) async fn cache_load_many(
        &self,
        sql: Arc<CacheSql>,
        keys: Vec<String>,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<Vec<Option<CacheRow>>, DbError> {
        let keys: Arc<[String]> = keys.into();
        let wanted = Arc::clone(&keys);
        let found = self.run(deadline, Care::Read, move |connection: &mut Connection| {
            let (sql, keys) = (Arc::clone(&sql), Arc::clone(&wanted));
            Box::pin(async move {
                let mut found = HashMap::new();
                for keys in keys.chunks(KEYS) {
                    let values: Vec<Value> = std::iter::once(now.into()).chain(list(keys)).collect();
                    for row in connection.rows(&sql.load_many(padded(keys.len())), &values).await? {
                        found.insert(row.text(2)?, read(&row)?);
                    }
                }
                Ok(found)
            })
        });
        let found = found.await?;
        Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
    }

    pub(crate) async fn cache_insert(
        &self,
        sql: Arc<CacheSql>,
        key: &str,
        row: CacheRow,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<bool, DbError> {
        let values: Arc<[Value]> = [key.into(), row.value.into(), row.expires.into(), now.into()].into();
        self.run(deadline, Care::Write, move |connection: &mut Connection| {
            let (sql, values) = (Arc::clone(&sql), Arc::clone(&values));
            Box::pin(async move { insert(connection, &sql, &values).await })
        })
        .await
    }

    pub(crate) async fn cache_upsert(
        &self,
        sql: Arc<CacheSql>,
        rows: Vec<(String, String)>,
        expires: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<(), DbError> {
        let count = rows.len();
        let values: Arc<[Value]> =
            rows.into_iter().flat_map(|(key, value)| [key.into(), value.into(), expires.into()]).collect();
        self.run(deadline, Care::Write, move |connection: &mut Connection| {
            let (sql, values) = (Arc::clone(&sql), Arc::clone(&values));
            Box::pin(async move {
                if count == 1 {
                    return connection.execute(&sql.upsert(1), &values).await.map(drop);
                }
                connection.begin().await?;
                let (mut left, mut rest) = (count, &*values);
                while left > 0 {
                    let rows = rows_at_once(left);
                    let (now, later) = rest.split_at_checked(rows.saturating_mul(3)).unwrap_or((rest, &[]));
                    connection.execute(&sql.upsert(rows), now).await?;
                    (left, rest) = (left.saturating_sub(rows.max(1)), later);
                }
                connection.commit().await
            })
        })
        .await
    }

    pub(crate) async fn cache_replace(
        &self,
        sql: Arc<CacheSql>,
        key: &str,
        row: CacheRow,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<bool, DbError> {
        let values = vec![key.into(), row.value.into(), row.expires.into(), now.into()];
        Ok(self.execute(deadline, sql.replace.clone(), values).await? > 0)
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
        let look: Arc<[Value]> = [key.into(), now.into()].into();
        let values: Arc<[Value]> =
            [key.into(), new.value.into(), new.expires.into(), now.into(), seen.into()].into();
        self.run(deadline, Care::Write, move |connection: &mut Connection| {
            let (sql, look, values) = (Arc::clone(&sql), Arc::clone(&look), Arc::clone(&values));
            Box::pin(async move {
                if connection.execute(&sql.compare_and_set, &values).await? > 0 {
                    return Ok(CacheCas::Saved);
                }
                let found = connection.row(&sql.load, &look).await?;
                Ok(found.as_ref().map(read).transpose()?.map_or(CacheCas::Gone, CacheCas::Conflict))
            })
        })
        .await
    }

    pub(crate) async fn cache_modify(
        &self,
        sql: Arc<CacheSql>,
        key: &str,
        now: DateTime<Utc>,
        change: impl FnMut(CacheRow) -> Option<CacheRow> + Send + 'static,
        deadline: Duration,
    ) -> Result<Modified, DbError> {
        let (key, change) = (key.to_owned(), Arc::new(Mutex::new(change)));
        self.run(deadline, Care::Write, move |connection: &mut Connection| {
            let (sql, key, change) = (Arc::clone(&sql), Value::from(key.as_str()), Arc::clone(&change));
            Box::pin(async move {
                connection.begin().await?;
                let outcome = match connection.row(&sql.lock, &[key.clone(), now.into()]).await? {
                    None => Modified::Gone,
                    Some(row) => match called(&change, read(&row)?)? {
                        None => Modified::Unchanged,
                        Some(new) => {
                            let values = [key, new.value.as_str().into(), new.expires.into()];
                            connection.execute(&sql.update, &values).await?;
                            Modified::Saved(new)
                        }
                    },
                };
                connection.commit().await?;
                Ok(outcome)
            })
        })
        .await
    }

    pub(crate) async fn cache_touch(
        &self,
        sql: Arc<CacheSql>,
        key: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<bool, DbError> {
        let values = vec![key.into(), expires.into(), now.into()];
        Ok(self.execute(deadline, sql.touch.clone(), values).await? > 0)
    }

    pub(crate) async fn cache_delete(
        &self,
        sql: Arc<CacheSql>,
        key: &str,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<bool, DbError> {
        let values: Arc<[Value]> = [key.into(), now.into()].into();
        self.run(deadline, Care::Write, move |connection: &mut Connection| {
            let (sql, values) = (Arc::clone(&sql), Arc::clone(&values));
            Box::pin(async move {
                if connection.execute(&sql.delete_alive, &values).await? > 0 {
                    return Ok(true);
                }
                connection.execute(&sql.delete_dead, &values).await?;
                Ok(false)
            })
        })
        .await
    }

    pub(crate) async fn cache_delete_many(
        &self,
        sql: Arc<CacheSql>,
        keys: Vec<String>,
        ended_at: Option<DateTime<Utc>>,
        deadline: Duration,
    ) -> Result<u64, DbError> {
        let keys: Arc<[String]> = keys.into();
        self.run(deadline, Care::Write, move |connection: &mut Connection| {
            let (sql, keys) = (Arc::clone(&sql), Arc::clone(&keys));
            Box::pin(async move {
                let mut deleted = 0_u64;
                for keys in keys.chunks(KEYS) {
                    let values: Vec<Value> =
                        ended_at.map(Value::from).into_iter().chain(list(keys)).collect();
                    let count = padded(keys.len());
                    let statement =
                        if ended_at.is_some() { sql.delete_ended(count) } else { sql.delete_many(count) };
                    deleted = deleted.saturating_add(connection.execute(&statement, &values).await?);
                }
                Ok(deleted)
            })
        })
        .await
    }

    pub(crate) async fn cache_count(&self, sql: Arc<CacheSql>, deadline: Duration) -> Result<u64, DbError> {
        let counts = self.query(deadline, sql.count.clone(), Vec::new(), |row| row.number(0)).await?;
        Ok(counts.first().map_or(0, |count| u64::try_from(*count).unwrap_or(0)))
    }

    pub(crate) async fn cache_cull(
        &self,
        sql: Arc<CacheSql>,
        (max_entries, cull_frequency): (u64, u64),
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<u64, DbError> {
        let most = i64::try_from(max_entries).unwrap_or(i64::MAX).saturating_add(1);
        let counted = self.query(deadline, sql.count_up_to.clone(), vec![most.into()], |row| row.number(0));
        if counted.await?.first().is_none_or(|count| *count < most) {
            return Ok(0);
        }
        self.run(deadline, Care::Write, move |connection: &mut Connection| {
            let sql = Arc::clone(&sql);
            Box::pin(async move {
                if cull_frequency == 0 {
                    return connection.execute(&sql.clear, &[]).await;
                }
                let expired = connection.execute(&sql.delete_expired, &[now.into()]).await?;
                let rest = connection.row(&sql.count, &[]).await?.map_or(Ok(0), |row| row.number(0))?;
                let rest = u64::try_from(rest).unwrap_or(0);
                if rest <= max_entries {
                    return Ok(expired);
                }
                let offset = i64::try_from(rest / cull_frequency).unwrap_or(i64::MAX);
                let culled = match connection.row(&sql.nth_key, &[offset.into()]).await? {
                    Some(bound) => connection.execute(&sql.delete_below, &[bound.text(0)?.into()]).await?,
                    None => 0,
                };
                Ok(expired.saturating_add(culled))
            })
        })
        .await
    }

    pub(crate) async fn cache_clear(&self, sql: Arc<CacheSql>, deadline: Duration) -> Result<u64, DbError> {
        self.execute(deadline, sql.clear.clone(), Vec::new()).await
    }

    pub(crate) async fn cache_clear_expired(
        &self,
        sql: Arc<CacheSql>,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<u64, DbError> {
        self.in_batches(deadline, CLEAR_BATCH, &sql.clear_expired, &[now.into()]).await
    }
}

/// Inserts if there is no row alive. PostgreSQL decides within the statement; MySQL needs to look what is in the way.
async fn insert(connection: &mut Connection, sql: &CacheSql, values: &[Value]) -> Result<bool, Failure> {
    if inserted(connection.execute(&sql.insert, values).await)? {
        return Ok(true);
    }
    #[cfg(feature = "mysql")]
    if let Some(take_over) = &sql.take_over {
        return Ok(connection.execute(take_over, values).await? > 0);
    }
    Ok(false)
}

fn list(keys: &[String]) -> impl Iterator<Item = Value> {
    keys.iter().cycle().take(padded(keys.len())).map(|key| key.as_str().into())
}

fn read(row: &Row) -> Result<CacheRow, Failure> {
    Ok(CacheRow::new(row.text(0)?, row.time(1)?))
}
