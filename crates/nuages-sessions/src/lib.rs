//! Django's sessions: one dictionary for each visitor, in every engine.
//!
//! - [`Session`] is the dictionary, [`SessionHandle`] the same before it is read.
//! - [`SessionEngine`] makes them: over a database ([`DbStore`]), a cache ([`CacheStore`]), files ([`FileStore`]) or the
//!   cookie itself ([`SignedCookieStore`]); or over a store of yours, see the [module](store) about that.
//! - Keys, texts, tables, files and cache entries are those of Django 5.2: with the same SECRET_KEY each side reads and
//!   writes the other's sessions.
//!
//! What a request sets is never lost to another request at the same time, and a session that was ended stays ended: see
//! [`Session`].
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod cell;
mod codec;
mod commit;
mod config;
mod data;
mod engine;
mod error;
mod expiry;
mod handle;
mod key;
mod lineage;
mod lock;
mod middleware;
mod name;
mod operations;
mod outcome;
mod overview;
mod pickled;
mod request_ext;
mod session;
mod started;
mod state;
mod storage;
pub mod store;
pub mod suite;
mod sweeper;
mod user_sessions;
mod value;

pub use codec::{Corrupt, SessionCodec};
pub use config::{EngineName, SessionConfig, UnknownEngine};
pub use data::SessionData;
pub use engine::{Backends, EngineError, SessionEngine};
pub use error::{SessionError, SessionErrorKind, StoreError, StoreErrorKind};
pub use expiry::{EXPIRY_KEY, Expiry, ExpiryArguments, isoformat};
pub use handle::SessionHandle;
pub use key::{SessionKey, VALID_KEY_CHARS};
pub use lock::{LockRequest, SessionLock};
pub use middleware::SessionMiddleware;
pub use name::{Key, Name};
pub use outcome::{Committed, CookieChange};
pub use overview::{StoredPage, StoredSession};
pub use request_ext::RequestSession;
pub use session::{Session, TEST_COOKIE_NAME, TEST_COOKIE_VALUE};
pub use store::SessionStore;
pub use store::cache::{CACHE_KEY_PREFIX, CacheStore};
pub use store::cached_db::{CACHED_DB_KEY_PREFIX, CachedDbStore};
pub use store::db::DbStore;
pub use store::file::FileStore;
pub use store::signed_cookies::SignedCookieStore;
pub use user_sessions::{AUTH_USER_KEY, UserSession, UserSessions};
pub use value::SessionValue;
