//! When a connection has waited for its peer long enough.

use tokio::time::{Duration, Instant};

use crate::pace::{Tempo, later};
use crate::progress::Progress;

/// What a peer was too slow with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Late {
    FirstByte,
    Header,
    Body,
    Write,
    /// Nothing to blame: no request came for a while.
    Idle,
    /// The peer was told that the connection ends, and does not end it.
    Goodbye,
    /// Only time to look again.
    Check,
}

/// The next moment at which something will have lasted too long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    pub(crate) late: Late,
}

/// What a connection saw at its last look. It looks after each poll and compares, so nothing on the way of a
/// request has to read the clock.
#[derive(Debug)]
pub(crate) struct Watch {
    looked: Instant,
    heads: usize,
    /// Bytes read when the current wait for a request began.
    idle_read: usize,
    idle_since: Option<Instant>,
    head_since: Option<Instant>,
    body_read: usize,
    body_since: Option<Instant>,
    body_progress: usize,
    body_waited: Duration,
    written: usize,
    write_since: Option<Instant>,
    events: usize,
    moved: Instant,
}

impl Watch {
    /// The watch over a connection whose first byte arrived at `began`.
    pub(crate) fn new(began: Instant) -> Self {
        Self {
            looked: began,
            heads: 0,
            idle_read: 0,
            idle_since: None,
            head_since: Some(began),
            body_read: 0,
            body_since: None,
            body_progress: 0,
            body_waited: Duration::ZERO,
            written: 0,
            write_since: None,
            events: 0,
            moved: began,
        }
    }

    /// Whether the connection has been between two requests for at least `least`.
    pub(crate) fn idle_for(&self, now: Instant, least: Duration) -> bool {
        self.head_since.is_none() && self.idle_since.is_some_and(|since| now >= later(since, least))
    }

    /// Whether a part of a request's head has arrived on a connection that has served others.
    pub(crate) fn in_next_head(&self, progress: &Progress) -> bool {
        self.heads > 0 && self.head_since.is_some() && self.heads == progress.heads.get()
    }

    /// When an HTTP/2 connection last got something done.
    pub(crate) fn moved(&self) -> Instant {
        self.moved
    }

    /// Looks at an HTTP/1 connection that waits.
    pub(crate) fn http1(&mut self, now: Instant, progress: &Progress) -> Option<Deadline> {
        let read = progress.read.get();
        if self.heads != progress.heads.get() {
            self.heads = progress.heads.get();
            self.head_since = None;
            self.idle_since = None;
            self.body_since = None;
            self.body_waited = Duration::ZERO;
            self.body_read = read;
            self.idle_read = read;
        }
        let write = self.write(now, progress);
        let read = if progress.body_open.get() && progress.read_blocked.get() {
            Some(self.body(now, read, &Tempo::new(&progress.shared.timeouts)))
        } else {
            self.end_body_wait(now);
            // While an answer waits to be read, nothing else can be expected.
            let between = progress.in_flight.get() == 0 && write.is_none();
            between.then(|| self.between(now, read, progress))
        };
        self.looked = now;
        earlier(read, write)
    }

    fn write(&mut self, now: Instant, progress: &Progress) -> Option<Deadline> {
        let written = progress.written.get();
        if !progress.write_blocked.get() {
            self.write_since = None;
            return None;
        }
        if self.write_since.is_none() || written != self.written {
            self.written = written;
            self.write_since = Some(now);
        }
        let since = self.write_since.unwrap_or(now);
        Some(Deadline { at: later(since, progress.shared.timeouts.write_stall), late: Late::Write })
    }

    fn body(&mut self, now: Instant, read: usize, tempo: &Tempo) -> Deadline {
        let waited_before = self.body_since.is_some();
        if waited_before {
            self.body_waited = self.body_waited.saturating_add(now.saturating_duration_since(self.looked));
        }
        if !waited_before || read != self.body_progress {
            self.body_since = Some(now);
            self.body_progress = read;
        }
        let bytes = read.wrapping_sub(self.body_read) as u64;
        let at = tempo.deadline(now, self.body_since.unwrap_or(now), self.body_waited, bytes);
        Deadline { at, late: Late::Body }
    }

    fn end_body_wait(&mut self, now: Instant) {
        if self.body_since.take().is_some() {
            self.body_waited = self.body_waited.saturating_add(now.saturating_duration_since(self.looked));
        }
    }

    /// Between two requests, or in the head of one.
    fn between(&mut self, now: Instant, read: usize, progress: &Progress) -> Deadline {
        let timeouts = &progress.shared.timeouts;
        if self.idle_since.is_none() && self.head_since.is_none() {
            self.idle_since = Some(now);
            self.idle_read = read;
        }
        if read != self.idle_read && !progress.body_open.get() {
            self.head_since.get_or_insert(now);
        }
        match (self.head_since, self.idle_since) {
            (Some(since), _) => Deadline { at: later(since, timeouts.header), late: Late::Header },
            (None, since) => {
                Deadline { at: later(since.unwrap_or(now), timeouts.keep_alive), late: Late::Idle }
            }
        }
    }

    /// Looks at an HTTP/2 connection that waits.
    pub(crate) fn http2(&mut self, now: Instant, progress: &Progress) -> Option<Deadline> {
        // So little is also written for a peer that only pings.
        const MOVES: usize = 1024;
        let timeouts = &progress.shared.timeouts;
        let (events, written) = (progress.events.get(), progress.written.get());
        if self.events != events || written.wrapping_sub(self.idle_read) >= MOVES {
            self.events = events;
            self.idle_read = written;
            self.moved = now;
        }
        let open = progress.in_flight.get() > 0;
        if progress.heads.get() > 0 {
            self.head_since = None;
        }
        self.idle_since = (!open).then_some(self.moved);
        let write = self.write(now, progress);
        let quiet = if open {
            let late = if progress.holding.get() > 0 { Late::Write } else { Late::Check };
            // Answers begin to wait in tasks of their own, so the connection looks again and again.
            if late == Late::Check && now >= later(self.moved, timeouts.write_stall) {
                self.moved = now;
            }
            Deadline { at: later(self.moved, timeouts.write_stall), late }
        } else if self.head_since.is_some() {
            Deadline { at: later(self.moved, timeouts.header), late: Late::Idle }
        } else {
            Deadline { at: later(self.moved, timeouts.keep_alive), late: Late::Idle }
        };
        self.looked = now;
        earlier(Some(quiet), write)
    }
}

fn earlier(a: Option<Deadline>, b: Option<Deadline>) -> Option<Deadline> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.at < a.at { b } else { a }),
        (a, b) => a.or(b),
    }
}
