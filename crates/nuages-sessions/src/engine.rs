//! An engine: a store and the settings it works under.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use chrono::{DateTime, Utc};
use nuages_cache::Caches;
use nuages_db::Database;
use nuages_http::Settings;
use nuages_signing::SecretKeys;

use crate::config::file_path;
use crate::expiry::{EXPIRY_KEY, Kept};
use crate::lineage::Lineage;
use crate::store::cache::CacheStore;
use crate::store::cached_db::CachedDbStore;
use crate::store::db::DbStore;
use crate::store::file::FileStore;
use crate::store::hashed::{HashedStore, hashed};
use crate::store::signed_cookies::SignedCookieStore;
use crate::store::{Custody, DynStore, Record, SessionStore};
use crate::user_sessions::Index;
use crate::{
    EngineName, SessionCodec, SessionConfig, SessionData, SessionError, SessionHandle, SessionKey, StoreError,
};

/// Makes sessions: a [store](SessionStore), and the settings. Cheap to clone; clones are one engine.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// use nuages_cache::CacheFront;
/// use nuages_sessions::{CacheStore, SessionConfig, SessionEngine};
///
/// let store = CacheStore::new(CacheFront::connect("locmem://")?);
/// let engine = SessionEngine::new(store, SessionConfig::default(), "a secret key");
///
/// // Outside a request, as Django's SessionStore(session_key).
/// let handle = engine.session(None);
/// let session = handle.session().await?;
/// session.set("cart", ["pen", "ink"])?;
/// session.save().await?;
///
/// let key = session.session_key().ok_or("saved sessions have a key")?;
/// let again = engine.session(Some(key.as_str()));
/// assert_eq!(again.session().await?.get::<Vec<String>>("cart")?, Some(vec!["pen".into(), "ink".into()]));
///
/// let text = engine.encode(&session.items())?;
/// assert_eq!(engine.decode(&text).to_json()?, r#"{"cart":["pen","ink"]}"#);
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone)]
#[doc(alias = "SessionStore")]
#[doc(alias = "SESSION_ENGINE")]
#[doc(alias = "import_module")]
pub struct SessionEngine(Arc<Inner>);

struct Inner {
    store: DynStore,
    config: SessionConfig,
    codec: SessionCodec,
    lineage: Lineage,
    index: Option<Index>,
    /// Has each session a row in the database?
    rows: bool,
}

/// More heirs than any five minutes have seen.
const HEIRS: u32 = 1000;

/// Where the engines of the settings find their servers.
#[derive(Clone, Debug, Default)]
pub struct Backends {
    /// The database, for the engines `db` and `cached_db`, and for SESSION_INDEX.
    pub database: Option<Database>,
    /// The caches, for the engines `cache` and `cached_db`.
    pub caches: Option<Caches>,
}

impl SessionEngine {
    /// An engine of any store. `keys` sign what [`encode`](Self::encode) writes.
    #[must_use]
    pub fn new(store: impl SessionStore, config: SessionConfig, keys: impl Into<SecretKeys>) -> Self {
        Self::with_codec(store, config, SessionCodec::new(keys))
    }

    /// An engine of any store, with the codec, and so the clock, of its text.
    #[must_use]
    pub fn with_codec(store: impl SessionStore, config: SessionConfig, codec: SessionCodec) -> Self {
        let store = if config.hash_keys && store.custody() == Custody::Server {
            DynStore::new(HashedStore(store))
        } else {
            DynStore::new(store)
        };
        Self(Arc::new(Inner { store, config, codec, lineage: Lineage::default(), index: None, rows: false }))
    }

    /// The engine that SESSION_ENGINE names.
    ///
    /// # Errors
    ///
    /// An unknown name, a backend that is missing, or a folder that does not exist; the message tells which setting to
    /// change.
    pub fn from_settings(settings: &Settings, backends: &Backends) -> Result<Self, EngineError> {
        let codec = SessionCodec::new(settings.secret_keys());
        Self::from_settings_with(settings, backends, codec)
    }

