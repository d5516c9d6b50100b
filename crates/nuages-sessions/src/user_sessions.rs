//! The sessions of each user, by an index beside them (SESSION_INDEX).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use nuages_db::{IndexEntry, SessionIndex};
use sha2::{Digest, Sha256};

use crate::store::Loaded;
use crate::{SessionEngine, SessionError, SessionHandle, SessionKey, StoreError};

/// The name under which a login keeps the user's id in the session, in Django and here (Django's `SESSION_KEY`).
pub const AUTH_USER_KEY: &str = "_auth_user_id";

/// How exactly the last use of a session is written down.
const EXACTNESS: Duration = Duration::from_secs(60);

/// Sessions whose last use is remembered by this process, so that it need not be written each time.
const REMEMBERED: usize = 100_000;

/// More sessions than anybody has.
const MOST: u32 = 200;

/// Pages of sessions that are ended at once, at most.
const ROUNDS: u32 = 100;

/// What a digest is of, so that it is no digest of anything else.
const PURPOSE: &[u8] = b"nuages.sessions.id:";

/// The index, and what this process has written into it lately.
#[derive(Debug)]
pub(crate) struct Index {
    table: SessionIndex,
    noted: Mutex<HashMap<SessionKey, (Instant, String)>>,
}

/// From where a session was used.
pub(crate) struct Client<'a> {
    pub(crate) ip: &'a str,
    pub(crate) agent: &'a str,
}

impl Index {
    pub(crate) fn new(table: SessionIndex) -> Self {
        Self { table, noted: Mutex::default() }
    }

    /// Was the same written a moment ago? If not, it is about to be.
    fn is_fresh(&self, key: &SessionKey, what: &str) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.get(key).is_some_and(|(then, old)| then.elapsed() < EXACTNESS && old == what) {
            return true;
        }
        if noted.len() >= REMEMBERED {
            noted.clear();
        }
        noted.insert(key.clone(), (Instant::now(), what.to_owned()));
        false
    }

    fn forget(&self, key: &SessionKey) {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// Writes down what became of a session in a request that came with the key `sent`.
    pub(crate) async fn note(
        &self,
        sent: Option<SessionKey>,
        handle: &SessionHandle,
        client: &Client<'_>,
    ) -> Result<(), SessionError> {
        let engine = handle.engine();
        let stored = |key: SessionKey| engine.stored_key(&key);
        let (old, new) = (sent.map(stored), handle.session_key().map(stored));
        let user = handle.user_id();
        if let (Some(old), true) = (&old, old != new) {
            self.forget(old);
            let moved = match &new {
                Some(new) if user.is_some() => self.rename(old, new).await?,
                _ => false,
            };
            if !moved {
                self.table.delete(old.as_str()).await.map_err(StoreError::from)?;
            }
        }
        if let (Some(key), Some(user)) = (new, user)
            && !self.is_fresh(&key, &format!("{user} {}", client.ip))
        {
            let entry = IndexEntry::new(key.as_str(), user, engine.now()).client(client.ip, client.agent);
            if let Err(error) = self.table.upsert(&entry).await {
                self.forget(&key);
                return Err(StoreError::from(error).into());
            }
        }
        Ok(())
    }

    /// Deletes the entry of a key.
    pub(crate) async fn remove(&self, key: &SessionKey) -> Result<(), SessionError> {
        self.forget(key);
        self.table.delete(key.as_str()).await.map_err(StoreError::from)?;
        Ok(())
    }

    async fn rename(&self, old: &SessionKey, new: &SessionKey) -> Result<bool, SessionError> {
        Ok(self.table.rename(old.as_str(), new.as_str()).await.map_err(StoreError::from)?)
    }

    /// Deletes the entries of sessions that are no more, as far as it can be told; `by_row` if each has a row.
    pub(crate) async fn clear(
        &self,
        now: DateTime<Utc>,
        age: i64,
        by_row: bool,
    ) -> Result<u64, SessionError> {
        let before = |delta: Option<TimeDelta>| delta.and_then(|delta| now.checked_sub_signed(delta));
        let cleared = if by_row {
            let moment = before(Some(TimeDelta::minutes(1))).unwrap_or(now);
            self.table.clear_orphans(moment).await
        } else {
            let Some(moment) = before(TimeDelta::try_seconds(age)) else { return Ok(0) };
            self.table.clear_unseen(moment).await
        };
        Ok(cleared.map_err(StoreError::from)?)
    }
}

/// The sessions of users: what "your devices" shows and "log out everywhere" ends. Not in Django.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use nuages_http::Settings;
/// use nuages_sessions::{Backends, SessionEngine, UserSession};
///
/// let database = nuages_db::Database::connect("sqlite:///:memory:")?;
/// database.migrate().await?;
/// database.session_index().create().await?;
/// let settings = Settings { SESSION_INDEX: true, ..Settings::default() };
/// let engine = SessionEngine::from_settings(&settings, &Backends { database: Some(database), caches: None })?;
///
/// let sessions = engine.user_sessions().ok_or("SESSION_INDEX is on")?;
/// let devices: Vec<UserSession> = sessions.list("7", None).await?;
/// assert!(devices.is_empty(), "user 7 has not logged in");
/// assert_eq!(sessions.end_all("7", None).await?, 0);
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct UserSessions {
    engine: SessionEngine,
}

