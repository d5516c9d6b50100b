//! What the server serves.

use std::convert::Infallible;
use std::error::Error;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use crate::request_body::RequestBody;

/// The short name of what [`Bound::serve`](crate::Bound::serve) takes: every
/// `tower_service::Service<http::Request<RequestBody>>` that cannot fail, can be cloned and answers with a body
/// of [`Bytes`]. There is nothing to implement.
pub trait HttpService: Clone + Send + 'static {
    /// The body of the answers.
    type Body: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static;
    /// The running request.
    type Future: Future<Output = Result<Response<Self::Body>, Infallible>> + Send + 'static;

    #[doc(hidden)]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()>;

    #[doc(hidden)]
    fn call(&mut self, request: Request<RequestBody>) -> Self::Future;
}

impl<S, B> HttpService for S
where
    S: Service<Request<RequestBody>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Body = B;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        Service::poll_ready(self, cx).map(|ready| match ready {
            Ok(()) => (),
            Err(never) => match never {},
        })
    }

    fn call(&mut self, request: Request<RequestBody>) -> S::Future {
        Service::call(self, request)
    }
}
