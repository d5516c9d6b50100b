//! The engine `cache`: an entry each in a cache.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use nuages_cache::{CacheError, CacheFront, Cas, Timeout};
use tokio::sync::{Mutex, MutexGuard};

use super::entry;
use super::{
    Custody, Listing, Loaded, Merge, Merged, Record, Retired, Saved, Seen, SessionStore, Stored, Written,
};
use crate::{SessionKey, StoreError, StoreErrorKind};

/// What stands before a session's key in the cache (Django's `KEY_PREFIX` of the engine).
pub const CACHE_KEY_PREFIX: &str = "django.contrib.sessions.cache";

/// Sessions in a cache, which ends them by itself (`django.contrib.sessions.backends.cache`).
///
/// The cache may drop what it has no room for: a session lost that way is gone as if it had been deleted.
#[derive(Clone, Debug)]
pub struct CacheStore {
    cache: CacheFront,
    /// Turns of those in this process who merge: among so many, some would lose every time.
    turns: Arc<[Mutex<()>]>,
    hasher: RandomState,
}

/// Sessions whose names share a turn wait for each other; nothing else comes of it.
const TURNS: usize = 64;

impl CacheStore {
    /// Sessions in `cache`.
    #[must_use]
    pub fn new(cache: CacheFront) -> Self {
        let turns = (0..TURNS).map(|_| Mutex::new(())).collect();
        Self { cache, turns, hasher: RandomState::new() }
    }

    async fn turn(&self, entry: &str) -> Option<MutexGuard<'_, ()>> {
        let index = usize::try_from(self.hasher.hash_one(entry)).unwrap_or(0).checked_rem(TURNS)?;
        Some(self.turns.get(index)?.lock().await)
    }

    fn entry(key: &SessionKey) -> String {
        [CACHE_KEY_PREFIX, key.as_str()].concat()
    }

    fn encode(&self, record: &Record) -> Result<Bytes, StoreError> {
        entry::encode(&self.cache, &record.data)
    }

    fn read(&self, bytes: Bytes) -> Option<Stored> {
        let data = entry::decode(&self.cache, &bytes)?;
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
        // With its token, because that is read where it is written: a replica may lag behind a logout.
        let found = self.cache.get_with_token(&Self::entry(key)).await?;
        Ok(found
            .map_or(Loaded::Missing, |(bytes, _)| self.read(bytes).map_or(Loaded::Corrupt, Loaded::Found)))
    }

    async fn exists(&self, key: &SessionKey) -> Result<bool, StoreError> {
        Ok(key.is_well_formed() && self.cache.has_key(&Self::entry(key)).await?)
    }

    async fn create(&self, key: &SessionKey, record: &Record) -> Result<Option<Written>, StoreError> {
        let bytes = self.encode(record)?;
        let added = self.cache.add_bytes(&Self::entry(key), bytes.clone(), Timeout::from(record.age)).await?;
        Ok(added.then(|| written(key, bytes)))
    }

    async fn save(&self, key: &SessionKey, seen: &Seen, record: &Record) -> Result<Saved, StoreError> {
        if !key.is_well_formed() {
            return Ok(Saved::Gone);
        }
        let (entry, bytes, timeout) = (Self::entry(key), self.encode(record)?, Timeout::from(record.age));
        let Seen::Bytes(seen) = seen else {
            let replaced = self.cache.replace_bytes(&entry, bytes.clone(), timeout).await?;
            return Ok(if replaced { Saved::Written(written(key, bytes)) } else { Saved::Gone });
        };
        Ok(match self.cache.compare_and_set(&entry, &seen.clone().into(), bytes.clone(), timeout).await? {
            Cas::Saved => Saved::Written(written(key, bytes)),
            Cas::Gone => Saved::Gone,
            Cas::Conflict(newer) => self.read(newer).map_or(Saved::Gone, Saved::Conflict),
        })
    }

    async fn merge(&self, key: &SessionKey, mut merge: Merge) -> Result<Merged, StoreError> {
        if !key.is_well_formed() {
            return Ok(Merged::Left);
        }
        // A cache has no lock: whoever loses steps back a little, longer each time, until the caller's deadline.
        let entry = Self::entry(key);
        let _turn = self.turn(&entry).await;
        let mut pause = Duration::from_micros(50);
        loop {
            let Some((bytes, token)) = self.cache.get_with_token(&entry).await? else {
                return Ok(Merged::Left);
            };
            let Some(stored) = self.read(bytes) else { return Ok(Merged::Left) };
            let Some(record) = merge(stored) else { return Ok(Merged::Left) };
            let bytes = self.encode(&record)?;
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
        if !key.is_well_formed() {
            return Ok(Retired::Gone);
        }
        // What is written with no time to live is deleted.
        let (entry, at_once) = (Self::entry(key), Timeout::After(Duration::ZERO));
        Ok(match self.cache.compare_and_set(&entry, &seen.clone().into(), Bytes::new(), at_once).await? {
            Cas::Saved => Retired::Done,
            Cas::Gone => Retired::Gone,
            Cas::Conflict(newer) => self.read(newer).map_or(Retired::Gone, Retired::Conflict),
        })
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        Ok(key.is_well_formed() && self.cache.delete(&Self::entry(key)).await?)
    }

    async fn list(&self, _after: Option<&SessionKey>, _limit: usize) -> Result<Listing, StoreError> {
        Ok(Listing::Unable)
    }

    async fn clear_expired(&self) -> Result<u64, StoreError> {
        Ok(0)
    }
}
