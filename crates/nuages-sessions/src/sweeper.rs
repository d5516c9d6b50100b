//! Deleting what has expired, now and then.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use crate::SessionEngine;

/// However often it is asked for.
const SHORTEST: Duration = Duration::from_secs(1);

impl SessionEngine {
    /// Deletes expired sessions for ever, about once in `interval`, and logs how many: what the command `clearsessions`
    /// does, for servers that nobody runs it on (SESSION_SWEEP_INTERVAL). Not in Django.
    ///
    /// The pauses differ by up to a quarter, so that many servers do not sweep together. Drop the future to end it.
    pub async fn sweep_every(&self, interval: Duration) {
        loop {
            tokio::time::sleep(uneven(interval.max(SHORTEST))).await;
            match self.clear_expired().await {
                Ok(count) => tracing::info!(target: "nuages.sessions", "deleted {count} expired sessions"),
                Err(error) => {
                    tracing::error!(target: "nuages.sessions", "expired sessions were not deleted: {error}");
                }
            }
        }
    }
}

/// Three quarters of it to five quarters.
fn uneven(interval: Duration) -> Duration {
    let thousandths = RandomState::new().hash_one(0).checked_rem(501).unwrap_or(250).saturating_add(750);
    let stretched = interval.saturating_mul(u32::try_from(thousandths).unwrap_or(1000));
    stretched.checked_div(1000).unwrap_or(interval)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_differ_by_a_quarter() {
        let second = Duration::from_secs(1);
        let pauses: Vec<Duration> = (0..200).map(|_| uneven(second)).collect();
        assert!(
            pauses
                .iter()
                .all(|pause| (Duration::from_millis(750)..=Duration::from_millis(1250)).contains(pause))
        );
        assert!(pauses.iter().any(|pause| *pause < second) && pauses.iter().any(|pause| *pause > second));
    }
}
