//! The engine `cache`: an entry each in a cache.

use std::time::Duration;

use bytes::Bytes;
use nuages_cache::{CacheError, CacheFront, Cas, Timeout};

use super::{Custody, Loaded, Merge, Merged, Record, Retired, Saved, Seen, SessionStore, Stored, Written};
use crate::{SessionData, SessionKey, StoreError, StoreErrorKind};

/// What stands before a session's key in the cache (Django's `KEY_PREFIX` of the engine).
pub const CACHE_KEY_PREFIX: &str = "django.contrib.sessions.cache";

/// Sessions in a cache, which ends them by itself (`django.contrib.sessions.backends.cache`).
///
/// The cache may drop what it has no room for: a session lost that way is gone as if it had been deleted.
#[derive(Clone, Debug)]
pub struct CacheStore {
    cache: CacheFront,
}

impl CacheStore {
    /// Sessions in `cache`.
    #[must_use]
    pub fn new(cache: CacheFront) -> Self {
        Self { cache }
    }

    fn entry(key: &SessionKey) -> String {
        [CACHE_KEY_PREFIX, key.as_str()].concat()
    }

    fn encode(record: &Record) -> Result<Bytes, StoreError> {
        let text = record.data.to_json().map_err(|source| StoreError::new(StoreErrorKind::Encode, source))?;
        // A copy of just that length: it stays in the cache.
        Ok(Bytes::copy_from_slice(text.as_bytes()))
    }

    fn read(bytes: Bytes) -> Option<Stored> {
        let data = SessionData::from_json(std::str::from_utf8(&bytes).ok()?).ok()?;
        Some(Stored { data, seen: Seen::Bytes(bytes), expires: None })
    }
}

fn written(key: &SessionKey, bytes: Bytes) -> Written {
    Written { key: key.clone(), seen: Seen::Bytes(bytes) }
}

impl From<CacheError> for StoreError {
    fn from(error: CacheError) -> Self {
        let kind = if error.is_outage() { StoreErrorKind::Unavailable } else { StoreErrorKind::Failed };
        Self::new(kind, error)
    }
}

impl SessionStore for CacheStore {
    fn custody(&self) -> Custody {
        Custody::Server
    }

    fn new_key(&self, _record: &Record) -> Result<SessionKey, StoreError> {
        Ok(SessionKey::random())
    }

    async fn load(&self, key: &SessionKey) -> Result<Loaded, StoreError> {
        if !key.is_well_formed() {
            return Ok(Loaded::Missing);
        }
        let found = self.cache.get_bytes(&Self::entry(key)).await?;
        Ok(found.map_or(Loaded::Missing, |bytes| Self::read(bytes).map_or(Loaded::Corrupt, Loaded::Found)))
    }

    async fn exists(&self, key: &SessionKey) -> Result<bool, StoreError> {
        Ok(key.is_well_formed() && self.cache.has_key(&Self::entry(key)).await?)
    }

    async fn create(&self, key: &SessionKey, record: &Record) -> Result<Option<Written>, StoreError> {
        let bytes = Self::encode(record)?;
        let added = self.cache.add_bytes(&Self::entry(key), bytes.clone(), Timeout::from(record.age)).await?;
        Ok(added.then(|| written(key, bytes)))
    }

    async fn save(&self, key: &SessionKey, seen: &Seen, record: &Record) -> Result<Saved, StoreError> {
        if !key.is_well_formed() {
            return Ok(Saved::Gone);
        }
        let (entry, bytes, timeout) = (Self::entry(key), Self::encode(record)?, Timeout::from(record.age));
        let Seen::Bytes(seen) = seen else {
            let replaced = self.cache.replace_bytes(&entry, bytes.clone(), timeout).await?;
            return Ok(if replaced { Saved::Written(written(key, bytes)) } else { Saved::Gone });
        };
        Ok(match self.cache.compare_and_set(&entry, &seen.clone().into(), bytes.clone(), timeout).await? {
            Cas::Saved => Saved::Written(written(key, bytes)),
            Cas::Gone => Saved::Gone,
            Cas::Conflict(newer) => Self::read(newer).map_or(Saved::Gone, Saved::Conflict),
        })
    }

    async fn merge(&self, key: &SessionKey, mut merge: Merge) -> Result<Merged, StoreError> {
        // A cache has no lock: whoever loses steps back a little, longer each time, until the caller's deadline.
        let entry = Self::entry(key);
        let mut pause = Duration::from_micros(50);
        loop {
            let Some((bytes, token)) = self.cache.get_with_token(&entry).await? else {
                return Ok(Merged::Left);
            };
            let Some(stored) = Self::read(bytes) else { return Ok(Merged::Left) };
            let Some(record) = merge(stored) else { return Ok(Merged::Left) };
            let bytes = Self::encode(&record)?;
            let timeout = Timeout::from(record.age);
            match self.cache.compare_and_set(&entry, &token, bytes.clone(), timeout).await? {
                Cas::Saved => return Ok(Merged::Written(written(key, bytes))),
                Cas::Gone => return Ok(Merged::Left),
                Cas::Conflict(_) => {}
            }
            tokio::time::sleep(pause).await;
            pause = pause.saturating_mul(2).min(Duration::from_millis(10));
        }
    }

    async fn retire(&self, key: &SessionKey, seen: &Seen) -> Result<Retired, StoreError> {
        let Seen::Bytes(seen) = seen else {
            return Ok(if self.delete(key).await? { Retired::Done } else { Retired::Gone });
        };
        // What is written with no time to live is deleted.
        let (entry, at_once) = (Self::entry(key), Timeout::After(Duration::ZERO));
        Ok(match self.cache.compare_and_set(&entry, &seen.clone().into(), Bytes::new(), at_once).await? {
            Cas::Saved => Retired::Done,
            Cas::Gone => Retired::Gone,
            Cas::Conflict(newer) => Self::read(newer).map_or(Retired::Gone, Retired::Conflict),
        })
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        Ok(key.is_well_formed() && self.cache.delete(&Self::entry(key)).await?)
    }

    async fn clear_expired(&self) -> Result<u64, StoreError> {
        Ok(0)
    }
}
