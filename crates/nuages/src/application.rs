//! `Application`: an assembled app, as a tower service.

use std::any::Any;
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::Body as _;
use nuages_http::{Body, BodyError, HttpRequest, HttpResponse, Peer, Site};
use nuages_middleware::{
    BoxFuture, Description, Guarded, Next, RequestId, RequestIdentity, Respond, TemplateResponse,
};
use nuages_server::RequestBody;
use tower_service::Service;
use tracing::{Instrument, Level};

use crate::debug_page;
use crate::endpoint::{Urls, query_error};
use crate::framing;
use crate::templates;

/// An application, ready for requests: a tower service, cheap to clone.
///
/// A server of nuages runs it ([`management::run`](crate::management::run) does), layers of tower's around it or not, and so does
/// any other tower server: a connection of another server counts as coming from an unknown peer, whose forwarded headers
/// are ignored, unless it carries a [`server::Peer`](nuages_server::Peer) as an extension.
///
/// ```
/// use nuages::Application;
/// use nuages::prelude::*;
/// use nuages::test::{self, Client};
///
/// async fn hello(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
///
/// let application: Application = App::new(test::settings()).urls(urlconf([path("", hello)])).build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let request = HttpRequest::test("GET", "/").header("Host", "testserver").site(application.site()).build();
/// assert_eq!(application.handle(request).await.status(), 200);
/// Client::new(application).get("/").await.assert_status(200).assert_contains("hello");
/// # });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Application {
    inner: Arc<dyn Handler>,
    parts: Arc<Parts>,
}

struct Parts {
    site: Arc<Site>,
    urls: Arc<Urls>,
    middleware: Vec<Description>,
}

trait Handler: Send + Sync {
    fn handle(self: Arc<Self>, request: HttpRequest) -> BoxFuture<'static, HttpResponse>;

    /// The same with the response ready to be sent; one box for both.
    fn serve(self: Arc<Self>, request: HttpRequest) -> BoxFuture<'static, Response<Body>>;
}

struct Whole<N> {
    chain: N,
    respond: Arc<dyn Respond>,
}

impl<N: Next + 'static> Handler for Whole<N> {
    fn handle(self: Arc<Self>, request: HttpRequest) -> BoxFuture<'static, HttpResponse> {
        Box::pin(async move { self.answer(request).await })
    }

    fn serve(self: Arc<Self>, request: HttpRequest) -> BoxFuture<'static, Response<Body>> {
        Box::pin(async move {
            let (site, head) = (request.site().clone(), request.method == Method::HEAD);
            finish(self.answer(request).await, &site, head)
        })
    }
}

impl<N: Next> Whole<N> {
    async fn answer(&self, request: HttpRequest) -> HttpResponse {
        let kept = request.clone();
        let response = self.chain.run(request).await;
        // What a view reads is its own error by now; a middleware may have read it too.
        let response = match query_error(&kept, response.status()) {
            Some(error) => Guarded::new(async { Err(error) }, kept.clone(), &*self.respond).await,
            None => response,
        };
        // A middleware that answered by itself with a page that waits for something.
        let response = match TemplateResponse::is_pending(&response) {
            true => {
                let page = Box::pin(templates::rendered(&kept, response));
                Guarded::new(page, kept.clone(), &*self.respond).await
            }
            false => response,
        };
        // Boxed, so that the way without it is no longer for it.
        match kept.settings().DEBUG {
            true => Box::pin(debug_page::finish(&kept, response)).await,
            false => response,
        }
    }
}

impl Application {
    pub(crate) fn new(
        site: Arc<Site>,
        chain: impl Next + 'static,
        respond: Arc<dyn Respond>,
        urls: Arc<Urls>,
        middleware: Vec<Description>,
    ) -> Self {
        Self { inner: Arc::new(Whole { chain, respond }), parts: Arc::new(Parts { site, urls, middleware }) }
    }

