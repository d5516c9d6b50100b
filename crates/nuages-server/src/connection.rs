//! One connection from its first byte to its end.

use std::error::Error as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use pin_project_lite::pin_project;
use tokio::time::{Duration, Instant, Sleep, sleep_until};

use crate::closing::Closing;
use crate::gate::Gate;
use crate::pace::later;
use crate::progress::Progress;
use crate::refusal::Refusal;
use crate::service::HttpService;
use crate::socket::Socket;
use crate::wakers::Ticket;
use crate::watch::{Deadline, Late, Watch};
use crate::wire::{Sniffed, Wire};

type Http1<S> = http1::Connection<TokioIo<Wire>, Gate<S>>;
type Http2<S> = http2::Connection<TokioIo<Wire>, Gate<S>, TokioExecutor>;

/// How long a connection must have been idle to be closed for the sake of others.
const SHED_AFTER: Duration = Duration::from_millis(250);

/// How old a connection may be whose first bytes are still awaited while the server drains: they are already
/// there if the connection comes from the queue.
const FRESH: Duration = Duration::from_millis(100);

/// How long a peer that was told to go, or got its last answer, has to close its side.
const PATIENCE: Duration = Duration::from_secs(1);

pin_project! {
    /// One connection: it drives hyper, and holds the one timer that all its time-outs share.
    pub(crate) struct Connection<S: HttpService> {
        inner: Inner<S>,
        #[pin]
        timer: Sleep,
        // What the timer is set to, while it runs.
        armed: Option<Instant>,
    }
}

struct Inner<S: HttpService> {
    phase: Phase<S>,
    progress: Arc<Progress>,
    watch: Watch,
    accepted: Instant,
    first_byte: Option<Instant>,
    /// When the peer was told that the connection ends.
    told: Option<Instant>,
    epoch: u32,
    ticket: Option<Ticket>,
}

#[expect(clippy::large_enum_variant, reason = "one allocation a connection: the task holds it all")]
enum Phase<S: HttpService> {
    /// Waiting for the bytes that tell the version.
    Sniffing(Wire, S),
    Http1(Http1<S>),
    Http2(Pin<Box<Http2<S>>>),
    Closing(Closing),
    Over,
}

impl<S: HttpService> Connection<S> {
    pub(crate) fn new(socket: Socket, service: S, progress: Arc<Progress>) -> Self {
        let now = Instant::now();
        let inner = Inner {
            phase: Phase::Sniffing(Wire::new(socket, progress.clone()), service),
            watch: Watch::new(now),
            accepted: now,
            first_byte: None,
            told: None,
            epoch: 0,
            ticket: None,
            progress,
        };
        Self { inner, timer: sleep_until(now), armed: None }
    }
}

impl<S: HttpService> Future for Connection<S> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let inner = this.inner;
        let shared = &inner.progress.shared;
        inner.ticket.get_or_insert_with(|| Ticket::new(shared, cx.waker()));
        loop {
            if inner.progress.shared.is_cut() {
                inner.phase = Phase::Over;
                return Poll::Ready(());
            }
            if inner.drive(cx).is_ready() {
                return Poll::Ready(());
            }
            let now = Instant::now();
            if inner.obey(now) {
                continue;
            }
            if this.armed.is_some_and(|at| at <= now) {
                *this.armed = None;
            }
            let Some(deadline) = inner.deadline(now) else { return Poll::Pending };
            if deadline.at <= now {
                inner.be_late(deadline.late, now);
                continue;
            }
            // A timer that is set too early is left to fire once in vain: that is cheaper than to set it anew
            // for each request.
            if this.armed.is_some_and(|at| at <= deadline.at) {
                return Poll::Pending;
            }
            this.timer.as_mut().reset(deadline.at);
            *this.armed = Some(deadline.at);
            ready!(this.timer.as_mut().poll(cx));
            *this.armed = None;
        }
    }
}

