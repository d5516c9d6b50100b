//! The folder of a cache, and what happens to one file in it.
//!
//! A file is replaced as a whole. Whoever decides by what is there holds the lock on the file meanwhile, and where there
//! is none, makes it by a link, which fails if somebody was faster. Django neither locks nor asks, but for `touch`, which
//! writes in place under the same lock.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use md5::{Digest, Md5};

use super::lock::{self, Queues};
use crate::error::{CacheError, CacheErrorKind};

/// What the name of a file ends in, in Django too.
const SUFFIX: &str = ".djcache";
/// What the name of an unfinished file begins with.
const UNFINISHED: &str = ".nuages-";
/// How old an unfinished file must be to be the rest of a crash.
const ABANDONED: Duration = Duration::from_secs(3600);
/// How often a file may be replaced between a look and the next one.
const ATTEMPTS: u32 = 100;
/// The largest file that is read.
const LARGEST: u64 = 40 * 1024 * 1024;

pub(super) struct Folder {
    path: PathBuf,
    owner: Option<u32>,
    queues: Queues,
}

/// What becomes of a file.
pub(super) enum Change {
    Keep,
    Write(Vec<u8>),
    Delete,
}

impl From<io::Error> for CacheError {
    fn from(error: io::Error) -> CacheError {
        use io::ErrorKind as Kind;
        let kind = match error.kind() {
            Kind::TimedOut => CacheErrorKind::TimedOut,
            Kind::StorageFull
            | Kind::QuotaExceeded
            | Kind::ReadOnlyFilesystem
            | Kind::FileTooLarge
            | Kind::StaleNetworkFileHandle => CacheErrorKind::Unavailable,
            _ => CacheErrorKind::Other,
        };
        CacheError::new(kind, "a file of the cache cannot be used; look at its folder").with_source(error)
    }
}

/// The name of the file of a complete key.
pub(super) fn file_name(key: &str) -> String {
    let mut name = String::with_capacity(40);
    for byte in Md5::digest(key.as_bytes()) {
        for half in [byte >> 4, byte & 15] {
            name.push(char::from_digit(half.into(), 16).unwrap_or_default());
        }
    }
    name.push_str(SUFFIX);
    name
}

impl Folder {
    pub(super) fn open(path: PathBuf) -> io::Result<Folder> {
        // Linux tells by this who we are; elsewhere the folder's mode has to be enough.
        let owner = fs::metadata("/proc/self").ok().map(|metadata| metadata.uid());
        let folder = Folder { path: std::path::absolute(path)?, owner, queues: Queues::new() };
        folder.make()?;
        Ok(folder)
    }

    /// Makes the folder; it may be deleted at any time.
    fn make(&self) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The size of a file.
    pub(super) fn size(&self, name: &str) -> io::Result<Option<u64>> {
        Ok(self.inspect(&self.file(name))?.map(|metadata| metadata.len()))
    }

    /// The first `most` bytes of a file; none if there is no file.
    pub(super) fn read(&self, name: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
        self.open_file(&self.file(name))?.map(|file| content(&file, most)).transpose()
    }

    /// What `parse` makes of a file that nobody writes any more.
    pub(super) fn read_settled<P>(
        &self,
        name: &str,
        until: Instant,
        parse: impl Fn(&[u8]) -> Result<P, CacheError>,
    ) -> Result<Option<P>, CacheError> {
        let Some(file) = self.open_file(&self.file(name))? else { return Ok(None) };
        lock::wait(&file, until)?;
        settled(&file, parse).map(Some)
    }

