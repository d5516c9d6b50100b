//! What can be wrong with a hash or a hasher.

use std::borrow::Cow;
use std::fmt;

use nuages_http::{Error, ErrorKind};

/// Why a password could not be hashed, or a hash not be read. It never quotes the password, the salt or the hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HasherError {
    kind: HasherErrorKind,
    message: Cow<'static, str>,
}

/// The kinds of [`HasherError`].
///
/// ```
/// use nuages_contrib::auth::hashers::{HasherErrorKind, MD5PasswordHasher, PasswordHashers};
///
/// let hashers = PasswordHashers::new(MD5PasswordHasher);
/// let error = hashers.get("argon2").err().ok_or("only md5 is installed")?;
/// assert_eq!(error.kind(), HasherErrorKind::UnknownAlgorithm);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HasherErrorKind {
    /// No hasher of that name is in PASSWORD_HASHERS.
    UnknownAlgorithm,
    /// The text is no hash of its algorithm.
    Malformed,
    /// A salt that the algorithm cannot take.
    BadSalt,
    /// A cost that the algorithm cannot take, or that would occupy the server for too long.
    BadCost,
    /// A password that the algorithm cannot take whole.
    PasswordTooLong,
    /// Too many passwords are being hashed; it may be tried again.
    Busy,
    /// The hasher itself failed.
    Failed,
}

impl HasherError {
    /// An error with this message, which must not quote a password, a salt or a hash.
    pub fn new(kind: HasherErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(super) fn malformed(algorithm: &str) -> Self {
        let message = format!("the stored password is no hash of {algorithm}; the user has to set a new one");
        Self::new(HasherErrorKind::Malformed, message)
    }

    pub(super) fn unknown(name: &str) -> Self {
        Self::new(
            HasherErrorKind::UnknownAlgorithm,
            format!("no password hasher is called {name:?}; add it to PASSWORD_HASHERS"),
        )
    }

    /// What kind it is.
    #[must_use]
    pub fn kind(&self) -> HasherErrorKind {
        self.kind
    }

    /// The exception that Django raises: `ValueError` nearly always.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        match self.kind {
            HasherErrorKind::Busy | HasherErrorKind::Failed => "RuntimeError",
            _ => "ValueError",
        }
    }

    /// The error of a view: 503 with Retry-After if the server is busy, else 500.
    #[must_use]
    #[track_caller]
    pub fn into_error(self) -> Error {
        match self.kind {
            HasherErrorKind::Busy => Error::with_source(ErrorKind::Unavailable, self).retry_after(5),
            _ => Error::from(self),
        }
    }
}

impl fmt::Display for HasherError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for HasherError {}
