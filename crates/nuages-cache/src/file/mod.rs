//! The cache in files.

mod cull;
mod folder;
mod format;
mod lock;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, Utc};

use self::cull::Room;
use self::folder::{Change, Folder, file_name};
use self::format::End;
use crate::backend::{Cache, Cas, KeyPolicy, Token};
use crate::error::{CacheError, CacheErrorKind};
use crate::serializer::Serializer;
use crate::timeout::Timeout;
use crate::{integer, pickled};

/// Files up to this size are read where the request runs: it takes less than handing the work to another thread.
const READ_AT_ONCE: u64 = 64 * 1024;
/// Files of one operation on many: each batch has the deadline to itself.
const BATCH: usize = 50;

/// The cache in the files of a folder, with Django's names and format (`filebased.FileBasedCache`).
///
/// A file appears whole or not at all, belongs to its owner alone, and is never reached through a symbolic link.
/// Writers of one key take turns by a lock on its file, in all processes of nuages on this machine. A Django beside them
/// reads and writes the same files if both pickle: [`serializer`](FileCache::serializer). Django's own writes ask nobody,
/// so that [`compare_and_set`](Cache::compare_and_set) and [`incr`](Cache::incr) can lose to one of them.
///
/// When the folder holds [`max_entries`](FileCache::max_entries) files, those whose time has passed are deleted, and if
/// there are none, a part of the others at random ([`cull_frequency`](FileCache::cull_frequency)).
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// use nuages_cache::{CacheFront, FileCache};
///
/// # let folder = std::env::temp_dir().join(format!("nuages-cache-doc-{}", std::process::id()));
/// let cache = CacheFront::new(FileCache::new(&folder)?.max_entries(10_000));
/// cache.set("visits", &1, None).await?;
/// assert_eq!(cache.incr("visits", 1).await?, 2);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<_, nuages_cache::CacheError>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct FileCache {
    folder: Arc<Folder>,
    room: Arc<Room>,
    serializer: Serializer,
    deadline: Duration,
    clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
}

impl FileCache {
    /// A cache in this folder, which is made if it is missing, for its owner alone.
    ///
    /// # Errors
    /// `Other`, if the folder cannot be made.
    pub fn new(folder: impl AsRef<Path>) -> Result<FileCache, CacheError> {
        let folder = Folder::open(folder.as_ref().to_owned()).map_err(|error| {
            CacheError::new(
                CacheErrorKind::Other,
                "the folder of the cache cannot be made; make it, or name another",
            )
            .with_source(error)
        })?;
        Ok(FileCache {
            folder: Arc::new(folder),
            room: Arc::new(Room::new(300, 3)),
            serializer: Serializer::Json,
            deadline: Duration::from_secs(2),
            clock: Arc::new(Utc::now),
        })
    }

    /// The same cache, culled when it has `count` files (Django's `MAX_ENTRIES`), 300 by default.
    #[must_use]
    pub fn max_entries(self, count: u64) -> FileCache {
        FileCache { room: Arc::new(Room::new(count, self.room.frequency())), ..self }
    }

    /// The same cache, from which one value in `frequency` is culled (Django's `CULL_FREQUENCY`), 3 by default; 0 clears
    /// it.
    #[must_use]
    pub fn cull_frequency(self, frequency: u64) -> FileCache {
        FileCache { room: Arc::new(Room::new(self.room.most(), frequency)), ..self }
    }

    /// The same cache for values of this form. With [`Serializer::Pickle`] integers are pickled too, as Django does.
    #[must_use]
    pub fn serializer(self, serializer: Serializer) -> FileCache {
        FileCache { serializer, ..self }
    }

    /// The same cache, with another time after which an operation fails, 2 s by default; an operation on many keys has it
    /// for every 50 of them.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> FileCache {
        FileCache { deadline, ..self }
    }

    /// The same cache by another clock, for tests.
    #[must_use]
    pub fn clock(self, clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> FileCache {
        FileCache { clock: Arc::new(clock), ..self }
    }

    /// Runs what may block; it runs to its end though nobody waits for it any more.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Turn) -> Result<T, CacheError> + Send + 'static,
    ) -> Result<T, CacheError> {
        let now = Instant::now();
        // A little less than the deadline, so that it is known that nothing was written.
        let until = now.checked_add(self.deadline / 8 * 7).unwrap_or(now);
        let turn = Turn { cache: self.clone(), until };
        let task = tokio::task::spawn_blocking(move || work(&turn));
        match tokio::time::timeout(self.deadline, task).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(error)) => {
                Err(CacheError::new(CacheErrorKind::Other, "an operation on a file failed")
                    .with_source(error))
            }
            Err(_) => Err(CacheError::new(
                CacheErrorKind::TimedOut,
                "the file system of the cache does not answer in time",
            )),
        }
    }

    fn content(&self, value: &Bytes, end: End) -> Result<Vec<u8>, CacheError> {
        match self.serializer {
            Serializer::Json => format::encode(end, value),
            Serializer::Pickle => format::encode(end, &pickled::from_canonical(value.clone())?),
        }
    }

    /// The value of a file's content, of `most` bytes, and its end, unless that has passed.
    fn live(&self, content: &[u8], most: usize) -> Result<Option<(Bytes, End)>, CacheError> {
        let (end, rest) = format::end(content)?;
        if end.has_passed((self.clock)()) {
            return Ok(None);
        }
        let value = format::value(rest, most)?;
        Ok(Some(match self.serializer {
            Serializer::Json => (value, end),
            Serializer::Pickle => (pickled::to_canonical(value), end),
        }))
    }
}

