//! The body of an answer on its way out.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::in_flight::InFlight;

pin_project! {
    /// A body that marks its request as running until it is sent or dropped.
    #[derive(Debug)]
    pub(crate) struct Sending<B> {
        #[pin]
        body: Outgoing<B>,
        mark: InFlight,
    }
}

pin_project! {
    #[project = OutgoingProjection]
    #[derive(Debug)]
    enum Outgoing<B> {
        Application { #[pin] body: B },
        Text { text: Option<&'static str> },
    }
}

impl<B> Sending<B> {
    pub(crate) fn new(body: B, mark: InFlight) -> Self {
        Self { body: Outgoing::Application { body }, mark }
    }

    pub(crate) fn text(text: &'static str, mark: InFlight) -> Self {
        Self { body: Outgoing::Text { text: Some(text).filter(|text| !text.is_empty()) }, mark }
    }
}

impl<B> Body for Sending<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.project();
        this.mark.hold(false);
        let frame = match this.body.project() {
            OutgoingProjection::Application { body } => ready!(body.poll_frame(cx)),
            OutgoingProjection::Text { text } => {
                text.take().map(|text| Ok(Frame::data(Bytes::from_static(text.as_bytes()))))
            }
        };
        this.mark.hold(frame.is_some());
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        match &self.body {
            Outgoing::Application { body } => body.is_end_stream(),
            Outgoing::Text { text } => text.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.body {
            Outgoing::Application { body } => body.size_hint(),
            Outgoing::Text { text } => SizeHint::with_exact(text.map_or(0, str::len) as u64),
        }
    }
}
