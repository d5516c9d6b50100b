//! The pool of connections to one server.
//!
//! Connections are opened when they are needed and given back by the work itself, which always runs to its end; so
//! none can be lost to a caller that stops waiting, and none needs a question to the server after each use.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use super::connection::{Connection, Connector};
use crate::error::{DbError, DbErrorKind};
use crate::url::Limits;

/// A connection that lay unused for longer is asked whether it is alive before something is written through it.
const TRUSTED: Duration = Duration::from_millis(250);

/// How long saying goodbye may take.
const FAREWELL: Duration = Duration::from_secs(1);

pub(super) struct Pool {
    connector: Connector,
    limits: Limits,
    permits: Arc<Semaphore>,
    /// The one used last is at the back.
    idle: Mutex<VecDeque<Idle>>,
    /// Whether a task looks after the idle ones.
    tended: AtomicBool,
}

struct Idle {
    connection: Connection,
    born: Instant,
    since: Instant,
}

/// A connection in use. Dropped, it is closed; [`keep`](Lease::keep) gives it back.
pub(super) struct Lease {
    pub(super) connection: Connection,
    /// Whether it was opened for this use, so that the server was there a moment ago.
    pub(super) is_new: bool,
    born: Instant,
    pool: Arc<Pool>,
    _permit: OwnedSemaphorePermit,
}

impl Pool {
    pub(super) fn new(connector: Connector, limits: Limits) -> Arc<Pool> {
        let permits = usize::try_from(limits.connections).unwrap_or(usize::MAX);
        Arc::new(Pool {
            connector,
            limits,
            permits: Arc::new(Semaphore::new(permits.min(Semaphore::MAX_PERMITS))),
            idle: Mutex::default(),
            tended: AtomicBool::new(false),
        })
    }

    /// A connection before `until`: one that lay idle, or a new one. With `checked`, one that is known to work.
    pub(super) async fn lease(
        self: &Arc<Pool>,
        until: Instant,
        limit: Duration,
        checked: bool,
    ) -> Result<Lease, DbError> {
        let permit = match timeout_at(until, Arc::clone(&self.permits).acquire_owned()).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(DbError::closed()),
            Err(_) => return Err(exhausted()),
        };
        while let Some(Idle { mut connection, born, since }) = self.take_idle() {
            if checked && since.elapsed() > TRUSTED {
                match timeout_at(until, connection.ping()).await {
                    Ok(true) => {}
                    // The others were opened to the same server, which has gone or is not answering.
                    Ok(false) => {
                        self.forget_idle();
                        continue;
                    }
                    Err(_) => {
                        self.forget_idle();
                        return Err(unreachable_server());
                    }
                }
            }
            return Ok(Lease { connection, is_new: false, born, pool: Arc::clone(self), _permit: permit });
        }
        match timeout_at(until, self.connector.connect(limit)).await {
            Ok(Ok(connection)) => Ok(Lease {
                connection,
                is_new: true,
                born: Instant::now(),
                pool: Arc::clone(self),
                _permit: permit,
            }),
            Ok(Err(failure)) => Err(explain_connect(failure.into_error())),
            Err(_) => Err(unreachable_server()),
        }
    }

    /// The idle connection that was used last, if it is not too old.
    fn take_idle(&self) -> Option<Idle> {
        let mut idle = self.lock();
        while let Some(last) = idle.pop_back() {
            if !self.is_over(&last) {
                return Some(last);
            }
        }
        None
    }

    fn is_over(&self, idle: &Idle) -> bool {
        idle.since.elapsed() > self.limits.idle || idle.born.elapsed() > self.limits.lifetime
    }

    /// Drops the idle connections: what happened to one has happened to all.
    pub(super) fn forget_idle(&self) {
        let gone = std::mem::take(&mut *self.lock());
        drop(gone);
    }

    /// Says goodbye on every idle connection.
    pub(super) async fn close_idle(&self) {
        let idle = std::mem::take(&mut *self.lock());
        for Idle { connection, .. } in idle {
            let _ = timeout(FAREWELL, connection.close()).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the task that closes what has lain idle for too long, unless it runs.
    fn tend(self: &Arc<Pool>) {
        if self.tended.swap(true, Ordering::AcqRel) {
            return;
        }
        let tending = Tending(Arc::downgrade(self));
        let pause = (self.limits.idle / 4).max(Duration::from_millis(50));
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(pause).await;
                let Some(pool) = tending.0.upgrade() else { return };
                for Idle { connection, .. } in pool.take_over() {
                    let _ = timeout(FAREWELL, connection.close()).await;
                }
                // Under the lock: whoever gives a connection back after this starts another task.
                let idle = pool.lock();
                if idle.is_empty() {
                    drop(tending);
                    return;
                }
            }
        });
    }

    /// The idle connections whose time is over.
    fn take_over(&self) -> VecDeque<Idle> {
        let mut idle = self.lock();
        let (over, left) = std::mem::take(&mut *idle).into_iter().partition(|idle| self.is_over(idle));
        *idle = left;
        over
    }
}

/// Unsets the mark however the task ends: with its runtime, too.
struct Tending(Weak<Pool>);

impl Drop for Tending {
    fn drop(&mut self) {
        if let Some(pool) = self.0.upgrade() {
            pool.tended.store(false, Ordering::Release);
        }
    }
}

impl Lease {
    /// Gives the connection back for others to use.
    pub(super) fn keep(self) {
        let Lease { connection, born, pool, _permit, .. } = self;
        pool.lock().push_back(Idle { connection, born, since: Instant::now() });
        pool.tend();
    }

    /// Closes the connection, and the idle ones with it.
    pub(super) fn discard_all(self) {
        self.pool.forget_idle();
    }
}

fn exhausted() -> DbError {
    DbError::new(
        DbErrorKind::Overloaded,
        "no connection to the database became free before the deadline; raise max_connections or look for slow queries",
    )
}

fn unreachable_server() -> DbError {
    DbError::new(
        DbErrorKind::TimedOut,
        "the database server did not answer before the deadline; check that it runs and can be reached",
    )
}

/// While connecting, nothing was under way.
fn explain_connect(error: DbError) -> DbError {
    if error.kind() == DbErrorKind::Connect && error.to_string().contains("was lost") {
        return DbError::with_source(
            DbErrorKind::Connect,
            "the database server cannot be reached; check that it runs, and the host and port in the URL",
            error,
        );
    }
    error
}
