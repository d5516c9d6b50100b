//! Whether a body arrives fast enough.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::timeouts::Timeouts;

/// The moment that is `by` after `at`, or one that nobody lives to see: `Duration::MAX` stands for "never".
pub(crate) fn later(at: Instant, by: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365);
    at.checked_add(by.min(FAR)).unwrap_or(at)
}

/// The rule of how slow a body may be: no pause above `stall`, and after `grace` of waiting no less than `rate`
/// bytes a second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tempo {
    stall: Duration,
    grace: Duration,
    rate: u32,
}

impl Tempo {
    pub(crate) fn new(timeouts: &Timeouts) -> Self {
        Self { stall: timeouts.body_stall, grace: timeouts.body_grace, rate: timeouts.body_rate }
    }

    /// When a wait that began at `since` becomes too long, after `waited` in all earlier waits and `bytes`.
    pub(crate) fn deadline(
        &self,
        since: Instant,
        progress: Instant,
        waited: Duration,
        bytes: u64,
    ) -> Instant {
        let stalled = later(progress, self.stall);
        if self.rate == 0 {
            return stalled;
        }
        let allowed = self.grace.saturating_add(Duration::from_secs(bytes / u64::from(self.rate)));
        stalled.min(later(since, allowed.saturating_sub(waited)))
    }
}

/// The pace of one HTTP/2 body. It has no timer until it first has to wait.
#[derive(Debug)]
pub(crate) struct Pace {
    tempo: Tempo,
    bytes: u64,
    waited: Duration,
    since: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Pace {
    pub(crate) fn new(timeouts: &Timeouts) -> Self {
        Self { tempo: Tempo::new(timeouts), bytes: 0, waited: Duration::ZERO, since: None, timer: None }
    }

    /// Notes that the wait is over.
    pub(crate) fn arrived(&mut self, data: Option<&Bytes>) {
        self.bytes = self.bytes.saturating_add(data.map_or(0, Bytes::len) as u64);
        if let Some(since) = self.since.take() {
            self.waited = self.waited.saturating_add(since.elapsed());
        }
    }

    /// Ready when the peer has been waited for too long.
    pub(crate) fn poll_too_slow(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let since = *self.since.get_or_insert_with(Instant::now);
        let deadline = self.tempo.deadline(since, since, self.waited, self.bytes);
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        // An early timer is left to fire: that is cheaper than to set it again for each piece.
        if timer.deadline() > deadline {
            timer.as_mut().reset(deadline);
        }
        loop {
            ready!(timer.as_mut().poll(cx));
            if timer.deadline() >= deadline {
                return Poll::Ready(());
            }
            timer.as_mut().reset(deadline);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Instant, Tempo, later};

    #[test]
    fn a_body_is_late_by_its_pause_or_by_its_rate() {
        let s = Duration::from_secs;
        let tempo = Tempo { stall: s(10), grace: s(8), rate: 500 };
        let now = Instant::now();
        // Waited for so long in all, and got so many bytes: the next piece has this long.
        for (waited, bytes, left) in [
            (0, 0, 8),
            (5, 0, 3),
            (8, 0, 0),
            (9, 0, 0),
            (9, 499, 0),
            (9, 500, 0),
            (9, 1000, 1),
            (9, 1 << 20, 10),
        ] {
            assert_eq!(tempo.deadline(now, now, s(waited), bytes), now + s(left), "{waited} {bytes}");
        }
        let patient = Tempo { rate: 0, ..tempo };
        assert_eq!(patient.deadline(now, now, s(1000), 1), now + s(10));
        let never = Tempo { stall: Duration::MAX, grace: Duration::MAX, rate: 1 };
        assert!(never.deadline(now, now, s(1), u64::MAX) > now + s(1 << 20));
        assert!(later(now, Duration::MAX) > now);
    }
}
