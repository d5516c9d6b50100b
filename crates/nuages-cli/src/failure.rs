//! Why a command failed.

use std::error::Error;
use std::fmt;
use std::path::Path;

/// What is wrong and what to do, for the person at the terminal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    message: String,
}

impl Failure {
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self { message: message.to_string() }
    }

    /// An error with what is behind it.
    pub(crate) fn whole(error: &dyn Error) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(behind) = source {
            message.push_str(&format!(": {behind}"));
            source = behind.source();
        }
        Self { message }
    }

    /// Something that could not be done with a file or a folder.
    pub(crate) fn at(path: &Path, what: &str, error: &dyn Error) -> Self {
        Self::new(format_args!("{}: {what}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Failure {}
