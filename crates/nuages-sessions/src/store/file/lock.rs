//! Turns between the writers of one file.

use std::fs::{File, TryLockError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than any writer holds a lock, shorter than anybody wants to wait.
const PATIENCE: Duration = Duration::from_secs(2);

/// Queues in this process, so that its own writers wait for each other in their sleep; processes poll.
#[derive(Debug)]
pub(super) struct Queues {
    queues: Vec<Mutex<()>>,
    hasher: RandomState,
}

impl Queues {
    pub(super) fn new() -> Self {
        Self { queues: (0..64).map(|_| Mutex::new(())).collect(), hasher: RandomState::new() }
    }

    /// A turn among those who want `name`; two names may share a queue.
    pub(super) fn turn(&self, name: &str) -> Option<MutexGuard<'_, ()>> {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(name.as_bytes());
        let index = usize::try_from(hasher.finish() % 64).unwrap_or_default();
        let queue = self.queues.get(index)?;
        Some(queue.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Waits for the lock on an open file; other processes of nuages hold it for the time of a rename.
pub(super) fn wait(file: &File) -> io::Result<()> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(20);
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if start.elapsed() > PATIENCE => {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "another process has held the lock of a session file for two seconds",
                ));
            }
            Err(TryLockError::WouldBlock) => thread::sleep(pause),
        }
        pause = pause.saturating_mul(2).min(Duration::from_millis(5));
    }
}
