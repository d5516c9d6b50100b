//! What is for one visitor alone.

use nuages_http::HttpRequest;

use crate::csrf::CsrfState;
use crate::sessions::SharedSessions;

/// On a request whose answer shows something of its visitor.
struct Personal;

/// Says that the answer to this request is for its visitor alone, so that no cache of pages may keep it: whatever reads
/// something of a visitor by other ways than the session says so.
///
/// ```
/// use nuages_http::{HttpRequest, HttpResponse, Result};
/// use nuages_middleware::mark_personal;
///
/// async fn account(request: HttpRequest) -> Result {
///     mark_personal(&request); // the name comes from a header, which no cache of pages looks at
///     let name = request.headers.get("X-Remote-User").unwrap_or_default();
///     Ok(HttpResponse::new(format!("Hello, {name}!")))
/// }
/// # let request = HttpRequest::test("GET", "/").header("X-Remote-User", "Ada").build();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// assert_eq!(account(request).await?.body().as_bytes(), Some(&b"Hello, Ada!"[..]));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn mark_personal(request: &HttpRequest) {
    request.extensions().get_or_insert_with(|| Personal);
}

/// Is the answer to this request for its visitor alone: was the session used, a CSRF token given, or was it
/// [marked](mark_personal)?
pub(crate) fn is_personal(request: &HttpRequest) -> bool {
    request.extensions().get::<Personal>().is_some()
        || CsrfState::was_asked(request)
        || SharedSessions::of(request).is_some_and(|sessions| sessions.was_used(request))
}