/// One operation: the cache, and until when it may wait for others.
struct Turn {
    cache: FileCache,
    until: Instant,
}

impl Turn {
    fn get_now(&self, key: &str) -> Result<Option<Bytes>, CacheError> {
        let name = file_name(key);
        let Some(content) = self.cache.folder.read(&name, u64::MAX)? else { return Ok(None) };
        let found = match self.cache.live(&content, format::LARGEST) {
            // Django's `touch` writes in place: it may not have been done.
            Err(error) if error.kind() == CacheErrorKind::Decode => {
                match self.cache.folder.read_settled(&name, self.until, |content| self.parse(content))? {
                    Some(found) => found,
                    None => return Ok(None),
                }
            }
            found => found?,
        };
        if found.is_none() {
            self.change(key, |found| Ok((if found.is_none() { Change::Delete } else { Change::Keep }, ())))?;
        }
        Ok(found.map(|(value, _)| value))
    }

    fn has_key_now(&self, key: &str) -> Result<bool, CacheError> {
        let Some(head) = self.cache.folder.read(&file_name(key), format::HEAD)? else { return Ok(false) };
        let has_ended = format::end(&head)?.0.has_passed((self.cache.clock)());
        if has_ended {
            self.change(key, |found| Ok((if found.is_none() { Change::Delete } else { Change::Keep }, ())))?;
        }
        Ok(!has_ended)
    }

    /// Decides by what is alive under `key`; a damaged file counts as none.
    fn change<T>(
        &self,
        key: &str,
        mut decide: impl FnMut(Option<(Bytes, End)>) -> Result<(Change, T), CacheError>,
    ) -> Result<T, CacheError> {
        let parse = |content: &[u8]| self.parse(content);
        self.cache.folder.change(&file_name(key), self.until, parse, |found| decide(found.flatten()))
    }

    fn parse(&self, content: &[u8]) -> Result<Option<(Bytes, End)>, CacheError> {
        self.cache.live(content, format::LARGEST)
    }

    /// What writing `value` comes to.
    fn write(&self, value: &Bytes, timeout: Timeout) -> Result<Change, CacheError> {
        if timeout.is_at_once() {
            return Ok(Change::Delete);
        }
        Ok(Change::Write(self.cache.content(value, End::after((self.cache.clock)(), timeout))?))
    }

    fn make_room(&self) -> Result<(), CacheError> {
        self.cache.room.make(&self.cache.folder, self.until, |content| {
            format::end(content).is_ok_and(|(end, _)| end.has_passed((self.cache.clock)()))
        })
    }

    /// As [`write`](Turn::write); beside a Django a value that ends at once is a file that has ended, as there.
    fn write_visibly(&self, value: &Bytes, timeout: Timeout) -> Result<Change, CacheError> {
        if self.cache.serializer == Serializer::Pickle {
            return Ok(Change::Write(self.cache.content(value, End::after((self.cache.clock)(), timeout))?));
        }
        self.write(value, timeout)
    }

    fn set_now(&self, key: &str, value: &Bytes, timeout: Timeout) -> Result<(), CacheError> {
        self.make_room()?;
        self.change(key, |_| Ok((self.write_visibly(value, timeout)?, ())))
    }

    /// Beside a Django a file that has ended is deleted and an error, as there.
    fn touch_now(&self, key: &str, timeout: Timeout) -> Result<bool, CacheError> {
        let is_shared = self.cache.serializer == Serializer::Pickle;
        let parse = |content: &[u8]| self.parse(content);
        let touched = self.cache.folder.change(&file_name(key), self.until, parse, |found| match found {
            Some(Some((value, _))) => Ok((self.write_visibly(&value, timeout)?, Some(true))),
            Some(None) => Ok((Change::Delete, (!is_shared).then_some(false))),
            None => Ok((Change::Keep, Some(false))),
        })?;
        touched.ok_or_else(|| {
            CacheError::new(
                CacheErrorKind::MissingKey,
                "this value has ended; set it again instead of touching it",
            )
        })
    }

    /// Beside a Django a file that has ended counts, as there.
    fn delete_now(&self, key: &str) -> Result<bool, CacheError> {
        let counts_ended = self.cache.serializer == Serializer::Pickle;
        let parse = |content: &[u8]| self.parse(content);
        self.cache.folder.change(&file_name(key), self.until, parse, |found| {
            Ok((Change::Delete, if counts_ended { found.is_some() } else { found.flatten().is_some() }))
        })
    }

