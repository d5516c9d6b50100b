//! A session store that never answers at once, as one on another machine.

use nuages::sessions::store::{
    Custody, Listing, Loaded, Merge, Merged, Record, Retired, Saved, Seen, SessionStore, Written,
};
use nuages::sessions::{
    SessionCodec, SessionConfig, SessionEngine, SessionKey, SignedCookieStore, StoreError,
};

struct LateStore(SignedCookieStore);

/// An engine on it.
pub(crate) fn engine(key: &str) -> SessionEngine {
    let codec = SessionCodec::new(key);
    let store = LateStore(SignedCookieStore::new(&codec, 1_209_600));
    SessionEngine::with_codec(store, SessionConfig::default(), codec)
}

impl SessionStore for LateStore {
    fn custody(&self) -> Custody {
        self.0.custody()
    }

    fn new_key(&self, record: &Record) -> Result<SessionKey, StoreError> {
        self.0.new_key(record)
    }

    async fn load(&self, key: &SessionKey) -> Result<Loaded, StoreError> {
        // More than once: what waits for a store looks again before it sets a timer.
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
        self.0.load(key).await
    }

    async fn exists(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.0.exists(key).await
    }

    async fn create(&self, key: &SessionKey, record: &Record) -> Result<Option<Written>, StoreError> {
        self.0.create(key, record).await
    }

    async fn save(&self, key: &SessionKey, seen: &Seen, record: &Record) -> Result<Saved, StoreError> {
        self.0.save(key, seen, record).await
    }

    async fn merge(&self, key: &SessionKey, merge: Merge) -> Result<Merged, StoreError> {
        self.0.merge(key, merge).await
    }

    async fn retire(&self, key: &SessionKey, seen: &Seen) -> Result<Retired, StoreError> {
        self.0.retire(key, seen).await
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.0.delete(key).await
    }

    async fn list(&self, after: Option<&SessionKey>, limit: usize) -> Result<Listing, StoreError> {
        self.0.list(after, limit).await
    }

    async fn clear_expired(&self) -> Result<u64, StoreError> {
        self.0.clear_expired().await
    }
}