    /// Looks at a file and changes it, while no other writer does; one that cannot be parsed counts as none. `decide` may
    /// be asked again.
    pub(super) fn change<P, T>(
        &self,
        name: &str,
        until: Instant,
        parse: impl Fn(&[u8]) -> Result<P, CacheError>,
        mut decide: impl FnMut(Option<P>) -> Result<(Change, T), CacheError>,
    ) -> Result<T, CacheError> {
        let path = self.file(name);
        let _turn = self.queues.turn(name);
        loop {
            if let Some(locked) = self.lock(&path, until)? {
                let found = match settled(&locked, &parse) {
                    Ok(found) => Some(found),
                    Err(error) if error.kind() == CacheErrorKind::Decode => None,
                    Err(error) => return Err(error),
                };
                let (change, outcome) = decide(found)?;
                match change {
                    Change::Keep => {}
                    Change::Delete => remove(&path)?,
                    Change::Write(content) => self.unfinished(&content)?.replace(&path)?,
                }
                return Ok(outcome);
            }
            let (change, outcome) = decide(None)?;
            let Change::Write(content) = change else { return Ok(outcome) };
            if self.unfinished(&content)?.add(&path)? {
                return Ok(outcome);
            }
            if Instant::now() > until {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "others are always faster").into());
            }
        }
    }

    /// Deletes a file, whatever is in it.
    pub(super) fn delete(&self, name: &str, until: Instant) -> Result<(), CacheError> {
        self.change(name, until, |_| Ok(()), |_| Ok((Change::Delete, ())))
    }

    /// A regular file of ours, not a link to one.
    fn inspect(&self, path: &Path) -> io::Result<Option<Metadata>> {
        match fs::symlink_metadata(path) {
            Ok(metadata) if metadata.is_file() && self.owner.is_none_or(|owner| owner == metadata.uid()) => {
                Ok(Some(metadata))
            }
            Ok(_) => Err(io::Error::other(
                "a file of the cache is a link, or no file, or belongs to somebody else; remove it",
            )),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn open_file(&self, path: &Path) -> io::Result<Option<File>> {
        for _ in 0..ATTEMPTS {
            let Some(expected) = self.inspect(path)? else { return Ok(None) };
            let file = match File::open(path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error),
            };
            // Somebody may have put a link there in between: what was opened must be what was looked at. If it is not,
            // a writer may have replaced the file, and looking again will tell.
            if is_same(&file.metadata()?, &expected) {
                return Ok(Some(file));
            }
        }
        Err(io::Error::new(io::ErrorKind::TimedOut, "a cache file was replaced each time it was opened"))
    }

    fn lock(&self, path: &Path, until: Instant) -> io::Result<Option<File>> {
        loop {
            let Some(file) = self.open_file(path)? else { return Ok(None) };
            lock::wait(&file, until)?;
            // The lock is on the file, not on its name: if a writer before us has put another file there, wait for that.
            let Some(current) = self.inspect(path)? else { return Ok(None) };
            if is_same(&file.metadata()?, &current) {
                return Ok(Some(file));
            }
        }
    }

    fn unfinished(&self, content: &[u8]) -> io::Result<Unfinished> {
        let mut attempts: u32 = 0;
        loop {
            attempts = attempts.saturating_add(1);
            let path = self.path.join(format!("{UNFINISHED}{:016x}", random()));
            // The mode is given with the file, so that no other user can open it before it is set.
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
                Ok(mut file) => {
                    // From here on the file goes when it is dropped, unless it gets its name.
                    let unfinished = Unfinished { path, named: false };
                    file.write_all(content)?;
                    return Ok(unfinished);
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound && attempts < 3 => self.make()?,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempts < 3 => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn entries(&self) -> io::Result<Option<fs::ReadDir>> {
        match fs::read_dir(&self.path) {
            Ok(entries) => Ok(Some(entries)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The names of all files of the cache.
    pub(super) fn names(&self) -> io::Result<Vec<String>> {
        let Some(entries) = self.entries()? else { return Ok(Vec::new()) };
        let mut names = Vec::new();
        for entry in entries {
            if let Ok(name) = entry?.file_name().into_string()
                && name.ends_with(SUFFIX)
            {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// Removes what crashes have left unfinished.
    pub(super) fn sweep(&self) -> io::Result<()> {
        let Some(entries) = self.entries()? else { return Ok(()) };
        for entry in entries {
            let entry = entry?;
            if !entry.file_name().to_str().is_some_and(|name| name.starts_with(UNFINISHED)) {
                continue;
            }
            let age = entry.metadata().and_then(|metadata| metadata.modified()).ok();
            let age = age.and_then(|modified| SystemTime::now().duration_since(modified).ok());
            if age.is_some_and(|age| age > ABANDONED) {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }
}

fn is_same(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Names need not be secret: who may write into the folder could do worse.
fn random() -> u64 {
    use std::hash::BuildHasher;
    std::hash::RandomState::new().hash_one(SystemTime::now())
}

fn content(mut file: &File, most: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(0))?;
    let length = file.metadata()?.len();
    if length > LARGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a file of the cache has more than 40 MiB"));
    }
    let length = length.min(most);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Parses a file, again and again for a moment: Django's `touch` writes in place, and gives the lock back before it has.
fn settled<P>(file: &File, parse: impl Fn(&[u8]) -> Result<P, CacheError>) -> Result<P, CacheError> {
    for pause in [1, 2, 4, 8, 16] {
        match parse(&content(file, LARGEST)?) {
            Err(error) if error.kind() == CacheErrorKind::Decode => {
                thread::sleep(Duration::from_millis(pause))
            }
            parsed => return parsed,
        }
    }
    parse(&content(file, LARGEST)?)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        // A Django process may have been faster.
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A file that is whole, and lacks only its name.
struct Unfinished {
    path: PathBuf,
    named: bool,
}

impl Unfinished {
    fn replace(mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.named = true;
        Ok(())
    }

    /// Gives it the name, unless another file has it.
    fn add(self, target: &Path) -> io::Result<bool> {
        match fs::hard_link(&self.path, target) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.named && remove(&self.path).is_err() {
            tracing::warn!(target: "nuages.cache", "an unfinished file of the cache could not be removed");
        }
    }
}
