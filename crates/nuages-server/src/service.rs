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
///
/// ```
/// # use std::convert::Infallible;
/// # use bytes::Bytes;
/// # use http_body_util::Full;
/// # use nuages_server::{Address, RequestBody};
/// use nuages_server::{Bound, Ended, HttpService, Server};
///
/// /// Any service, for a moment.
/// async fn try_out(bound: Bound, service: impl HttpService) -> std::io::Result<Ended> {
///     bound.serve(service, async {}).await
/// }
/// # #[derive(Clone)] struct App;
/// # impl tower_service::Service<http::Request<RequestBody>> for App {
/// #     type Response = http::Response<Full<Bytes>>;
/// #     type Error = Infallible;
/// #     type Future = std::future::Ready<Result<Self::Response, Infallible>>;
/// #     fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
/// #         std::task::Poll::Ready(Ok(()))
/// #     }
/// #     fn call(&mut self, _: http::Request<RequestBody>) -> Self::Future {
/// #         std::future::ready(Ok(http::Response::new(Full::default())))
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let bound = Server::new().bind("127.0.0.1:0".parse::<Address>()?)?;
/// assert_eq!(try_out(bound, App).await?, Ended::Clean);
/// # Ok(())
/// # }
/// ```
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
