//! The folder of the session files.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::MutexGuard;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use nuages_signing::get_random_string;

use super::lock::{self, Queues};
use crate::key::VALID_KEY_CHARS;
use crate::{SessionKey, StoreError, StoreErrorKind};

/// Larger than any session; what is larger is not read.
const LARGEST: u64 = 16 * 1024 * 1024;

/// What an unfinished file is called, in Django too. The underscore keeps it from being a key.
const UNFINISHED: &str = "_out_";

/// How often a file may be replaced between a look and the next one.
const ATTEMPTS: u32 = 100;

/// How old an unfinished file must be to be the rest of a crash.
const ABANDONED: Duration = Duration::from_secs(3600);

#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    prefix: String,
    owner: Option<u32>,
    queues: Queues,
}

/// The text of a file and when it was written.
pub(super) struct Content {
    pub(super) bytes: Bytes,
    pub(super) modified: DateTime<Utc>,
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        let outage = matches!(
            error.kind(),
            Kind::StorageFull
                | Kind::QuotaExceeded
                | Kind::ReadOnlyFilesystem
                | Kind::TimedOut
                | Kind::FileTooLarge
                // A file that is not there is no error here: this is the folder.
                | Kind::NotFound
        );
        Self::new(if outage { StoreErrorKind::Unavailable } else { StoreErrorKind::Failed }, error)
    }
}

impl Folder {
    pub(super) fn open(path: PathBuf, prefix: &str) -> Result<Self, StoreError> {
        if !path.is_dir() {
            let message = format!(
                "the folder for sessions {} does not exist; make it, or set SESSION_FILE_PATH to one that does",
                path.display()
            );
            return Err(StoreError::new(StoreErrorKind::Failed, message));
        }
        // Linux tells by this who we are; elsewhere the signature of the text has to be enough.
        let owner = fs::metadata("/proc/self").ok().map(|metadata| metadata.uid());
        Ok(Self { path, prefix: prefix.to_owned(), owner, queues: Queues::new() })
    }

    /// Django's file name; none for a key that may not be part of a path.
    fn file(&self, key: &SessionKey) -> Option<PathBuf> {
        key.is_well_formed().then(|| self.path.join(format!("{}{}", self.prefix, key.as_str())))
    }

