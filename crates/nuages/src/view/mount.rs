//! `mount`: a tower service behind a prefix.

use std::future::poll_fn;

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{Request, Response, Uri};
use nuages_http::{Body, BodyError, HttpRequest, HttpResponse, Result};
use nuages_middleware::BoxFuture;
use nuages_urls::{ResolverMatch, Route};
use tower_service::Service;

use super::arguments::{Captures, First};
use super::erased::{ErasedView, ViewBox};
use super::include::NoView;
use super::output::ViewOutput;
use super::target::{Attached, Target};

/// A tower service, on its way behind a prefix.
#[must_use = "give it to path()"]
pub struct Mount<S> {
    service: S,
}

/// Mounts a tower service (an axum `Router`, say) under a prefix. It sees the path behind the prefix; the middleware
/// of this application runs before it.
///
/// ```
/// use std::convert::Infallible;
/// use nuages::prelude::*;
/// use nuages::http::{Request, Response};
///
/// #[derive(Clone)]
/// struct Hello;
///
/// impl tower_service::Service<Request<Body>> for Hello {
///     type Response = Response<Body>;
///     type Error = Infallible;
///     type Future = std::future::Ready<std::result::Result<Response<Body>, Infallible>>;
///
///     fn poll_ready(
///         &mut self,
///         _: &mut std::task::Context<'_>,
///     ) -> std::task::Poll<std::result::Result<(), Infallible>> {
///         std::task::Poll::Ready(Ok(()))
///     }
///
///     fn call(&mut self, request: Request<Body>) -> Self::Future {
///         std::future::ready(Ok(Response::new(Body::from(request.uri().path().to_owned()))))
///     }
/// }
///
/// let urls = urlconf([path("api/", mount(Hello))]);
/// ```
pub fn mount<S>(service: S) -> Mount<S> {
    Mount { service }
}

impl<S, B> Target<NoView, ()> for Mount<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BodyError>,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BodyError>,
{
    type Output = std::future::Ready<Result>;

    fn attach(self) -> Attached
    where
        NoView: First,
        (): Captures,
        Self::Output: ViewOutput,
    {
        Attached::Mount(ViewBox::new(self))
    }
}

impl<S, B> ErasedView for Mount<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BodyError>,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BodyError>,
{
    fn call<'a>(
        &'a self,
        request: HttpRequest,
        matched: &'a ResolverMatch<'static>,
    ) -> BoxFuture<'a, Result> {
        let mut service = self.service.clone();
        Box::pin(async move {
            let mut inner = request.to_http()?;
            *inner.uri_mut() = below(inner.uri(), matched.rest());
            inner.extensions_mut().insert(request);
            poll_fn(|cx| service.poll_ready(cx)).await.map_err(|error| -> BodyError { error.into() })?;
            let response = service.call(inner).await.map_err(|error| -> BodyError { error.into() })?;
            Ok(HttpResponse::from_http(response))
        })
    }

    fn check(&self, _: &Route) -> Result<(), String> {
        Ok(())
    }

    fn name(&self) -> &'static str {
        std::any::type_name::<S>()
    }
}

/// The URI with only what follows the prefix, as it was sent.
fn below(uri: &Uri, rest: &str) -> Uri {
    let path = uri.path();
    // What was not encoded is cut off as it is; else the rest is encoded anew.
    let rest = match path.strip_suffix(rest) {
        Some(_) => rest.to_owned(),
        None => nuages_http::iri::escape_uri_path(rest).into_owned(),
    };
    let rest = rest.trim_start_matches('/');
    let text = match uri.query() {
        Some(query) => format!("/{rest}?{query}"),
        None => format!("/{rest}"),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = text.parse::<PathAndQuery>().ok();
    Uri::from_parts(parts).unwrap_or_default()
}
