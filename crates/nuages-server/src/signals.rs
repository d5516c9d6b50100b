//! The signals that end a server.

use std::io;
use std::task::{Context, Poll};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What can cut a drain short.
///
/// It is what the future given to [`Bound::serve`](crate::Bound::serve) gives: `()` never insists,
/// [`Signals`] does at the next signal.
///
/// ```
/// use std::task::{Context, Poll, Waker};
/// use nuages_server::Insist;
///
/// /// Cuts what still runs, without waiting for it.
/// struct AtOnce;
///
/// impl Insist for AtOnce {
///     fn poll_insist(&mut self, _: &mut Context<'_>) -> Poll<()> {
///         Poll::Ready(())
///     }
/// }
///
/// let mut context = Context::from_waker(Waker::noop());
/// assert!(AtOnce.poll_insist(&mut context).is_ready());
/// assert!(().poll_insist(&mut context).is_pending());
/// ```
pub trait Insist {
    /// Ready when the server must end now.
    fn poll_insist(&mut self, cx: &mut Context<'_>) -> Poll<()>;
}

impl Insist for () {
    fn poll_insist(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

impl<T: Insist> Insist for Option<T> {
    fn poll_insist(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.as_mut().map_or(Poll::Pending, |insist| insist.poll_insist(cx))
    }
}

/// The signals that end a server: SIGTERM and SIGINT. SIGHUP is taken and ignored.
///
/// ```
/// use nuages_server::{Signals, shutdown_signal};
///
/// /// To give to `Bound::serve`: says what a second signal will do.
/// async fn shutdown() -> Option<Signals> {
///     let signals = shutdown_signal().await;
///     eprintln!("answering the last requests; press Ctrl-C to cut them");
///     signals
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let waited = tokio::time::timeout(std::time::Duration::from_millis(1), shutdown()).await;
/// assert!(waited.is_err(), "nobody has sent a signal");
/// # }
/// ```
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }
}

impl Insist for Signals {
    fn poll_insist(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while let Poll::Ready(Some(())) = self.hangup.poll_recv(cx) {}
        if let Poll::Ready(Some(())) = self.terminate.poll_recv(cx) {
            return Poll::Ready(());
        }
        match self.interrupt.poll_recv(cx) {
            Poll::Ready(Some(())) => Poll::Ready(()),
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}

/// Waits for SIGTERM or SIGINT (Ctrl-C), for [`Bound::serve`](crate::Bound::serve); a second signal ends the
/// drain at once. SIGHUP does nothing.
///
/// If the system refuses the handlers, that is logged, and the signals kill the process as they do by default.
pub async fn shutdown_signal() -> Option<Signals> {
    match Signals::new() {
        Ok(mut signals) => {
            std::future::poll_fn(|cx| signals.poll_insist(cx)).await;
            Some(signals)
        }
        Err(error) => {
            tracing::error!(%error, "cannot wait for signals; SIGTERM and SIGINT will end the process at once");
            std::future::pending().await
        }
    }
}
