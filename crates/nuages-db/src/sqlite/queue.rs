//! The bounded queue in front of a database thread.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::job::Job;
use crate::error::{DbError, DbErrorKind};

/// Jobs that may wait; beyond it a stuck disk would eat the memory.
const MOST_JOBS: usize = 16_384;
/// Bytes that waiting jobs may keep alive: 64 MiB.
const MOST_BYTES: usize = 64 << 20;
/// Jobs in one transaction: bounds how long the lock is held while others wait.
const BATCH: usize = 256;

pub(super) struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Box<dyn Job>>,
    bytes: usize,
    closed: bool,
    /// Whether the thread sleeps; a waking call costs a system call that a busy thread does not need.
    asleep: bool,
}

impl Queue {
    pub(super) fn new() -> Queue {
        Queue { state: Mutex::new(State::default()), arrived: Condvar::new() }
    }

    pub(super) fn push(&self, job: Box<dyn Job>) -> Result<(), DbError> {
        let mut state = self.lock();
        if state.closed {
            return Err(DbError::closed());
        }
        let bytes = state.bytes.saturating_add(job.size());
        // A single job of any size may pass, or a large value could never be written.
        if state.jobs.len() >= MOST_JOBS || (bytes > MOST_BYTES && !state.jobs.is_empty()) {
            return Err(DbError::new(
                DbErrorKind::Overloaded,
                "too many operations wait for the database; look for a slow disk or a process that holds its lock",
            ));
        }
        state.bytes = bytes;
        state.jobs.push_back(job);
        let wake = std::mem::take(&mut state.asleep);
        drop(state);
        if wake {
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// Moves what waits into the empty `batch`, up to its limit and never more than one job that must be
    /// alone; waits for the first. `false` when the queue is closed and empty.
    pub(super) fn next_batch(&self, batch: &mut Vec<Box<dyn Job>>) -> bool {
        let mut state = self.lock();
        while state.jobs.is_empty() {
            if state.closed {
                return false;
            }
            state.asleep = true;
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.asleep = false;
        while batch.len() < BATCH {
            let alone = match state.jobs.front() {
                Some(next) => next.alone(),
                None => break,
            };
            if alone && !batch.is_empty() {
                break;
            }
            let Some(job) = state.jobs.pop_front() else { break };
            state.bytes = state.bytes.saturating_sub(job.size());
            batch.push(job);
            if alone {
                break;
            }
        }
        true
    }

    /// Refuses what comes from now on; what waits is still done.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
