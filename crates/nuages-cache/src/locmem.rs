use std::fmt;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use foldhash::fast::RandomState;
use moka::policy::EvictionPolicy;

use crate::backend::{Cache, Cas, KeyPolicy, Token};
use crate::error::CacheError;
use crate::integer;
use crate::timeout::Timeout;

/// Locks that keep writers of one key apart; a power of two.
const STRIPES: usize = 64;

/// The cache in this process's memory (Django's `locmem`).
///
/// Holds at most [`max_entries`](LocmemCache::max_entries) values, 300 by default as in Django. Where Django
/// culls a third of the values when it is full (`CULL_FREQUENCY`), this one drops the least recently used, one
/// for each that comes in; for sessions set it to more than the number of sessions alive. Expiry goes by the
/// wall clock. Each `LocmemCache` is a cache of its own; clones share it.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use nuages_cache::{Cache, Cas, LocmemCache, Timeout, Token};
///
/// let cache = LocmemCache::new().max_entries(10_000);
/// cache.set("k", "one".into(), Timeout::Never).await?;
/// let (_, seen) = cache.get_with_token("k").await?.unwrap();
/// assert_eq!(cache.compare_and_set("k", &seen, "two".into(), Timeout::Never).await?, Cas::Saved);
/// assert_eq!(cache.compare_and_set("k", &seen, "three".into(), Timeout::Never).await?, Cas::Conflict("two".into()));
/// # Ok::<_, nuages_cache::CacheError>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct LocmemCache {
    entries: moka::sync::Cache<String, Entry>,
    /// Held while a writer decides and writes; readers need none.
    stripes: Arc<[Mutex<()>]>,
    /// Picks the stripe; who guesses it could no more than make two writers wait for each other.
    hasher: RandomState,
    clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
}

#[derive(Clone)]
struct Entry {
    value: Bytes,
    expires: Option<DateTime<Utc>>,
}

impl LocmemCache {
    /// An empty cache of 300 values.
    #[must_use]
    pub fn new() -> LocmemCache {
        LocmemCache {
            entries: entries(300),
            stripes: (0..STRIPES).map(|_| Mutex::new(())).collect(),
            hasher: RandomState::default(),
            clock: Arc::new(Utc::now),
        }
    }

    /// An empty cache of `count` values (Django's `MAX_ENTRIES`); for a moment it may hold a few more.
    #[must_use]
    pub fn max_entries(self, count: u64) -> LocmemCache {
        LocmemCache { entries: entries(count), ..self }
    }

    /// The same cache by another clock, for tests.
    #[must_use]
    pub fn clock(self, clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> LocmemCache {
        LocmemCache { clock: Arc::new(clock), ..self }
    }

    /// Values held, which may include some that have expired.
    #[must_use]
    pub fn entry_count(&self) -> u64 {
        self.entries.run_pending_tasks();
        self.entries.entry_count()
    }

    /// The value of `key`, unless it has expired.
    fn live(&self, key: &str) -> Option<Entry> {
        let entry = self.entries.get(key)?;
        let expired = entry.expires.is_some_and(|expires| expires <= (self.clock)());
        (!expired).then_some(entry)
    }

    /// Keeps other writers of `key` out. No await happens while it is held.
    fn lock(&self, key: &str) -> MutexGuard<'_, ()> {
        // The remainder fits: it is smaller than the number of stripes.
        let stripe = (self.hasher.hash_one(key) % STRIPES as u64) as usize;
        self.stripes[stripe].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes, with the key's lock held.
    fn put(&self, key: &str, value: Bytes, timeout: Timeout) {
        if timeout.is_at_once() {
            self.entries.invalidate(key);
            return;
        }
        self.entries.insert(key.to_owned(), Entry { value, expires: self.expires(timeout) });
    }

    fn expires(&self, timeout: Timeout) -> Option<DateTime<Utc>> {
        match timeout {
            Timeout::Never => None,
            // What is beyond the calendar never expires.
            Timeout::After(duration) => {
                TimeDelta::from_std(duration).ok().and_then(|delta| (self.clock)().checked_add_signed(delta))
            }
        }
    }
}

fn entries(count: u64) -> moka::sync::Cache<String, Entry> {
    // Least recently used, because moka's own policy may turn a new value away: a session just made.
    moka::sync::Cache::builder().max_capacity(count).eviction_policy(EvictionPolicy::lru()).build()
}

impl Default for LocmemCache {
    fn default() -> LocmemCache {
        LocmemCache::new()
    }
}

impl fmt::Debug for LocmemCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocmemCache").field("entries", &self.entries.entry_count()).finish_non_exhaustive()
    }
}

