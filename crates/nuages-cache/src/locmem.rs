use std::fmt;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use foldhash::fast::RandomState;
use hashlink::LruCache;
use hashlink::linked_hash_map::RawEntryMut;

use crate::backend::{Cache, Cas, KeyPolicy, Token};
use crate::error::CacheError;
use crate::integer;
use crate::timeout::Timeout;

/// Values that share a lock, at the least: a small cache is one part, and drops exactly its oldest.
const PART: u64 = 1024;

/// Parts of a large cache, at the most.
const PARTS: u64 = 64;

/// The cache in this process's memory (Django's `locmem`).
///
/// Holds at most [`max_entries`](LocmemCache::max_entries) values, 300 by default as in Django. Where Django
/// culls a third of the values when it is full (`CULL_FREQUENCY`), this one drops the least recently used, one
/// for each that comes in; for sessions set it to more than the number of sessions alive. From 2,048 values on it
/// is kept in parts of equal size, chosen by the key, and it is the part that drops. Expiry goes by the wall clock.
/// Each `LocmemCache` is a cache of its own; clones share it.
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
    /// Each under a lock of its own; no await happens while one is held.
    parts: Arc<[Mutex<Part>]>,
    /// Picks the part; who guesses it could no more than let two clients wait for each other.
    hasher: RandomState,
    clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
}

/// The values of a part, in the order of their last use.
type Part = LruCache<String, Entry, RandomState>;

#[derive(Clone)]
struct Entry {
    value: Bytes,
    expires: Option<DateTime<Utc>>,
}

impl LocmemCache {
    /// An empty cache of 300 values.
    #[must_use]
    pub fn new() -> LocmemCache {
        LocmemCache { parts: parts(300), hasher: RandomState::default(), clock: Arc::new(Utc::now) }
    }

    /// An empty cache of `count` values (Django's `MAX_ENTRIES`).
    #[must_use]
    pub fn max_entries(self, count: u64) -> LocmemCache {
        LocmemCache { parts: parts(count), ..self }
    }

    /// The same cache by another clock, for tests.
    #[must_use]
    pub fn clock(self, clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> LocmemCache {
        LocmemCache { clock: Arc::new(clock), ..self }
    }

    /// Values held, which may include some that have expired.
    #[must_use]
    pub fn entry_count(&self) -> u64 {
        self.parts.iter().map(|part| lock(part).len() as u64).sum()
    }

    /// Keeps everybody else out of the part that `key` is in.
    fn part(&self, key: &str) -> MutexGuard<'_, Part> {
        // The remainder fits: it is smaller than the number of parts.
        let index = match self.parts.len() {
            1 => 0,
            count => (self.hasher.hash_one(key) % count as u64) as usize,
        };
        lock(&self.parts[index])
    }

    /// The value of `key` and when it ends; one that has expired is dropped.
    fn live<'a>(&self, part: &'a mut Part, key: &str) -> Option<&'a mut Entry> {
        let RawEntryMut::Occupied(mut found) = part.raw_entry_mut().from_key(key) else { return None };
        if found.get().expires.is_some_and(|expires| expires <= (self.clock)()) {
            found.remove();
            return None;
        }
        found.to_back();
        Some(found.into_mut())
    }

    fn value(&self, key: &str) -> Option<Bytes> {
        self.live(&mut self.part(key), key).map(|entry| entry.value.clone())
    }

    fn put(&self, part: &mut Part, key: &str, value: Bytes, timeout: Timeout) {
        if timeout.is_at_once() {
            part.remove(key);
            return;
        }
        let entry = Entry { value, expires: self.expires(timeout) };
        match part.get_mut(key) {
            Some(old) => *old = entry,
            None => {
                part.insert(key.to_owned(), entry);
            }
        }
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

fn parts(count: u64) -> Arc<[Mutex<Part>]> {
    let parts = (count / PART).clamp(1, PARTS);
    let capacity = usize::try_from(count.div_ceil(parts)).unwrap_or(usize::MAX);
    (0..parts).map(|_| Mutex::new(Part::with_hasher(capacity, RandomState::default()))).collect()
}

fn lock(part: &Mutex<Part>) -> MutexGuard<'_, Part> {
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for LocmemCache {
    fn default() -> LocmemCache {
        LocmemCache::new()
    }
}

impl fmt::Debug for LocmemCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocmemCache").field("entries", &self.entry_count()).finish_non_exhaustive()
    }
}

