//! The engine `file`: a file each.

mod folder;
mod lock;

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, Utc};

use self::folder::{Content, Folder};
use super::{
    Custody, Listed, Listing, Loaded, Merge, Merged, Record, Retired, Saved, Seen, SessionStore, Stored,
    Written,
};
use crate::expiry::{EXPIRY_KEY, Kept};
use crate::{SessionCodec, SessionData, SessionKey, StoreError, StoreErrorKind};

/// Files up to this size are read where the request runs: it takes less than handing the work to another thread.
const READ_AT_ONCE: u64 = 64 * 1024;

/// Sessions in files, with Django's names and text (`django.contrib.sessions.backends.file`).
///
/// A file is replaced as a whole or not at all, belongs to its owner alone, and is never reached through a symbolic
/// link. Writers of one session take turns by a lock on its file, in all processes of nuages on this machine.
///
/// As in Django a session that was given a number of seconds is not ended by this engine, only by its cookie: a file has
/// no place for its end but the session itself.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// use nuages_sessions::{FileStore, SessionCodec, SessionConfig, SessionEngine};
///
/// let folder = tempfile::tempdir()?;
/// let store = FileStore::new(folder.path(), "sessionid", 1_209_600, SessionCodec::new("a secret key"))?;
/// let engine = SessionEngine::new(store, SessionConfig::default(), "a secret key");
/// let handle = engine.session(None);
/// let session = handle.session().await?;
/// session.set("cart", ["pen"])?;
/// session.save().await?;
/// assert_eq!(std::fs::read_dir(folder.path())?.count(), 1);
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct FileStore {
    folder: Arc<Folder>,
    codec: SessionCodec,
    cookie_age: i64,
}

impl FileStore {
    /// Sessions in the folder `path`, in files named `cookie_name` and key, as text of `codec`; one that has no expiry of
    /// its own ends `cookie_age` seconds after its last change.
    ///
    /// # Errors
    ///
    /// The folder does not exist.
    pub fn new(
        path: impl Into<PathBuf>,
        cookie_name: &str,
        cookie_age: i64,
        codec: SessionCodec,
    ) -> Result<Self, StoreError> {
        let folder = Arc::new(Folder::open(path.into(), cookie_name)?);
        Ok(Self { folder, codec, cookie_age })
    }

    /// When a session ends, judged as by Django.
    fn end(&self, data: &SessionData, modified: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let (now, modified) = (self.codec.now().fixed_offset(), modified.fixed_offset());
        let kept = Kept::read(data.get_raw(EXPIRY_KEY)).unwrap_or(Kept::Nothing);
        match kept {
            // A number of seconds counts from now, so only one that is not positive has passed.
            Kept::Micros(micros) if micros > 0 => return None,
            Kept::Micros(_) => Ok(now),
            Kept::At(end) => Ok(end),
            kept => kept.date(modified, self.cookie_age),
        }
        .ok()
        .map(|end: DateTime<FixedOffset>| end.to_utc())
    }

    fn read(&self, content: Content) -> Option<Stored> {
        let text = content.bytes.as_ref();
        let data = match std::str::from_utf8(text).ok()? {
            // The placeholder that Django makes before it writes.
            "" => {
                return Some(Stored {
                    data: SessionData::new(),
                    seen: Seen::Bytes(Bytes::new()),
                    expires: None,
                });
            }
            text => self.codec.decode(text).ok()?,
        };
        let expires = self.end(&data, content.modified);
        Some(Stored { data, seen: Seen::Bytes(content.bytes), expires })
    }

    /// Django's rule: a second that has begun is not over.
    fn is_over(&self, stored: &Stored) -> bool {
        stored
            .expires
            .is_some_and(|end| end.signed_duration_since(self.codec.now()).num_milliseconds() < 1000)
    }

    fn load_now(&self, key: &SessionKey) -> Result<Loaded, StoreError> {
        let Some(content) = self.folder.read(key)? else { return Ok(Loaded::Missing) };
        Ok(match self.read(content) {
            None => Loaded::Corrupt,
            Some(stored) if self.is_over(&stored) => Loaded::Renewed,
            Some(stored) => Loaded::Found(stored),
        })
    }

