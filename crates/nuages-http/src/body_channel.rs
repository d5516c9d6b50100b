//! A body that is written while it is being sent.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::body::{Body, BodyError};

/// So many pieces wait for a slow client, before the writer waits too.
const WAITING: usize = 4;

/// Writes a streamed body; see [`Body::channel`].
///
/// ```
/// use nuages_http::{Body, HttpResponse, NobodyReads};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let (mut sender, body) = Body::channel();
/// tokio::spawn(async move {
///     for line in 1..=3 {
///         sender.send(format!("line {line}\n")).await?;
///     }
///     sender.finish().await;
///     Ok::<(), NobodyReads>(())
/// });
/// let mut response = HttpResponse::streaming(body);
/// let mut body = response.take_body();
/// let first = body.next_chunk().await?;
/// assert_eq!(first.as_deref(), Some(&b"line 1\n"[..]));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[derive(Debug)]
pub struct BodySender {
    sender: Sender<Piece>,
}

#[derive(Debug)]
enum Piece {
    Data(Bytes),
    Failed(BodyError),
    End,
}

/// The client has left, or the answer was dropped: nobody reads on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NobodyReads;

impl fmt::Display for NobodyReads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody reads this body any more; stop writing it")
    }
}

impl std::error::Error for NobodyReads {}

impl BodySender {
    /// Sends a piece; waits while the client is slower than the writer.
    ///
    /// # Errors
    /// [`NobodyReads`].
    pub async fn send(&mut self, piece: impl Into<Bytes>) -> Result<(), NobodyReads> {
        let piece = piece.into();
        if piece.is_empty() {
            return if self.sender.is_closed() { Err(NobodyReads) } else { Ok(()) };
        }
        self.sender.send(Piece::Data(piece)).await.map_err(|_| NobodyReads)
    }

    /// Ends the body. One that is never finished is cut: the client must not take what it has for the whole.
    pub async fn finish(self) {
        let _nobody_reads = self.sender.send(Piece::End).await;
    }

    /// Cuts the body, with this error in the log.
    pub async fn fail(self, error: impl Into<BodyError>) {
        let _nobody_reads = self.sender.send(Piece::Failed(error.into())).await;
    }

    /// Waits until nobody reads any more.
    pub async fn closed(&self) {
        self.sender.closed().await;
    }
}

impl Body {
    /// A body that is written while it is being sent. A writer that panics or forgets to call
    /// [`finish`](BodySender::finish) cuts the connection.
    ///
    /// ```
    /// use nuages_http::{Body, HttpResponse, Result};
    ///
    /// async fn numbers() -> Result {
    ///     let (mut writer, body) = Body::channel();
    ///     tokio::spawn(async move {
    ///         for number in 1..=3 {
    ///             writer.send(format!("{number}\n")).await?;
    ///         }
    ///         writer.finish().await;
    ///         Ok::<(), nuages_http::Error>(())
    ///     });
    ///     Ok(HttpResponse::streaming(body))
    /// }
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut body = numbers().await?.take_body();
    /// let mut text = Vec::new();
    /// while let Some(chunk) = body.next_chunk().await? {
    ///     text.extend_from_slice(&chunk);
    /// }
    /// assert_eq!(text, b"1\n2\n3\n");
    /// # Ok::<(), nuages_http::Error>(()) })?;
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    #[must_use]
    pub fn channel() -> (BodySender, Self) {
        let (sender, receiver) = channel(WAITING);
        (BodySender { sender }, Self::stream(ChannelBody { receiver, ended: false }))
    }
}

struct ChannelBody {
    receiver: Receiver<Piece>,
    ended: bool,
}

impl HttpBody for ChannelBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        self.receiver.poll_recv(cx).map(|piece| match piece {
            Some(Piece::Data(data)) => Some(Ok(Frame::data(data))),
            Some(Piece::End) => {
                self.ended = true;
                None
            }
            Some(Piece::Failed(error)) => {
                self.ended = true;
                Some(Err(error))
            }
            None => {
                self.ended = true;
                Some(Err("the writer of this body ended without finishing it".into()))
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }
}
