//! A store that takes its time, and tells what it is doing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nuages_sessions::store::{
    Custody, Listing, Loaded, Merge, Merged, Record, Retired, Saved, Seen, Written,
};
use nuages_sessions::{SessionKey, SessionStore, StoreError};
use tokio::time::sleep;

/// Where a request with a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Loading,
    View,
    Saving,
    Over,
}

/// What became of the requests of one session.
#[derive(Clone, Copy, Debug)]
struct Entry {
    phase: Phase,
    loads: usize,
    saves: usize,
}

/// What became of each session, by its key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Diary(Arc<Mutex<HashMap<String, Entry>>>);

impl Diary {
    /// Where the last request with this key is.
    pub(crate) fn phase(&self, key: &str) -> Phase {
        self.0.lock().unwrap().get(key).map_or(Phase::Over, |entry| entry.phase)
    }

    /// How often the session was loaded.
    pub(crate) fn loads(&self, key: &str) -> usize {
        self.0.lock().unwrap().get(key).map_or(0, |entry| entry.loads)
    }

    /// How often the session was saved.
    pub(crate) fn saves(&self, key: &str) -> usize {
        self.0.lock().unwrap().get(key).map_or(0, |entry| entry.saves)
    }

    fn note(&self, key: &str, phase: Phase) {
        let mut diary = self.0.lock().unwrap();
        let entry = diary.entry(key.to_owned()).or_insert(Entry { phase, loads: 0, saves: 0 });
        entry.phase = phase;
        entry.loads += usize::from(phase == Phase::View);
        entry.saves += usize::from(phase == Phase::Over);
    }
}

/// A store with a pause before and after each load and each save.
#[derive(Debug)]
pub(crate) struct Watched<S> {
    pub(crate) store: S,
    pub(crate) pause: Duration,
    pub(crate) diary: Diary,
}

impl<S: SessionStore> SessionStore for Watched<S> {
    fn custody(&self) -> Custody {
        self.store.custody()
    }

    fn new_key(&self, record: &Record) -> Result<SessionKey, StoreError> {
        self.store.new_key(record)
    }

    async fn load(&self, key: &SessionKey) -> Result<Loaded, StoreError> {
        self.diary.note(key.as_str(), Phase::Loading);
        sleep(self.pause).await;
        let loaded = self.store.load(key).await;
        self.diary.note(key.as_str(), Phase::View);
        loaded
    }

    async fn exists(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.store.exists(key).await
    }

    async fn create(&self, key: &SessionKey, record: &Record) -> Result<Option<Written>, StoreError> {
        let written = self.store.create(key, record).await;
        self.diary.note(key.as_str(), Phase::Over);
        written
    }

    async fn save(&self, key: &SessionKey, seen: &Seen, record: &Record) -> Result<Saved, StoreError> {
        self.diary.note(key.as_str(), Phase::Saving);
        sleep(self.pause).await;
        let saved = self.store.save(key, seen, record).await;
        sleep(self.pause).await;
        self.diary.note(key.as_str(), Phase::Over);
        saved
    }

    async fn merge(&self, key: &SessionKey, merge: Merge) -> Result<Merged, StoreError> {
        self.store.merge(key, merge).await
    }

    async fn retire(&self, key: &SessionKey, seen: &Seen) -> Result<Retired, StoreError> {
        self.store.retire(key, seen).await
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.store.delete(key).await
    }

    async fn list(&self, after: Option<&SessionKey>, limit: usize) -> Result<Listing, StoreError> {
        self.store.list(after, limit).await
    }

    async fn clear_expired(&self) -> Result<u64, StoreError> {
        self.store.clear_expired().await
    }
}