    /// Runs a write where it may block.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || work(&store))
            .await
            .unwrap_or_else(|error| Err(StoreError::new(StoreErrorKind::Failed, error)))
    }

    /// Replaces the file under its lock, if `decide` makes a text of what is there.
    fn replace<T>(
        &self,
        key: &SessionKey,
        decide: impl FnOnce(Content) -> Result<Decision<T>, StoreError>,
        gone: T,
    ) -> Result<T, StoreError> {
        let Some(locked) = self.folder.lock(key)? else { return Ok(gone) };
        match decide(locked.read()?)? {
            Decision::Leave(outcome) => Ok(outcome),
            Decision::Write(new, outcome) => locked.replace(new).map(|()| outcome),
            Decision::Delete(outcome) => locked.delete().map(|()| outcome),
        }
    }

    fn save_now(&self, key: &SessionKey, seen: &Seen, text: String) -> Result<Saved, StoreError> {
        if let Seen::Bytes(seen) = seen {
            // Whoever is too late already need not write anything.
            match self.folder.read(key)? {
                None => return Ok(Saved::Gone),
                Some(content) if *seen != content.bytes => {
                    return Ok(self.read(content).map_or(Saved::Gone, Saved::Conflict));
                }
                Some(_) => {}
            }
        }
        // What takes long is done before the lock is taken: the text is on the disk, it lacks only its name.
        let Some(new) = self.folder.prepare(key, text.as_bytes())? else { return Ok(Saved::Gone) };
        let decide = |content: Content| {
            Ok(match seen {
                Seen::Bytes(seen) if *seen != content.bytes => {
                    Decision::Leave(self.read(content).map_or(Saved::Gone, Saved::Conflict))
                }
                _ => Decision::Write(new, Saved::Written(written(key, text))),
            })
        };
        self.replace(key, decide, Saved::Gone)
    }

    fn merge_now(&self, key: &SessionKey, mut merge: Merge) -> Result<Merged, StoreError> {
        let decide = |content: Content| {
            let Some(record) = self.read(content).and_then(&mut merge) else {
                return Ok(Decision::Leave(Merged::Left));
            };
            let text = self.codec.encode(&record.data)?;
            let Some(new) = self.folder.prepare(key, text.as_bytes())? else {
                return Ok(Decision::Leave(Merged::Left));
            };
            Ok(Decision::Write(new, Merged::Written(written(key, text))))
        };
        self.replace(key, decide, Merged::Left)
    }

    fn retire_now(&self, key: &SessionKey, seen: &Seen) -> Result<Retired, StoreError> {
        let decide = |content: Content| {
            Ok(match seen {
                Seen::Bytes(seen) if *seen != content.bytes => {
                    Decision::Leave(self.read(content).map_or(Retired::Gone, Retired::Conflict))
                }
                _ => Decision::Delete(Retired::Done),
            })
        };
        self.replace(key, decide, Retired::Gone)
    }

    fn list_now(&self, after: Option<&SessionKey>, limit: usize) -> Result<Listing, StoreError> {
        let mut keys = self.folder.keys()?;
        keys.retain(|key| after.is_none_or(|after| key.as_str() > after.as_str()));
        keys.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        keys.truncate(limit);
        let listed = |key: SessionKey| {
            let content = self.folder.read(&key)?;
            Ok(content.map(|content| Listed { key, stored: self.read(content), expires: None }))
        };
        let page: Result<Vec<_>, StoreError> = keys.into_iter().map(listed).collect();
        Ok(Listing::Page(page?.into_iter().flatten().collect()))
    }

    fn clear_now(&self) -> Result<u64, StoreError> {
        let mut cleared: u64 = 0;
        for key in self.folder.keys()? {
            let Some(locked) = self.folder.lock(&key)? else { continue };
            if self.read(locked.read()?).is_some_and(|stored| self.is_over(&stored)) {
                locked.delete()?;
                cleared = cleared.saturating_add(1);
            }
        }
        self.folder.sweep()?;
        Ok(cleared)
    }
}

/// What to do with a file that is locked.
enum Decision<T> {
    Leave(T),
    Write(folder::Prepared, T),
    Delete(T),
}

fn written(key: &SessionKey, text: String) -> Written {
    Written { key: key.clone(), seen: Seen::Bytes(text.into()) }
}

impl SessionStore for FileStore {
    fn custody(&self) -> Custody {
        Custody::Server
    }

    fn new_key(&self, _record: &Record) -> Result<SessionKey, StoreError> {
        Ok(SessionKey::random())
    }

    async fn load(&self, key: &SessionKey) -> Result<Loaded, StoreError> {
        match self.folder.size(key)? {
            None => Ok(Loaded::Missing),
            Some(size) if size <= READ_AT_ONCE => self.load_now(key),
            Some(_) => {
                let key = key.clone();
                self.write(move |store| store.load_now(&key)).await
            }
        }
    }

    async fn exists(&self, key: &SessionKey) -> Result<bool, StoreError> {
        Ok(self.folder.size(key)?.is_some())
    }

    async fn create(&self, key: &SessionKey, record: &Record) -> Result<Option<Written>, StoreError> {
        let (key, text) = (key.clone(), self.codec.encode(&record.data)?);
        self.write(move |store| {
            let created = store.folder.create(&key, text.as_bytes())?;
            Ok(created.then(|| written(&key, text)))
        })
        .await
    }

    async fn save(&self, key: &SessionKey, seen: &Seen, record: &Record) -> Result<Saved, StoreError> {
        let (key, seen, text) = (key.clone(), seen.clone(), self.codec.encode(&record.data)?);
        self.write(move |store| store.save_now(&key, &seen, text)).await
    }

    async fn merge(&self, key: &SessionKey, merge: Merge) -> Result<Merged, StoreError> {
        let key = key.clone();
        self.write(move |store| store.merge_now(&key, merge)).await
    }

    async fn retire(&self, key: &SessionKey, seen: &Seen) -> Result<Retired, StoreError> {
        let (key, seen) = (key.clone(), seen.clone());
        self.write(move |store| store.retire_now(&key, &seen)).await
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        let key = key.clone();
        self.write(move |store| Ok(matches!(store.retire_now(&key, &Seen::Never)?, Retired::Done))).await
    }

    async fn list(&self, after: Option<&SessionKey>, limit: usize) -> Result<Listing, StoreError> {
        let after = after.cloned();
        self.write(move |store| store.list_now(after.as_ref(), limit)).await
    }

    async fn clear_expired(&self) -> Result<u64, StoreError> {
        self.write(Self::clear_now).await
    }
}
