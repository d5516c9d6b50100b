//! The SECRET_KEY of a developer's machine, kept in a file.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use nuages_signing::{RANDOM_STRING_CHARS, SecretKey, get_random_string};

use crate::configuration::ConfigurationError;

/// The file's name, in the base folder.
const NAME: &str = ".secret_key";

/// The beginning of every key made here, by which `check --deploy` knows it (Django's `startproject` writes
/// `django-insecure-`).
pub(crate) const DEVELOPMENT_PREFIX: &str = "nuages-insecure-";

/// How many random characters follow.
const LENGTH: usize = 64;

/// A key and its file.
pub(crate) struct KeyFile {
    pub(crate) key: SecretKey,
    pub(crate) path: PathBuf,
    pub(crate) is_new: bool,
}

/// The key in the file of this folder; if there is no file, a new key, which only the file's owner can read.
pub(crate) fn read_or_make(folder: &Path) -> Result<KeyFile, ConfigurationError> {
    let path = folder.join(NAME);
    let error = |what: &str, error: io::Error| {
        let message = format!("{what}: {error}; set the environment variable SECRET_KEY instead");
        ConfigurationError::in_file(&path, message)
    };
    match make(&path) {
        Ok(key) => Ok(KeyFile { key, path, is_new: true }),
        Err(found) if found.kind() == io::ErrorKind::AlreadyExists => {
            let key = read(&path).map_err(|found| error("cannot be read", found))?.ok_or_else(|| {
                ConfigurationError::in_file(&path, "is empty or cut off; delete it, and a new key is made")
            })?;
            Ok(KeyFile { key, path, is_new: false })
        }
        Err(found) => Err(error("cannot keep a SECRET_KEY for development", found)),
    }
}

fn make(path: &Path) -> io::Result<SecretKey> {
    let key = format!("{DEVELOPMENT_PREFIX}{}", get_random_string(LENGTH, RANDOM_STRING_CHARS));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(key.as_bytes())?;
    Ok(SecretKey::from(key))
}

/// Another process may be between making the file and writing it.
fn read(path: &Path) -> io::Result<Option<SecretKey>> {
    for _ in 0..20 {
        let text = std::fs::read_to_string(path)?;
        let key = text.trim_end();
        if key.len() >= LENGTH {
            return Ok(Some(SecretKey::from(key)));
        }
        sleep(Duration::from_millis(25));
    }
    Ok(None)
}
