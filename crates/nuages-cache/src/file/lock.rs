//! Turns between the writers of one file.

use std::fs::{File, TryLockError};
use std::hash::BuildHasher;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use foldhash::fast::RandomState;

/// Queues in this process, so that its own writers wait for each other in their sleep; processes poll.
pub(super) struct Queues {
    queues: Vec<Mutex<()>>,
    hasher: RandomState,
}

impl Queues {
    pub(super) fn new() -> Queues {
        Queues { queues: (0..64).map(|_| Mutex::new(())).collect(), hasher: RandomState::default() }
    }

    /// A turn among those who want `name`; two names may share a queue.
    pub(super) fn turn(&self, name: &str) -> Option<MutexGuard<'_, ()>> {
        let index = usize::try_from(self.hasher.hash_one(name) % 64).unwrap_or_default();
        Some(self.queues.get(index)?.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Waits for the lock on an open file; others hold it for the time of a rename.
pub(super) fn wait(file: &File, until: Instant) -> io::Result<()> {
    let mut pause = Duration::from_micros(20);
    let mut is_first = true;
    loop {
        if !is_first && Instant::now() > until {
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "another process has held the lock of a cache file for too long",
            ));
        }
        is_first = false;
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => thread::sleep(pause),
        }
        pause = pause.saturating_mul(2).min(Duration::from_millis(5));
    }
}
