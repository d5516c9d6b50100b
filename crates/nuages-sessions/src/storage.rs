//! What a session does with its store, and what it tells about itself.

use crate::{Session, SessionData, SessionEngine, SessionError, SessionKey};

impl Session {
    /// The key; none while the session is new and unsaved. `cycle_key` changes it at once.
    pub fn session_key(&self) -> Option<SessionKey> {
        self.cell.lock().key.clone()
    }

    /// Will it be saved at the end of the request?
    pub fn modified(&self) -> bool {
        self.cell.lock().modified
    }

    /// Says that it was changed in a way that it could not notice, or that the changes are not to be saved.
    pub fn set_modified(&self, modified: bool) {
        self.cell.lock().modified = modified;
    }

    /// Was its dictionary used? Then the response depends on the cookie.
    pub fn accessed(&self) -> bool {
        self.cell.lock().accessed
    }

    /// Is there neither a key nor a value?
    pub fn is_empty(&self) -> bool {
        self.cell.lock().is_empty()
    }

    /// Removes all values and keeps the key.
    pub fn clear(&self) {
        self.cell.lock().clear();
    }

    /// Ends the session: values and key are gone, its record is deleted at the commit, even if the request fails. What is
    /// set afterwards begins another session.
    pub fn flush(&self) {
        self.cell.lock().flush();
    }

    /// Saves it now. The middleware does so at the end by itself.
    ///
    /// # Errors
    ///
    /// `UpdateError` if the session was deleted meanwhile, `Unavailable` if the store is out of order.
    pub async fn save(&self) -> Result<(), SessionError> {
        let _gate = self.cell.gate.lock().await;
        self.cell.save().await.map(drop)
    }

    /// Saves it as a new record under the key that it has (Django's `save(must_create=True)`), or under a new key if it has
    /// none.
    ///
    /// # Errors
    ///
    /// `CreateError` if there is a record, `InvalidSessionKey` if the key is none that a server draws.
    pub async fn save_new(&self) -> Result<(), SessionError> {
        self.cell.save_new().await
    }

    /// Writes the data to a new record under a new key, and leaves the old record alone (Django's `create`).
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save).
    pub async fn create(&self) -> Result<(), SessionError> {
        self.cell.create().await
    }

    /// What the store has now; the session's own values stay as they are (Django's `load`).
    ///
    /// # Errors
    ///
    /// `Unavailable` if the store is out of order.
    pub async fn load(&self) -> Result<SessionData, SessionError> {
        self.cell.read_store().await
    }

    /// Deletes the record of `session_key`, or its own, now; its values stay (Django's `delete`).
    ///
    /// # Errors
    ///
    /// `Unavailable` if the store is out of order.
    pub async fn delete(&self, session_key: Option<&str>) -> Result<(), SessionError> {
        self.cell.delete(session_key).await
    }

    /// Is there a record of `session_key`, or of its own?
    ///
    /// # Errors
    ///
    /// `Unavailable` if the store is out of order.
    pub async fn exists(&self, session_key: Option<&str>) -> Result<bool, SessionError> {
        self.cell.exists(session_key).await
    }

    /// Does now what `flush` and `cycle_key`, and reading a file that has expired, leave to the end of the request:
    /// deletes the record that was ended, and writes the one of the new key. Changed values are not saved.
    ///
    /// For a session outside of a request, which nobody commits; the methods that talk to the store do it as well.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// # let engine = nuages_sessions::SessionEngine::for_tests();
    /// # let session = engine.session(None);
    /// # session.create().await?;
    /// # let key = session.session_key().unwrap();
    /// let session = engine.session(Some(key.as_str()));
    /// session.flush();
    /// session.settle().await?;
    /// assert!(!engine.session(Some(key.as_str())).exists(None).await?);
    /// # Ok::<_, nuages_sessions::SessionError>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `Unavailable` if the store is out of order.
    pub async fn settle(&self) -> Result<(), SessionError> {
        let _gate = self.cell.gate.lock().await;
        self.cell.settle().await
    }

    /// The engine that made it.
    pub fn engine(&self) -> &SessionEngine {
        &self.cell.engine
    }
}
