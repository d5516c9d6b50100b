//! The names under which values stand in a session.

use std::fmt;
use std::marker::PhantomData;

/// A name together with the type of its value.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// use nuages_sessions::Key;
///
/// const VISITS: Key<u32> = Key::new("visits");
/// # let engine = nuages_sessions::SessionEngine::for_tests();
/// # let handle = engine.session(None);
/// # let session = handle.session().await?;
/// session.set(VISITS, 1)?;
/// let visits = session.get(VISITS)?; // an Option<u32>
/// assert_eq!(visits, Some(1));
/// # Ok::<_, nuages_sessions::SessionError>(()) }).unwrap();
/// ```
pub struct Key<T> {
    name: &'static str,
    kind: PhantomData<fn() -> T>,
}

impl<T> Key<T> {
    /// The name `name`, for a value of type `T`.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, kind: PhantomData }
    }

    /// The name alone.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Key<T> {}

impl<T> fmt::Debug for Key<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.name).finish()
    }
}

/// What a session takes as a name: text, for a value of any type, or a [`Key`], for a value of its type.
///
/// ```
/// use nuages_sessions::{Key, Name, Session, SessionError};
///
/// /// One more; for any name, typed or not.
/// fn count(session: &Session, name: impl Name<u32> + Copy) -> Result<u32, SessionError> {
///     let count = session.get(name)?.unwrap_or(0) + 1;
///     session.set(name, count)?;
///     Ok(count)
/// }
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// # let engine = nuages_sessions::SessionEngine::for_tests();
/// # let handle = engine.session(None);
/// # let session = handle.session().await?;
/// assert_eq!(count(session, "visits")?, 1);
/// assert_eq!(count(session, Key::new("visits"))?, 2);
/// # Ok::<_, SessionError>(()) }).unwrap();
/// ```
pub trait Name<T> {
    /// The name.
    fn name(&self) -> &str;
}

impl<T> Name<T> for &str {
    fn name(&self) -> &str {
        self
    }
}

impl<T> Name<T> for String {
    fn name(&self) -> &str {
        self
    }
}

impl<T> Name<T> for &String {
    fn name(&self) -> &str {
        self
    }
}

impl<T> Name<T> for Key<T> {
    fn name(&self) -> &str {
        self.name
    }
}
