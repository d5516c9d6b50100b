//! Conditional requests (RFC 9110, section 13): `django.utils.cache.get_conditional_response`.

use http::header::{
    CACHE_CONTROL, CONTENT_LOCATION, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, LAST_MODIFIED, VARY,
};
use md5::{Digest, Md5};
use nuages_http::etag::{parse_etags, quote_etag};
use nuages_http::http_date::parse_http_date_safe;
use nuages_http::{Body, HttpRequest, HttpResponse, Method, StatusCode};

/// What stands in a response of status 304, besides cookies.
const KEPT: [HeaderName; 7] = [CACHE_CONTROL, CONTENT_LOCATION, DATE, ETAG, EXPIRES, LAST_MODIFIED, VARY];

/// What a condition comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// The client wants the answer.
    Passed,
    /// The client has it already: 304.
    NotModified,
    /// The client has seen another state than this one: 412.
    Failed,
}

/// Compares the conditions of a request (`If-Match`, `If-None-Match`, `If-Modified-Since`, `If-Unmodified-Since`) with what
/// there is: an entity tag in quotes, and the second since 1970 of the last change.
///
/// ```
/// use nuages_http::HttpRequest;
/// use nuages_middleware::{Condition, evaluate_condition};
/// let request = HttpRequest::test("GET", "/").header("If-None-Match", "\"abc\"").build();
/// assert_eq!(evaluate_condition(&request, Some("\"abc\""), None), Condition::NotModified);
/// assert_eq!(evaluate_condition(&request, Some("\"def\""), None), Condition::Passed);
/// ```
#[must_use]
pub fn evaluate_condition(
    request: &HttpRequest,
    etag: Option<&str>,
    last_modified: Option<i64>,
) -> Condition {
    let etag = etag.filter(|etag| !etag.is_empty());
    // Django knows no time of zero.
    let last_modified = last_modified.filter(|time| *time != 0);
    let header = |name: &str| request.headers.get(name);
    let date =
        |name: &str| header(name).and_then(|text| parse_http_date_safe(&text)).filter(|time| *time != 0);
    let reads = request.method == Method::GET || request.method == Method::HEAD;

    let if_match = header("if-match").unwrap_or_default();
    let if_match = parse_etags(&if_match);
    if !if_match.is_empty() {
        if !matches_strongly(etag, &if_match) {
            return Condition::Failed;
        }
    } else if let Some(since) = date("if-unmodified-since")
        && last_modified.is_none_or(|time| time > since)
    {
        return Condition::Failed;
    }

    let if_none_match = header("if-none-match").unwrap_or_default();
    let if_none_match = parse_etags(&if_none_match);
    if !if_none_match.is_empty() {
        if matches_weakly(etag, &if_none_match) {
            return if reads { Condition::NotModified } else { Condition::Failed };
        }
    } else if let Some(since) = date("if-modified-since")
        && last_modified.is_some_and(|time| time <= since)
        && reads
    {
        return Condition::NotModified;
    }
    Condition::Passed
}

fn matches_strongly(etag: Option<&str>, tags: &[&str]) -> bool {
    etag.is_some_and(|etag| tags == ["*"] || (!etag.starts_with("W/") && tags.contains(&etag)))
}

fn matches_weakly(etag: Option<&str>, tags: &[&str]) -> bool {
    let strong = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    etag.is_some_and(|etag| tags == ["*"] || tags.iter().any(|tag| strong(tag) == strong(etag)))
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
    match evaluate_condition(request, etag, last_modified) {
        Condition::Passed => response,
        Condition::Failed => precondition_failed(request),
        Condition::NotModified => {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(
        method: &str,
        headers: &[(&str, &str)],
        etag: Option<&str>,
        modified: Option<i64>,
    ) -> Condition {
        let request =
            headers.iter().fold(HttpRequest::test(method, "/"), |r, (name, value)| r.header(name, value));
        evaluate_condition(&request.build(), etag, modified)
    }

    #[test]
    fn conditions() {
        use Condition::{Failed, NotModified, Passed};
        const DATE: &str = "Sun, 17 May 2020 12:30:45 GMT";
        const TIME: i64 = 1_589_718_645;
        for (method, name, value, etag, modified, expected) in [
            ("GET", "if-none-match", "\"a\"", Some("\"a\""), None, NotModified),
            ("GET", "if-none-match", "W/\"a\"", Some("\"a\""), None, NotModified),
            ("GET", "if-none-match", "\"a\", \"b\"", Some("W/\"b\""), None, NotModified),
            ("GET", "if-none-match", "*", Some("\"a\""), None, NotModified),
            ("GET", "if-none-match", "*", None, None, Passed),
            ("GET", "if-none-match", "\"b\"", Some("\"a\""), None, Passed),
            ("PUT", "if-none-match", "\"a\"", Some("\"a\""), None, Failed),
            ("PUT", "if-match", "\"a\"", Some("\"a\""), None, Passed),
            ("PUT", "if-match", "\"b\"", Some("\"a\""), None, Failed),
            ("PUT", "if-match", "*", Some("W/\"a\""), None, Passed),
            ("PUT", "if-match", "W/\"a\"", Some("W/\"a\""), None, Failed),
            ("PUT", "if-match", "*", None, None, Failed),
            ("GET", "if-match", "garbage", Some("\"a\""), None, Passed),
            ("GET", "if-modified-since", DATE, None, Some(TIME), NotModified),
            ("GET", "if-modified-since", DATE, None, Some(TIME + 1), Passed),
            ("POST", "if-modified-since", DATE, None, Some(TIME), Passed),
            ("GET", "if-modified-since", DATE, None, None, Passed),
            ("GET", "if-unmodified-since", DATE, None, Some(TIME), Passed),
            ("GET", "if-unmodified-since", DATE, None, Some(TIME + 1), Failed),
            ("GET", "if-unmodified-since", DATE, None, None, Failed),
            ("GET", "if-modified-since", "yesterday", None, Some(TIME), Passed),
        ] {
            let found = condition(method, &[(name, value)], etag, modified);
            assert_eq!(found, expected, "{method} {name}: {value} against {etag:?} {modified:?}");
        }
        let both = [("if-none-match", "\"b\""), ("if-modified-since", DATE)];
        assert_eq!(
            condition("GET", &both, Some("\"a\""), Some(TIME)),
            Passed,
            "the tag counts, not the date"
        );
    }
}