impl<S: HttpService> Inner<S> {
    /// Goes on until the peer or the application has to do something.
    fn drive(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            match &mut self.phase {
                Phase::Sniffing(wire, _) => {
                    let sniffed = ready!(wire.poll_sniff(cx)).unwrap_or(Sniffed::Nothing);
                    self.begin(sniffed);
                }
                Phase::Http1(connection) => {
                    let outcome = ready!(Pin::new(connection).poll(cx));
                    self.finish_http1(outcome);
                }
                Phase::Http2(connection) => {
                    let outcome = ready!(connection.as_mut().poll(cx));
                    self.log(outcome.err().as_ref());
                    self.phase = Phase::Over;
                }
                Phase::Closing(closing) => {
                    // Whoever resets a connection that is being closed has got what it wanted.
                    let _ = ready!(closing.poll(cx));
                    self.phase = Phase::Over;
                }
                Phase::Over => return Poll::Ready(()),
            }
        }
    }

    fn begin(&mut self, sniffed: Sniffed) {
        let Phase::Sniffing(wire, service) = std::mem::replace(&mut self.phase, Phase::Over) else { return };
        if sniffed == Sniffed::Nothing {
            return;
        }
        let shared = &self.progress.shared;
        let multiplexed = sniffed == Sniffed::Http2;
        let gate = Gate::new(service, self.progress.clone(), multiplexed);
        let io = TokioIo::new(wire);
        self.watch = Watch::new(self.first_byte.unwrap_or_else(Instant::now));
        self.phase = if multiplexed {
            Phase::Http2(Box::pin(shared.http2.serve_connection(io, gate)))
        } else {
            Phase::Http1(shared.http1.serve_connection(io, gate))
        };
    }

    fn finish_http1(&mut self, outcome: hyper::Result<()>) {
        let error = outcome.err();
        self.log(error.as_ref());
        let progress = &self.progress;
        let unread = error.is_some() || progress.body_left.get() || progress.body_open.get();
        if progress.long_target.get() {
            self.close(Refusal::LongTarget.raw());
        } else if unread && !progress.ended.get() {
            self.close(Vec::new());
        } else {
            self.phase = Phase::Over;
        }
    }

    /// Takes the socket back from whoever has it, and closes it after a last answer.
    fn close(&mut self, answer: Vec<u8>) {
        self.phase = match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Sniffing(wire, _) => Phase::Closing(Closing::new(wire, answer)),
            Phase::Http1(connection) => {
                Phase::Closing(Closing::new(connection.into_parts().io.into_inner(), answer))
            }
            _ => Phase::Over,
        };
        self.told = Some(Instant::now());
    }

    fn log(&self, error: Option<&hyper::Error>) {
        if let Some(error) = error {
            let cause = error.source().map(ToString::to_string).unwrap_or_default();
            let text = format!("{error}: {cause}");
            tracing::debug!(peer = %self.progress.peer, error = %text.escape_debug(), "connection error");
        }
    }

    /// Does what the server asks of all connections. `true`: drive again.
    fn obey(&mut self, now: Instant) -> bool {
        let shared = &self.progress.shared;
        let epoch = shared.epoch();
        let draining = shared.draining();
        let called = std::mem::replace(&mut self.epoch, epoch) != epoch;
        if self.told.is_some() || !(draining || called) {
            return false;
        }
        match &mut self.phase {
            // hyper calls this idle, but its peer waits for an answer.
            Phase::Http1(_) if self.watch.in_next_head(&self.progress) => return false,
            Phase::Http1(connection) if draining || self.watch.idle_for(now, SHED_AFTER) => {
                Pin::new(connection).graceful_shutdown();
                self.told = Some(now);
            }
            Phase::Http2(connection) if draining || self.watch.idle_for(now, SHED_AFTER) => {
                connection.as_mut().graceful_shutdown();
                self.told = Some(now);
            }
            _ => return false,
        }
        true
    }

    fn deadline(&mut self, now: Instant) -> Option<Deadline> {
        let timeouts = &self.progress.shared.timeouts;
        let goodbye = |since: Instant| Some(Deadline { at: later(since, PATIENCE), late: Late::Goodbye });
        match &self.phase {
            Phase::Sniffing(wire, _) if wire.has_begun() => {
                let first = *self.first_byte.get_or_insert(now);
                Some(Deadline { at: later(first, timeouts.header), late: Late::Header })
            }
            Phase::Sniffing(..) => {
                let wait = if self.progress.shared.draining() { FRESH } else { timeouts.first_byte };
                Some(Deadline { at: later(self.accepted, wait), late: Late::FirstByte })
            }
            Phase::Http1(_) => self.watch.http1(now, &self.progress),
            Phase::Http2(_) => {
                let deadline = self.watch.http2(now, &self.progress);
                match self.told {
                    Some(told) if self.progress.in_flight.get() == 0 => goodbye(told.max(self.watch.moved())),
                    _ => deadline,
                }
            }
            Phase::Closing(_) => goodbye(self.told.unwrap_or(now)),
            Phase::Over => None,
        }
    }

    fn be_late(&mut self, late: Late, now: Instant) {
        tracing::debug!(peer = %self.progress.peer, ?late, "time-out");
        match late {
            Late::Header => self.close(Refusal::SlowHeader.raw()),
            Late::Body if self.progress.fail_read.get() => self.progress.read_blocked.set(false),
            Late::Body => self.progress.fail_read.set(true),
            Late::Write => {
                self.progress.reset.set(true);
                self.phase = Phase::Over;
            }
            Late::Idle => match &mut self.phase {
                Phase::Http2(connection) if self.told.is_none() => {
                    connection.as_mut().graceful_shutdown();
                    self.told = Some(now);
                }
                _ => self.phase = Phase::Over,
            },
            Late::FirstByte | Late::Goodbye => self.phase = Phase::Over,
            Late::Check => {}
        }
    }
}
