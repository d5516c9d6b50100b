//! What can be wrong with static files.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;

/// Why there is no URL, or why files could not be collected.
#[derive(Debug)]
pub struct StaticFilesError {
    kind: StaticFilesErrorKind,
    message: Cow<'static, str>,
    source: Option<io::Error>,
}

/// The kinds of [`StaticFilesError`].
///
/// ```
/// use nuages_contrib::staticfiles::{StaticFiles, StaticFilesError, StaticFilesErrorKind};
/// use nuages_http::Site;
///
/// // Neither DEBUG nor STATIC_ROOT: nobody has collected anything.
/// let error: StaticFilesError = StaticFiles::of(&Site::placeholder()).url("site.css").unwrap_err();
/// assert_eq!(error.kind(), StaticFilesErrorKind::BadManifest);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StaticFilesErrorKind {
    /// A setting is missing or wrong.
    NotConfigured,
    /// The manifest does not list that file.
    MissingEntry,
    /// The manifest cannot be read.
    BadManifest,
    /// A file refers to one that is not there, or is not UTF-8.
    PostProcessing,
    /// The disk.
    Io,
}

impl StaticFilesError {
    pub(super) fn new(kind: StaticFilesErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        let message = format!("cannot read or write {}", path.display());
        Self { kind: StaticFilesErrorKind::Io, message: message.into(), source: Some(source) }
    }

    /// What kind it is.
    #[must_use]
    pub fn kind(&self) -> StaticFilesErrorKind {
        self.kind
    }
}

impl fmt::Display for StaticFilesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for StaticFilesError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| source as &dyn Error)
    }
}
