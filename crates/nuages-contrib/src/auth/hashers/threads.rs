//! Where hashing runs: on threads that may block, only so many at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::error::{HasherError, HasherErrorKind};

/// How long a password waits for its turn before the answer is 503.
const PATIENCE: Duration = Duration::from_secs(10);

/// Turns, as many as there are processors: more at once would be no faster, and each may take 100 MiB.
pub(super) struct Threads {
    turns: Arc<Semaphore>,
}

impl Threads {
    pub(super) fn new(at_once: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(at_once.clamp(1, Semaphore::MAX_PERMITS))) }
    }

    pub(super) fn per_processor() -> Self {
        Self::new(std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HasherError> + Send + 'static,
    ) -> Result<T, HasherError> {
        let busy = || {
            HasherError::new(
                HasherErrorKind::Busy,
                "too many passwords are being hashed; try again in a moment",
            )
        };
        let turn = timeout(PATIENCE, self.turns.clone().acquire_owned()).await.map_err(|_| busy())?;
        let turn = turn.map_err(|_| busy())?;
        // The turn ends with the work: who asked may leave before.
        let work = spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        work.await.unwrap_or_else(|_| {
            Err(HasherError::new(HasherErrorKind::Failed, "a password hasher panicked; see the log"))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn only_so_many_at_once() {
        let threads = Threads::new(2);
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = || {
            let (running, most) = (running.clone(), most.clone());
            threads.run(move || {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(20));
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            })
        };
        let (a, b, c, d, e) = tokio::join!(work(), work(), work(), work(), work());
        assert!([a, b, c, d, e].iter().all(Result::is_ok));
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_gives_its_turn_back() {
        let threads = Threads::new(1);
        for _ in 0..3 {
            let failed = threads.run::<()>(|| std::panic::panic_any("broken")).await;
            assert_eq!(failed.unwrap_err().kind(), HasherErrorKind::Failed);
        }
        assert_eq!(threads.run(|| Ok(5)).await, Ok(5));
    }
}
