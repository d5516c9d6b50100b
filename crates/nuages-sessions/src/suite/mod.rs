//! What every store must be able to do: the conformance suite.
//!
//! Run it in a test of your store, on a runtime with several threads and on storage that nobody else uses:
//!
//! ```
//! # let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build().unwrap();
//! # runtime.block_on(async {
//! use nuages_cache::{CacheFront, LocmemCache};
//! use nuages_sessions::{CacheStore, SessionConfig, SessionEngine, suite};
//!
//! let store = CacheStore::new(CacheFront::new(LocmemCache::new().max_entries(10_000)));
//! let engine = SessionEngine::new(store, SessionConfig::default(), "key");
//! suite::check(&engine).await?;
//! # Ok::<_, suite::Violation>(()) }).unwrap();
//! ```

mod races;
mod records;

use std::fmt;

use crate::store::Custody;
use crate::{SessionEngine, SessionError, SessionKey, StoreError};

/// A promise that a store does not keep.
#[derive(Debug)]
pub struct Violation {
    promise: &'static str,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Violation {
    fn of(promise: &'static str) -> Self {
        Self { promise, source: None }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.promise)
    }
}

impl std::error::Error for Violation {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

impl From<StoreError> for Violation {
    fn from(error: StoreError) -> Self {
        Self { promise: "a store in order does not fail", source: Some(error.into()) }
    }
}

impl From<SessionError> for Violation {
    fn from(error: SessionError) -> Self {
        Self { promise: "a session in order does not fail", source: Some(error.into()) }
    }
}

/// Holds, or is a violation.
fn promise(holds: bool, promise: &'static str) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(Violation::of(promise)) }
}

/// Checks every promise of [`SessionStore`](crate::SessionStore), first one by one, then under concurrency.
///
/// # Errors
///
/// The first promise that is not kept.
pub async fn check(engine: &SessionEngine) -> Result<(), Violation> {
    records::check_data(engine).await?;
    if engine.custody() == Custody::Client {
        return records::check_client(engine).await;
    }
    records::check_absent(engine).await?;
    records::check_compare_and_set(engine).await?;
    records::check_merge(engine).await?;
    records::check_expiry(engine).await?;
    records::check_list(engine).await?;
    races::check_counting(engine).await?;
    races::check_different_names(engine).await?;
    races::check_slow_request(engine).await?;
    races::check_writers_and_flush(engine).await?;
    races::check_cycle_and_flush(engine).await?;
    races::check_cycle_and_writers(engine).await?;
    races::check_creation(engine).await
}

/// The key of a new session that holds `{"n": 0}`.
async fn new_session(engine: &SessionEngine) -> Result<SessionKey, Violation> {
    let handle = engine.session(None);
    let session = handle.session().await?;
    session.set("n", 0)?;
    session.save().await?;
    session.session_key().ok_or(Violation::of("a session that was saved has a key"))
}
