//! What can be wrong with the configuration.

use std::fmt;
use std::path::Path;

/// One thing wrong with the configuration: where it stands, and what to do. It shows no value of a secret.
///
/// ```
/// use nuages::configuration::{Configuration, Sources};
///
/// let sources = Sources::in_folder("/nowhere").variable("NUAGES_SESSION_COOKIE_AGE", "a week");
/// let errors = Configuration::load(&sources).unwrap_err();
/// let error = errors.iter().next().unwrap();
/// assert_eq!(error.place(), "environment variable NUAGES_SESSION_COOKIE_AGE");
/// assert!(error.message().contains("takes a whole number"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationError {
    place: String,
    message: String,
}

impl ConfigurationError {
    pub(crate) fn in_file(path: &Path, message: impl fmt::Display) -> Self {
        Self { place: path.display().to_string(), message: message.to_string() }
    }

    pub(super) fn at_line(path: &Path, line: usize, message: impl fmt::Display) -> Self {
        Self { place: format!("{}:{line}", path.display()), message: message.to_string() }
    }

    pub(super) fn in_variable(name: &str, message: impl fmt::Display) -> Self {
        Self { place: format!("environment variable {name}"), message: message.to_string() }
    }

    pub(super) fn of_setting(name: &str, message: impl fmt::Display) -> Self {
        Self { place: name.to_owned(), message: message.to_string() }
    }

    /// Where it stands: `settings.toml:3`, with its folder, or `environment variable NUAGES_DEBUG`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ConfigurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for ConfigurationError {}

/// Everything wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationErrors {
    errors: Vec<ConfigurationError>,
}

impl ConfigurationErrors {
    pub(super) fn new(errors: Vec<ConfigurationError>) -> Self {
        Self { errors }
    }

    /// One by one: the file from top to bottom, then the environment.
    pub fn iter(&self) -> impl Iterator<Item = &ConfigurationError> {
        self.errors.iter()
    }
}

impl fmt::Display for ConfigurationErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings cannot be loaded ({} found):", self.errors.len())?;
        self.errors.iter().try_for_each(|error| write!(f, "\n- {error}"))
    }
}

impl std::error::Error for ConfigurationErrors {}
