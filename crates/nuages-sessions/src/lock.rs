//! A lock on a session, for a route that must be alone.

use std::fmt;
use std::future::IntoFuture;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use nuages_signing::get_random_string;
use sha2::{Digest, Sha256};

use crate::cell::Cell;
use crate::expiry::EXPIRY_KEY;
use crate::key::VALID_KEY_CHARS;
use crate::state::Home;
use crate::store::{Custody, Loaded, Merged, Record, Seen, Stored};
use crate::{Session, SessionData, SessionEngine, SessionError, SessionHandle, SessionKey, isoformat};

/// What a digest is of, so that it is no digest of anything else.
const PURPOSE: &[u8] = b"nuages.sessions.lock:";
const LENGTH: usize = 40;

/// Who has the lock, by a random text.
pub(crate) const OWNER: &str = "_session_lock";
/// Until when, in milliseconds since 1970.
const UNTIL: &str = "_session_lock_until";

const WAIT: Duration = Duration::from_secs(10);
const LEASE: Duration = Duration::from_secs(30);

/// How long the record of a lock stays after its lease, if nobody removes it.
const REMAINS: TimeDelta = TimeDelta::minutes(1);

const FIRST_PAUSE: Duration = Duration::from_millis(3);
const LONGEST_PAUSE: Duration = Duration::from_millis(60);

impl Session {
    /// Asks for the session's lock: of all requests of this session that ask for it, in all processes and on all
    /// machines, one at a time gets it. Not in Django.
    ///
    /// Without it nothing is lost either: what requests set at the same time is merged. It is for a route whose work must
    /// not be done twice at once, such as paying.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// # let engine = nuages_sessions::SessionEngine::for_tests();
    /// # let handle = engine.session(None);
    /// # let session = handle.session().await?;
    /// # session.save().await?;
    /// use std::time::Duration;
    ///
    /// let lock = session.lock().wait(Duration::from_secs(3)).await?;
    /// // The values are those that the one before has left.
    /// session.set("paid", true)?;
    /// session.save().await?;
    /// lock.unlock().await?;
    /// # Ok::<_, nuages_sessions::SessionError>(()) }).unwrap();
    /// ```
    ///
    /// Save before you unlock: what the middleware saves at the end of the request comes after a lock that was dropped in
    /// the view.
    pub fn lock(&self) -> LockRequest<'_> {
        LockRequest { cell: &self.cell, wait: WAIT, lease: LEASE }
    }
}

impl SessionHandle {
    /// See [`Session::lock`]. Values need not have been read; the first read afterwards sees them as they are then.
    pub fn lock(&self) -> LockRequest<'_> {
        self.unread().lock()
    }
}

/// A lock that is asked for: `.await` it.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// use std::time::Duration;
///
/// # let engine = nuages_sessions::SessionEngine::for_tests();
/// # let handle = engine.session(None);
/// let lock = handle.lock().wait(Duration::from_secs(2)).lease(Duration::from_secs(60)).await?;
/// let session = handle.session().await?;
/// session.set("paid", true)?;
/// session.save().await?;
/// drop(lock);
/// # Ok::<_, nuages_sessions::SessionError>(()) }).unwrap();
/// ```
#[must_use = "a lock is taken when this is awaited"]
pub struct LockRequest<'a> {
    cell: &'a Cell,
    wait: Duration,
    lease: Duration,
}

impl<'a> LockRequest<'a> {
    /// How long to wait for it at most; 10 s otherwise. Then it is an error, status 503.
    pub fn wait(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// How long it holds at most; 30 s otherwise. After that somebody else may take it, though nobody has unlocked it: so a
    /// process that dies locks nobody out. The clocks of the machines must agree as far as that matters.
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    async fn take(self) -> Result<SessionLock, SessionError> {
        let engine = self.cell.engine.clone();
        if engine.custody() == Custody::Client {
            return Err(SessionError::no_lock());
        }
        let Some(key) = self.cell.key_of_old() else {
            // Nobody else can know a session that has no key yet.
            return Ok(SessionLock { engine, held: None, until: None });
        };
        let (key, start) = (lock_key(&key)?, Instant::now());
        let mut pause = FIRST_PAUSE;
        let seen = loop {
            let record = record(engine.now(), self.lease)?;
            if let Some(seen) = try_to_take(&engine, &key, &record).await? {
                break seen;
            }
            let left = self.wait.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Err(SessionError::locked());
            }
            tokio::time::sleep(uneven(pause).min(left)).await;
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        };
        let lock =
            SessionLock { engine, held: Some((key, seen)), until: Instant::now().checked_add(self.lease) };
        self.cell.refresh().await?;
        Ok(lock)
    }
}

impl<'a> IntoFuture for LockRequest<'a> {
    type Output = Result<SessionLock, SessionError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.take())
    }
}

impl fmt::Debug for LockRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LockRequest")
            .field("wait", &self.wait)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}

