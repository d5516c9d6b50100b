//! The engine `db`: a row each in Django's table `django_session`.

use bytes::Bytes;
use nuages_db::{Cas, DbError, SessionRow, SessionTable};

use super::{
    Custody, Listed, Listing, Loaded, Merge, Merged, Record, Retired, Saved, Seen, SessionStore, Stored,
    Written,
};
use crate::{SessionCodec, SessionKey, StoreError, StoreErrorKind};

/// Sessions in a database, in the table and the text that Django uses (`django.contrib.sessions.backends.db`).
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use nuages_sessions::{DbStore, SessionCodec, SessionConfig, SessionEngine};
///
/// let database = nuages_db::Database::connect("sqlite:///:memory:")?;
/// database.migrate().await?;
/// let store = DbStore::new(database.sessions(), SessionCodec::new("a secret key"));
/// let engine = SessionEngine::new(store, SessionConfig::default(), "a secret key");
/// let handle = engine.session(None);
/// handle.session().await?.set("cart", ["pen"])?;
/// handle.save().await?;
/// let key = handle.session_key().ok_or("it was saved")?;
/// assert!(database.sessions().exists(key.as_str()).await?);
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct DbStore {
    table: SessionTable,
    codec: SessionCodec,
}

impl DbStore {
    /// Sessions in `table`, as text of `codec`.
    #[must_use]
    pub fn new(table: SessionTable, codec: SessionCodec) -> Self {
        Self { table, codec }
    }

    /// The row, or none if its text is not ours.
    fn read(&self, row: SessionRow) -> Option<Stored> {
        let data = self.codec.decode(&row.session_data).ok()?;
        Some(Stored { data, seen: Seen::Bytes(row.session_data.into()), expires: Some(row.expire_date) })
    }
}

fn written(key: &SessionKey, text: String) -> Written {
    Written { key: key.clone(), seen: Seen::Bytes(text.into()) }
}

fn as_text(bytes: &Bytes) -> Result<&str, StoreError> {
    std::str::from_utf8(bytes).map_err(|source| StoreError::new(StoreErrorKind::Failed, source))
}

impl From<DbError> for StoreError {
    fn from(error: DbError) -> Self {
        let kind = if error.is_outage() { StoreErrorKind::Unavailable } else { StoreErrorKind::Failed };
        Self::new(kind, error)
    }
}

impl SessionStore for DbStore {
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
        let row = self.table.load(key.as_str(), self.codec.now()).await?;
        Ok(row.map_or(Loaded::Missing, |row| self.read(row).map_or(Loaded::Corrupt, Loaded::Found)))
    }

    async fn exists(&self, key: &SessionKey) -> Result<bool, StoreError> {
        Ok(key.is_well_formed() && self.table.exists(key.as_str()).await?)
    }

    async fn create(&self, key: &SessionKey, record: &Record) -> Result<Option<Written>, StoreError> {
        let text = self.codec.encode(&record.data)?;
        let inserted = self.table.insert(key.as_str(), &text, record.expire_date).await?;
        Ok(inserted.then(|| written(key, text)))
    }

    async fn save(&self, key: &SessionKey, seen: &Seen, record: &Record) -> Result<Saved, StoreError> {
        if !key.is_well_formed() {
            return Ok(Saved::Gone);
        }
        let text = self.codec.encode(&record.data)?;
        let Seen::Bytes(seen) = seen else {
            let updated = self.table.update(key.as_str(), &text, record.expire_date).await?;
            return Ok(if updated { Saved::Written(written(key, text)) } else { Saved::Gone });
        };
        let seen = as_text(seen)?;
        Ok(match self.table.compare_and_set(key.as_str(), seen, &text, record.expire_date).await? {
            Cas::Saved => Saved::Written(written(key, text)),
            Cas::Gone => Saved::Gone,
            Cas::Conflict(row) => self.read(row).map_or(Saved::Gone, Saved::Conflict),
        })
    }

    async fn merge(&self, key: &SessionKey, mut merge: Merge) -> Result<Merged, StoreError> {
        let (store, (sender, receiver)) = (self.clone(), std::sync::mpsc::channel());
        let outcome = self
            .table
            .merge_under_lock(key.as_str(), move |row| {
                let record = merge(store.read(row?)?)?;
                let text = store.codec.encode(&record.data).ok()?;
                sender.send(text.clone()).ok()?;
                Some((text, record.expire_date))
            })
            .await?;
        // The closure runs again if its transaction was undone; the last run is the one that counted.
        Ok(match (outcome, receiver.try_iter().last()) {
            (nuages_db::Merged::Saved, Some(text)) => Merged::Written(written(key, text)),
            _ => Merged::Left,
        })
    }

    async fn retire(&self, key: &SessionKey, seen: &Seen) -> Result<Retired, StoreError> {
        let Seen::Bytes(seen) = seen else {
            return Ok(if self.delete(key).await? { Retired::Done } else { Retired::Gone });
        };
        Ok(match self.table.compare_and_delete(key.as_str(), as_text(seen)?).await? {
            Cas::Saved => Retired::Done,
            Cas::Gone => Retired::Gone,
            Cas::Conflict(row) => self.read(row).map_or(Retired::Gone, Retired::Conflict),
        })
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        Ok(key.is_well_formed() && self.table.delete(key.as_str()).await?)
    }

    async fn list(&self, after: Option<&SessionKey>, limit: usize) -> Result<Listing, StoreError> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let rows = self.table.list(after.map_or("", SessionKey::as_str), limit).await?;
        let listed = |(key, row): (String, SessionRow)| {
            let expires = Some(row.expire_date);
            Some(Listed { key: SessionKey::new(key)?, stored: self.read(row), expires })
        };
        Ok(Listing::Page(rows.into_iter().filter_map(listed).collect()))
    }

    async fn clear_expired(&self) -> Result<u64, StoreError> {
        Ok(self.table.clear_expired(self.codec.now()).await?)
    }
}
