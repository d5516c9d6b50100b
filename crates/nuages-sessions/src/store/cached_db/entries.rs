//! The cache above the rows, with little patience for it.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use nuages_cache::{CacheError, CacheErrorKind, CacheFront, Cas, Timeout};

use super::pending;
use crate::store::entry;
use crate::{SessionData, SessionKey};

/// What stands before a session's key in the cache (Django's `KEY_PREFIX` of the engine).
pub const CACHED_DB_KEY_PREFIX: &str = "django.contrib.sessions.cached_db";

/// How long a mark stands if whoever set it does not come back.
const MARK: Duration = Duration::from_secs(10);

/// How long a cache that failed is left alone: what comes in between goes to the rows without waiting for it.
const REST: Duration = Duration::from_millis(500);

/// The entries, under Django's keys.
#[derive(Debug)]
pub(super) struct Entries {
    cache: CacheFront,
    /// How long one answer of the cache may take. Less than a store's deadline: there are rows to fall back on.
    patience: Duration,
    /// Until when the cache is left alone.
    resting: Mutex<Option<Instant>>,
}

/// What there is under a key.
pub(super) enum Entry {
    /// A dictionary.
    Data(SessionData),
    /// Somebody is at it: ask the row, and leave the entry alone.
    Marked,
    /// Something that is no session.
    Strange(Bytes),
    /// Nothing.
    Absent,
    /// The cache does not answer.
    Away,
}

impl Entries {
    pub(super) fn new(cache: CacheFront, patience: Duration) -> Self {
        Self { cache, patience, resting: Mutex::new(None) }
    }

    fn name(key: &SessionKey) -> String {
        [CACHED_DB_KEY_PREFIX, key.as_str()].concat()
    }

    fn is_resting(&self) -> bool {
        let resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.is_some_and(|until| Instant::now() < until)
    }

    /// Asks the cache, and remembers when it fails.
    async fn ask<T>(&self, operation: impl Future<Output = Result<T, CacheError>>) -> Result<T, CacheError> {
        let outcome = tokio::time::timeout(self.patience, operation).await.unwrap_or_else(|_| {
            let message = "the cache of the sessions did not answer in time; look whether its server is up";
            Err(CacheError::new(CacheErrorKind::TimedOut, message))
        });
        if let Err(error) = &outcome
            && error.is_outage()
        {
            let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            if resting.is_none_or(|until| until <= now) {
                tracing::error!(target: "nuages.sessions", "the cache of cached_db failed, the rows serve alone: {error}");
            }
            *resting = now.checked_add(REST);
        }
        outcome
    }

    /// As [`ask`](Self::ask), but not while the cache is left alone; none if it failed.
    async fn try_to<T>(&self, operation: impl Future<Output = Result<T, CacheError>>) -> Option<T> {
        if self.is_resting() { None } else { self.ask(operation).await.ok() }
    }

    /// What is there. With its token, because that is read where it is written: a replica may lag behind a logout.
    pub(super) async fn look(&self, key: &SessionKey) -> Entry {
        match self.try_to(self.cache.get_with_token(&Self::name(key))).await {
            None => Entry::Away,
            Some(None) => Entry::Absent,
            Some(Some((bytes, _))) if pending::is_mark(&bytes) => Entry::Marked,
            Some(Some((bytes, _))) => match entry::decode(&self.cache, &bytes) {
                Some(data) => Entry::Data(data),
                None => Entry::Strange(bytes),
            },
        }
    }

    /// Marks an absent entry, or one that is no session, for filling; none if somebody else was first.
    pub(super) async fn claim(&self, key: &SessionKey, strange: Option<Bytes>) -> Option<Bytes> {
        let (name, mark) = (Self::name(key), pending::mark());
        let timeout = Timeout::from(MARK);
        let claimed = match strange {
            None => self.try_to(self.cache.add_bytes(&name, mark.clone(), timeout)).await?,
            Some(bytes) => {
                let seen = bytes.into();
                let replace = self.cache.compare_and_set(&name, &seen, mark.clone(), timeout);
                self.try_to(replace).await? == Cas::Saved
            }
        };
        claimed.then_some(mark)
    }

    /// Marks the entry, whatever is there: from now on everybody asks the row.
    pub(super) async fn mark(&self, key: &SessionKey) -> Result<Bytes, CacheError> {
        let mark = pending::mark();
        self.ask(self.cache.set_bytes(&Self::name(key), mark.clone(), Timeout::from(MARK))).await?;
        Ok(mark)
    }

    /// As [`mark`](Self::mark), but not while the cache is left alone.
    pub(super) async fn try_mark(&self, key: &SessionKey) -> Option<Bytes> {
        if self.is_resting() { None } else { self.mark(key).await.ok() }
    }

    /// Puts a dictionary in the place of our own mark, for that long; says what was there.
    pub(super) async fn fill(
        &self,
        key: &SessionKey,
        mark: Bytes,
        entry: Bytes,
        life: Duration,
    ) -> Result<Filled, CacheError> {
        let (name, seen) = (Self::name(key), mark.into());
        let fill = self.cache.compare_and_set(&name, &seen, entry, Timeout::from(life));
        Ok(match self.ask(fill).await? {
            Cas::Saved => Filled::Done,
            Cas::Gone => Filled::Absent,
            Cas::Conflict(_) => Filled::Taken,
        })
    }

    /// Deletes the entry, whatever it is.
    pub(super) async fn delete(&self, key: &SessionKey) -> Result<(), CacheError> {
        self.ask(self.cache.delete(&Self::name(key))).await.map(drop)
    }

    pub(super) fn encode(&self, data: &SessionData) -> Result<Bytes, crate::StoreError> {
        entry::encode(&self.cache, data)
    }
}

/// What became of filling a marked entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filled {
    Done,
    /// There is nothing under the key any more.
    Absent,
    /// Somebody else has written there.
    Taken,
}
