//! The engine `cached_db`: a row each, and an entry of a cache that answers before it.

mod distrust;
mod entries;
#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "a test fails by panicking")]
mod interleavings;
mod pending;
mod protocol;
mod rows;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nuages_cache::CacheFront;
use nuages_db::SessionTable;

use self::distrust::Distrust;
pub use self::entries::CACHED_DB_KEY_PREFIX;
use self::entries::Entries;
use self::protocol::Protocol;
use super::db::DbStore;
use super::{Custody, Listing, Loaded, Merge, Merged, Record, Retired, Saved, Seen, SessionStore, Written};
use crate::{SessionCodec, SessionKey, StoreError, StoreErrorKind};

/// How long one answer of the cache may take, unless told otherwise.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often a cache that was away is asked whether it is back.
const ROUND: Duration = Duration::from_millis(500);

/// Sessions in a database, read through a cache (`django.contrib.sessions.backends.cached_db`).
///
/// Every write goes to the row and to the cache; a read that the cache can answer does not reach the database. A session
/// that was ended is never served from the cache again, however requests interleave. When the cache is away, rows are
/// read and written without it, and the log says so; but a session cannot be ended then, because its entry might come
/// back with the cache: a logout is answered with status 503, and has to be tried again.
///
/// Django on the same cache and table reads and writes the same sessions; what its own writers can undo, the book says.
/// The cache must not bring back old entries: let it start empty after a crash, and read no replica that lags behind.
#[derive(Clone)]
pub struct CachedDbStore {
    protocol: Arc<Protocol<SessionTable>>,
    /// Is somebody waiting for the cache to come back?
    settling: Arc<AtomicBool>,
}

impl CachedDbStore {
    /// Sessions in `table`, as text of `codec`, and in `cache`.
    #[must_use]
    pub fn new(table: SessionTable, cache: CacheFront, codec: SessionCodec) -> Self {
        Self::with_patience(table, cache, codec, PATIENCE)
    }

    /// As [`new`](Self::new), with the time that one answer of the cache may take; 500 ms otherwise. It should be well below
    /// the deadline of a store's operation, so that there is time left for the row.
    #[must_use]
    pub fn with_patience(
        table: SessionTable,
        cache: CacheFront,
        codec: SessionCodec,
        patience: Duration,
    ) -> Self {
        let protocol = Protocol {
            rows: table,
            entries: Entries::new(cache, patience),
            codec,
            distrust: Distrust::default(),
            #[cfg(test)]
            omitted: None,
        };
        Self { protocol: Arc::new(protocol), settling: Arc::default() }
    }

    /// Runs all steps of an operation, though whoever asked for it may stop waiting in between.
    async fn whole<T, F>(&self, work: impl FnOnce(Arc<Protocol<SessionTable>>) -> F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let (work, store) = (work(Arc::clone(&self.protocol)), self.clone());
        let task = tokio::spawn(async move {
            let outcome = work.await;
            store.settle_later();
            outcome
        });
        task.await.unwrap_or_else(|error| Err(StoreError::new(StoreErrorKind::Failed, error)))
    }

    /// If rows were written without the cache, deletes its old entries as soon as it answers.
    fn settle_later(&self) {
        if self.protocol.distrust.is_empty() || self.settling.swap(true, Ordering::SeqCst) {
            return;
        }
        let (protocol, settling) = (Arc::downgrade(&self.protocol), Arc::clone(&self.settling));
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(ROUND).await;
                let Some(protocol) = protocol.upgrade() else { return };
                if !protocol.settle().await {
                    settling.store(false, Ordering::SeqCst);
                    // Somebody may have come in between, and seen that we are at it.
                    if protocol.distrust.is_empty() || settling.swap(true, Ordering::SeqCst) {
                        return;
                    }
                }
            }
        });
    }
}

impl fmt::Debug for CachedDbStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedDbStore").finish_non_exhaustive()
    }
}

impl SessionStore for CachedDbStore {
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
        self.protocol.load(key).await
    }

    /// As the row says: an entry proves nothing.
    async fn exists(&self, key: &SessionKey) -> Result<bool, StoreError> {
        Ok(key.is_well_formed() && self.protocol.rows.exists(key.as_str()).await?)
    }

    async fn create(&self, key: &SessionKey, record: &Record) -> Result<Option<Written>, StoreError> {
        let (key, record) = (key.clone(), record.clone());
        self.whole(|protocol| async move { protocol.create(&key, &record).await }).await
    }

    async fn save(&self, key: &SessionKey, seen: &Seen, record: &Record) -> Result<Saved, StoreError> {
        if !key.is_well_formed() {
            return Ok(Saved::Gone);
        }
        let (key, seen, record) = (key.clone(), seen.clone(), record.clone());
        self.whole(|protocol| async move { protocol.save(&key, &seen, &record).await }).await
    }

    async fn merge(&self, key: &SessionKey, merge: Merge) -> Result<Merged, StoreError> {
        if !key.is_well_formed() {
            return Ok(Merged::Left);
        }
        let key = key.clone();
        self.whole(|protocol| async move { protocol.merge(&key, merge).await }).await
    }

    async fn retire(&self, key: &SessionKey, seen: &Seen) -> Result<Retired, StoreError> {
        if !key.is_well_formed() {
            return Ok(Retired::Gone);
        }
        let (key, seen) = (key.clone(), seen.clone());
        self.whole(|protocol| async move { protocol.retire(&key, &seen).await }).await
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        if !key.is_well_formed() {
            return Ok(false);
        }
        let key = key.clone();
        self.whole(|protocol| async move { protocol.delete(&key).await }).await
    }

    /// The rows; entries are only theirs.
    async fn list(&self, after: Option<&SessionKey>, limit: usize) -> Result<Listing, StoreError> {
        DbStore::new(self.protocol.rows.clone(), self.protocol.codec.clone()).list(after, limit).await
    }

    async fn clear_expired(&self) -> Result<u64, StoreError> {
        // The cache ends its entries by itself, and never after their rows.
        Ok(self.protocol.rows.clear_expired(self.protocol.codec.now()).await?)
    }
}