    /// As [`from_settings`](Self::from_settings), with a codec of one's own.
    ///
    /// # Errors
    ///
    /// As `from_settings`.
    pub fn from_settings_with(
        settings: &Settings,
        backends: &Backends,
        codec: SessionCodec,
    ) -> Result<Self, EngineError> {
        let config = SessionConfig::from(settings);
        let name: EngineName = settings.SESSION_ENGINE.parse().map_err(EngineError::new)?;
        let database = || {
            let missing = || EngineError::new(format_args!("the session engine {name} needs DATABASE_URL"));
            backends.database.as_ref().ok_or_else(missing)
        };
        let cache = || {
            let missing = || EngineError::new(format_args!("the session engine {name} needs CACHE_URL"));
            let caches = backends.caches.as_ref().ok_or_else(missing)?;
            caches.get(&settings.SESSION_CACHE_ALIAS).cloned().map_err(EngineError::new)
        };
        let index = settings.SESSION_INDEX.then(|| {
            let missing = || EngineError::new("SESSION_INDEX needs DATABASE_URL");
            backends
                .database
                .as_ref()
                .map(|database| Index::new(database.session_index()))
                .ok_or_else(missing)
        });
        let index = index.transpose()?.filter(|_| name != EngineName::SignedCookies);
        let mut engine = match name {
            EngineName::Db => {
                let store = DbStore::new(database()?.sessions(), codec.clone());
                Self::with_codec(store, config, codec)
            }
            EngineName::File => {
                let (folder, age) = (file_path(settings), config.cookie_age);
                let store = FileStore::new(folder, &config.cookie_name, age, codec.clone());
                Self::with_codec(store.map_err(EngineError::from_store)?, config, codec)
            }
            EngineName::Cache => Self::with_codec(CacheStore::new(cache()?), config, codec),
            EngineName::CachedDb => {
                let store = CachedDbStore::new(database()?.sessions(), cache()?, codec.clone());
                Self::with_codec(store, config, codec)
            }
            EngineName::SignedCookies => {
                let store = SignedCookieStore::new(&codec, config.cookie_age);
                Self::with_codec(store, config, codec)
            }
        };
        if let Some(inner) = Arc::get_mut(&mut engine.0) {
            inner.index = index;
            inner.rows = name.needs_database();
        }
        Ok(engine)
    }

    /// An engine in memory, for examples and tests.
    #[doc(hidden)]
    #[must_use]
    pub fn for_tests() -> Self {
        let cache = nuages_cache::CacheFront::new(nuages_cache::LocmemCache::default());
        Self::new(CacheStore::new(cache), SessionConfig::default(), "key")
    }

    /// The session of a key (Django's `SessionStore(session_key)`), or a new one. Nothing is read yet.
    #[must_use]
    pub fn session(&self, session_key: Option<&str>) -> SessionHandle {
        SessionHandle::new(self.clone(), session_key.and_then(SessionKey::new))
    }

    /// The text of a dictionary, signed and dated (Django's `encode`): what the engines `db` and `file` store.
    ///
    /// # Errors
    ///
    /// `TypeError`, for values that nest too deep.
    pub fn encode(&self, data: &SessionData) -> Result<String, SessionError> {
        Ok(self.0.codec.encode(data)?)
    }

    /// The dictionary of such a text; empty if it is none (Django's `decode`).
    #[must_use]
    pub fn decode(&self, text: &str) -> SessionData {
        self.0.codec.decode(text).unwrap_or_else(|_| {
            log_corrupt();
            SessionData::new()
        })
    }

