//! A session engine of one's own: records in the memory of this process.

// ANCHOR: store
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use nuages::chrono::{DateTime, Utc};
use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;
use nuages::sessions::store::{
    Custody, Listed, Listing, Loaded, Merge, Merged, Record, Retired, Saved, Seen, Stored, Written,
};
use nuages::sessions::{
    SessionConfig, SessionData, SessionEngine, SessionKey, SessionStore, StoreError, StoreErrorKind,
};

/// Sessions in the memory of this process.
#[derive(Default)]
pub struct MemoryStore {
    rows: Mutex<BTreeMap<String, Row>>,
}

/// What is kept of a session: its dictionary as JSON, and when it ends.
struct Row {
    json: Bytes,
    ends: DateTime<Utc>,
}

impl MemoryStore {
    /// All rows, and nobody else's: what is decided under this lock is one indivisible step.
    fn rows(&self) -> MutexGuard<'_, BTreeMap<String, Row>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Row {
    fn of(record: &Record) -> Result<Self, StoreError> {
        let json = record.data().to_json().map_err(|error| StoreError::new(StoreErrorKind::Encode, error))?;
        Ok(Self { json: json.into(), ends: record.expire_date() })
    }

    fn has_ended(&self) -> bool {
        self.ends <= Utc::now()
    }

    fn stored(&self) -> Result<Stored, StoreError> {
        let text = String::from_utf8_lossy(&self.json);
        let data =
            SessionData::from_json(&text).map_err(|error| StoreError::new(StoreErrorKind::Failed, error))?;
        Ok(Stored { data, seen: Seen::Bytes(self.json.clone()), expires: Some(self.ends) })
    }

    /// Is it what the request has seen?
    fn is(&self, seen: &Seen) -> bool {
        match seen {
            Seen::Never => true,
            Seen::Bytes(bytes) | Seen::Written(bytes) => self.json == *bytes,
        }
    }
}

fn written(key: &SessionKey, row: &Row) -> Written {
    Written { key: key.clone(), seen: Seen::Bytes(row.json.clone()) }
}
// ANCHOR_END: store

// ANCHOR: methods
impl SessionStore for MemoryStore {
    fn custody(&self) -> Custody {
        Custody::Server
    }

    fn new_key(&self, _record: &Record) -> Result<SessionKey, StoreError> {
        Ok(SessionKey::random())
    }

    async fn load(&self, key: &SessionKey) -> Result<Loaded, StoreError> {
        match self.rows().get(key.as_str()) {
            Some(row) if !row.has_ended() => Ok(Loaded::Found(row.stored()?)),
            _ => Ok(Loaded::Missing),
        }
    }

    async fn exists(&self, key: &SessionKey) -> Result<bool, StoreError> {
        Ok(self.rows().contains_key(key.as_str()))
    }

    async fn create(&self, key: &SessionKey, record: &Record) -> Result<Option<Written>, StoreError> {
        let (mut rows, row) = (self.rows(), Row::of(record)?);
        if rows.contains_key(key.as_str()) {
            return Ok(None);
        }
        let done = written(key, &row);
        rows.insert(key.as_str().to_owned(), row);
        Ok(Some(done))
    }

    async fn save(&self, key: &SessionKey, seen: &Seen, record: &Record) -> Result<Saved, StoreError> {
        let mut rows = self.rows();
        let Some(row) = rows.get_mut(key.as_str()).filter(|row| !row.has_ended()) else {
            return Ok(Saved::Gone);
        };
        if !row.is(seen) {
            return Ok(Saved::Conflict(row.stored()?));
        }
        *row = Row::of(record)?;
        Ok(Saved::Written(written(key, row)))
    }

    async fn merge(&self, key: &SessionKey, mut merge: Merge) -> Result<Merged, StoreError> {
        let mut rows = self.rows();
        let Some(row) = rows.get_mut(key.as_str()).filter(|row| !row.has_ended()) else {
            return Ok(Merged::Left);
        };
        let Some(record) = merge(row.stored()?) else { return Ok(Merged::Left) };
        *row = Row::of(&record)?;
        Ok(Merged::Written(written(key, row)))
    }

    async fn retire(&self, key: &SessionKey, seen: &Seen) -> Result<Retired, StoreError> {
        let mut rows = self.rows();
        match rows.get(key.as_str()) {
            None => Ok(Retired::Gone),
            Some(row) if !row.is(seen) => Ok(Retired::Conflict(row.stored()?)),
            Some(_) => {
                rows.remove(key.as_str());
                Ok(Retired::Done)
            }
        }
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        Ok(self.rows().remove(key.as_str()).is_some())
    }

    async fn list(&self, after: Option<&SessionKey>, limit: usize) -> Result<Listing, StoreError> {
        let rows = self.rows();
        let after = after.map_or("", |key| key.as_str());
        let page =
            rows.iter().filter(|(key, _)| key.as_str() > after).take(limit).filter_map(|(key, row)| {
                let listed = |key| Listed { key, stored: row.stored().ok(), expires: Some(row.ends) };
                SessionKey::new(key.as_str()).map(listed)
            });
        Ok(Listing::Page(page.collect()))
    }

    async fn clear_expired(&self) -> Result<u64, StoreError> {
        let mut rows = self.rows();
        let before = rows.len();
        rows.retain(|_, row| !row.has_ended());
        Ok(u64::try_from(before - rows.len()).unwrap_or(u64::MAX))
    }
}
// ANCHOR_END: methods

// ANCHOR: engine
async fn visit(request: HttpRequest) -> Result {
    let visits = request.session().await?.modify("visits", |visits: u32| visits.saturating_add(1))?;
    Ok(HttpResponse::new(format!("visit {visits}")))
}

/// A site whose sessions are kept by it.
pub fn memory_app(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    let config = SessionConfig::from(&settings);
    let engine = SessionEngine::new(MemoryStore::default(), config, settings.secret_keys());
    App::new(settings).middleware(SessionMiddleware::with_engine(engine)).urls(urlconf([path("", visit)]))
}
// ANCHOR_END: engine
