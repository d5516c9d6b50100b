//! The tasks to wake when the server's state changes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use crate::drain::Shared;

/// The wakers of all connections and detached requests. A task adds itself once, so waiting for a change costs
/// a connection nothing when it is polled.
#[derive(Debug, Default)]
pub(crate) struct Wakers(Mutex<Slots>);

#[derive(Debug, Default)]
struct Slots {
    wakers: Vec<Option<Waker>>,
    free: Vec<usize>,
}

impl Wakers {
    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn wake_all(&self) {
        // Not under the lock: to wake may drop a task, and that takes its ticket back.
        let wakers: Vec<Waker> = self.slots().wakers.iter().flatten().cloned().collect();
        for waker in wakers {
            waker.wake();
        }
    }
}

/// A task's place among the [`Wakers`].
#[derive(Debug)]
pub(crate) struct Ticket {
    shared: Arc<Shared>,
    slot: usize,
}

impl Ticket {
    pub(crate) fn new(shared: &Arc<Shared>, waker: &Waker) -> Self {
        let mut slots = shared.wakers.slots();
        let slot = slots.free.pop().unwrap_or(slots.wakers.len());
        match slots.wakers.get_mut(slot) {
            Some(place) => *place = Some(waker.clone()),
            None => slots.wakers.push(Some(waker.clone())),
        }
        drop(slots);
        Self { shared: shared.clone(), slot }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut slots = self.shared.wakers.slots();
        let waker = slots.wakers.get_mut(self.slot).and_then(Option::take);
        slots.free.push(self.slot);
        drop(slots);
        drop(waker);
    }
}
