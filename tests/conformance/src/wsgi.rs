//! What Python's own WSGI server, under which the reference runs, makes of a request before Django sees it.

use std::task::{Context, Poll};

use nuages::Application;
use nuages::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use nuages::http::{HeaderValue, Request, Uri};
use tower_service::Service;

/// The application behind such a server: a request without Content-Type has `text/plain`, one without Content-Length
/// has an empty one, and a path begins with one slash.
#[derive(Clone)]
pub(crate) struct LikeWsgi(pub(crate) Application);

impl<B> Service<Request<B>> for LikeWsgi
where
    Application: Service<Request<B>>,
{
    type Response = <Application as Service<Request<B>>>::Response;
    type Error = <Application as Service<Request<B>>>::Error;
    type Future = <Application as Service<Request<B>>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let headers = request.headers_mut();
        headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("text/plain"));
        headers.entry(CONTENT_LENGTH).or_insert(HeaderValue::from_static(""));
        if let Some(uri) = with_one_slash(request.uri()) {
            *request.uri_mut() = uri;
        }
        self.0.call(request)
    }
}

/// The same target, if it begins with several slashes.
fn with_one_slash(uri: &Uri) -> Option<Uri> {
    let target = uri.path_and_query()?.as_str();
    target.starts_with("//").then(|| format!("/{}", target.trim_start_matches('/')).parse().ok())?
}