    /// A regular file of ours, not a link to one.
    fn inspect(&self, path: &PathBuf) -> io::Result<Option<Metadata>> {
        match fs::symlink_metadata(path) {
            Ok(metadata) if metadata.is_file() && self.owner.is_none_or(|owner| owner == metadata.uid()) => {
                Ok(Some(metadata))
            }
            Ok(_) => {
                tracing::warn!(
                    target: "nuages::security",
                    "a session file is a link, or not a file, or belongs to somebody else; it is not used"
                );
                Ok(None)
            }
            // A folder that is away, with the disk that it is on perhaps, must not look like sessions that have ended.
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.path.is_dir() => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn open_file(&self, path: &PathBuf) -> io::Result<Option<File>> {
        for _ in 0..ATTEMPTS {
            let Some(expected) = self.inspect(path)? else { return Ok(None) };
            let file = match File::open(path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error),
            };
            // Somebody may have put a link there in between: what was opened must be what was looked at. If it is not,
            // a writer may have replaced the file, and looking again will tell.
            let opened = file.metadata()?;
            if (opened.dev(), opened.ino()) == (expected.dev(), expected.ino()) {
                return Ok(Some(file));
            }
        }
        Err(io::Error::new(io::ErrorKind::TimedOut, "a session file was replaced each time it was opened"))
    }

    pub(super) fn size(&self, key: &SessionKey) -> Result<Option<u64>, StoreError> {
        let Some(path) = self.file(key) else { return Ok(None) };
        Ok(self.inspect(&path)?.map(|metadata| metadata.len()))
    }

    pub(super) fn read(&self, key: &SessionKey) -> Result<Option<Content>, StoreError> {
        let Some(path) = self.file(key) else { return Ok(None) };
        let Some(file) = self.open_file(&path)? else { return Ok(None) };
        Ok(Some(content(&file)?))
    }

    /// Makes a file that was not there. Nobody knows its key yet, so nobody sees it grow.
    pub(super) fn create(&self, key: &SessionKey, text: &[u8]) -> Result<bool, StoreError> {
        let Some(path) = self.file(key) else { return Ok(false) };
        let mut file = match new_file(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        if let Err(error) = file.write_all(text).and_then(|()| file.sync_all()) {
            fs::remove_file(&path)?;
            return Err(error.into());
        }
        Ok(true)
    }

    /// Writes a text to the disk under a name of its own, beside the file that it shall replace.
    pub(super) fn prepare(&self, key: &SessionKey, text: &[u8]) -> Result<Option<Prepared>, StoreError> {
        let Some(target) = self.file(key) else { return Ok(None) };
        let random = get_random_string(12, VALID_KEY_CHARS);
        let path = self.path.join(format!("{}{}{UNFINISHED}{random}", self.prefix, key.as_str()));
        let mut file = new_file(&path)?;
        // From here on the file goes when it is dropped, unless it gets its name.
        let prepared = Prepared { path, target, named: false };
        file.write_all(text)?;
        file.sync_all()?;
        Ok(Some(prepared))
    }

    /// Opens the file of `key` and waits until no other writer has it; none if there is none.
    pub(super) fn lock(&self, key: &SessionKey) -> Result<Option<Locked<'_>>, StoreError> {
        let Some(path) = self.file(key) else { return Ok(None) };
        let turn = self.queues.turn(key.as_str());
        loop {
            let Some(file) = self.open_file(&path)? else { return Ok(None) };
            lock::wait(&file)?;
            // The lock is on the file, not on its name: if a writer before us has put another file there, wait for that.
            let Some(current) = self.inspect(&path)? else { return Ok(None) };
            let locked = file.metadata()?;
            if (locked.dev(), locked.ino()) == (current.dev(), current.ino()) {
                return Ok(Some(Locked { path, file, _turn: turn }));
            }
        }
    }

    /// The keys of all files.
    pub(super) fn keys(&self) -> Result<Vec<SessionKey>, StoreError> {
        let names = fs::read_dir(&self.path)?.map(|entry| Ok(entry?.file_name()));
        let keys = names.filter_map(|name: io::Result<_>| match name {
            Ok(name) => {
                let key = SessionKey::new(name.to_str()?.strip_prefix(&self.prefix)?)?;
                key.is_well_formed().then_some(Ok(key))
            }
            Err(error) => Some(Err(error)),
        });
        Ok(keys.collect::<io::Result<_>>()?)
    }

    /// Removes what crashes have left unfinished.
    pub(super) fn sweep(&self) -> Result<(), StoreError> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(&self.prefix)) else { continue };
            let Some((key, _)) = rest.split_once(UNFINISHED) else { continue };
            let ours = SessionKey::new(key).is_some_and(|key| key.is_well_formed());
            let age = entry.metadata().and_then(|metadata| metadata.modified()).ok();
            let age = age.and_then(|modified| SystemTime::now().duration_since(modified).ok());
            if ours && age.is_some_and(|age| age > ABANDONED) {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }
}

fn new_file(path: &PathBuf) -> io::Result<File> {
    // The mode is given with the file, so that no other user can open it before it is set.
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn content(file: &File) -> Result<Content, StoreError> {
    let metadata = file.metadata()?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(LARGEST)).unwrap_or_default());
    file.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(Content { bytes: bytes.into(), modified: metadata.modified()?.into() })
}

fn remove(path: &PathBuf) -> io::Result<()> {
    match fs::remove_file(path) {
        // A Django process may have been faster.
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A file that is whole and on the disk, and lacks only its name.
pub(super) struct Prepared {
    path: PathBuf,
    target: PathBuf,
    named: bool,
}

impl Drop for Prepared {
    fn drop(&mut self) {
        if !self.named && remove(&self.path).is_err() {
            tracing::warn!("an unfinished session file could not be removed; clearsessions will try again");
        }
    }
}

/// A file that no other writer has.
pub(super) struct Locked<'a> {
    path: PathBuf,
    file: File,
    _turn: Option<MutexGuard<'a, ()>>,
}

impl Locked<'_> {
    pub(super) fn read(&self) -> Result<Content, StoreError> {
        content(&self.file)
    }

    pub(super) fn replace(&self, mut new: Prepared) -> Result<(), StoreError> {
        fs::rename(&new.path, &new.target)?;
        new.named = true;
        Ok(())
    }

    pub(super) fn delete(&self) -> Result<(), StoreError> {
        Ok(remove(&self.path)?)
    }
}
