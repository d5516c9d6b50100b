//! The writer: one thread, one connection, one transaction for whatever waits.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::watch;

use super::connection::Opener;
use super::failure::{is_busy, translate};
use super::job::{Job, Run};
use super::queue::Queue;
use crate::error::{DbError, DbErrorKind};

/// The longest pause between two tries for a lock that another process holds.
const LONGEST_PAUSE: Duration = Duration::from_millis(5);

/// Starts the thread; the receiver's channel closes when the thread has ended and its connection is closed.
pub(super) fn start(opener: Opener, queue: Arc<Queue>) -> Result<watch::Receiver<()>, DbError> {
    let mut connection = opener.open_writer()?;
    let (alive, ended) = watch::channel(());
    spawn("nuages-db-write", move || {
        let mut batch = Vec::new();
        let mut writable = true;
        while queue.next_batch(&mut batch) {
            // A file that could not be written when it was opened may be writable by now.
            if !writable && let Ok(again) = opener.open_writer() {
                connection = again;
            }
            writable = commit(&connection, &mut batch);
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
/// so that one that cannot be written does not take the others with it. `false` if the database was read-only.
fn commit(connection: &Connection, batch: &mut Vec<Box<dyn Job>>) -> bool {
    let mut writable = true;
    match attempt(connection, batch) {
        Ok(outcomes) => {
            for (job, outcome) in batch.drain(..).zip(outcomes) {
                writable &= !is_read_only(&outcome);
                job.answer(outcome);
            }
        }
        Err(_) if batch.len() > 1 => {
            let mut one = Vec::with_capacity(1);
            for job in batch.drain(..) {
                one.push(job);
                writable &= commit(connection, &mut one);
            }
        }
        Err(error) => {
            let outcome = Err(error);
            writable = !is_read_only(&outcome);
            for job in batch.drain(..) {
                job.answer(outcome.clone());
            }
        }
    }
    writable
}

fn is_read_only(outcome: &Result<(), DbError>) -> bool {
    outcome.as_ref().is_err_and(|error| error.kind() == DbErrorKind::ReadOnly)
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
    // What failed alone leaves nothing half done.
    if let [Err(error)] = outcomes.as_slice() {
        roll_back(connection);
        return Err(error.clone());
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

#[cfg(test)]
mod tests {
    use super::super::job::Task;
    use super::*;
    use rusqlite::Error;
    use tokio::sync::oneshot::{self, Receiver};

    type Answer = Receiver<Result<usize, DbError>>;

    fn database() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (v TEXT NOT NULL UNIQUE)").unwrap();
        connection
    }

    fn job(
        patience: Duration,
        work: impl FnMut(&Connection) -> rusqlite::Result<usize> + Send + 'static,
    ) -> (Box<dyn Job>, Answer) {
        let (reply, answer) = oneshot::channel();
        (Box::new(Task::new(work, reply, Instant::now() + patience, 0, false)), answer)
    }

    fn insert(value: String) -> (Box<dyn Job>, Answer) {
        job(Duration::from_secs(2), move |connection| {
            connection.execute("INSERT INTO t VALUES (?1)", [&value])
        })
    }

    fn run(connection: &Connection, jobs: Vec<(Box<dyn Job>, Answer)>) -> Vec<Result<usize, DbErrorKind>> {
        let (mut batch, answers): (Vec<_>, Vec<_>) = jobs.into_iter().unzip();
        commit(connection, &mut batch);
        assert!(connection.is_autocommit(), "a transaction was left open");
        answers
            .into_iter()
            .map(|mut answer| answer.try_recv().unwrap().map_err(|error| error.kind()))
            .collect()
    }

    fn rows(connection: &Connection) -> i64 {
        connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_failing_statement_spoils_no_other() {
        let connection = database();
        let jobs = vec![
            insert("a".into()),
            insert("a".into()),
            job(Duration::from_secs(2), |connection| {
                connection.execute("INSERT INTO nowhere VALUES (1)", [])
            }),
            job(Duration::from_secs(2), |_| panic!("a caller's closure")),
            job(Duration::from_secs(2), |_| Err(Error::InvalidQuery)),
            insert("b".into()),
        ];
        let other = Err(DbErrorKind::Other);
        assert_eq!(
            run(&connection, jobs),
            [Ok(1), other, Err(DbErrorKind::MissingTable), other, other, Ok(1)]
        );
        assert_eq!(rows(&connection), 2);
    }

    #[test]
    fn one_too_large_for_the_disk_spoils_no_other() {
        let connection = database();
        connection.execute_batch("PRAGMA max_page_count = 20").unwrap();
        let jobs = vec![insert("a".into()), insert("x".repeat(1_000_000)), insert("b".into())];
        assert_eq!(run(&connection, jobs), [Ok(1), Err(DbErrorKind::Full), Ok(1)]);
        assert_eq!(rows(&connection), 2);
    }

    #[test]
    fn a_database_that_takes_no_writes_says_so() {
        let connection = database();
        connection.execute_batch("PRAGMA query_only = ON").unwrap();
        assert_eq!(run(&connection, vec![insert("a".into())]), [Err(DbErrorKind::ReadOnly)]);
        connection.execute_batch("PRAGMA query_only = OFF").unwrap();
        assert_eq!(run(&connection, vec![insert("a".into())]), [Ok(1)]);
    }

    #[test]
    fn what_is_late_is_not_run() {
        let connection = database();
        let late = job(Duration::ZERO, |connection| connection.execute("INSERT INTO t VALUES ('late')", []));
        let jobs = vec![late, insert("a".into())];
        assert_eq!(run(&connection, jobs), [Err(DbErrorKind::TimedOut), Ok(1)]);
        assert_eq!(rows(&connection), 1);
    }
}
