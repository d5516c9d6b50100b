use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// What went wrong, for code that has to tell failures apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DbErrorKind {
    /// The database URL cannot be read, or names a database that this build cannot talk to.
    InvalidUrl,
    /// The database could not be opened or reached, or the connection was lost during the operation.
    Connect,
    /// The deadline passed; a write may still happen, but was not confirmed. Also: deadlocks until the deadline.
    TimedOut,
    /// Too many operations wait, or no connection became free before the deadline; nothing was written.
    Overloaded,
    /// The disk (or the database's own size limit) is full; nothing was written.
    Full,
    /// The database does not accept writes.
    ReadOnly,
    /// The file is no database, or is damaged.
    Corrupt,
    /// Reading or writing the file failed.
    Io,
    /// A table does not exist: `migrate` has not run.
    MissingTable,
    /// A stored value is not what its column holds, or a new one does not fit.
    InvalidValue,
    /// The database was closed.
    Closed,
    /// Anything else: the source says what.
    Other,
}

/// A failed database operation: a [kind](DbErrorKind), a sentence that tells the fix, and the source.
///
/// Cheap to clone, because one failed commit answers every operation of its batch. Never shows a password
/// or a session key.
///
/// ```
/// use nuages_db::{Database, DbErrorKind};
///
/// let error = Database::connect("mongodb://user:hunter2@host/db").unwrap_err();
/// assert_eq!(error.kind(), DbErrorKind::InvalidUrl);
/// assert!(!error.to_string().contains("hunter2"));
/// ```
#[derive(Clone)]
pub struct DbError(Arc<Inner>);

struct Inner {
    kind: DbErrorKind,
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl DbError {
    /// Makes an error without a source.
    pub(crate) fn new(kind: DbErrorKind, message: impl Into<String>) -> DbError {
        DbError(Arc::new(Inner { kind, message: message.into(), source: None }))
    }

    pub(crate) fn with_source(
        kind: DbErrorKind,
        message: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> DbError {
        DbError(Arc::new(Inner { kind, message: message.into(), source: Some(source.into()) }))
    }

    pub(crate) fn timed_out() -> DbError {
        DbError::new(
            DbErrorKind::TimedOut,
            "the database did not answer before the deadline; look for a lock that somebody holds, or for a slow disk or server",
        )
    }

    pub(crate) fn closed() -> DbError {
        DbError::new(DbErrorKind::Closed, "the database was closed; open it again with Database::connect")
    }

    /// Which kind of failure this is.
    #[must_use]
    pub fn kind(&self) -> DbErrorKind {
        self.0.kind
    }

    /// Whether the database is out of order for now (status 503), rather than set up wrongly (status 500).
    #[must_use]
    pub fn is_outage(&self) -> bool {
        use DbErrorKind as Kind;
        matches!(
            self.0.kind,
            Kind::Connect
                | Kind::TimedOut
                | Kind::Overloaded
                | Kind::Full
                | Kind::ReadOnly
                | Kind::Io
                | Kind::Closed
        )
    }
}

impl fmt::Debug for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DbError")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("source", &self.0.source)
            .finish()
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl Error for DbError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_its_source_instead_of_printing_it() {
        let error = DbError::with_source(DbErrorKind::Io, "cannot write", std::io::Error::other("cable"));
        assert_eq!(error.to_string(), "cannot write");
        assert_eq!(error.source().unwrap().to_string(), "cable");
        assert!(error.is_outage());
        assert!(!DbError::new(DbErrorKind::MissingTable, "x").is_outage());
    }
}
