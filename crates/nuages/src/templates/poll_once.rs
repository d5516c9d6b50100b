//! What a future has already.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// The outcome of a future that does not have to wait. One that does is dropped, so it must be one that loses nothing by it.
pub(super) fn poll_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Some(outcome),
        Poll::Pending => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ready_and_not() {
        assert_eq!(poll_once(async { 1 }), Some(1));
        assert_eq!(poll_once(std::future::pending::<()>()), None);
    }
}
