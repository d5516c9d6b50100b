use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::cache_row::{CacheCas, CacheRow, Increment, Modified};
use crate::database::{Database, on_backend};
use crate::error::{DbError, DbErrorKind};
use crate::migration::NewTable;
use crate::sql::Value;
use crate::sql::django_cache::{COLUMNS, CacheSql};

/// The longest name that every database has room for, in bytes.
const LONGEST_NAME: usize = 63;

/// A table of Django's database cache (`django.core.cache.backends.db`), as its `createcachetable` makes it.
///
/// It stores text under a key until a moment; what the text means is the cache backend's business. A row whose
/// `expires` is not after `now` counts as gone, for every method that takes a `now`, though it may still lie there.
/// Django writes whole seconds; the table writes what it is given, to the microsecond.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use chrono::{TimeDelta, Utc};
/// use nuages_db::{CacheCas, CacheRow, Database, Increment};
///
/// let table = Database::connect("sqlite:///:memory:")?.cache("my_cache_table")?;
/// assert!(table.create().await?);
///
/// let now = Utc::now();
/// table.upsert("visits", "41", CacheRow::NEVER).await?;
/// assert_eq!(table.incr("visits", 1, now).await?, Increment::To(42));
///
/// let soon = now + TimeDelta::minutes(5);
/// assert_eq!(table.compare_and_set("visits", "42", "0", soon, now).await?, CacheCas::Saved);
/// assert!(table.load("visits", soon).await?.is_none());
/// # Ok::<_, nuages_db::DbError>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct CacheTable {
    db: Database,
    name: Arc<str>,
    sql: Arc<CacheSql>,
}

impl CacheTable {
    pub(crate) fn new(db: Database, name: &str) -> Result<CacheTable, DbError> {
        let strange = |c: char| c.is_control() || matches!(c, '"' | '`' | '\\' | '%' | '.' | '?');
        if name.is_empty() || name.len() > LONGEST_NAME || name.contains(strange) || name.ends_with(' ') {
            return Err(DbError::new(
                DbErrorKind::InvalidUrl,
                "the name of a cache table has 1 to 63 bytes and no quote, dot, backslash, question mark or percent sign",
            ));
        }
        let sql = CacheSql::new(db.dialect(), name);
        Ok(CacheTable { db, name: name.into(), sql: Arc::new(sql) })
    }

    /// The table's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes the table and its index as Django's `createcachetable` does; `false` if there is one already.
    ///
    /// # Errors
    /// `Other` if a table of that name has other columns; any [`DbError`] else.
    pub async fn create(&self) -> Result<bool, DbError> {
        let table =
            NewTable { name: Arc::clone(&self.name), columns: COLUMNS, statements: self.sql.create() };
        on_backend!(self.db, db => db.make_table(table, self.db.deadline()).await)
    }

    /// The row of `key`, if it is alive at `now`.
    ///
    /// # Errors
    /// Any [`DbError`]; `MissingTable` before [`create`](CacheTable::create).
    pub async fn load(&self, key: &str, now: DateTime<Utc>) -> Result<Option<CacheRow>, DbError> {
        let outcome =
            on_backend!(self.db, db => db.cache_load(&self.sql, key, now, self.db.deadline()).await);
        self.explained(outcome)
    }

