//! PostgreSQL, MySQL and MariaDB.
//!
//! The tables' logic is written once, for statements that [`crate::sql`] words for each; a [`Connection`] hides
//! which driver it has. Each operation is a task of its own, which runs to its end though nobody waits for it any
//! more, so that a write is done or undone and its connection goes back to the [`Pool`].

mod cache;
mod connection;
mod failure;
mod migrate;
mod pool;
mod row;
mod sessions;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout, timeout_at};

use crate::error::{DbError, DbErrorKind};
use crate::sql::django_session::SessionSql;
use crate::sql::{Dialect, Kind, Statement, Value};
use crate::url::ServerUrl;
use connection::{Connection, Connector};
use failure::Failure;
use pool::{Lease, Pool};
use row::Row;

/// Operations that may be under way or wait; beyond it a stuck server would eat the memory.
const MOST_OPERATIONS: u32 = 16_384;

/// The first pause before work that others undid is tried again; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// A piece of work under way on a connection.
type Working<'c, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'c>>;

/// What a piece of work does, which decides what may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Care {
    /// It only reads: on a connection that turns out to be dead, it is run once more.
    Read,
    /// It writes: its connection is checked before, and nothing is sent twice.
    Write,
}

/// One database on a server.
pub(crate) struct ServerDatabase {
    dialect: Dialect,
    pool: Arc<Pool>,
    sessions: Arc<SessionSql>,
    operations: Arc<Semaphore>,
    closed: AtomicBool,
}

impl ServerDatabase {
    /// Connects to nothing yet.
    pub(crate) fn open(url: &ServerUrl) -> Result<ServerDatabase, DbError> {
        Ok(ServerDatabase {
            dialect: url.dialect,
            pool: Pool::new(Connector::new(url)?, url.limits),
            sessions: Arc::new(SessionSql::new(url.dialect)),
            operations: Arc::new(Semaphore::new(usize::try_from(MOST_OPERATIONS).unwrap_or(usize::MAX))),
            closed: AtomicBool::new(false),
        })
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Waits for everything under way, then closes the connections.
    pub(crate) async fn close(&self, deadline: Duration) -> Result<(), DbError> {
        self.closed.store(true, Ordering::Release);
        let all = timeout(deadline, self.operations.acquire_many(MOST_OPERATIONS)).await;
        let _all = all.map_err(|_| DbError::timed_out())?;
        self.pool.close_idle().await;
        Ok(())
    }

    /// Runs `work` on a connection, again where that is safe, and ends by the deadline.
    async fn run<T: Send + 'static>(
        &self,
        deadline: Duration,
        care: Care,
        work: impl for<'c> FnMut(&'c mut Connection) -> Working<'c, T> + Send + 'static,
    ) -> Result<T, DbError> {
        if self.closed.load(Ordering::Acquire) {
            return Err(DbError::closed());
        }
        let Ok(place) = Arc::clone(&self.operations).try_acquire_owned() else {
            return Err(DbError::new(
                DbErrorKind::Overloaded,
                "too many operations wait for the database; look for a slow server or raise max_connections",
            ));
        };
        let pool = Arc::clone(&self.pool);
        let task = tokio::spawn(async move {
            let outcome = attempts(&pool, deadline, care, work).await;
            drop(place);
            outcome
        });
        match task.await {
            Ok(outcome) => outcome,
            Err(ended) if ended.is_panic() => Err(DbError::new(
                DbErrorKind::Connect,
                "the database driver failed on what the server answered; check that it is the right kind of server",
            )),
            Err(_) => Err(DbError::closed()),
        }
    }

    /// Runs one statement that writes, and counts the rows that it found.
    pub(crate) async fn execute(
        &self,
        deadline: Duration,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<u64, DbError> {
        let call = Arc::new((statement, values));
        self.run(deadline, Care::Write, move |connection: &mut Connection| {
            let call = Arc::clone(&call);
            Box::pin(async move { connection.execute(&call.0, &call.1).await })
        })
        .await
    }

    /// Runs one query, and reads its rows.
    async fn query<T: Send + 'static>(
        &self,
        deadline: Duration,
        statement: Statement,
        values: Vec<Value>,
        read: fn(&Row) -> Result<T, Failure>,
    ) -> Result<Vec<T>, DbError> {
        let call = Arc::new((statement, values));
        self.run(deadline, Care::Read, move |connection: &mut Connection| {
            let call = Arc::clone(&call);
            Box::pin(async move { connection.rows(&call.0, &call.1).await?.iter().map(read).collect() })
        })
        .await
    }

    /// Runs one query for columns of these kinds.
    pub(crate) async fn cells(
        &self,
        deadline: Duration,
        statement: Statement,
        values: Vec<Value>,
        kinds: &'static [Kind],
    ) -> Result<Vec<Vec<Value>>, DbError> {
        let call = Arc::new((statement, values));
        self.run(deadline, Care::Read, move |connection: &mut Connection| {
            let call = Arc::clone(&call);
            Box::pin(async move {
                connection.rows(&call.0, &call.1).await?.iter().map(|row| row.values(kinds)).collect()
            })
        })
        .await
    }

    /// Deletes batch after batch, each with the deadline to itself, until one is not full; counts the rows.
    async fn in_batches(
        &self,
        deadline: Duration,
        batch: u32,
        statement: &Statement,
        values: &[Value],
    ) -> Result<u64, DbError> {
        let mut total = 0_u64;
        loop {
            let mut values = values.to_vec();
            values.push(i64::from(batch).into());
            let deleted = self.execute(deadline, statement.clone(), values).await?;
            total = total.saturating_add(deleted);
            if deleted < u64::from(batch) {
                return Ok(total);
            }
        }
    }
}

async fn attempts<T>(
    pool: &Arc<Pool>,
    deadline: Duration,
    care: Care,
    mut work: impl for<'c> FnMut(&'c mut Connection) -> Working<'c, T> + Send,
) -> Result<T, DbError> {
    let start = Instant::now();
    let until = start.checked_add(deadline).unwrap_or(start);
    let (mut pause, mut repeated) = (FIRST_PAUSE, false);
    loop {
        let mut lease = pool.lease(until, deadline, care == Care::Write).await?;
        let outcome = timeout_at(until, async {
            lease.connection.limit(deadline).await?;
            work(&mut lease.connection).await
        });
        match outcome.await {
            Ok(Ok(value)) => {
                lease.keep();
                return Ok(value);
            }
            Ok(Err(Failure::Lost(error))) => {
                let may_repeat = care == Care::Read && !lease.is_new && !repeated;
                lease.discard_all();
                if !may_repeat {
                    return Err(error);
                }
                repeated = true;
            }
            Ok(Err(Failure::Again(error))) => {
                tidy(lease, until).await;
                // Not all at the same moment again.
                let jitter = pause.mul_f64(0.5 + f64::from(start.elapsed().subsec_nanos() % 1_000) / 1_000.0);
                if Instant::now() + jitter >= until {
                    return Err(error);
                }
                tokio::time::sleep(jitter).await;
                pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
            }
            Ok(Err(Failure::Taken(error) | Failure::Refused(error))) => {
                tidy(lease, until).await;
                return Err(error);
            }
            // Nobody knows what the server is at; the connection is closed.
            Err(_) => return Err(DbError::timed_out()),
        }
    }
}

/// Undoes what is open, and gives the connection back if that worked.
async fn tidy(mut lease: Lease, until: Instant) {
    if matches!(timeout_at(until, lease.connection.roll_back()).await, Ok(Ok(()))) {
        lease.keep();
    }
}
