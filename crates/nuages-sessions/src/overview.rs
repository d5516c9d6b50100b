//! All sessions of a store, for the owner of the site.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::store::{Custody, Listed, Listing, Loaded, Stored};
use crate::user_sessions::AUTH_USER_KEY;
use crate::{SessionData, SessionEngine, SessionError, SessionKey, lock};

/// Characters of a key that may be shown: enough to tell sessions apart, far too few to be one.
const PREFIX: usize = 8;

/// The fewest characters that a search takes.
const SHORTEST: usize = 6;

/// A session as the store has it.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # use nuages_sessions::{DbStore, SessionCodec, SessionConfig, SessionEngine};
/// # let database = nuages_db::Database::connect("sqlite:///:memory:")?;
/// # database.migrate().await?;
/// # let store = DbStore::new(database.sessions(), SessionCodec::new("a secret key"));
/// # let engine = SessionEngine::new(store, SessionConfig::default(), "a secret key");
/// use nuages_sessions::{AUTH_USER_KEY, StoredSession};
///
/// let handle = engine.session(None);
/// handle.session().await?.set(AUTH_USER_KEY, "7")?;
/// handle.save().await?;
/// let key = handle.session_key().ok_or("it was saved")?;
/// let found: Vec<StoredSession> = engine.find_stored(&key.as_str()[..8]).await?;
/// assert_eq!(found[0].prefix(), &key.as_str()[..8]);
/// assert_eq!(found[0].user_id().as_deref(), Some("7"));
/// assert!(found[0].data().is_some() && found[0].expires().is_some());
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct StoredSession {
    key: SessionKey,
    data: Option<SessionData>,
    expires: Option<DateTime<Utc>>,
}

impl StoredSession {
    fn new(listed: Listed) -> Self {
        let expires = listed.stored.as_ref().and_then(|stored| stored.expires).or(listed.expires);
        Self { key: listed.key, data: listed.stored.map(|stored| stored.data), expires }
    }

    fn found(key: SessionKey, stored: Stored) -> Self {
        Self { key, data: Some(stored.data), expires: stored.expires }
    }

    /// The beginning of its key.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.key.as_str().get(..PREFIX).unwrap_or_default()
    }

    /// Its whole key as the store has it. Unless the store keeps hashes, whoever has it is this visitor.
    #[must_use]
    pub fn key(&self) -> &SessionKey {
        &self.key
    }

    /// Its values; none if they were not written with our SECRET_KEY.
    #[must_use]
    pub fn data(&self) -> Option<&SessionData> {
        self.data.as_ref()
    }

    /// When it ends, if that is known.
    #[must_use]
    pub fn expires(&self) -> Option<DateTime<Utc>> {
        self.expires
    }

    /// Whose it is, if somebody has logged in.
    #[must_use]
    pub fn user_id(&self) -> Option<String> {
        let raw = self.data.as_ref()?.get_raw(AUTH_USER_KEY)?;
        match serde_json::from_str(raw.get()).ok()? {
            serde_json::Value::String(text) => Some(text),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// Is it the record of a [lock](crate::SessionLock)?
    fn is_lock(&self) -> bool {
        self.data.as_ref().is_some_and(|data| data.contains(lock::OWNER))
    }
}

/// Shows no key and no value.
impl fmt::Debug for StoredSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredSession")
            .field("data", &self.data)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// A page of sessions.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # use nuages_sessions::{DbStore, SessionCodec, SessionConfig, SessionEngine};
/// # let database = nuages_db::Database::connect("sqlite:///:memory:")?;
/// # database.migrate().await?;
/// # let store = DbStore::new(database.sessions(), SessionCodec::new("a secret key"));
/// # let engine = SessionEngine::new(store, SessionConfig::default(), "a secret key");
/// use nuages_sessions::StoredPage;
///
/// for _ in 0..3 {
///     engine.session(None).create().await?;
/// }
/// let StoredPage { sessions, next } = engine.stored_sessions(None, 2).await?.ok_or("a database can list")?;
/// assert_eq!(sessions.len(), 2);
/// let rest = engine.stored_sessions(next.as_ref(), 2).await?.ok_or("a database can list")?;
/// assert_eq!((rest.sessions.len(), rest.next), (1, None));
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct StoredPage {
    /// Those that are no more than records of locks are left out.
    pub sessions: Vec<StoredSession>,
    /// Where the next page begins; none if this is the last.
    pub next: Option<SessionKey>,
}

impl SessionEngine {
    /// The sessions of the store in the order of their keys, page by page, those that have expired among them; none if the
    /// store cannot list what it has (`cache`, `signed_cookies`). For the owner of the site. Not in Django.
    ///
    /// # Errors
    ///
    /// The store's own.
    pub async fn stored_sessions(
        &self,
        after: Option<&SessionKey>,
        limit: usize,
    ) -> Result<Option<StoredPage>, SessionError> {
        let Listing::Page(page) = self.store().list(after, limit).await? else { return Ok(None) };
        let next = page.last().filter(|_| page.len() == limit).map(|last| last.key.clone());
        let sessions = page.into_iter().map(StoredSession::new).filter(|session| !session.is_lock());
        Ok(Some(StoredPage { sessions: sessions.collect(), next }))
    }

    /// The sessions whose key, or the hash of it that the store keeps, is `text` or begins with it; two are enough to know
    /// that it is not one. A store that cannot list needs the whole key.
    ///
    /// # Errors
    ///
    /// The store's own.
    pub async fn find_stored(&self, text: &str) -> Result<Vec<StoredSession>, SessionError> {
        if self.custody() == Custody::Client {
            return Ok(Vec::new());
        }
        let known = [SessionKey::new(text).map(|key| self.stored_key(&key)), self.key_in_store(text)];
        for key in known.into_iter().flatten() {
            if let Loaded::Found(stored) = self.within_deadline(self.store().load(&key)).await? {
                return Ok(vec![StoredSession::found(key, stored)]);
            }
        }
        if text.len() < SHORTEST {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        let mut after = Some(SessionKey::stored(text));
        while let Some(start) = after {
            let Some(page) = self.stored_sessions(Some(&start), 100).await? else { break };
            let all = page.sessions.len();
            found.extend(page.sessions.into_iter().filter(|session| session.key.as_str().starts_with(text)));
            after = page.next.filter(|next| found.len() < 2 && all > 0 && next.as_str().starts_with(text));
        }
        Ok(found)
    }

    /// Ends a session of the store; says whether it was there still.
    ///
    /// # Errors
    ///
    /// The store's own.
    pub async fn end_stored(&self, session: &StoredSession) -> Result<bool, SessionError> {
        let ended = self.within_deadline(self.store().delete(&session.key)).await?;
        if let Some(index) = self.index() {
            index.remove(&session.key).await?;
        }
        Ok(ended)
    }
}
