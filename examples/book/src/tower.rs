//! A tower service inside the site.

// ANCHOR: service
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use nuages::http::{Request, Response};
use nuages::prelude::*;
use tower_service::Service;

/// A tower service: an axum `Router` is one, and so is whatever wears tower layers.
#[derive(Clone)]
pub struct Version;

impl Service<Request<Body>> for Version {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // The request of nuages is at hand, with its session and all that the layers around have found out.
        let host = request.extensions().get::<HttpRequest>().and_then(|request| request.get_host().ok());
        let host = host.map_or("nobody".into(), |host| host.into_owned());
        ready(Ok(Response::new(Body::from(format!("{} at {host}", request.uri().path())))))
    }
}
// ANCHOR_END: service

// ANCHOR: mount
/// Below `api/` the service answers, which sees the path behind that.
pub fn mounted_urls() -> UrlConf {
    urlconf([path("api/", mount(Version))])
}
// ANCHOR_END: mount