    fn delete_files(&self, names: &[String]) -> Result<(), CacheError> {
        names.iter().try_for_each(|name| self.cache.folder.delete(name, self.until))
    }
}

impl fmt::Debug for FileCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileCache").field("serializer", &self.serializer).finish_non_exhaustive()
    }
}

impl Cache for FileCache {
    fn key_policy(&self) -> KeyPolicy {
        KeyPolicy::Warn
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, CacheError> {
        match self.folder.size(&file_name(key))? {
            None => Ok(None),
            Some(size) if size <= READ_AT_ONCE => {
                let name = file_name(key);
                let Some(content) = self.folder.read(&name, u64::MAX)? else { return Ok(None) };
                if let Ok(Some((value, _))) = self.live(&content, format::QUICK) {
                    return Ok(Some(value));
                }
                let key = key.to_owned();
                self.run(move |turn| turn.get_now(&key)).await
            }
            Some(_) => {
                let key = key.to_owned();
                self.run(move |turn| turn.get_now(&key)).await
            }
        }
    }

    async fn get_with_token(&self, key: &str) -> Result<Option<(Bytes, Token)>, CacheError> {
        Ok(self.get(key).await?.map(|value| (value.clone(), Token::from(value))))
    }

    async fn set(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<(), CacheError> {
        let key = key.to_owned();
        self.run(move |turn| turn.set_now(&key, &value, timeout)).await
    }

    async fn add(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        let key = key.to_owned();
        self.run(move |turn| {
            turn.make_room()?;
            turn.change(&key, |found| match found {
                Some(_) => Ok((Change::Keep, false)),
                None => Ok((turn.write_visibly(&value, timeout)?, true)),
            })
        })
        .await
    }

    async fn replace(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        let key = key.to_owned();
        self.run(move |turn| {
            turn.change(&key, |found| match found {
                Some(_) => Ok((turn.write(&value, timeout)?, true)),
                None => Ok((Change::Keep, false)),
            })
        })
        .await
    }

    async fn compare_and_set(
        &self,
        key: &str,
        seen: &Token,
        value: Bytes,
        timeout: Timeout,
    ) -> Result<Cas, CacheError> {
        let (key, seen) = (key.to_owned(), seen.value().clone());
        self.run(move |turn| {
            turn.change(&key, |found| match found {
                None => Ok((Change::Keep, Cas::Gone)),
                Some((current, _)) if current != seen => Ok((Change::Keep, Cas::Conflict(current))),
                Some(_) => Ok((turn.write(&value, timeout)?, Cas::Saved)),
            })
        })
        .await
    }

    async fn touch(&self, key: &str, timeout: Timeout) -> Result<bool, CacheError> {
        let key = key.to_owned();
        self.run(move |turn| turn.touch_now(&key, timeout)).await
    }

    async fn delete(&self, key: &str) -> Result<bool, CacheError> {
        let key = key.to_owned();
        self.run(move |turn| turn.delete_now(&key)).await
    }

    async fn has_key(&self, key: &str) -> Result<bool, CacheError> {
        let key = key.to_owned();
        self.run(move |turn| turn.has_key_now(&key)).await
    }

    async fn incr(&self, key: &str, delta: i64) -> Result<i64, CacheError> {
        let key = key.to_owned();
        self.run(move |turn| {
            turn.change(&key, |found| {
                let (value, end) = found.ok_or_else(integer::missing)?;
                let sum = integer::sum(&value, delta)?;
                Ok((Change::Write(turn.cache.content(&Bytes::from(sum.to_string()), end)?), sum))
            })
        })
        .await
    }

    async fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, CacheError> {
        let mut values = Vec::with_capacity(keys.len());
        for batch in keys.chunks(BATCH) {
            let batch = batch.to_vec();
            let found = self
                .run(move |turn| batch.iter().map(|key| turn.get_now(key)).collect::<Result<Vec<_>, _>>());
            values.extend(found.await?);
        }
        Ok(values)
    }

    async fn set_many(
        &self,
        entries: Vec<(String, Bytes)>,
        timeout: Timeout,
    ) -> Result<Vec<String>, CacheError> {
        for batch in entries.chunks(BATCH) {
            let batch = batch.to_vec();
            self.run(move |turn| batch.iter().try_for_each(|(key, value)| turn.set_now(key, value, timeout)))
                .await?;
        }
        Ok(Vec::new())
    }

    async fn delete_many(&self, keys: &[String]) -> Result<(), CacheError> {
        for batch in keys.chunks(BATCH) {
            let batch: Vec<_> = batch.iter().map(|key| file_name(key)).collect();
            self.run(move |turn| turn.delete_files(&batch)).await?;
        }
        Ok(())
    }

    async fn clear(&self) -> Result<Option<bool>, CacheError> {
        let names = self.run(|turn| Ok(turn.cache.folder.names()?)).await?;
        for batch in names.chunks(BATCH) {
            let batch = batch.to_vec();
            self.run(move |turn| turn.delete_files(&batch)).await?;
        }
        self.run(|turn| Ok(turn.cache.folder.sweep()?)).await?;
        Ok(None)
    }
}
