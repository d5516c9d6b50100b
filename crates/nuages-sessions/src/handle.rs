//! A session that need not be loaded.

use std::fmt;

use chrono::{DateTime, FixedOffset};

use crate::outcome::Committed;
use crate::user_sessions::AUTH_USER_KEY;
use crate::{ExpiryArguments, Session, SessionData, SessionEngine, SessionError, SessionKey};

/// A session before it is read: what can be said and done without its values.
///
/// [`session`](Self::session) reads it, at most once. Methods of the same name do the same as those of [`Session`].
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let engine = nuages_sessions::SessionEngine::for_tests();
/// let handle = engine.session(Some("keythatnobodyhas"));
/// assert!(!handle.is_empty() && !handle.accessed()); // nobody has looked yet
///
/// let session = handle.session().await?;
/// assert_eq!(session.get::<u32>("visits")?, None);
/// assert!(handle.session_key().is_none(), "an unknown key is not adopted");
/// # Ok::<_, nuages_sessions::SessionError>(()) }).unwrap();
/// ```
pub struct SessionHandle {
    session: Session,
}

impl SessionHandle {
    pub(crate) fn new(engine: SessionEngine, key: Option<SessionKey>) -> Self {
        Self { session: Session::new(engine, key) }
    }

    /// The session with its values, read from the store if they are not there yet.
    ///
    /// # Errors
    ///
    /// `Unavailable` if the store is out of order.
    pub async fn session(&self) -> Result<&Session, SessionError> {
        self.session.cell.ensure_loaded().await?;
        Ok(&self.session)
    }

    /// The session, if its values are there.
    pub fn loaded(&self) -> Option<&Session> {
        let loaded = self.session.cell.lock().data.is_some();
        loaded.then_some(&self.session)
    }

    /// Whose session it is, if it was read and somebody has logged in; looking is no access.
    pub(crate) fn user_id(&self) -> Option<String> {
        let state = self.session.cell.lock();
        let raw = state.data.as_ref()?.get_raw(AUTH_USER_KEY)?;
        match serde_json::from_str(raw.get()).ok()? {
            serde_json::Value::String(text) => Some(text),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    pub(crate) fn unread(&self) -> &Session {
        &self.session
    }

    /// See [`Session::session_key`].
    pub fn session_key(&self) -> Option<SessionKey> {
        self.session.session_key()
    }

    /// See [`Session::modified`].
    pub fn modified(&self) -> bool {
        self.session.modified()
    }

    /// See [`Session::set_modified`].
    pub fn set_modified(&self, modified: bool) {
        self.session.set_modified(modified);
    }

    /// See [`Session::accessed`].
    pub fn accessed(&self) -> bool {
        self.session.accessed()
    }

    /// See [`Session::is_empty`]. A key that nobody has looked up counts as a session.
    pub fn is_empty(&self) -> bool {
        self.session.is_empty()
    }

    /// See [`Session::clear`]. What the store has is not read at all.
    pub fn clear(&self) {
        self.session.clear();
    }

    /// See [`Session::flush`]. What the store has is not read at all.
    pub fn flush(&self) {
        self.session.flush();
    }

    /// See [`Session::save`].
    ///
    /// # Errors
    ///
    /// As `Session::save`.
    pub async fn save(&self) -> Result<(), SessionError> {
        self.session.save().await
    }

    /// See [`Session::save_new`].
    ///
    /// # Errors
    ///
    /// As `Session::save_new`.
    pub async fn save_new(&self) -> Result<(), SessionError> {
        self.session.save_new().await
    }

    /// See [`Session::create`].
    ///
    /// # Errors
    ///
    /// As `Session::create`.
    pub async fn create(&self) -> Result<(), SessionError> {
        self.session.create().await
    }

    /// See [`Session::load`].
    ///
    /// # Errors
    ///
    /// As `Session::load`.
    pub async fn load(&self) -> Result<SessionData, SessionError> {
        self.session.load().await
    }

    /// See [`Session::delete`].
    ///
    /// # Errors
    ///
    /// As `Session::delete`.
    pub async fn delete(&self, session_key: Option<&str>) -> Result<(), SessionError> {
        self.session.delete(session_key).await
    }

    /// See [`Session::exists`].
    ///
    /// # Errors
    ///
    /// As `Session::exists`.
    pub async fn exists(&self, session_key: Option<&str>) -> Result<bool, SessionError> {
        self.session.exists(session_key).await
    }

    /// See [`Session::settle`].
    ///
    /// # Errors
    ///
    /// As `Session::settle`.
    pub async fn settle(&self) -> Result<(), SessionError> {
        self.session.settle().await
    }

    /// See [`Session::get_expiry_age_with`]. Reads the session only if no expiry is given.
    ///
    /// # Errors
    ///
    /// As `Session::get_expiry_age_with`, and `Unavailable` if the store is out of order.
    pub async fn get_expiry_age_with(&self, arguments: &ExpiryArguments) -> Result<i64, SessionError> {
        self.load_for(arguments).await?;
        self.session.get_expiry_age_with(arguments)
    }

    /// See [`Session::get_expiry_date_with`]. Reads the session only if no expiry is given.
    ///
    /// # Errors
    ///
    /// As `Session::get_expiry_date_with`, and `Unavailable` if the store is out of order.
    pub async fn get_expiry_date_with(
        &self,
        arguments: &ExpiryArguments,
    ) -> Result<DateTime<FixedOffset>, SessionError> {
        self.load_for(arguments).await?;
        self.session.get_expiry_date_with(arguments)
    }

    async fn load_for(&self, arguments: &ExpiryArguments) -> Result<(), SessionError> {
        if arguments.expiry.is_none() {
            self.session().await?;
        }
        Ok(())
    }

    /// The engine that made it.
    pub fn engine(&self) -> &SessionEngine {
        self.session.engine()
    }

    /// Ends a request: saves what there is to save, in Django's order, and says what the browser is to be told.
    /// `cookie_sent` is whether the request brought a session cookie, `status` that of the response: from 500 on
    /// nothing is saved, but what was ended stays ended.
    ///
    /// The middleware calls it; do so yourself only for a protocol of your own.
    ///
    /// # Errors
    ///
    /// `UpdateError` if the session was deleted meanwhile, to be answered with status 400; `Unavailable` if the store is
    /// out of order.
    pub async fn commit(&self, cookie_sent: bool, status: u16) -> Result<Committed, SessionError> {
        self.session.cell.commit(cookie_sent, status).await
    }
}

impl fmt::Debug for SessionHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SessionHandle").field(&self.session).finish()
    }
}