/// Makes the record of the lock, or takes over one whose lease is over; gives what was written.
async fn try_to_take(
    engine: &SessionEngine,
    key: &SessionKey,
    record: &Record,
) -> Result<Option<Seen>, SessionError> {
    let store = engine.store();
    if let Some(written) = engine.within_deadline(store.create(key, record)).await? {
        return Ok(Some(written.seen));
    }
    if let Loaded::Found(stored) = engine.within_deadline(store.load(key)).await?
        && !is_over(&stored, engine.now())
    {
        return Ok(None);
    }
    let (now, record) = (engine.now(), record.clone());
    let merge = Box::new(move |stored: Stored| is_over(&stored, now).then(|| record.clone()));
    match engine.within_deadline(store.merge(key, merge)).await? {
        Merged::Written(written) => Ok(Some(written.seen)),
        Merged::Left => Ok(None),
    }
}

fn is_over(stored: &Stored, now: DateTime<Utc>) -> bool {
    let until: Option<i64> = stored.data.get(UNTIL).ok().flatten();
    until.is_none_or(|until| until <= now.timestamp_millis())
}

fn record(now: DateTime<Utc>, lease: Duration) -> Result<Record, SessionError> {
    let out_of_range = || SessionError::bad_expiry("the lease of the lock is out of range");
    let lease = TimeDelta::from_std(lease).map_err(|_| out_of_range())?;
    let until = now.checked_add_signed(lease).ok_or_else(out_of_range)?;
    let end = until.checked_add_signed(REMAINS).ok_or_else(out_of_range)?;
    let mut data = SessionData::new();
    let nonce = get_random_string(16, VALID_KEY_CHARS);
    data.insert(OWNER, crate::data::to_raw(OWNER, &nonce)?);
    data.insert(UNTIL, crate::data::to_raw(UNTIL, &until.timestamp_millis())?);
    // A file has no other place for its end.
    data.insert(EXPIRY_KEY, crate::data::to_raw(EXPIRY_KEY, &isoformat(end))?);
    let age = end.signed_duration_since(now).num_seconds();
    Ok(Record::new(data, age, end))
}

/// A key of its own, which tells nobody the session's.
fn lock_key(key: &SessionKey) -> Result<SessionKey, SessionError> {
    let digest = Sha256::new().chain_update(PURPOSE).chain_update(key.as_str()).finalize();
    let text: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    SessionKey::new(text.get(..LENGTH).unwrap_or_default()).ok_or_else(SessionError::invalid_key)
}

/// Half as long to half as long again, so that those who wait do not come together.
fn uneven(pause: Duration) -> Duration {
    let percent = RandomState::new().hash_one(0).checked_rem(101).unwrap_or(0).saturating_add(50);
    let stretched = pause.saturating_mul(u32::try_from(percent).unwrap_or(100));
    stretched.checked_div(100).unwrap_or(pause)
}

/// A lock on a session; ends when it is dropped, by [`unlock`](Self::unlock), or with its lease.
#[must_use = "the lock ends when this is dropped"]
pub struct SessionLock {
    engine: SessionEngine,
    held: Option<(SessionKey, Seen)>,
    until: Option<Instant>,
}

impl SessionLock {
    /// How much of the lease is left; none once somebody else may take the lock.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.until.map_or(LEASE, |until| until.saturating_duration_since(Instant::now()))
    }

    /// Gives the lock back and waits until that is done; dropping it does the same in the background.
    ///
    /// # Errors
    ///
    /// `Unavailable` if the store is out of order; the lock ends with its lease then.
    pub async fn unlock(mut self) -> Result<(), SessionError> {
        match self.held.take() {
            Some((key, seen)) => give_back(&self.engine, &key, &seen).await,
            None => Ok(()),
        }
    }
}

/// Deletes the record if it is ours still.
async fn give_back(engine: &SessionEngine, key: &SessionKey, seen: &Seen) -> Result<(), SessionError> {
    engine.within_deadline(engine.store().retire(key, seen)).await.map(drop)
}

impl Drop for SessionLock {
    fn drop(&mut self) {
        if let (Some((key, seen)), Ok(runtime)) = (self.held.take(), tokio::runtime::Handle::try_current()) {
            let engine = self.engine.clone();
            runtime.spawn(async move {
                if let Err(error) = give_back(&engine, &key, &seen).await {
                    tracing::warn!(target: "nuages.sessions", "a session's lock stays until its lease ends: {error}");
                }
            });
        }
    }
}

/// Shows no key.
impl fmt::Debug for SessionLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionLock").field("remaining", &self.remaining()).finish_non_exhaustive()
    }
}

impl Cell {
    /// The key that other requests know the session by.
    fn key_of_old(&self) -> Option<SessionKey> {
        let state = self.lock();
        match &state.home {
            Home::Nowhere => None,
            Home::Held(_) => state.key.clone(),
            Home::Drawn(drawn) => drawn.predecessor.as_ref().map(|predecessor| predecessor.key.clone()),
        }
    }
}
