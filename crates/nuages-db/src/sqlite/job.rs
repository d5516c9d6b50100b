//! A piece of work for one of the database's threads, and the way back of its answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::failure::{is_busy, translate};
use crate::error::{DbError, DbErrorKind};

/// How one run of a job went.
pub(super) enum Run {
    /// The job has its result; it counts once the transaction is committed.
    Done,
    /// A lock was in the way; the same run may succeed later.
    Busy,
    /// This job failed, which says nothing about the others.
    Failed(DbError),
}

/// [`Task`] with its types forgotten.
pub(super) trait Job: Send {
    fn deadline(&self) -> Instant;
    /// Bytes that the job keeps alive while it waits.
    fn size(&self) -> usize;
    /// Whether it needs a transaction of its own, and runs at most once.
    fn alone(&self) -> bool;
    /// Runs, perhaps once more after its transaction was rolled back.
    fn run(&mut self, connection: &Connection) -> Run;
    /// Sends the result of the last run, or the error that undid it.
    fn answer(self: Box<Self>, outcome: Result<(), DbError>);
}

pub(super) struct Task<T, F> {
    work: F,
    result: Option<T>,
    reply: oneshot::Sender<Result<T, DbError>>,
    deadline: Instant,
    size: usize,
    alone: bool,
}

impl<T, F> Task<T, F> {
    pub(super) fn new(
        work: F,
        reply: oneshot::Sender<Result<T, DbError>>,
        deadline: Instant,
        size: usize,
        alone: bool,
    ) -> Self {
        Task { work, result: None, reply, deadline, size, alone }
    }
}

impl<T: Send, F: FnMut(&Connection) -> rusqlite::Result<T> + Send> Job for Task<T, F> {
    fn deadline(&self) -> Instant {
        self.deadline
    }

    fn size(&self) -> usize {
        self.size
    }

    fn alone(&self) -> bool {
        self.alone
    }

    fn run(&mut self, connection: &Connection) -> Run {
        self.result = None;
        // A caller's closure that panics must not take the database's thread with it.
        match catch_unwind(AssertUnwindSafe(|| (self.work)(connection))) {
            Ok(Ok(result)) => {
                self.result = Some(result);
                Run::Done
            }
            Ok(Err(error)) if is_busy(&error) => Run::Busy,
            Ok(Err(error)) => Run::Failed(translate(error)),
            Err(_) => Run::Failed(DbError::new(
                DbErrorKind::Other,
                "the closure given to the database panicked; nothing was written",
            )),
        }
    }

    fn answer(self: Box<Self>, outcome: Result<(), DbError>) {
        let answer = match (outcome, self.result) {
            (Ok(()), Some(result)) => Ok(result),
            (Ok(()), None) => Err(DbError::new(DbErrorKind::Other, "the operation was never run")),
            (Err(error), _) => Err(error),
        };
        // Nobody waits any more: the work is done all the same.
        let _ = self.reply.send(answer);
    }
}
