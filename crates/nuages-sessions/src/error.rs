//! What can go wrong with a session.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

type Source = Box<dyn Error + Send + Sync>;

/// What went wrong, named after the exception of Django or Python that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SessionErrorKind {
    /// `KeyError`: the session has no value of that name.
    KeyError,
    /// `TypeError`: the value is not of the type asked for, or has no JSON text.
    TypeError,
    /// `ValueError`: an expiry that is no time, or out of range.
    ValueError,
    /// `CreateError`: a session of that key exists.
    CreateError,
    /// `UpdateError`: the session was deleted, or ended, while this request ran. The middleware answers it as
    /// `SessionInterrupted`, status 400.
    UpdateError,
    /// `InvalidSessionKey`: no session can have that key.
    InvalidSessionKey,
    /// Another request has the session's lock, and did not give it back in time: status 503. Not in Django.
    Locked,
    /// The engine cannot do that. Not in Django.
    Unsupported,
    /// The store cannot be reached, is full, or did not answer in time: status 503.
    Unavailable,
    /// The store failed in another way: the source says how.
    Store,
}

impl SessionErrorKind {
    /// The name of the exception in Django or Python.
    #[must_use]
    pub fn django_name(self) -> &'static str {
        match self {
            Self::KeyError => "KeyError",
            Self::TypeError => "TypeError",
            Self::ValueError => "ValueError",
            Self::CreateError => "CreateError",
            Self::UpdateError => "UpdateError",
            Self::InvalidSessionKey => "InvalidSessionKey",
            Self::Locked => "Locked",
            Self::Unsupported => "NotImplementedError",
            Self::Unavailable => "Unavailable",
            Self::Store => "DatabaseError",
        }
    }
}

/// An error of a session: its [kind](SessionErrorKind), what to do about it, and its source.
///
/// Never shows a session key or a value.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// use nuages_sessions::SessionErrorKind;
///
/// # let engine = nuages_sessions::SessionEngine::for_tests();
/// # let handle = engine.session(None);
/// # let session = handle.session().await?;
/// let error = session.require::<String>("cart").unwrap_err();
/// assert_eq!(error.kind(), SessionErrorKind::KeyError);
/// assert_eq!(error.kind().django_name(), "KeyError");
/// # Ok::<_, nuages_sessions::SessionError>(()) }).unwrap();
/// ```
pub struct SessionError(Box<Inner>);

struct Inner {
    kind: SessionErrorKind,
    message: Cow<'static, str>,
    source: Option<Source>,
}

impl SessionError {
    fn new(kind: SessionErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), source: None }))
    }

    fn because(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> SessionErrorKind {
        self.0.kind
    }

    pub(crate) fn absent(name: &str) -> Self {
        let message =
            format!("the session has no value named {name:?}; use get or pop_or if it may be absent");
        Self::new(SessionErrorKind::KeyError, message)
    }

    // Serde's own message would show the value.
    pub(crate) fn mistyped<T>(name: &str) -> Self {
        let kind = std::any::type_name::<T>();
        Self::new(SessionErrorKind::TypeError, format!("the session's value of {name:?} is no {kind}"))
    }

    pub(crate) fn null(name: &str) -> Self {
        let message = format!("the session's value of {name:?} is null; ask for an Option, or use get");
        Self::new(SessionErrorKind::TypeError, message)
    }

    pub(crate) fn unwritable(name: &str, source: impl Into<Source>) -> Self {
        Self::new(SessionErrorKind::TypeError, format!("{name:?} cannot be written as JSON")).because(source)
    }

    pub(crate) fn unreadable() -> Self {
        Self::new(SessionErrorKind::ValueError, "the text of the session is no JSON object")
    }

    pub(crate) fn bad_expiry(message: &'static str) -> Self {
        Self::new(SessionErrorKind::ValueError, message)
    }

    pub(crate) fn taken() -> Self {
        let message = "a session of that key exists already; use save, or create for a new key";
        Self::new(SessionErrorKind::CreateError, message)
    }

    pub(crate) fn gone() -> Self {
        let message = "the session was deleted before the request completed; the user may have logged out in \
                       another request";
        Self::new(SessionErrorKind::UpdateError, message)
    }

    pub(crate) fn invalid_key() -> Self {
        Self::new(SessionErrorKind::InvalidSessionKey, "no session can have this key; use create to draw one")
    }

    pub(crate) fn locked() -> Self {
        let message =
            "another request has held the session's lock for too long; wait longer, or make its work shorter";
        Self::new(SessionErrorKind::Locked, message)
    }

    pub(crate) fn no_lock() -> Self {
        let message = "the engine signed_cookies keeps nothing on the server that could be locked; use another SESSION_ENGINE";
        Self::new(SessionErrorKind::Unsupported, message)
    }

    pub(crate) fn no_index() -> Self {
        let message = "there is no index of sessions; set SESSION_INDEX and run the command migrate";
        Self::new(SessionErrorKind::Unsupported, message)
    }

    pub(crate) fn late() -> Self {
        Self::new(
            SessionErrorKind::Unavailable,
            "the session store did not answer before its deadline; look whether its server is up",
        )
    }
}

impl From<StoreError> for SessionError {
    fn from(error: StoreError) -> Self {
        let (kind, message) = match error.kind {
            StoreErrorKind::Unavailable => {
                (SessionErrorKind::Unavailable, "the session store is out of order for now")
            }
            StoreErrorKind::Failed => (SessionErrorKind::Store, "the session store failed"),
            StoreErrorKind::Encode => {
                (SessionErrorKind::TypeError, "the session cannot be written in the form of its store")
            }
            StoreErrorKind::Contended => {
                (SessionErrorKind::Unavailable, "the session is written by too many requests at once")
            }
        };
        Self::new(kind, message).because(error)
    }
}

impl fmt::Debug for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionError")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("source", &self.0.source)
            .finish()
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl Error for SessionError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

/// How a store failed.
///
/// ```
/// use nuages_sessions::{SessionError, SessionErrorKind, StoreError, StoreErrorKind};
///
/// // In a store of one's own:
/// let error = StoreError::new(StoreErrorKind::Unavailable, "no route to the host");
/// assert_eq!(error.kind(), StoreErrorKind::Unavailable);
/// // What a view gets of it:
/// assert_eq!(SessionError::from(error).kind(), SessionErrorKind::Unavailable);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// It cannot be reached, is full, read-only or too slow: trying again later may help.
    Unavailable,
    /// Many writers at once kept it from deciding before its deadline.
    Contended,
    /// The record has no form in this store.
    Encode,
    /// Anything else.
    Failed,
}

/// A failure of a [`SessionStore`](crate::SessionStore). Its source must show neither key nor data.
///
/// ```
/// use std::error::Error;
/// use nuages_sessions::{StoreError, StoreErrorKind};
///
/// let error = StoreError::new(StoreErrorKind::Failed, "the row has no key");
/// assert_eq!(error.to_string(), "the store failed");
/// assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("the row has no key"));
/// ```
#[derive(Debug)]
pub struct StoreError {
    kind: StoreErrorKind,
    source: Source,
}

impl StoreError {
    /// A failure of this kind, caused by `source`.
    pub fn new(kind: StoreErrorKind, source: impl Into<Source>) -> Self {
        Self { kind, source: source.into() }
    }

    /// How the store failed.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            StoreErrorKind::Unavailable => "the store is out of order",
            StoreErrorKind::Contended => "the store could not decide between many writers in time",
            StoreErrorKind::Encode => "the store cannot hold this record",
            StoreErrorKind::Failed => "the store failed",
        })
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
