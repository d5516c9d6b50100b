//! Loading the settings: `settings.toml`, then the environment.
//!
//! `settings.toml` holds settings under Django's names (`SESSION_COOKIE_AGE = 1209600`). The environment overrides it, by
//! `SECRET_KEY`, `SECRET_KEY_FALLBACKS`, `DATABASE_URL` and `CACHE_URL`, and by `NUAGES_<NAME>` for any setting
//! (`NUAGES_DEBUG=true`), which overrides those four in turn; lists are separated by commas. Of those four, one that is
//! empty counts as absent. A name that is no setting is an error that suggests the nearest.
//!
//! The **base folder** is where `settings.toml` is found: the current folder, else the folder of the crate that
//! `cargo run` runs (`CARGO_MANIFEST_DIR`); without a file it is the current folder. The SQLite file of `DATABASE_URL`,
//! `SESSION_FILE_PATH` and the key file are relative to it.
//!
//! Without a `SECRET_KEY` there, it is read from the file `.secret_key` in the base folder: the key in the first line, former
//! keys, which join SECRET_KEY_FALLBACKS, in the lines after it. With `DEBUG` and without that file, a key is made and kept in
//! it, which only its owner can read; such a key is taken with `DEBUG` only.

mod environment;
mod error;
mod file;
mod relative;
mod sources;

use std::path::{Path, PathBuf};

use nuages_http::Settings;
use nuages_signing::{RANDOM_STRING_CHARS, get_random_string};

pub use error::{ConfigurationError, ConfigurationErrors};
pub use sources::Sources;

use crate::secret_key_file::{self, KeyFile};

/// The name of the file.
const FILE_NAME: &str = "settings.toml";

/// Settings, and where they came from.
///
/// ```
/// use nuages::configuration::{Configuration, Sources};
///
/// let sources = Sources::in_folder("/nowhere").variable("NUAGES_SESSION_COOKIE_AGE", "3600");
/// let configuration = Configuration::load(&sources)?;
/// assert_eq!(configuration.settings().SESSION_COOKIE_AGE, 3600);
///
/// let sources = Sources::in_folder("/nowhere").variable("NUAGES_SESSION_COOKE_AGE", "3600");
/// let errors = Configuration::load(&sources).unwrap_err();
/// assert!(errors.to_string().contains("did you mean SESSION_COOKIE_AGE?"));
/// # Ok::<(), nuages::configuration::ConfigurationErrors>(())
/// ```
#[derive(Clone, Debug)]
pub struct Configuration {
    settings: Settings,
    base: PathBuf,
    made_key: Option<PathBuf>,
}

impl Configuration {
    /// Loads the settings.
    ///
    /// # Errors
    /// Everything that is wrong, each with its file and line, or its variable.
    pub fn load(sources: &Sources) -> Result<Self, ConfigurationErrors> {
        let (configuration, errors) = Self::load_all(sources);
        if errors.is_empty() { Ok(configuration) } else { Err(ConfigurationErrors::new(errors)) }
    }

    /// Loads what can be loaded, beside what is wrong; so that `check` can go on looking.
    pub(crate) fn load_all(sources: &Sources) -> (Self, Vec<ConfigurationError>) {
        let mut settings = Settings::default();
        let mut errors = Vec::new();
        let (base, file) = find(sources);
        if let Some(path) = file {
            file::apply(&path, &mut settings, &mut errors);
        }
        environment::apply(sources, &mut settings, &mut errors);
        if let Err(error) = relative::resolve(&mut settings, &base) {
            errors.push(error);
        }
        let mut made_key = None;
        let key_failed = errors.iter().any(|error| error.to_string().contains("SECRET_KEY"));
        if settings.SECRET_KEY.is_empty() && (key_failed || settings.DEBUG && !errors.is_empty()) {
            // For this run alone, which goes no further than to look for more errors.
            settings.SECRET_KEY = get_random_string(64, RANDOM_STRING_CHARS).into();
        } else if settings.SECRET_KEY.is_empty() {
            let file = match settings.DEBUG {
                true => secret_key_file::read_or_make(&base).map(Some),
                false => secret_key_file::read_if_there(&base),
            };
            match file {
                Ok(Some(KeyFile { key, fallbacks, path, is_new })) => {
                    settings.SECRET_KEY = key;
                    settings.SECRET_KEY_FALLBACKS.extend(fallbacks);
                    made_key = is_new.then_some(path);
                }
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
        (Self { settings, base, made_key }, errors)
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The settings, for [`App::new`](crate::App::new).
    #[must_use]
    pub fn into_settings(self) -> Settings {
        self.settings
    }

    /// The folder that relative paths begin at.
    #[must_use]
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// The file of a SECRET_KEY that was made just now, for development.
    #[must_use]
    pub fn made_secret_key_file(&self) -> Option<&Path> {
        self.made_key.as_deref()
    }
}

/// The base folder, and `settings.toml` if there is one.
fn find(sources: &Sources) -> (PathBuf, Option<PathBuf>) {
    let folders = [Some(sources.folder().to_owned()), sources.manifest_folder()];
    for folder in folders.into_iter().flatten() {
        let file = folder.join(FILE_NAME);
        // What is there but cannot be read is an error later, not a reason to look elsewhere.
        if file.symlink_metadata().is_ok() {
            return (folder, Some(file));
        }
    }
    (sources.folder().to_owned(), None)
}