    /// What all requests share.
    #[must_use]
    pub fn site(&self) -> &Arc<Site> {
        &self.parts.site
    }

    /// Every middleware, outermost first.
    #[must_use]
    pub fn middleware(&self) -> &[Description] {
        &self.parts.middleware
    }

    /// The URL table.
    #[must_use]
    pub fn resolver(&self) -> &nuages_urls::Resolver<crate::view::ViewBox> {
        &self.parts.urls.resolver
    }

    /// Answers a request, all middleware included.
    #[must_use]
    pub fn handle(&self, request: HttpRequest) -> BoxFuture<'static, HttpResponse> {
        self.inner.clone().handle(request)
    }

    /// Answers a request that a server has received: with cookies written, a line of the access log (target
    /// `nuages.access`; fields `method`, `path` with its query, `status`, `milliseconds`, `bytes` unless it is streamed, `remote`, and `id` with
    /// [`RequestIdMiddleware`](nuages_middleware::RequestIdMiddleware)) and a span (`request`).
    pub fn serve<B>(&self, request: Request<B>, peer: Peer) -> BoxFuture<'static, Response<Body>>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BodyError>,
    {
        let request = HttpRequest::from_http(request, peer, "http", self.parts.site.clone());
        let handler = self.inner.clone();
        if !tracing::enabled!(target: "nuages.access", Level::INFO) {
            return handler.serve(request);
        }
        let started = Instant::now();
        let span = tracing::debug_span!(target: "nuages.access", "request", method = %request.method, path = ?&*request.path);
        Box::pin(
            async move {
                let response = handler.serve(request.clone()).await;
                let status = response.status().as_u16();
                let milliseconds = (started.elapsed().as_secs_f64() * 100_000.0).round() / 100.0;
                tracing::info!(
                    target: "nuages.access",
                    method = request.method.as_str(),
                    path = ?&*request.get_full_path(),
                    status,
                    milliseconds,
                    bytes = response.body().size_hint().exact(),
                    remote = request.META.get("REMOTE_ADDR").as_deref(),
                    id = request.request_id().map(RequestId::as_str),
                );
                response
            }
            .instrument(span),
        )
    }
}

fn finish(response: HttpResponse, site: &Site, head: bool) -> Response<Body> {
    let mut response = response.into_http(site.cookie_signer());
    if let Some(reason) = response.extensions_mut().remove::<nuages_http::Reason>() {
        nuages_server::set_reason(&mut response, reason.as_str());
    }
    framing::settle(&mut response, head);
    response
}

impl<B> Service<Request<B>> for Application
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BodyError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answer {
        let body: &dyn Any = request.body();
        let of_body = body.downcast_ref::<RequestBody>().map(RequestBody::peer);
        // A layer of tower's may have wrapped the body; our server's extension goes through it.
        let peer = match of_body.or_else(|| request.extensions().get().copied()) {
            Some(nuages_server::Peer::Tcp { remote, local }) => Peer::Tcp { remote, local },
            Some(nuages_server::Peer::Unix) => Peer::Unix,
            _ => Peer::Unknown,
        };
        Answer { future: self.serve(request, peer) }
    }
}

/// The future of an [`Application`]'s answer.
///
/// ```
/// use nuages::http::Request;
/// use nuages::prelude::*;
/// use nuages::{Answer, test};
/// use tower_service::Service;
///
/// async fn hello(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let mut application = App::new(test::settings()).urls(urlconf([path("", hello)])).build()?;
/// let request = Request::get("/").header("Host", "testserver").body(Body::empty())?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let answer: Answer = application.call(request);
/// let Ok(response) = answer.await;
/// assert_eq!(response.status(), 200);
/// # });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Answer {
    future: BoxFuture<'static, Response<Body>>,
}

impl Future for Answer {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(mut self: std::pin::Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.future.as_mut().poll(cx).map(Ok)
    }
}
