//! Why a request body could not be read.

use std::error::Error;
use std::{fmt, io};

/// Why a request body could not be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyErrorKind {
    /// The peer paused for too long or was too slow ([`Timeouts`](crate::Timeouts)); 408 is a fitting answer.
    TimedOut,
    /// The body is longer than [`Limits::body_bytes`](crate::Limits::body_bytes); 413 is a fitting answer.
    TooLarge,
    /// The peer left before the end of the body; nobody waits for an answer, or a half-closed peer sees a 400.
    Cut,
    /// The body breaks the rules of its framing; 400 is a fitting answer.
    Protocol,
}

/// The error of a [`RequestBody`](crate::RequestBody).
///
/// ```
/// # use std::convert::Infallible;
/// # use std::task::{Context, Poll};
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// # use http_body_util::Full;
/// # use nuages_server::{Address, Limits, Server};
/// # use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// use http_body_util::BodyExt;
/// use nuages_server::{BodyError, BodyErrorKind, RequestBody};
///
/// async fn upload(body: RequestBody) -> u16 {
///     let read: Result<_, BodyError> = body.collect().await;
///     match read.map_err(|error| error.kind()) {
///         Ok(_) => 200,
///         Err(BodyErrorKind::TooLarge) => 413,
///         Err(BodyErrorKind::TimedOut) => 408,
///         Err(_) => 400,
///     }
/// }
///
/// // A client that sends more than `Limits::body_bytes`:
/// # #[derive(Clone)] struct App;
/// # impl tower_service::Service<Request<RequestBody>> for App {
/// #     type Response = Response<Full<Bytes>>;
/// #     type Error = Infallible;
/// #     type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;
/// #     fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> { Poll::Ready(Ok(())) }
/// #     fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
/// #         Box::pin(async {
/// #             let mut response = Response::new(Full::default());
/// #             *response.status_mut() = upload(request.into_body()).await.try_into().unwrap();
/// #             Ok(response)
/// #         })
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let server = Server::new().limits(Limits { body_bytes: Some(4), ..Limits::default() });
/// # let bound = server.bind("127.0.0.1:0".parse::<Address>()?)?;
/// # let address = bound.local_addr().to_string();
/// # let (end, ended) = tokio::sync::oneshot::channel::<()>();
/// # let server = tokio::spawn(bound.serve(App, async { _ = ended.await }));
/// # let mut client = tokio::net::TcpStream::connect(address).await?;
/// # client.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n").await?;
/// # client.write_all(b"5\r\nhello\r\n0\r\n\r\n").await?;
/// # let mut text = String::new();
/// # client.read_to_string(&mut text).await?;
/// assert!(text.starts_with("HTTP/1.1 413"));
/// # end.send(()).unwrap();
/// # server.await??;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct BodyError {
    kind: BodyErrorKind,
    source: Option<hyper::Error>,
}

impl BodyError {
    pub(crate) fn new(kind: BodyErrorKind) -> Self {
        Self { kind, source: None }
    }

    pub(crate) fn from_hyper(error: hyper::Error) -> Self {
        Self { kind: kind_of(&error), source: Some(error) }
    }

    /// Why the body could not be read.
    pub fn kind(&self) -> BodyErrorKind {
        self.kind
    }
}

/// hyper keeps its reasons private but hands on the I/O error that its body decoders end with.
fn kind_of(error: &hyper::Error) -> BodyErrorKind {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return match error.kind() {
                io::ErrorKind::TimedOut => BodyErrorKind::TimedOut,
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => BodyErrorKind::Protocol,
                _ => BodyErrorKind::Cut,
            };
        }
        source = error.source();
    }
    BodyErrorKind::Cut
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            BodyErrorKind::TimedOut => "the request body stopped arriving or arrived too slowly",
            BodyErrorKind::TooLarge => "the request body is longer than the server takes",
            BodyErrorKind::Cut => "the connection ended before the request body did",
            BodyErrorKind::Protocol => "the request body is malformed",
        })
    }
}

impl Error for BodyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|error| error as _)
    }
}
