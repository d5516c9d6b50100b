//! What a connection's parts tell each other: counters and flags, no locks.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use tokio::sync::OwnedSemaphorePermit;

use crate::drain::Shared;
use crate::peer::Peer;

/// The state that the socket, the requests and the timer of one connection share.
///
/// Every request holds it until it has ended, detached ones too, so its drop is the moment when nothing of the
/// connection runs any more: the seat becomes free and the drain counts one less.
#[derive(Debug)]
pub(crate) struct Progress {
    pub(crate) shared: Arc<Shared>,
    pub(crate) peer: Peer,
    _seat: OwnedSemaphorePermit,
    /// Bytes read from and written to the socket. Written by the socket alone.
    pub(crate) read: Count,
    pub(crate) written: Count,
    /// Whether the last read or write had to wait for the peer.
    pub(crate) read_blocked: Flag,
    pub(crate) write_blocked: Flag,
    /// Whether the peer has closed its side.
    pub(crate) ended: Flag,
    /// Makes the next read fail as timed out.
    pub(crate) fail_read: Flag,
    /// Whether the socket is to be reset when it is dropped, instead of closed.
    pub(crate) reset: Flag,
    /// Whether a request line was longer than the limit.
    pub(crate) long_target: Flag,
    /// Requests whose head has arrived.
    pub(crate) heads: Count,
    /// Requests whose answer has not been handed to hyper in full.
    pub(crate) in_flight: Count,
    /// Requests that run on although their client left.
    pub(crate) detached: Count,
    /// HTTP/2: counts heads, frames and ends of answers; a change is progress.
    pub(crate) events: Count,
    /// HTTP/2: answers with a frame that waits for room.
    pub(crate) holding: Count,
    /// HTTP/1: whether somebody may still read the body of the current request.
    pub(crate) body_open: Flag,
    /// HTTP/1: whether a body was left unread.
    pub(crate) body_left: Flag,
}

impl Progress {
    pub(crate) fn new(shared: Arc<Shared>, seat: OwnedSemaphorePermit, peer: Peer) -> Arc<Self> {
        shared.enter();
        Arc::new(Self {
            shared,
            peer,
            _seat: seat,
            read: Count::default(),
            written: Count::default(),
            read_blocked: Flag::default(),
            write_blocked: Flag::default(),
            ended: Flag::default(),
            fail_read: Flag::default(),
            reset: Flag::default(),
            long_target: Flag::default(),
            heads: Count::default(),
            in_flight: Count::default(),
            detached: Count::default(),
            events: Count::default(),
            holding: Count::default(),
            body_open: Flag::default(),
            body_left: Flag::default(),
        })
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.shared.leave();
    }
}

/// A relaxed counter: it orders nothing but itself.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicUsize);

impl Count {
    pub(crate) fn get(&self) -> usize {
        self.0.load(Relaxed)
    }

    /// Adds where only one task ever writes.
    pub(crate) fn advance(&self, n: usize) {
        self.0.store(self.get().wrapping_add(n), Relaxed);
    }

    pub(crate) fn increment(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    pub(crate) fn decrement(&self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// A relaxed flag.
#[derive(Debug, Default)]
pub(crate) struct Flag(AtomicBool);

impl Flag {
    pub(crate) fn get(&self) -> bool {
        self.0.load(Relaxed)
    }

    pub(crate) fn set(&self, value: bool) {
        self.0.store(value, Relaxed);
    }

    /// Sets, where only one task ever does, and gives what was.
    pub(crate) fn replace(&self, value: bool) -> bool {
        let was = self.get();
        if was != value {
            self.set(value);
        }
        was
    }

    /// Reads and clears, where only one task ever clears.
    pub(crate) fn take(&self) -> bool {
        self.replace(false)
    }
}
