//! Who turns an error into a response.

use nuages_http::{Error, HttpRequest, HttpResponse};

use crate::next::BoxFuture;

/// Turns an error into a response: the application's `handler404` and its siblings, and the log.
///
/// ```
/// use nuages_http::{Error, ErrorKind, HttpRequest, HttpResponse};
/// use nuages_middleware::{BoxFuture, Guarded, Respond};
///
/// /// Every error is a line of text.
/// struct Plain;
///
/// impl Respond for Plain {
///     fn respond(&self, _request: HttpRequest, error: Error) -> BoxFuture<'_, HttpResponse> {
///         Box::pin(async move { HttpResponse::new(error.to_string()).with_status(error.status()) })
///     }
/// }
///
/// let request = HttpRequest::test("GET", "/").build();
/// let view = async { Err(Error::new(ErrorKind::NotFound, "no such page")) };
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let response = Guarded::new(view, request, &Plain).await;
/// assert_eq!(response.status(), 404);
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait Respond: Send + Sync {
    /// The response to an error.
    fn respond(&self, request: HttpRequest, error: Error) -> BoxFuture<'_, HttpResponse>;
}
