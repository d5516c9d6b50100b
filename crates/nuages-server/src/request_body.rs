//! The body of a request.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use crate::body_error::{BodyError, BodyErrorKind};
use crate::pace::Pace;
use crate::peer::Peer;
use crate::progress::Progress;

/// The body of a request as it arrives.
///
/// [`size_hint`](Body::size_hint) is exact, before anything is read, if the request has a Content-Length. A body
/// that the peer cut short, broke, or sends too slowly ends with a [`BodyError`], never as if it were whole.
/// Trailer fields are read and dropped, as Django does.
pub struct RequestBody {
    source: Source,
    peer: Peer,
    /// What the server's own limit still allows.
    room: u64,
}

enum Source {
    Done,
    /// The connection watches the pace, because it sees when hyper waits for the socket.
    Http1 {
        body: Incoming,
        progress: Arc<Progress>,
    },
    /// Each stream has its own pace. Boxed to keep the body of the common requests, which have none, small.
    Http2 {
        body: Incoming,
        pace: Box<Pace>,
    },
}

impl RequestBody {
    pub(crate) fn new(body: Incoming, progress: &Arc<Progress>, multiplexed: bool) -> Self {
        let source = if body.is_end_stream() {
            Source::Done
        } else if multiplexed {
            Source::Http2 { body, pace: Box::new(Pace::new(&progress.shared.timeouts)) }
        } else {
            progress.body_open.set(true);
            Source::Http1 { body, progress: progress.clone() }
        };
        let room = progress.shared.limits.body_bytes.unwrap_or(u64::MAX);
        Self { source, peer: progress.peer, room }
    }

    /// An empty body of a request that came from nowhere, for tests of a service.
    ///
    /// ```
    /// use http_body::Body as _;
    ///
    /// assert!(nuages_server::RequestBody::empty().is_end_stream());
    /// ```
    pub fn empty() -> Self {
        Self { source: Source::Done, peer: Peer::Unix, room: u64::MAX }
    }

    /// The length of the body in bytes, if the request tells it (by Content-Length, or by having none).
    pub fn content_length(&self) -> Option<u64> {
        self.size_hint().exact()
    }

    /// Who sent the request: what the [`Peer`] extension says, without a look-up.
    pub fn peer(&self) -> Peer {
        self.peer
    }

    fn poll_source(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match &mut self.source {
            Source::Done => Poll::Ready(None),
            Source::Http1 { body, .. } => {
                Pin::new(body).poll_frame(cx).map(|frame| frame.map(|f| f.map_err(BodyError::from_hyper)))
            }
            Source::Http2 { body, pace } => match Pin::new(body).poll_frame(cx) {
                Poll::Ready(frame) => {
                    pace.arrived(frame.as_ref().and_then(|f| f.as_ref().ok()).and_then(Frame::data_ref));
                    Poll::Ready(frame.map(|f| f.map_err(BodyError::from_hyper)))
                }
                Poll::Pending => {
                    ready!(pace.poll_too_slow(cx));
                    Poll::Ready(Some(Err(BodyError::new(BodyErrorKind::TimedOut))))
                }
            },
        }
    }

    /// Lets go of the connection. `whole`: the body was read to its end.
    fn finish(&mut self, whole: bool) {
        if let Source::Http1 { progress, .. } = &self.source {
            progress.body_open.set(false);
            if !whole {
                progress.body_left.set(true);
            }
        }
        self.source = Source::Done;
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        loop {
            match ready!(this.poll_source(cx)) {
                Some(Ok(frame)) => {
                    let Some(data) = frame.data_ref() else { continue };
                    let Some(room) = this.room.checked_sub(data.len() as u64) else {
                        this.finish(false);
                        return Poll::Ready(Some(Err(BodyError::new(BodyErrorKind::TooLarge))));
                    };
                    this.room = room;
                    if this.is_end_stream() {
                        this.finish(true);
                    }
                    return Poll::Ready(Some(Ok(frame)));
                }
                Some(Err(error)) => {
                    this.finish(false);
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    this.finish(true);
                    return Poll::Ready(None);
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.source {
            Source::Done => true,
            Source::Http1 { body, .. } | Source::Http2 { body, .. } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            Source::Done => SizeHint::with_exact(0),
            Source::Http1 { body, .. } | Source::Http2 { body, .. } => body.size_hint(),
        }
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody")
            .field("content_length", &self.content_length())
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        self.finish(self.is_end_stream());
    }
}
