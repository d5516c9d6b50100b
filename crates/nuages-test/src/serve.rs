//! What the client can talk to.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use nuages_http::{Body, Peer, Site};

/// A future behind a pointer.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// An application as the client sees it; the facade implements it for its `Application`.
pub trait Serve {
    /// Answers a request that came from this peer.
    fn serve(&self, request: http::Request<Body>, peer: Peer) -> BoxFuture<http::Response<Body>>;

    /// What all requests of the application share.
    fn site(&self) -> &Arc<Site>;
}
