//! The bytes of a request or a response: none, all at once, or a stream.

use std::any::Any;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::error::{Error, ErrorKind, Result};

/// The error of a streamed body.
///
/// ```
/// use nuages_http::{Body, BodyError, ErrorKind};
///
/// let chunks = [Ok("the first half".into()), Err(BodyError::from("the disk is gone"))];
/// let mut body = Body::from_chunks(chunks);
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// assert!(body.next_chunk().await?.is_some());
/// assert_eq!(body.next_chunk().await.unwrap_err().kind(), ErrorKind::UnreadableBody);
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;

type Stream = Pin<Box<dyn HttpBody<Data = Bytes, Error = BodyError> + Send>>;

/// A body; it is an [`http_body::Body`], so that servers and tower services take it as it is.
///
/// ```
/// use nuages_http::Body;
///
/// let whole = Body::from("hello");
/// assert_eq!(whole.as_bytes(), Some(&b"hello"[..]));
/// assert_eq!(Body::empty().as_bytes(), Some(&b""[..]));
///
/// let mut stream = Body::from_chunks(["hel", "lo"].map(|chunk| Ok::<_, std::io::Error>(chunk.into())));
/// assert!(stream.is_stream() && stream.as_bytes().is_none());
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// assert_eq!(stream.next_chunk().await?.as_deref(), Some(&b"hel"[..]));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[derive(Default)]
pub struct Body {
    content: Content,
}

#[derive(Default)]
enum Content {
    #[default]
    Empty,
    Whole(Bytes),
    Stream(Stream),
}

impl Body {
    /// No bytes.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// A stream; another [`Body`] behind it, or an empty one, is unpacked.
    pub fn stream<B>(body: B) -> Self
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BodyError>,
    {
        if body.is_end_stream() {
            return Self::empty();
        }
        let mut body = Some(body);
        let any: &mut dyn Any = &mut body;
        if let Some(whole) = any.downcast_mut::<Option<Self>>().and_then(Option::take) {
            return whole;
        }
        let Some(body) = body else { return Self::empty() };
        Self { content: Content::Stream(Box::pin(http_body_util::BodyExt::map_err(body, Into::into))) }
    }

    /// A stream of chunks; an error ends the connection, so that the client never takes a cut body for a whole one.
    pub fn from_chunks<I, E>(chunks: I) -> Self
    where
        I: IntoIterator<Item = Result<Bytes, E>>,
        I::IntoIter: Send + Unpin + 'static,
        E: Into<BodyError> + 'static,
    {
        Self { content: Content::Stream(Box::pin(Chunks { chunks: chunks.into_iter() })) }
    }

    /// The bytes, unless it is a stream.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Empty => Some(&[]),
            Content::Whole(bytes) => Some(bytes),
            Content::Stream(_) => None,
        }
    }

    /// The next bytes of a body that is being received, as they come; none at its end. Trailers are dropped: they must
    /// never pass for content or headers.
    ///
    /// ```
    /// # use nuages_http::HttpRequest;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let request = HttpRequest::test("POST", "/").body("hello").build();
    /// let mut body = request.take_body()?;
    /// let mut length = 0;
    /// while let Some(chunk) = body.next_chunk().await? {
    ///     length += chunk.len();
    /// }
    /// assert_eq!(length, 5);
    /// # Ok::<(), nuages_http::Error>(()) })?;
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::UnreadableBody`] if the body is cut: the peer left, or was too slow.
    pub async fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut *self).poll_frame(cx)).await {
            let frame = frame.map_err(|error| {
                Error::new(ErrorKind::UnreadableBody, format!("the body could not be read: {error}"))
            })?;
            if let Ok(data) = frame.into_data()
                && !data.is_empty()
            {
                return Ok(Some(data));
            }
        }
        Ok(None)
    }

    /// Is it a stream?
    #[must_use]
    pub fn is_stream(&self) -> bool {
        matches!(self.content, Content::Stream(_))
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        let bytes = bytes.into();
        Self { content: if bytes.is_empty() { Content::Empty } else { Content::Whole(bytes) } }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        match &mut this.content {
            Content::Stream(stream) => stream.as_mut().poll_frame(cx),
            Content::Empty => Poll::Ready(None),
            Content::Whole(_) => match std::mem::take(&mut this.content) {
                Content::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
                _ => Poll::Ready(None),
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Empty => true,
            Content::Whole(_) => false,
            Content::Stream(stream) => stream.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Empty => SizeHint::with_exact(0),
            Content::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Stream(stream) => stream.size_hint(),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_bytes() {
            Some(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            None => f.write_str("Body(stream)"),
        }
    }
}

/// An iterator of chunks as a body.
struct Chunks<I> {
    chunks: I,
}

impl<I, E> HttpBody for Chunks<I>
where
    I: Iterator<Item = Result<Bytes, E>> + Unpin,
    E: Into<BodyError>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        Poll::Ready(self.chunks.next().map(|chunk| chunk.map(Frame::data).map_err(Into::into)))
    }
}