/// One session of a user. It does not tell the key.
#[derive(Clone)]
#[non_exhaustive]
pub struct UserSession {
    /// What names it towards its user; no key, and nothing to make one of.
    pub id: String,
    /// When it began.
    pub created: DateTime<Utc>,
    /// When it was used last, to the minute.
    pub last_seen: DateTime<Utc>,
    /// From which address.
    pub ip: String,
    /// By which browser (`User-Agent`).
    pub agent: String,
    /// Is it the one that asks?
    pub current: bool,
    key: SessionKey,
}

impl fmt::Debug for UserSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserSession")
            .field("id", &self.id)
            .field("created", &self.created)
            .field("last_seen", &self.last_seen)
            .field("current", &self.current)
            .finish_non_exhaustive()
    }
}

impl SessionEngine {
    /// The sessions of users, if SESSION_INDEX is on.
    #[must_use]
    pub fn user_sessions(&self) -> Option<UserSessions> {
        self.index().map(|_| UserSessions { engine: self.clone() })
    }
}

/// Every method fails with `Unavailable` if the database or the store of the sessions is out of order.
#[expect(clippy::missing_errors_doc, reason = "the error that all methods share stands above")]
impl UserSessions {
    fn table(&self) -> Result<&SessionIndex, SessionError> {
        // There is no way to make this without an index.
        self.engine.index().map(|index| &index.table).ok_or_else(SessionError::no_index)
    }

    async fn entries(&self, user: &str) -> Result<Vec<IndexEntry>, SessionError> {
        Ok(self.table()?.list(Some(user), MOST, 0).await.map_err(StoreError::from)?)
    }

    /// The living sessions of a user, the one used last first; `current` is the key of the one that asks.
    pub async fn list(
        &self,
        user: &str,
        current: Option<&SessionKey>,
    ) -> Result<Vec<UserSession>, SessionError> {
        let current = current.map(|key| self.engine.stored_key(key));
        let mut sessions = Vec::new();
        for entry in self.entries(user).await? {
            let Some(key) = self.engine.key_in_store(&entry.session_key) else { continue };
            if self.is_alive(&key).await? {
                sessions.push(UserSession {
                    id: public_id(&key),
                    created: entry.created,
                    last_seen: entry.last_seen,
                    ip: entry.ip,
                    agent: entry.agent,
                    current: current.as_ref() == Some(&key),
                    key,
                });
            }
        }
        Ok(sessions)
    }

    async fn is_alive(&self, key: &SessionKey) -> Result<bool, SessionError> {
        let loaded = self.engine.within_deadline(self.engine.store().load(key)).await?;
        Ok(matches!(loaded, Loaded::Found(_)))
    }

    /// Ends the session of a user that has this [id](UserSession::id); says whether there was one.
    pub async fn end(&self, user: &str, id: &str) -> Result<bool, SessionError> {
        let session = self.list(user, None).await?.into_iter().find(|session| session.id == id);
        match session {
            Some(session) => self.end_key(&session.key).await.map(|()| true),
            None => Ok(false),
        }
    }

    /// Ends all sessions of a user but `keep`; says how many. For "log out everywhere", and for a changed password.
    ///
    /// A session that begins meanwhile stays.
    pub async fn end_all(&self, user: &str, keep: Option<&SessionKey>) -> Result<u64, SessionError> {
        let keep = keep.map(|key| self.engine.stored_key(key));
        let mut ended: u64 = 0;
        // Again, because a session may have changed its key meanwhile, and because there may be more than a page.
        for _ in 0..ROUNDS {
            let keys = self
                .entries(user)
                .await?
                .into_iter()
                .filter_map(|entry| self.engine.key_in_store(&entry.session_key));
            let keys: Vec<SessionKey> = keys.filter(|key| Some(key) != keep.as_ref()).collect();
            if keys.is_empty() {
                return Ok(ended);
            }
            for key in keys {
                self.end_key(&key).await?;
                ended = ended.saturating_add(1);
            }
        }
        Ok(ended)
    }

    /// First the session, then its entry: what fails half way can be done again.
    async fn end_key(&self, key: &SessionKey) -> Result<(), SessionError> {
        self.engine.end(key).await?;
        match self.engine.index() {
            Some(index) => index.remove(key).await,
            None => Ok(()),
        }
    }
}

/// Tells sessions apart without telling their keys.
fn public_id(key: &SessionKey) -> String {
    let digest = Sha256::new().chain_update(PURPOSE).chain_update(key.as_str()).finalize();
    digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}
