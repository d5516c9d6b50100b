//! The writer: one thread, one connection, one transaction for whatever waits.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::watch;

use super::failure::{is_busy, translate};
use super::job::{Job, Run};
use super::queue::Queue;
use crate::error::{DbError, DbErrorKind};

/// The longest pause between two tries for a lock that another process holds.
const LONGEST_PAUSE: Duration = Duration::from_millis(5);

/// Starts the thread; the receiver's channel closes when the thread has ended and its connection is closed.
pub(super) fn start(connection: Connection, queue: Arc<Queue>) -> Result<watch::Receiver<()>, DbError> {
    let (alive, ended) = watch::channel(());
    spawn("nuages-db-write", move || {
        let mut batch = Vec::new();
        while queue.next_batch(&mut batch) {
            commit(&connection, &mut batch);
        }
        drop(connection);
        drop(alive);
    })?;
    Ok(ended)
}

pub(super) fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), DbError> {
    let thread = thread::Builder::new().name(name.to_owned()).spawn(body);
    thread.map(drop).map_err(|error| {
        DbError::with_source(
            DbErrorKind::Connect,
            "cannot start a thread for the database; raise the limit",
            error,
        )
    })
}

/// Writes a batch in one transaction and answers its jobs; if that fails, each job in a transaction of its own,
/// so that one that cannot be written does not take the others with it.
fn commit(connection: &Connection, batch: &mut Vec<Box<dyn Job>>) {
    match attempt(connection, batch) {
        Ok(outcomes) => {
            for (job, outcome) in batch.drain(..).zip(outcomes) {
                job.answer(outcome);
            }
        }
        Err(_) if batch.len() > 1 => {
            let mut one = Vec::with_capacity(1);
            for job in batch.drain(..) {
                one.push(job);
                commit(connection, &mut one);
            }
        }
        Err(error) => {
            for job in batch.drain(..) {
                job.answer(Err(error.clone()));
            }
        }
    }
}

/// One transaction around the jobs that still have time: each job's outcome, or why the transaction failed as a
/// whole, in which case it is undone.
fn attempt(
    connection: &Connection,
    batch: &mut Vec<Box<dyn Job>>,
) -> Result<Vec<Result<(), DbError>>, DbError> {
    begin(connection, batch)?;
    let mut outcomes = Vec::with_capacity(batch.len());
    for job in batch.iter_mut() {
        outcomes.push(match job.run(connection) {
            Run::Done => Ok(()),
            Run::Failed(error) => Err(error),
            Run::Busy => Err(DbError::timed_out()),
        });
        // A full disk or a failed write makes SQLite roll back by itself, and all before is undone.
        if connection.is_autocommit() {
            let failure = outcomes.pop().and_then(Result::err);
            return Err(
                failure.unwrap_or_else(|| DbError::new(DbErrorKind::Other, "the transaction was lost"))
            );
        }
    }
    let until = latest(batch);
    finish(connection, until).inspect_err(|_| roll_back(connection))?;
    Ok(outcomes)
}

/// Takes the write lock, and answers the jobs whose time runs out while waiting for it.
fn begin(connection: &Connection, batch: &mut Vec<Box<dyn Job>>) -> Result<(), DbError> {
    let mut pause = Pause::default();
    loop {
        for late in batch.extract_if(.., |job| job.deadline() <= Instant::now()) {
            late.answer(Err(DbError::timed_out()));
        }
        if batch.is_empty() {
            return Err(DbError::timed_out());
        }
        match execute(connection, "BEGIN IMMEDIATE") {
            Ok(()) => return Ok(()),
            Err(error) if is_busy(&error) => pause.take(),
            Err(error) => return Err(translate(error)),
        }
    }
}

/// Commits; without WAL, readers of other processes may be in the way for a moment.
fn finish(connection: &Connection, until: Instant) -> Result<(), DbError> {
    let mut pause = Pause::default();
    loop {
        match execute(connection, "COMMIT") {
            Ok(()) => return Ok(()),
            Err(error) if is_busy(&error) && Instant::now() < until => pause.take(),
            Err(error) => return Err(translate(error)),
        }
    }
}

fn roll_back(connection: &Connection) {
    if connection.is_autocommit() {
        return;
    }
    if let Err(error) = execute(connection, "ROLLBACK") {
        tracing::error!(%error, "a failed transaction could not be rolled back");
    }
}

fn latest(batch: &[Box<dyn Job>]) -> Instant {
    batch.iter().map(|job| job.deadline()).max().unwrap_or_else(Instant::now)
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}

/// Waits a little longer each time: 0.1 ms at first, 5 ms at last.
pub(super) struct Pause(Duration);

impl Default for Pause {
    fn default() -> Pause {
        Pause(Duration::from_micros(100))
    }
}

impl Pause {
    pub(super) fn take(&mut self) {
        thread::sleep(self.0);
        self.0 = self.0.saturating_mul(2).min(LONGEST_PAUSE);
    }
}
