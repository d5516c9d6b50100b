//! Writing a store.
//!
//! A store keeps one record for each session. Implement [`SessionStore`] with plain `async fn`s and hand the value to
//! [`SessionEngine::new`](crate::SessionEngine::new); the boxing is done for you. Then run
//! [`suite::check`](crate::suite::check) on it.
//!
//! None of the methods has a default, because each is a promise that only the store can keep:
//!
//! - Whether a record exists, and whether it is still what was seen, is decided by the store in one indivisible step
//!   together with the write. A read followed by a write is wrong: it brings sessions back from the dead.
//! - An answer is given only when the record is as safe as this store can make it.
//! - A future that was polled and dropped leaves the record as it was or as it was to be, never in between.
//! - A key that is not [well formed](SessionKey::is_well_formed) is absent, and never reaches a file name or a query.
//! - An outage is an error, never an absent record.

pub(crate) mod cache;
pub(crate) mod cached_db;
pub(crate) mod db;
mod entry;
mod erased;
pub(crate) mod file;
pub(crate) mod hashed;
mod record;
pub(crate) mod signed_cookies;

use std::future::Future;

pub(crate) use erased::DynStore;
pub use record::{Listed, Listing, Loaded, Merge, Merged, Record, Retired, Saved, Seen, Stored, Written};

use crate::{SessionKey, StoreError};

/// Who keeps the records of a store.
///
/// ```
/// use nuages_cache::{CacheFront, LocmemCache};
/// use nuages_sessions::store::Custody;
/// use nuages_sessions::{CacheStore, SessionCodec, SessionStore, SignedCookieStore};
///
/// let cache = CacheStore::new(CacheFront::new(LocmemCache::default()));
/// assert_eq!(cache.custody(), Custody::Server);
/// let cookies = SignedCookieStore::new(&SessionCodec::new("a secret key"), 1_209_600);
/// assert_eq!(cookies.custody(), Custody::Client);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Custody {
    /// The server: a key names a record, which can be deleted.
    Server,
    /// The client: the key is the record, and the store keeps nothing.
    Client,
}

/// A store of sessions. See the [module](self) for what it promises.
pub trait SessionStore: Send + Sync + 'static {
    /// Who keeps the records.
    fn custody(&self) -> Custody;

    /// A key for a new session: a [random](SessionKey::random) one, or the record itself where the key is the payload.
    ///
    /// # Errors
    ///
    /// The record has no form in this store.
    fn new_key(&self, record: &Record) -> Result<SessionKey, StoreError>;

    /// The record of `key`.
    fn load(&self, key: &SessionKey) -> impl Future<Output = Result<Loaded, StoreError>> + Send;

    /// Is there a record of `key`, expired or not?
    fn exists(&self, key: &SessionKey) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Makes a record under `key`; none if there is one already.
    fn create(
        &self,
        key: &SessionKey,
        record: &Record,
    ) -> impl Future<Output = Result<Option<Written>, StoreError>> + Send;

    /// Replaces the record of `key` if it is what was `seen`, or, if it was never seen, if there is one.
    fn save(
        &self,
        key: &SessionKey,
        seen: &Seen,
        record: &Record,
    ) -> impl Future<Output = Result<Saved, StoreError>> + Send;

    /// Reads the record of `key`, lets `merge` make the new one of it, and writes that, while no other writer can come
    /// in between: under a lock or in a transaction. Where a store can only compare and set, it repeats the whole until
    /// it has succeeded.
    fn merge(
        &self,
        key: &SessionKey,
        merge: Merge,
    ) -> impl Future<Output = Result<Merged, StoreError>> + Send;

    /// Deletes the record of `key` if it is what was `seen`.
    fn retire(
        &self,
        key: &SessionKey,
        seen: &Seen,
    ) -> impl Future<Output = Result<Retired, StoreError>> + Send;

    /// Deletes the record of `key`; says whether there was one.
    fn delete(&self, key: &SessionKey) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Records in the order of their keys, those after `after`, at most `limit` of them; expired ones may be among them.
    /// For the owner of the site, not for requests.
    fn list(
        &self,
        after: Option<&SessionKey>,
        limit: usize,
    ) -> impl Future<Output = Result<Listing, StoreError>> + Send;

    /// Deletes what has expired; says how many.
    fn clear_expired(&self) -> impl Future<Output = Result<u64, StoreError>> + Send;
}
