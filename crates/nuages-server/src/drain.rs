//! What all connections of a server share, and how it ends.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize};

use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore};
use tokio::time::{Duration, Instant};

use crate::limits::Limits;
use crate::progress::Flag;
use crate::timeouts::Timeouts;
use crate::wakers::Wakers;

/// What all connections of one server share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) limits: Limits,
    pub(crate) timeouts: Timeouts,
    pub(crate) peer_extension: bool,
    pub(crate) runtime: Handle,
    pub(crate) http1: hyper::server::conn::http1::Builder,
    pub(crate) http2: hyper::server::conn::http2::Builder<TokioExecutor>,
    pub(crate) seats: Arc<Semaphore>,
    /// Woken after a change of `epoch`, `draining` or `cut`.
    pub(crate) wakers: Wakers,
    epoch: AtomicU32,
    draining: AtomicBool,
    cut: AtomicBool,
    alive: AtomicUsize,
    full: Flag,
    gone: Notify,
}

impl Shared {
    pub(crate) fn new(limits: Limits, timeouts: Timeouts, peer_extension: bool) -> Arc<Self> {
        Arc::new(Self {
            peer_extension,
            runtime: Handle::current(),
            http1: http1(&limits),
            http2: http2(&limits, &timeouts),
            seats: Arc::new(Semaphore::new(limits.connections.clamp(1, Semaphore::MAX_PERMITS))),
            wakers: Wakers::default(),
            epoch: AtomicU32::new(0),
            draining: AtomicBool::new(false),
            cut: AtomicBool::new(false),
            alive: AtomicUsize::new(0),
            full: Flag::default(),
            gone: Notify::new(),
            limits,
            timeouts,
        })
    }

    pub(crate) fn enter(&self) {
        self.alive.fetch_add(1, SeqCst);
    }

    pub(crate) fn leave(&self) {
        if self.alive.fetch_sub(1, SeqCst) == 1 && self.draining() {
            self.gone.notify_waiters();
        }
    }

    /// Changes whenever the connections are to look at `draining`, `cut` and their own idleness.
    pub(crate) fn epoch(&self) -> u32 {
        self.epoch.load(SeqCst)
    }

    pub(crate) fn draining(&self) -> bool {
        self.draining.load(SeqCst)
    }

    /// Whether the deadline has passed: nothing may go on.
    pub(crate) fn is_cut(&self) -> bool {
        self.cut.load(SeqCst)
    }

    fn call(&self) {
        self.epoch.fetch_add(1, SeqCst);
        self.wakers.wake_all();
    }

    /// Asks idle connections to go, because others wait for a seat or a file descriptor.
    pub(crate) fn shed(&self) {
        self.call();
    }

    /// Whether this is the first connection without a seat since there was room; said once, not for each.
    pub(crate) fn is_newly_full(&self) -> bool {
        !self.full.replace(true)
    }

    pub(crate) fn has_room(&self) {
        self.full.replace(false);
    }

    /// Asks all connections to end after what they are doing.
    pub(crate) fn start_drain(&self) {
        self.draining.store(true, SeqCst);
        self.call();
    }

    /// Ends everything at once.
    pub(crate) fn cut(&self) {
        self.cut.store(true, SeqCst);
        self.call();
    }

    pub(crate) fn alive(&self) -> usize {
        self.alive.load(SeqCst)
    }

    /// Waits until nothing runs any more.
    pub(crate) async fn emptied(&self) {
        loop {
            let gone = self.gone.notified();
            if self.alive() == 0 {
                return;
            }
            gone.await;
        }
    }

    /// Waits until nothing runs any more, `true`, or until the deadline, `false`.
    pub(crate) async fn emptied_before(&self, deadline: Instant) -> bool {
        tokio::time::timeout_at(deadline, self.emptied()).await.is_ok()
    }
}

fn http1(limits: &Limits) -> hyper::server::conn::http1::Builder {
    let mut http1 = hyper::server::conn::http1::Builder::new();
    http1
        .half_close(true)
        // The connection's own timer covers this, without a timer a request.
        .header_read_timeout(None)
        .max_buf_size(limits.head())
        .max_header_size(limits.head());
    if limits.header_count != Limits::STACK_HEADERS {
        http1.max_headers(limits.header_count);
    }
    http1
}

fn http2(limits: &Limits, timeouts: &Timeouts) -> hyper::server::conn::http2::Builder<TokioExecutor> {
    const SHORTEST: Duration = Duration::from_millis(1);
    const LONGEST: Duration = Duration::from_secs(60 * 60 * 24);
    let mut http2 = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    http2
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.http2_streams)
        .max_header_list_size(u32::try_from(limits.head()).unwrap_or(u32::MAX))
        .initial_stream_window_size(limits.http2_stream_window)
        .initial_connection_window_size(limits.http2_connection_window)
        .max_send_buf_size(64 * 1024)
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(256)
        .keep_alive_interval(timeouts.write_stall.clamp(SHORTEST, LONGEST))
        .keep_alive_timeout(timeouts.header.clamp(SHORTEST, LONGEST));
    http2
}