impl Cache for LocmemCache {
    fn key_policy(&self) -> KeyPolicy {
        KeyPolicy::Warn
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, CacheError> {
        Ok(self.value(key))
    }

    async fn get_with_token(&self, key: &str) -> Result<Option<(Bytes, Token)>, CacheError> {
        Ok(self.value(key).map(|value| (value.clone(), Token::from(value))))
    }

    async fn set(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<(), CacheError> {
        self.put(&mut self.part(key), key, value, timeout);
        Ok(())
    }

    async fn add(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        let mut part = self.part(key);
        if self.live(&mut part, key).is_some() {
            return Ok(false);
        }
        self.put(&mut part, key, value, timeout);
        Ok(true)
    }

    async fn replace(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        let mut part = self.part(key);
        if self.live(&mut part, key).is_none() {
            return Ok(false);
        }
        self.put(&mut part, key, value, timeout);
        Ok(true)
    }

    async fn compare_and_set(
        &self,
        key: &str,
        seen: &Token,
        value: Bytes,
        timeout: Timeout,
    ) -> Result<Cas, CacheError> {
        let mut part = self.part(key);
        match self.live(&mut part, key) {
            None => Ok(Cas::Gone),
            Some(entry) if entry.value != seen.value() => Ok(Cas::Conflict(entry.value.clone())),
            Some(_) => {
                self.put(&mut part, key, value, timeout);
                Ok(Cas::Saved)
            }
        }
    }

    async fn touch(&self, key: &str, timeout: Timeout) -> Result<bool, CacheError> {
        let mut part = self.part(key);
        let Some(value) = self.live(&mut part, key).map(|entry| entry.value.clone()) else {
            return Ok(false);
        };
        self.put(&mut part, key, value, timeout);
        Ok(true)
    }

    async fn delete(&self, key: &str) -> Result<bool, CacheError> {
        let mut part = self.part(key);
        let found = self.live(&mut part, key).is_some();
        part.remove(key);
        Ok(found)
    }

    async fn has_key(&self, key: &str) -> Result<bool, CacheError> {
        Ok(self.live(&mut self.part(key), key).is_some())
    }

    async fn incr(&self, key: &str, delta: i64) -> Result<i64, CacheError> {
        let mut part = self.part(key);
        let entry = self.live(&mut part, key).ok_or_else(integer::missing)?;
        let sum = integer::sum(&entry.value, delta)?;
        entry.value = Bytes::from(sum.to_string());
        Ok(sum)
    }

    async fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, CacheError> {
        Ok(keys.iter().map(|key| self.value(key)).collect())
    }

    async fn set_many(
        &self,
        entries: Vec<(String, Bytes)>,
        timeout: Timeout,
    ) -> Result<Vec<String>, CacheError> {
        for (key, value) in entries {
            self.put(&mut self.part(&key), &key, value, timeout);
        }
        Ok(Vec::new())
    }

    async fn delete_many(&self, keys: &[String]) -> Result<(), CacheError> {
        for key in keys {
            self.part(key).remove(key);
        }
        Ok(())
    }

    async fn clear(&self) -> Result<Option<bool>, CacheError> {
        // Everybody out, so that no reader finds one value gone and an older one still there.
        let mut parts: Vec<_> = self.parts.iter().map(lock).collect();
        parts.iter_mut().for_each(|part| part.clear());
        Ok(None)
    }
}
