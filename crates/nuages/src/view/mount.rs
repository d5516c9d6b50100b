//! `mount`: a tower service behind a prefix.

use std::future::poll_fn;

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{Request, Response, Uri};
use nuages_http::iri::decode_path;
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
/// use nuages::http::{Request, Response};
/// use nuages::prelude::*;
/// use nuages::test::{self, Client};
/// use nuages::view::Mount;
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
/// let api: Mount<Hello> = mount(Hello);
/// let application = App::new(test::settings()).urls(urlconf([path("api/", api)])).build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// Client::new(application).get("/api/users").await.assert_contains("/users");
/// # });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mount<S>(service: S) -> Mount<S> {
    Mount { service }
}

#[diagnostic::do_not_recommend]
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
    let rest = raw_end(uri.path(), rest);
    // A prefix that ends in a slash has taken the one that the path must begin with.
    let prefix = uri.path().strip_suffix(rest).unwrap_or("");
    let slash = if rest.starts_with('/') && !prefix.ends_with('/') { "" } else { "/" };
    let text = match uri.query() {
        Some(query) => format!("{slash}{rest}?{query}"),
        None => format!("{slash}{rest}"),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = text.parse::<PathAndQuery>().ok();
    Uri::from_parts(parts).unwrap_or_default()
}

/// The end of a path as it was sent that decodes to `rest`: what is cut off is what is before it, escape by escape.
fn raw_end<'a>(path: &'a str, rest: &str) -> &'a str {
    let starts = path.char_indices().map(|(at, _)| at).filter(|at| {
        // Never in the middle of an escape.
        let before = path.get(..*at).unwrap_or("");
        !before.ends_with('%') && before.rfind('%').is_none_or(|escape| at.saturating_sub(escape) >= 3)
    });
    // The longest that fits: a rest that is empty may stand behind a slash that is none of its own.
    let mut found = path.get(path.len()..).unwrap_or("");
    for at in starts {
        let end = path.get(at..).unwrap_or("");
        // An escape is at most three times as long as what it stands for.
        let fits = end.len() >= rest.len() && end.len() <= rest.len().saturating_mul(3);
        if fits && decode_path(end.as_bytes()) == rest {
            found = end;
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_prefix_is_as_it_was_sent() {
        for (sent, rest, seen) in [
            ("/api/users", "users", "/users"),
            ("/api/", "", "/"),
            ("/api//x", "/x", "//x"),
            ("/api/x", "/x", "/x"),
            ("/api/a%2Fb", "a/b", "/a%2Fb"),
            ("/api/%ff", "%FF", "/%ff"),
            ("/api/%FF?q=%20", "%FF", "/%FF?q=%20"),
            ("/api/%2e%2e/z", "../z", "/%2e%2e/z"),
            ("/api/caf%C3%A9", "caf\u{e9}", "/caf%C3%A9"),
        ] {
            assert_eq!(below(&sent.parse().unwrap(), rest).to_string(), seen, "{sent}");
        }
    }
}
