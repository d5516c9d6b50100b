//! The mark that a request still runs.

use std::sync::Arc;

use crate::progress::Progress;

/// Held from the head of a request to the end of its answer.
#[derive(Debug)]
pub(crate) struct InFlight {
    progress: Arc<Progress>,
    multiplexed: bool,
    holding: bool,
}

impl InFlight {
    pub(crate) fn new(progress: Arc<Progress>, multiplexed: bool) -> Self {
        progress.in_flight.increment();
        if multiplexed {
            progress.events.increment();
        }
        Self { progress, multiplexed, holding: false }
    }

    pub(crate) fn progress(&self) -> &Arc<Progress> {
        &self.progress
    }

    /// Tells whether the answer's last frame may still wait for room: hyper asks for the next one only when it
    /// could hand over the last.
    pub(crate) fn hold(&mut self, holding: bool) {
        if !self.multiplexed {
            return;
        }
        if holding {
            self.progress.events.increment();
        }
        if self.holding != holding {
            self.holding = holding;
            if holding {
                self.progress.holding.increment();
            } else {
                self.progress.holding.decrement();
            }
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.hold(false);
        if self.multiplexed {
            self.progress.events.increment();
        }
        self.progress.in_flight.decrement();
    }
}
