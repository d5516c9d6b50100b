//! Who turns an error into a response.

use nuages_http::{Error, HttpRequest, HttpResponse};

use crate::next::BoxFuture;

/// Turns an error into a response: the application's `handler404` and its siblings, and the log.
pub trait Respond: Send + Sync {
    /// The response to an error.
    fn respond(&self, request: HttpRequest, error: Error) -> BoxFuture<'_, HttpResponse>;
}
