//! What settings are read from.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The current folder and the environment, as settings see them: those of the process, or others for a test.
///
/// Its `Debug` shows names only: a variable may hold a secret.
///
/// ```
/// use nuages::configuration::{Configuration, Sources};
///
/// let sources = Sources::in_folder("/nowhere").variable("SECRET_KEY", "a long and secret text");
/// let settings = Configuration::load(&sources)?.into_settings();
/// assert!(!settings.DEBUG);
/// assert!(!format!("{sources:?}").contains("secret text"));
/// # Ok::<(), nuages::configuration::ConfigurationErrors>(())
/// ```
#[derive(Clone)]
pub struct Sources {
    folder: PathBuf,
    variables: Vec<(OsString, OsString)>,
}

impl Sources {
    /// The current folder and the environment of this process.
    #[must_use]
    pub fn from_process() -> Self {
        let folder = env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        Self { folder, variables: env::vars_os().collect() }
    }

    /// This folder, and an empty environment.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), variables: Vec::new() }
    }

    /// Adds a variable, or replaces it.
    #[must_use]
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        let name = name.into();
        self.variables.retain(|(other, _)| *other != name);
        self.variables.push((name, value.into()));
        self
    }

    /// The current folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The value of a variable; one that is empty counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&OsStr> {
        let found = self.variables.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_os_str()).filter(|value| !value.is_empty())
    }

    /// The names and values of all variables that begin with `prefix`, by name, without the prefix.
    pub(super) fn prefixed(&self, prefix: &str) -> Vec<(&str, &OsStr)> {
        let mut found: Vec<(&str, &OsStr)> = self
            .variables
            .iter()
            .filter_map(|(name, value)| Some((name.to_str()?.strip_prefix(prefix)?, value.as_os_str())))
            .collect();
        found.sort_unstable();
        found
    }

    pub(super) fn manifest_folder(&self) -> Option<PathBuf> {
        self.get("CARGO_MANIFEST_DIR").map(PathBuf::from)
    }
}

impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&OsString> = self.variables.iter().map(|(name, _)| name).collect();
        f.debug_struct("Sources").field("folder", &self.folder).field("variables", &names).finish()
    }
}
