//! Reading: on the calling thread if nothing is in the way, else on a thread that may wait.

use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::connection::Opener;
use super::failure::{is_busy, translate};
use super::hand_over;
use super::job::{Job, Run};
use super::queue::Queue;
use super::writer::{Pause, spawn};
use crate::error::DbError;

pub(super) struct Readers {
    /// Enough for every worker thread of a runtime; `None` after closing.
    slots: Box<[Mutex<Option<Connection>>]>,
    waiting: Arc<Queue>,
}

impl Readers {
    pub(super) fn open(opener: &Opener) -> Result<Readers, DbError> {
        let count = thread::available_parallelism().map_or(4, NonZero::get).clamp(2, 16);
        let slots: Result<Box<[_]>, DbError> =
            (0..count).map(|_| Ok(Mutex::new(Some(opener.open_reader()?)))).collect();
        let waiting = Arc::new(Queue::new());
        let (connection, queue) = (opener.open_reader()?, Arc::clone(&waiting));
        let readers = Readers { slots: slots?, waiting };
        spawn("nuages-db-read", move || {
            let mut batch = Vec::new();
            while queue.next_batch(&mut batch) {
                for job in batch.drain(..) {
                    patiently(&connection, job);
                }
            }
        })?;
        Ok(readers)
    }

    /// Reads here and now; `None` if that would mean to wait for a connection or a lock.
    pub(super) fn inline<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Option<Result<T, DbError>> {
        let slot = self.slots.iter().find_map(|slot| match slot.try_lock() {
            Ok(connection) => Some(connection),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        })?;
        match read(slot.as_ref()?) {
            Err(error) if is_busy(&error) => None,
            outcome => Some(outcome.map_err(translate)),
        }
    }

    /// Reads on the thread that may wait for a lock.
    pub(super) async fn waiting<T: Send + 'static>(
        &self,
        deadline: Duration,
        read: impl FnMut(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, DbError> {
        hand_over(&self.waiting, 0, false, deadline, read).await
    }

    pub(super) fn close(&self) {
        self.waiting.close();
        for slot in &self.slots {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.waiting.close();
    }
}

/// Runs a read until no lock is in its way or its time is over.
fn patiently(connection: &Connection, mut job: Box<dyn Job>) {
    let mut pause = Pause::default();
    let outcome = loop {
        if job.deadline() <= Instant::now() {
            break Err(DbError::timed_out());
        }
        match job.run(connection) {
            Run::Done => break Ok(()),
            Run::Busy => pause.take(),
            Run::Failed(error) => break Err(error),
        }
    };
    job.answer(outcome);
}
