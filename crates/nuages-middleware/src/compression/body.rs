//! A streamed body, compressed on its way.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use nuages_http::{Body, BodyError};

use super::encoder::Encoder;

/// Compresses what comes, and sends all of it on as soon as nothing more is at hand: an event of a stream of events
/// arrives when it happens.
pub(super) struct CompressedBody {
    inner: Body,
    /// None once the end is written.
    encoder: Option<Box<dyn Encoder>>,
    /// Has the compressor taken in anything that it has not sent on?
    holds: bool,
}

impl CompressedBody {
    pub(super) fn new(inner: Body, encoder: Box<dyn Encoder>) -> Self {
        Self { inner, encoder: Some(encoder), holds: false }
    }
}

impl HttpBody for CompressedBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let Some(encoder) = &mut this.encoder else { return Poll::Ready(None) };
        loop {
            let piece = match Pin::new(&mut this.inner).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(piece) => piece,
                    // Trailers of what was not compressed say nothing about what is.
                    Err(_) => continue,
                },
                // A body that breaks off must not end well.
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => {
                    let finished = encoder.finish();
                    let last = encoder.take();
                    this.encoder = None;
                    return match finished {
                        Ok(()) if last.is_empty() => Poll::Ready(None),
                        Ok(()) => Poll::Ready(Some(Ok(Frame::data(last)))),
                        Err(error) => Poll::Ready(Some(Err(error.into()))),
                    };
                }
                Poll::Pending if this.holds => {
                    this.holds = false;
                    if let Err(error) = encoder.flush() {
                        return Poll::Ready(Some(Err(error.into())));
                    }
                    let written = encoder.take();
                    if written.is_empty() {
                        return Poll::Pending;
                    }
                    return Poll::Ready(Some(Ok(Frame::data(written))));
                }
                Poll::Pending => return Poll::Pending,
            };
            if let Err(error) = encoder.write(&piece) {
                return Poll::Ready(Some(Err(error.into())));
            }
            this.holds = true;
            let written = encoder.take();
            if !written.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(written))));
            }
        }
    }
}
