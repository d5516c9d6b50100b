use std::error::Error;
use std::fmt;

/// What went wrong, for code that has to tell failures apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CacheErrorKind {
    /// The key is longer or stranger than the backend can hold (Django's `InvalidCacheKey`).
    InvalidKey,
    /// There is no such key, where one is needed (`incr`; Django's `ValueError`).
    MissingKey,
    /// The value is no integer, or the sum is none of 64 bits.
    NotAnInteger,
    /// The stored value is not of the type asked for.
    Decode,
    /// The value cannot be stored.
    Encode,
    /// There is no cache of that alias, or the URL cannot be read (Django's `InvalidCacheBackendError`).
    InvalidBackend,
    /// The deadline passed; a write may have happened.
    TimedOut,
    /// The cache's server cannot be reached or refuses to work.
    Unavailable,
    /// Anything else: the source says what.
    Other,
}

impl CacheErrorKind {
    /// The exception that Django raises, or that Python does in Django's code.
    #[must_use]
    pub fn django_name(self) -> &'static str {
        match self {
            CacheErrorKind::InvalidKey => "InvalidCacheKey",
            CacheErrorKind::MissingKey => "ValueError",
            CacheErrorKind::NotAnInteger | CacheErrorKind::Encode => "TypeError",
            CacheErrorKind::Decode => "UnpicklingError",
            CacheErrorKind::InvalidBackend => "InvalidCacheBackendError",
            CacheErrorKind::TimedOut => "TimeoutError",
            CacheErrorKind::Unavailable => "ConnectionError",
            CacheErrorKind::Other => "Exception",
        }
    }
}

/// A failed cache operation: a [kind](CacheErrorKind), a sentence that tells the fix, and the source.
///
/// Never shows a key or a value, because session keys and data are among them.
///
/// ```
/// use nuages_cache::{CacheError, CacheErrorKind};
///
/// let error = CacheError::new(CacheErrorKind::Unavailable, "the cache does not answer; start it");
/// assert_eq!(error.kind(), CacheErrorKind::Unavailable);
/// assert!(error.is_outage());
/// ```
pub struct CacheError(Box<Inner>);

struct Inner {
    kind: CacheErrorKind,
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl CacheError {
    /// An error for a backend to return; the message is lower case and tells the fix.
    #[must_use]
    pub fn new(kind: CacheErrorKind, message: impl Into<String>) -> CacheError {
        CacheError(Box::new(Inner { kind, message: message.into(), source: None }))
    }

    /// The same error with what caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> CacheError {
        self.0.source = Some(source.into());
        self
    }

    /// Which kind of failure this is.
    #[must_use]
    pub fn kind(&self) -> CacheErrorKind {
        self.0.kind
    }

    /// Whether the cache is out of order for now (status 503), rather than used wrongly (status 500).
    #[must_use]
    pub fn is_outage(&self) -> bool {
        matches!(self.0.kind, CacheErrorKind::TimedOut | CacheErrorKind::Unavailable)
    }
}

impl fmt::Debug for CacheError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheError")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("source", &self.0.source)
            .finish()
    }
}

impl fmt::Display for CacheError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl Error for CacheError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
