use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use nuages_db::{CacheCas, CacheRow, CacheTable, DbError, DbErrorKind, Modified};

use crate::backend::{Cache, Cas, KeyPolicy, Token};
use crate::error::{CacheError, CacheErrorKind};
use crate::serializer::Serializer;
use crate::timeout::Timeout;
use crate::{integer, pickled};

/// Before every moment at which a row could be read: a row that ends then is gone for everybody's clock.
const PAST: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// The cache in a table of the database, with Django's columns and text (`db.DatabaseCache`).
///
/// The command `createcachetable` makes the table, or Django's does. A Django beside us reads and writes the same rows if
/// both pickle: [`serializer`](DbCache::serializer). The database's deadline is that of the cache.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use nuages_cache::{CacheFront, DbCache};
/// use nuages_db::Database;
///
/// let database = Database::connect("sqlite:///:memory:")?;
/// let table = database.cache("my_cache_table")?;
/// table.create().await?;
/// let cache = CacheFront::new(DbCache::new(table).max_entries(10_000));
/// cache.set("visits", &1, None).await?;
/// assert_eq!(cache.incr("visits", 1).await?, 2);
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct DbCache {
    table: CacheTable,
    max_entries: u64,
    cull_frequency: u64,
    /// Writes that may come before the rows are counted again, which Django does each time.
    until_counted: Arc<AtomicU64>,
    serializer: Serializer,
    clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
}

impl DbCache {
    /// A cache in this table.
    #[must_use]
    pub fn new(table: CacheTable) -> DbCache {
        DbCache {
            table,
            max_entries: 300,
            cull_frequency: 3,
            until_counted: Arc::new(AtomicU64::new(0)),
            serializer: Serializer::Json,
            clock: Arc::new(Utc::now),
        }
    }

    /// The same cache, culled when it has more than about `count` rows (Django's `MAX_ENTRIES`), 300 by default.
    #[must_use]
    pub fn max_entries(self, count: u64) -> DbCache {
        DbCache { max_entries: count, ..self }
    }

    /// The same cache, from which one row in `frequency` is culled (Django's `CULL_FREQUENCY`), 3 by default; 0 clears
    /// it.
    #[must_use]
    pub fn cull_frequency(self, frequency: u64) -> DbCache {
        DbCache { cull_frequency: frequency, ..self }
    }

    /// The same cache for values of this form. With [`Serializer::Pickle`] integers are pickled too, as Django does.
    #[must_use]
    pub fn serializer(self, serializer: Serializer) -> DbCache {
        DbCache { serializer, ..self }
    }

    /// The same cache by another clock, for tests.
    #[must_use]
    pub fn clock(self, clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> DbCache {
        DbCache { clock: Arc::new(clock), ..self }
    }

    fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// When a row ends that is written now.
    fn expires(&self, timeout: Timeout) -> DateTime<Utc> {
        match timeout {
            Timeout::After(duration) if duration.is_zero() => PAST,
            Timeout::After(duration) => {
                let delta = TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
                self.now().checked_add_signed(delta).unwrap_or(CacheRow::NEVER).min(CacheRow::NEVER)
            }
            Timeout::Never => CacheRow::NEVER,
        }
    }

    /// The text of a value.
    fn text(&self, value: Bytes) -> Result<String, CacheError> {
        encode(self.serializer, value)
    }

    fn value(&self, row: &CacheRow) -> Result<Bytes, CacheError> {
        decode(self.serializer, row)
    }

    /// Makes room for more rows, now and then: the limit is a soft one.
    async fn make_room(&self, rows: u64) -> Result<(), CacheError> {
        let take = |left: u64| left.checked_sub(rows);
        if self.until_counted.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
            return Ok(());
        }
        self.until_counted.store(self.max_entries / 20, Ordering::Relaxed);
        self.table.cull(self.max_entries, self.cull_frequency, self.now()).await?;
        Ok(())
    }
}

fn encode(serializer: Serializer, value: Bytes) -> Result<String, CacheError> {
    Ok(match serializer {
        Serializer::Json => STANDARD.encode(value),
        Serializer::Pickle => STANDARD.encode(pickled::from_canonical(value)?),
    })
}

fn decode(serializer: Serializer, row: &CacheRow) -> Result<Bytes, CacheError> {
    let bytes = STANDARD.decode(&row.value).map_err(|_| {
        CacheError::new(
            CacheErrorKind::Decode,
            "a row of the cache table is damaged; delete the key, or clear the cache",
        )
    })?;
    Ok(match serializer {
        Serializer::Json => bytes.into(),
        Serializer::Pickle => pickled::to_canonical(bytes.into()),
    })
}

impl From<DbError> for CacheError {
    fn from(error: DbError) -> CacheError {
        let kind = match error.kind() {
            DbErrorKind::TimedOut => CacheErrorKind::TimedOut,
            _ if error.is_outage() => CacheErrorKind::Unavailable,
            _ => CacheErrorKind::Other,
        };
        CacheError::new(kind, "the cache in the database cannot be used").with_source(error)
    }
}

/// A row that has ended lies there until somebody comes upon it. Whoever shares the table with a Django sees of it what
/// Django sees: `set` with no time to live writes one, `delete` counts it, `touch` gives it another life, reading
/// deletes it.
impl DbCache {
    fn is_shared(&self) -> bool {
        self.serializer == Serializer::Pickle
    }

    async fn forget_ended(&self, keys: &[impl AsRef<str> + Sync]) -> Result<(), CacheError> {
        if self.is_shared() && !keys.is_empty() {
            self.table.delete_ended(keys, self.now()).await?;
        }
        Ok(())
    }
}