impl Cache for LocmemCache {
    fn key_policy(&self) -> KeyPolicy {
        KeyPolicy::Warn
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, CacheError> {
        Ok(self.live(key).map(|entry| entry.value))
    }

    async fn get_with_token(&self, key: &str) -> Result<Option<(Bytes, Token)>, CacheError> {
        Ok(self.live(key).map(|entry| (entry.value.clone(), Token::from(entry.value))))
    }

    async fn set(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<(), CacheError> {
        let _lock = self.lock(key);
        self.put(key, value, timeout);
        Ok(())
    }

    async fn add(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        let _lock = self.lock(key);
        if self.live(key).is_some() {
            return Ok(false);
        }
        self.put(key, value, timeout);
        Ok(true)
    }

    async fn replace(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        let _lock = self.lock(key);
        if self.live(key).is_none() {
            return Ok(false);
        }
        self.put(key, value, timeout);
        Ok(true)
    }

    async fn compare_and_set(
        &self,
        key: &str,
        seen: &Token,
        value: Bytes,
        timeout: Timeout,
    ) -> Result<Cas, CacheError> {
        let _lock = self.lock(key);
        match self.live(key) {
            None => Ok(Cas::Gone),
            Some(entry) if entry.value != seen.value() => Ok(Cas::Conflict(entry.value)),
            Some(_) => {
                self.put(key, value, timeout);
                Ok(Cas::Saved)
            }
        }
    }

    async fn touch(&self, key: &str, timeout: Timeout) -> Result<bool, CacheError> {
        let _lock = self.lock(key);
        let Some(entry) = self.live(key) else { return Ok(false) };
        self.put(key, entry.value, timeout);
        Ok(true)
    }

    async fn delete(&self, key: &str) -> Result<bool, CacheError> {
        let _lock = self.lock(key);
        let found = self.live(key).is_some();
        self.entries.invalidate(key);
        Ok(found)
    }

    async fn has_key(&self, key: &str) -> Result<bool, CacheError> {
        Ok(self.live(key).is_some())
    }

    async fn incr(&self, key: &str, delta: i64) -> Result<i64, CacheError> {
        let _lock = self.lock(key);
        let entry = self.live(key).ok_or_else(integer::missing)?;
        let sum = integer::sum(&entry.value, delta)?;
        let value = Bytes::from(sum.to_string());
        self.entries.insert(key.to_owned(), Entry { value, expires: entry.expires });
        Ok(sum)
    }

    async fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, CacheError> {
        Ok(keys.iter().map(|key| self.live(key).map(|entry| entry.value)).collect())
    }

    async fn set_many(
        &self,
        entries: Vec<(String, Bytes)>,
        timeout: Timeout,
    ) -> Result<Vec<String>, CacheError> {
        for (key, value) in entries {
            let _lock = self.lock(&key);
            self.put(&key, value, timeout);
        }
        Ok(Vec::new())
    }

    async fn delete_many(&self, keys: &[String]) -> Result<(), CacheError> {
        for key in keys {
            let _lock = self.lock(key);
            self.entries.invalidate(key);
        }
        Ok(())
    }

    async fn clear(&self) -> Result<Option<bool>, CacheError> {
        // All writers out, or one that has looked already would bring its value back.
        let _locks: Vec<_> =
            self.stripes.iter().map(|stripe| stripe.lock().unwrap_or_else(PoisonError::into_inner)).collect();
        self.entries.invalidate_all();
        Ok(None)
    }
}