    /// Deletes the sessions that have expired, as far as the store does not do so by itself; says how many. It takes as long
    /// as it takes: no deadline but the store's own.
    ///
    /// # Errors
    ///
    /// The store's own.
    pub async fn clear_expired(&self) -> Result<u64, SessionError> {
        let cleared = self.store().clear_expired().await?;
        if let Some(index) = self.index() {
            index.clear(self.now(), self.config().cookie_age, self.0.rows).await?;
        }
        Ok(cleared)
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &SessionConfig {
        &self.0.config
    }

    pub(crate) fn store(&self) -> &DynStore {
        &self.0.store
    }

    /// The key as the store has it: a hash of it, if the store knows hashes only.
    pub(crate) fn stored_key(&self, key: &SessionKey) -> SessionKey {
        if self.config().hash_keys && self.custody() == Custody::Server { hashed(key) } else { key.clone() }
    }

    /// A key that came from the store or from beside it.
    pub(crate) fn key_in_store(&self, text: &str) -> Option<SessionKey> {
        if self.config().hash_keys && self.custody() == Custody::Server {
            Some(SessionKey::stored(text))
        } else {
            SessionKey::new(text)
        }
    }

    /// Does the store have `key` under the name `stored`?
    pub(crate) fn is_stored_as(&self, key: &SessionKey, stored: &SessionKey) -> bool {
        self.stored_key(key) == *stored
    }

    pub(crate) fn index(&self) -> Option<&Index> {
        self.0.index.as_ref()
    }

    /// Deletes a record; if it has changed its key in another request meanwhile, the one under the new key.
    pub(crate) async fn end(&self, key: &SessionKey) -> Result<(), SessionError> {
        let mut keys = vec![key.clone()];
        for _ in 0..HEIRS {
            let Some(key) = keys.pop() else { break };
            if !self.within_deadline(self.store().delete(&key)).await? {
                keys.extend(self.lineage().heirs(&key));
            }
        }
        Ok(())
    }

    pub(crate) fn custody(&self) -> Custody {
        self.0.store.custody()
    }

    pub(crate) fn lineage(&self) -> &Lineage {
        &self.0.lineage
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.codec.now()
    }

    /// A dictionary as it is to be written now.
    pub(crate) fn record(&self, data: SessionData) -> Result<Record, SessionError> {
        let (now, age) = (self.now().fixed_offset(), self.0.config.cookie_age);
        let kept = Kept::read(data.get_raw(EXPIRY_KEY))?;
        let (age, date) = (kept.age(now, age)?, kept.date(now, age)?);
        Ok(Record::new(data, age, date.to_utc()))
    }

    /// Waits for the store, but not for ever.
    pub(crate) async fn within_deadline<T>(
        &self,
        operation: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, SessionError> {
        let mut operation = pin!(operation);
        // What answers at once needs no timer.
        if let Poll::Ready(result) = poll_fn(|context| Poll::Ready(operation.as_mut().poll(context))).await {
            return Ok(result?);
        }
        match tokio::time::timeout(self.0.config.store_deadline, operation).await {
            Ok(result) => Ok(result?),
            Err(_) => Err(SessionError::late()),
        }
    }
}

/// One line that an attack, or a change of SECRET_KEY, leaves in the log.
pub(crate) fn log_corrupt() {
    tracing::warn!(target: "nuages::security", "session data corrupted; an empty session takes its place");
}

impl fmt::Debug for SessionEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionEngine").field("config", &self.0.config).finish_non_exhaustive()
    }
}

/// An engine that cannot be made: what is wrong with the settings.
///
/// ```
/// use nuages_http::Settings;
/// use nuages_sessions::{Backends, EngineError, SessionEngine};
///
/// let settings = Settings { SESSION_ENGINE: "django.contrib.sessions.backends.db".into(), ..Settings::default() };
/// let error: EngineError = SessionEngine::from_settings(&settings, &Backends::default()).unwrap_err();
/// assert!(error.to_string().ends_with("needs DATABASE_URL"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineError(String);

impl EngineError {
    fn new(message: impl ToString) -> Self {
        Self(message.to_string())
    }

    fn from_store(error: StoreError) -> Self {
        Self(std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string))
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EngineError {}