    /// The rows of `keys` that are alive at `now`, in the order of `keys`; a few hundred keys cost one query.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn load_many(
        &self,
        keys: &[impl AsRef<str> + Sync],
        now: DateTime<Utc>,
    ) -> Result<Vec<Option<CacheRow>>, DbError> {
        let keys = owned(keys);
        let outcome = on_backend!(self.db, db => {
        db.cache_load_many(Arc::clone(&self.sql), keys, now, self.db.deadline()).await
        });
        self.explained(outcome)
    }

    /// Inserts a row if there is none alive at `now`; says whether it did (Django's `add`).
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn insert(
        &self,
        key: &str,
        value: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, DbError> {
        let row = CacheRow::new(value, expires);
        let outcome = on_backend!(self.db, db => {
        db.cache_insert(Arc::clone(&self.sql), key, row, now, self.db.deadline()).await
        });
        self.explained(outcome)
    }

    /// Writes a row, whatever is there (Django's `set`, without its culling: see [`cull`](CacheTable::cull)).
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn upsert(&self, key: &str, value: &str, expires: DateTime<Utc>) -> Result<(), DbError> {
        self.upsert_many(vec![(key.to_owned(), value.to_owned())], expires).await
    }

    /// Writes several rows in one transaction, whatever is there.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load); nothing was written then.
    pub async fn upsert_many(
        &self,
        mut rows: Vec<(String, String)>,
        expires: DateTime<Utc>,
    ) -> Result<(), DbError> {
        // One order for everybody, or two of them could wait for each other's rows; of equal keys the last counts.
        rows.reverse();
        rows.sort_by(|one, other| one.0.cmp(&other.0));
        rows.dedup_by(|one, other| one.0 == other.0);
        let outcome = on_backend!(self.db, db => {
        db.cache_upsert(Arc::clone(&self.sql), rows, expires, self.db.deadline()).await
        });
        self.explained(outcome)
    }

    /// Rewrites a row that is alive at `now`, whatever it holds; says whether there was one.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn replace(
        &self,
        key: &str,
        value: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, DbError> {
        let row = CacheRow::new(value, expires);
        let outcome = on_backend!(self.db, db => {
        db.cache_replace(Arc::clone(&self.sql), key, row, now, self.db.deadline()).await
        });
        self.explained(outcome)
    }

    /// Rewrites the row if it is alive at `now` and still holds `seen`, compared byte for byte.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn compare_and_set(
        &self,
        key: &str,
        seen: &str,
        value: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<CacheCas, DbError> {
        let row = CacheRow::new(value, expires);
        let outcome = on_backend!(self.db, db => {
        db.cache_compare_and_set(Arc::clone(&self.sql), key, seen, row, now, self.db.deadline()).await
        });
        self.explained(outcome)
    }

    /// Reads, computes and writes a row that is alive at `now`, while nobody else can write it.
    ///
    /// `change` returns the row to store, or `None` to leave it. It runs inside a transaction, perhaps on another
    /// thread and perhaps once more if that transaction had to be rolled back, so it must be quick and must not wait.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load); `Other` if `change` panics.
    pub async fn modify(
        &self,
        key: &str,
        now: DateTime<Utc>,
        change: impl FnMut(CacheRow) -> Option<CacheRow> + Send + 'static,
    ) -> Result<Modified, DbError> {
        let outcome = on_backend!(self.db, db => {
        db.cache_modify(Arc::clone(&self.sql), key, now, change, self.db.deadline()).await
        });
        self.explained(outcome)
    }

    /// Adds `delta` to a row that is alive at `now` and holds a decimal number; its `expires` stays.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn incr(&self, key: &str, delta: i64, now: DateTime<Utc>) -> Result<Increment, DbError> {
        // What the last run of the closure found; its transaction is the one that counted.
        let found = Arc::new(Mutex::new(Increment::Gone));
        let note = Arc::clone(&found);
        let modified = self.modify(key, now, move |row| {
            let outcome = match row.value.parse::<i64>() {
                Ok(number) => number.checked_add(delta).map_or(Increment::Overflow, Increment::To),
                Err(_) => Increment::NotANumber,
            };
            *note.lock().unwrap_or_else(PoisonError::into_inner) = outcome;
            match outcome {
                Increment::To(sum) => Some(CacheRow::new(sum.to_string(), row.expires)),
                _ => None,
            }
        });
        match modified.await? {
            Modified::Gone => Ok(Increment::Gone),
            Modified::Saved(_) | Modified::Unchanged => {
                Ok(*found.lock().unwrap_or_else(PoisonError::into_inner))
            }
        }
    }

    /// Gives a row that is alive at `now` another end; says whether there was one.
    ///
    /// Django's `touch` brings back a row that has expired; this does not, and [`revive`](CacheTable::revive) does.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn touch(
        &self,
        key: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, DbError> {
        let outcome = on_backend!(self.db, db => {
        db.cache_touch(Arc::clone(&self.sql), key, expires, now, self.db.deadline()).await
        });
        self.explained(outcome)
    }

    /// Gives a row another end, though it may have expired; says whether there was one (Django's `touch`).
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn revive(&self, key: &str, expires: DateTime<Utc>) -> Result<bool, DbError> {
        let statement = self.sql.revive.clone();
        let values: Vec<Value> = vec![key.into(), expires.into()];
        let outcome: Result<u64, DbError> =
            on_backend!(self.db, db => db.execute(self.db.deadline(), statement, values).await);
        Ok(self.explained(outcome)? > 0)
    }

    /// Deletes the row; says whether it was alive at `now`. Django also counts one that has expired, as
    /// [`delete_many`](CacheTable::delete_many) does.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn delete(&self, key: &str, now: DateTime<Utc>) -> Result<bool, DbError> {
        let outcome = on_backend!(self.db, db => db.cache_delete(Arc::clone(&self.sql), key, now, self.db.deadline()).await);
        self.explained(outcome)
    }

    /// Deletes a row that is alive at `now` if its value is `seen`, byte for byte, and leaves nothing behind.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn compare_and_delete(
        &self,
        key: &str,
        seen: &str,
        now: DateTime<Utc>,
    ) -> Result<CacheCas, DbError> {
        let values: Vec<Value> = vec![key.into(), now.into(), seen.into()];
        let statement = self.sql.compare_and_delete.clone();
        let outcome: Result<u64, DbError> =
            on_backend!(self.db, db => db.execute(self.db.deadline(), statement, values).await);
        if self.explained(outcome)? > 0 {
            return Ok(CacheCas::Saved);
        }
        Ok(self.load(key, now).await?.map_or(CacheCas::Gone, CacheCas::Conflict))
    }

    /// Deletes the rows of `keys` and counts them, expired ones too; a few hundred keys cost one statement.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn delete_many(&self, keys: &[impl AsRef<str> + Sync]) -> Result<u64, DbError> {
        let mut keys = owned(keys);
        keys.sort();
        let outcome = on_backend!(self.db, db => {
        db.cache_delete_many(Arc::clone(&self.sql), keys, None, self.db.deadline()).await
        });
        self.explained(outcome)
    }

    /// Deletes those rows of `keys` that have expired at `now` and counts them: what Django's cache does with those that it
    /// comes upon while it reads.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn delete_ended(
        &self,
        keys: &[impl AsRef<str> + Sync],
        now: DateTime<Utc>,
    ) -> Result<u64, DbError> {
        let mut keys = owned(keys);
        keys.sort();
        let outcome = on_backend!(self.db, db => {
        db.cache_delete_many(Arc::clone(&self.sql), keys, Some(now), self.db.deadline()).await
        });
        self.explained(outcome)
    }

    /// How many rows there are, expired ones too.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn count(&self) -> Result<u64, DbError> {
        let outcome =
            on_backend!(self.db, db => db.cache_count(Arc::clone(&self.sql), self.db.deadline()).await);
        self.explained(outcome)
    }

    /// Makes room as Django does before each `set`, and counts what it deleted.
    ///
    /// If there are more than `max_entries` rows (`MAX_ENTRIES`), those that have expired at `now` are deleted; if
    /// that is not enough, the `1/cull_frequency` part of the rest whose keys come first (`CULL_FREQUENCY`). A
    /// frequency of 0 deletes everything. If there are fewer rows, nothing is written and no more than
    /// `max_entries` + 1 rows are counted.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn cull(
        &self,
        max_entries: u64,
        cull_frequency: u64,
        now: DateTime<Utc>,
    ) -> Result<u64, DbError> {
        let outcome = on_backend!(self.db, db => {
        let limits = (max_entries, cull_frequency);
                        db.cache_cull(Arc::clone(&self.sql), limits, now, self.db.deadline()).await
        });
        self.explained(outcome)
    }

    /// Deletes every row and counts them.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load).
    pub async fn clear(&self) -> Result<u64, DbError> {
        let outcome =
            on_backend!(self.db, db => db.cache_clear(Arc::clone(&self.sql), self.db.deadline()).await);
        self.explained(outcome)
    }

    /// Deletes the rows that have expired at `now`, in batches that let other writers through, and counts them.
    ///
    /// Each batch has the operation's deadline to itself.
    ///
    /// # Errors
    /// As [`load`](CacheTable::load); batches done before it stay deleted.
    pub async fn clear_expired(&self, now: DateTime<Utc>) -> Result<u64, DbError> {
        let outcome = on_backend!(self.db, db => {
        db.cache_clear_expired(Arc::clone(&self.sql), now, self.db.deadline()).await
        });
        self.explained(outcome)
    }

    /// `migrate` does not make this table, so it would be the wrong advice.
    fn explained<T>(&self, outcome: Result<T, DbError>) -> Result<T, DbError> {
        outcome.map_err(|error| match error.kind() {
            DbErrorKind::MissingTable => {
                let message = format!("the cache table {} is missing; run createcachetable", self.name);
                DbError::with_source(DbErrorKind::MissingTable, message, error)
            }
            _ => error,
        })
    }
}

fn owned(keys: &[impl AsRef<str>]) -> Vec<String> {
    keys.iter().map(|key| key.as_ref().to_owned()).collect()
}

impl fmt::Debug for CacheTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheTable").field("db", &self.db).field("name", &self.name).finish_non_exhaustive()
    }
}
