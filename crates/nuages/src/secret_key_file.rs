//! A SECRET_KEY kept in a file beside the settings: the key in the first line, former keys (SECRET_KEY_FALLBACKS) in the
//! lines after it.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use nuages_signing::{RANDOM_STRING_CHARS, SecretKey, get_random_string};
use zeroize::Zeroizing;

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
    pub(crate) fallbacks: Vec<SecretKey>,
    pub(crate) path: PathBuf,
    pub(crate) is_new: bool,
}

/// The key in the file of this folder; if there is no file, a new key, which only the file's owner can read.
pub(crate) fn read_or_make(folder: &Path) -> Result<KeyFile, ConfigurationError> {
    let path = folder.join(NAME);
    match make(&path) {
        Ok(key) => Ok(KeyFile { key, fallbacks: Vec::new(), path, is_new: true }),
        Err(found) if found.kind() == io::ErrorKind::AlreadyExists => open(path),
        Err(found) => Err(refusal(&path, "cannot keep a SECRET_KEY for development", &found)),
    }
}

/// The key in the file of this folder, if somebody put one there. One that was made for development is none: without DEBUG
/// it would be a mistake.
pub(crate) fn read_if_there(folder: &Path) -> Result<Option<KeyFile>, ConfigurationError> {
    let path = folder.join(NAME);
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let file = open(path)?;
    Ok((!file.key.as_bytes().starts_with(DEVELOPMENT_PREFIX.as_bytes())).then_some(file))
}

fn refusal(path: &Path, what: &str, error: &io::Error) -> ConfigurationError {
    let message = format!("{what}: {error}; set the environment variable SECRET_KEY instead");
    ConfigurationError::in_file(path, message)
}

fn open(path: PathBuf) -> Result<KeyFile, ConfigurationError> {
    let text = read(&path).map_err(|found| refusal(&path, "cannot be read", &found))?;
    let mut lines = text.iter().flat_map(|text| text.lines()).map(str::trim_end);
    let Some(key) = lines.next().filter(|key| !key.is_empty()) else {
        return Err(ConfigurationError::in_file(
            &path,
            "is empty or cut off; delete it, and a new key is made",
        ));
    };
    let (key, fallbacks) =
        (SecretKey::from(key), lines.filter(|line| !line.is_empty()).map(SecretKey::from).collect());
    Ok(KeyFile { key, fallbacks, path, is_new: false })
}

fn make(path: &Path) -> io::Result<SecretKey> {
    let key = format!("{DEVELOPMENT_PREFIX}{}", get_random_string(LENGTH, RANDOM_STRING_CHARS));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(key.as_bytes())?;
    Ok(SecretKey::from(key))
}

/// The file's text, if it is whole: another process may be between making the file and writing it. A key of one's own may
/// be shorter than those made here, if its line has an end.
fn read(path: &Path) -> io::Result<Option<Zeroizing<String>>> {
    for _ in 0..20 {
        let text = Zeroizing::new(std::fs::read_to_string(path)?);
        if text.trim_end().len() >= LENGTH || text.trim_start().contains('\n') {
            return Ok(Some(text));
        }
        sleep(Duration::from_millis(25));
    }
    Ok(None)
}