impl fmt::Debug for DbCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DbCache")
            .field("table", &self.table)
            .field("serializer", &self.serializer)
            .finish_non_exhaustive()
    }
}

impl Cache for DbCache {
    fn key_policy(&self) -> KeyPolicy {
        KeyPolicy::Warn
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, CacheError> {
        let found = self.table.load(key, self.now()).await?;
        if found.is_none() {
            self.forget_ended(&[key]).await?;
        }
        found.map(|row| self.value(&row)).transpose()
    }

    async fn get_with_token(&self, key: &str) -> Result<Option<(Bytes, Token)>, CacheError> {
        Ok(self.get(key).await?.map(|value| (value.clone(), Token::from(value))))
    }

    async fn set(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<(), CacheError> {
        if timeout.is_at_once() && !self.is_shared() {
            self.table.delete(key, self.now()).await?;
            return Ok(());
        }
        self.make_room(1).await?;
        Ok(self.table.upsert(key, &self.text(value)?, self.expires(timeout)).await?)
    }

    async fn add(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        if !timeout.is_at_once() {
            self.make_room(1).await?;
        }
        let text = self.text(value)?;
        Ok(self.table.insert(key, &text, self.expires(timeout), self.now()).await?)
    }

    async fn replace(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        if timeout.is_at_once() {
            return self.delete(key).await;
        }
        let text = self.text(value)?;
        Ok(self.table.replace(key, &text, self.expires(timeout), self.now()).await?)
    }

    async fn compare_and_set(
        &self,
        key: &str,
        seen: &Token,
        value: Bytes,
        timeout: Timeout,
    ) -> Result<Cas, CacheError> {
        let (mut expected, text) = (self.text(seen.value().clone())?, self.text(value)?);
        let expires = self.expires(timeout);
        loop {
            let now = self.now();
            let outcome = if timeout.is_at_once() {
                self.table.compare_and_delete(key, &expected, now).await?
            } else {
                self.table.compare_and_set(key, &expected, &text, expires, now).await?
            };
            match outcome {
                CacheCas::Saved => return Ok(Cas::Saved),
                CacheCas::Gone => return Ok(Cas::Gone),
                CacheCas::Conflict(row) => {
                    let current = self.value(&row)?;
                    if current != *seen.value() || row.value == expected {
                        return Ok(Cas::Conflict(current));
                    }
                    // The same integer, pickled by another protocol.
                    expected = row.value;
                }
            }
        }
    }

    async fn touch(&self, key: &str, timeout: Timeout) -> Result<bool, CacheError> {
        if self.is_shared() {
            return Ok(self.table.revive(key, self.expires(timeout)).await?);
        }
        if timeout.is_at_once() {
            return self.delete(key).await;
        }
        Ok(self.table.touch(key, self.expires(timeout), self.now()).await?)
    }

    async fn delete(&self, key: &str) -> Result<bool, CacheError> {
        let now = self.now();
        let had_ended = self.is_shared() && self.table.delete_ended(&[key], now).await? > 0;
        Ok(self.table.delete(key, now).await? || had_ended)
    }

    async fn has_key(&self, key: &str) -> Result<bool, CacheError> {
        Ok(self.table.load(key, self.now()).await?.is_some())
    }

    async fn incr(&self, key: &str, delta: i64) -> Result<i64, CacheError> {
        let serializer = self.serializer;
        // What the last run of the closure found; its transaction is the one that counted.
        let found = Arc::new(Mutex::new(Err(integer::missing())));
        let note = Arc::clone(&found);
        let change = move |row: CacheRow| {
            let outcome = decode(serializer, &row).and_then(|value| integer::sum(&value, delta));
            let text = outcome.as_ref().ok().and_then(|sum| encode(serializer, sum.to_string().into()).ok());
            *note.lock().unwrap_or_else(PoisonError::into_inner) = outcome;
            Some(CacheRow::new(text?, row.expires))
        };
        if self.table.modify(key, self.now(), change).await? == Modified::Gone {
            return Err(integer::missing());
        }
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *found, Err(integer::missing()))
    }

    async fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, CacheError> {
        let rows = self.table.load_many(keys, self.now()).await?;
        let missing: Vec<&String> =
            keys.iter().zip(&rows).filter(|(_, row)| row.is_none()).map(|(key, _)| key).collect();
        self.forget_ended(&missing).await?;
        rows.into_iter().map(|row| row.map(|row| self.value(&row)).transpose()).collect()
    }

    async fn set_many(
        &self,
        entries: Vec<(String, Bytes)>,
        timeout: Timeout,
    ) -> Result<Vec<String>, CacheError> {
        if timeout.is_at_once() && !self.is_shared() {
            let keys: Vec<_> = entries.into_iter().map(|(key, _)| key).collect();
            self.delete_many(&keys).await?;
            return Ok(Vec::new());
        }
        self.make_room(entries.len() as u64).await?;
        let rows = entries.into_iter().map(|(key, value)| Ok((key, self.text(value)?)));
        let rows = rows.collect::<Result<Vec<_>, CacheError>>()?;
        self.table.upsert_many(rows, self.expires(timeout)).await?;
        Ok(Vec::new())
    }

    async fn delete_many(&self, keys: &[String]) -> Result<(), CacheError> {
        self.table.delete_many(keys).await?;
        Ok(())
    }

    async fn clear(&self) -> Result<Option<bool>, CacheError> {
        self.table.clear().await?;
        Ok(None)
    }
}
