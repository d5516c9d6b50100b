//! `ConditionalGetMiddleware`: what the client has is not sent again.

use http::header::{CACHE_CONTROL, ETAG, LAST_MODIFIED};
use nuages_http::cache_headers::split_delimited;
use nuages_http::http_date::parse_http_date_safe;
use nuages_http::{HttpRequest, HttpResponse, Method, Result, StatusCode};

use crate::conditional;
use crate::middleware::Middleware;
use crate::next::Next;

/// Answers a GET for what the client has already with 304 (`django.middleware.http.ConditionalGetMiddleware`).
///
/// A response without an entity tag gets one, the MD5 of its content, unless it is streamed, empty, or says `no-store`.
/// The view runs all the same; `condition` is for views that know before.
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Settings, Site};
/// # use nuages_middleware::{Middleware, Next, Setup};
/// # struct View;
/// # impl Next for View {
/// #     async fn run(&self, _: HttpRequest) -> HttpResponse { HttpResponse::new("hello") }
/// # }
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use nuages_middleware::ConditionalGetMiddleware;
///
/// let middleware = ConditionalGetMiddleware::new();
/// let first = middleware.call(HttpRequest::test("GET", "/").build(), &View).await?;
/// let tag = first.header("ETag").ok_or("a tag is added")?;
/// let again = HttpRequest::test("GET", "/").header("If-None-Match", &tag).build();
/// assert_eq!(middleware.call(again, &View).await?.status(), 304);
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct ConditionalGetMiddleware;

impl ConditionalGetMiddleware {
    /// The middleware.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl Middleware for ConditionalGetMiddleware {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let kept = request.clone();
        let response = next.run(request).await;
        Ok(process_response(&kept, response))
    }
}

pub(crate) fn process_response(request: &HttpRequest, mut response: HttpResponse) -> HttpResponse {
    // Too late to refuse anything else, and a HEAD has no content to make a tag of.
    // And a part has been compared already by what cut it out.
    if request.method != Method::GET || response.status() == StatusCode::PARTIAL_CONTENT {
        return response;
    }
    if !response.headers().contains_key(ETAG) && may_be_stored(&response) {
        conditional::set_etag(&mut response);
    }
    let etag = response.header(ETAG.as_str()).map(std::borrow::Cow::into_owned);
    let modified = response.header(LAST_MODIFIED.as_str()).and_then(|text| parse_http_date_safe(&text));
    if etag.is_none() && modified.is_none() {
        return response;
    }
    conditional::apply(request, response, etag.as_deref(), modified)
}

fn may_be_stored(response: &HttpResponse) -> bool {
    let control = response.header(CACHE_CONTROL.as_str()).unwrap_or_default();
    !split_delimited(&control).iter().any(|directive| directive.eq_ignore_ascii_case("no-store"))
}
