//! Conditional requests (RFC 9110, section 13): `django.utils.cache.get_conditional_response`.

use http::header::{
    CACHE_CONTROL, CONTENT_LOCATION, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, LAST_MODIFIED, VARY,
};
use md5::{Digest, Md5};
use nuages_http::etag::quote_etag;
use nuages_http::preconditions::{self, Precondition};
use nuages_http::{Body, HttpRequest, HttpResponse, StatusCode};

/// What stands in a response of status 304, besides cookies.
const KEPT: [HeaderName; 7] = [CACHE_CONTROL, CONTENT_LOCATION, DATE, ETAG, EXPIRES, LAST_MODIFIED, VARY];

/// What the conditions of a request come to.
pub(crate) fn check(request: &HttpRequest, etag: Option<&str>, last_modified: Option<i64>) -> Precondition {
    let etag = etag.filter(|etag| !etag.is_empty());
    preconditions::check(&request.method, request.headers.raw(), etag, last_modified)
}

/// The answer to a request whose condition failed.
pub(crate) fn precondition_failed(request: &HttpRequest) -> HttpResponse {
    tracing::warn!(
        target: "nuages.request",
        status = 412,
        method = request.method.as_str(),
        path = ?&*request.path,
        "precondition failed",
    );
    HttpResponse::new("").with_status(StatusCode::PRECONDITION_FAILED)
}

/// Applies the conditions of a request to its answer: a 2xx may become 304 or 412. Cookies are kept in a 304.
pub(crate) fn apply(
    request: &HttpRequest,
    mut response: HttpResponse,
    etag: Option<&str>,
    last_modified: Option<i64>,
) -> HttpResponse {
    if !response.status().is_success() {
        return response;
    }
    match check(request, etag, last_modified) {
        Precondition::Proceed => response,
        Precondition::Failed => precondition_failed(request),
        Precondition::NotModified => {
            let mut kept = HeaderMap::with_capacity(KEPT.len());
            for name in KEPT {
                if let Some(value) = response.headers_mut().remove(&name) {
                    kept.insert(name, value);
                }
            }
            *response.headers_mut() = kept;
            response.set_status(StatusCode::NOT_MODIFIED);
            response.set_body(Body::empty());
            response
        }
    }
}

/// Gives a response that is no stream and not empty the tag of its content, as Django does (`set_response_etag`): the MD5
/// of its bytes.
pub(crate) fn set_etag(response: &mut HttpResponse) {
    let Some(content) = response.body().as_bytes().filter(|content| !content.is_empty()) else { return };
    let mut text = String::with_capacity(34);
    for byte in Md5::digest(content) {
        text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
    }
    if let Ok(value) = http::HeaderValue::from_str(&quote_etag(&text)) {
        response.headers_mut().insert(ETAG, value);
    }
}
