//! Writing a cache backend.
//!
//! A backend stores bytes under complete keys: prefix, version and the key's form are the front's business, and
//! so are types. Implement [`Cache`] with plain `async fn`s and hand the value to
//! [`CacheFront::new`](crate::CacheFront::new); the boxing is done for you.
//!
//! None of the methods has a default, because each is a promise that only the backend can keep:
//!
//! - [`add`](Cache::add), [`replace`](Cache::replace), [`compare_and_set`](Cache::compare_and_set) and
//!   [`incr`](Cache::incr) decide and write in one indivisible step, against every other client of the store.
//!   A read followed by a write is wrong: it brings sessions back from the dead.
//! - A value past its time is not there, for every method, whether or not it still takes up room.
//! - Once a future was polled, dropping it leaves the operation done or undone, never half done.
//! - An operation ends within a deadline of the backend's own choosing (2 s by default) with
//!   [`CacheErrorKind::TimedOut`](crate::CacheErrorKind::TimedOut).
//! - An outage is an error, never a missing value.
//!
//! [`suite::check`](crate::suite::check) puts a backend through all of it that one process can see.

use std::future::Future;

use bytes::Bytes;

use crate::error::CacheError;
use crate::timeout::Timeout;

/// A value as it was seen, for [`Cache::compare_and_set`].
///
/// Made from the bytes alone, or by a backend that numbers its values (memcached's `gets`) with that number, which
/// saves it a round trip.
#[derive(Clone)]
pub struct Token {
    value: Bytes,
    number: Option<u64>,
}

impl Token {
    /// A token with the backend's number of the value.
    #[must_use]
    pub fn numbered(value: Bytes, number: u64) -> Token {
        Token { value, number: Some(number) }
    }

    /// The bytes that were seen.
    #[must_use]
    pub fn value(&self) -> &Bytes {
        &self.value
    }

    /// The backend's number of the value, if it gave one.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        self.number
    }
}

impl From<Bytes> for Token {
    fn from(value: Bytes) -> Token {
        Token { value, number: None }
    }
}

/// Shows no data: it may be a session's.
impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token").field("length", &self.value.len()).finish_non_exhaustive()
    }
}

/// The outcome of [`Cache::compare_and_set`].
#[derive(Clone, PartialEq, Eq)]
pub enum Cas {
    /// The value was what was seen, and is the new one now.
    Saved,
    /// There is no such key (any more); nothing was written.
    Gone,
    /// Somebody else wrote first; nothing was written. The value as it is now.
    Conflict(Bytes),
}

/// Shows no data: it may be a session's.
impl std::fmt::Debug for Cas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Cas::Saved => "Saved",
            Cas::Gone => "Gone",
            Cas::Conflict(_) => "Conflict(..)",
        })
    }
}

/// What a backend thinks of keys that memcached would refuse.
///
/// ```
/// use nuages_cache::{Cache, KeyPolicy, LocmemCache};
///
/// assert_eq!(LocmemCache::default().key_policy(), KeyPolicy::Warn);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPolicy {
    /// It can hold them; the log warns that they are not portable.
    Warn,
    /// It cannot hold them; they are an error.
    Refuse,
}

/// A store of bytes with Django's operations. See the [module](self) for the promises.
pub trait Cache: Send + Sync + 'static {
    /// What to do about keys that memcached would refuse.
    fn key_policy(&self) -> KeyPolicy;

    /// The value of `key`.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Bytes>, CacheError>> + Send;

    /// The value of `key`, and what [`compare_and_set`](Cache::compare_and_set) needs to replace it.
    fn get_with_token(
        &self,
        key: &str,
    ) -> impl Future<Output = Result<Option<(Bytes, Token)>, CacheError>> + Send;

    /// Stores `value`, whatever was there; with [`Timeout::is_at_once`] the key is gone afterwards.
    fn set(
        &self,
        key: &str,
        value: Bytes,
        timeout: Timeout,
    ) -> impl Future<Output = Result<(), CacheError>> + Send;

    /// Stores `value` if there is none; says whether it did.
    fn add(
        &self,
        key: &str,
        value: Bytes,
        timeout: Timeout,
    ) -> impl Future<Output = Result<bool, CacheError>> + Send;

    /// Stores `value` if there is one; says whether it did.
    fn replace(
        &self,
        key: &str,
        value: Bytes,
        timeout: Timeout,
    ) -> impl Future<Output = Result<bool, CacheError>> + Send;

    /// Stores `value` if what is there is still what was seen.
    ///
    /// A token without a number is compared by its bytes.
    fn compare_and_set(
        &self,
        key: &str,
        seen: &Token,
        value: Bytes,
        timeout: Timeout,
    ) -> impl Future<Output = Result<Cas, CacheError>> + Send;

    /// Gives the value a new timeout; `false` if there is none.
    fn touch(&self, key: &str, timeout: Timeout) -> impl Future<Output = Result<bool, CacheError>> + Send;

    /// Deletes the value; `false` if there is none.
    fn delete(&self, key: &str) -> impl Future<Output = Result<bool, CacheError>> + Send;

    /// Whether there is a value.
    fn has_key(&self, key: &str) -> impl Future<Output = Result<bool, CacheError>> + Send;

    /// Adds `delta` to a value that is a decimal integer in ASCII, keeps its timeout, and returns the sum.
    ///
    /// memcached counts from zero up: what would fall below is 0, as in Django.
    ///
    /// # Errors
    /// `MissingKey` and `NotAnInteger`, beside the backend's own.
    fn incr(&self, key: &str, delta: i64) -> impl Future<Output = Result<i64, CacheError>> + Send;

    /// The values of `keys`, in their order.
    fn get_many(
        &self,
        keys: &[String],
    ) -> impl Future<Output = Result<Vec<Option<Bytes>>, CacheError>> + Send;

    /// Stores all `entries`; returns the keys that could not be stored.
    fn set_many(
        &self,
        entries: Vec<(String, Bytes)>,
        timeout: Timeout,
    ) -> impl Future<Output = Result<Vec<String>, CacheError>> + Send;

    /// Deletes `keys`, whether or not they are there.
    fn delete_many(&self, keys: &[String]) -> impl Future<Output = Result<(), CacheError>> + Send;

    /// Deletes everything in the store, of every prefix and version. `Some(true)` is the word of a server that gives it
    /// (Django's Redis backend); the others have `None`.
    fn clear(&self) -> impl Future<Output = Result<Option<bool>, CacheError>> + Send;
}
