//! Conditional requests (RFC 9110, section 13): whether a client has what it would get, or what it means to change.

use http::Method;
use http::header::{self, HeaderMap};

use crate::etag::parse_etags;
use crate::http_date::parse_http_date_safe;

/// What the headers If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// The answer itself.
    Proceed,
    /// The client has it: status 304.
    NotModified,
    /// It is not what the client thinks: status 412.
    Failed,
}

/// What the validators of an answer and the headers of its request come to, in the order of RFC 9110, section 13.2.2: as
/// Django's `get_conditional_response`. `modified` is in seconds since 1970.
///
/// ```
/// use http::{HeaderMap, Method};
/// use nuages_http::preconditions::{Precondition, check};
/// let mut headers = HeaderMap::new();
/// headers.insert("if-none-match", "\"a\", \"b\"".parse().unwrap());
/// assert_eq!(check(&Method::GET, &headers, Some("\"b\""), None), Precondition::NotModified);
/// assert_eq!(check(&Method::GET, &headers, Some("\"c\""), None), Precondition::Proceed);
/// assert_eq!(check(&Method::PUT, &headers, Some("\"b\""), None), Precondition::Failed);
/// ```
#[must_use]
pub fn check(
    method: &Method,
    headers: &HeaderMap,
    etag: Option<&str>,
    modified: Option<i64>,
) -> Precondition {
    let safe = method == Method::GET || method == Method::HEAD;
    let (wanted, known) = (text(headers, header::IF_MATCH), text(headers, header::IF_NONE_MATCH));
    // A header without a single tag that is well formed asks for nothing.
    let wanted = parse_etags(wanted.as_deref().unwrap_or(""));
    if !wanted.is_empty() {
        if !matches_strongly(&wanted, etag) {
            return Precondition::Failed;
        }
    } else if let Some(since) = date(headers, header::IF_UNMODIFIED_SINCE)
        && modified.is_none_or(|modified| modified > since)
    {
        return Precondition::Failed;
    }
    let known = parse_etags(known.as_deref().unwrap_or(""));
    if !known.is_empty() {
        if matches_weakly(&known, etag) {
            return if safe { Precondition::NotModified } else { Precondition::Failed };
        }
    } else if let (true, Some(since), Some(modified)) =
        (safe, date(headers, header::IF_MODIFIED_SINCE), modified)
        && modified <= since
    {
        return Precondition::NotModified;
    }
    Precondition::Proceed
}

/// Is what the client has parts of still the same, by its header If-Range?
pub(crate) fn is_same(headers: &HeaderMap, etag: Option<&str>, modified: Option<i64>) -> bool {
    let Some(value) = text(headers, header::IF_RANGE) else { return true };
    let value = value.trim();
    if value.starts_with('"') || value.starts_with("W/") {
        return !value.starts_with("W/") && etag == Some(value);
    }
    modified.is_some() && parse_http_date_safe(value) == modified
}

fn matches_strongly(tags: &[&str], etag: Option<&str>) -> bool {
    etag.is_some_and(|etag| tags == ["*"] || (!etag.starts_with("W/") && tags.contains(&etag)))
}

fn matches_weakly(tags: &[&str], etag: Option<&str>) -> bool {
    fn opaque(tag: &str) -> &str {
        tag.strip_prefix("W/").unwrap_or(tag)
    }
    etag.is_some_and(|etag| tags == ["*"] || tags.iter().any(|tag| opaque(tag) == opaque(etag)))
}

/// Several headers of one name are one list. Not text: as if it were not there.
fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

fn date(headers: &HeaderMap, name: header::HeaderName) -> Option<i64> {
    parse_http_date_safe(headers.get(name)?.to_str().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: &str = "Sun, 17 May 2020 12:30:45 GMT";
    const AFTER: &str = "Mon, 18 May 2020 12:30:45 GMT";
    const SECONDS: i64 = 1_589_718_645;

    #[test]
    fn in_the_order_of_the_standard() {
        use Precondition::{Failed, NotModified, Proceed};
        for (method, pairs, expected) in [
            ("GET", &[][..], Proceed),
            ("GET", &[("if-match", "\"x\"")][..], Failed),
            (
                "GET",
                &[("if-match", "*"), ("if-unmodified-since", "Thu, 01 Jan 1970 00:00:00 GMT")][..],
                Proceed,
            ),
            ("PUT", &[("if-match", "\"a\"")][..], Proceed),
            ("PUT", &[("if-match", "W/\"a\"")][..], Failed),
            ("GET", &[("if-unmodified-since", "Thu, 01 Jan 1970 00:00:00 GMT")][..], Failed),
            ("GET", &[("if-unmodified-since", DAY)][..], Proceed),
            ("GET", &[("if-match", "garbage")][..], Proceed),
            ("GET", &[("if-none-match", "garbage"), ("if-modified-since", DAY)][..], NotModified),
            ("PUT", &[("if-none-match", "W/\"a\"")][..], Failed),
            ("GET", &[("if-unmodified-since", "nonsense")][..], Proceed),
            ("GET", &[("if-none-match", "W/\"a\"")][..], NotModified),
            ("HEAD", &[("if-none-match", "*")][..], NotModified),
            ("POST", &[("if-none-match", "*")][..], Failed),
            ("GET", &[("if-none-match", "\"x\""), ("if-modified-since", DAY)][..], Proceed),
            ("GET", &[("if-modified-since", DAY)][..], NotModified),
            ("GET", &[("if-modified-since", AFTER)][..], NotModified),
            ("GET", &[("if-modified-since", "Sat, 16 May 2020 12:30:45 GMT")][..], Proceed),
            ("POST", &[("if-modified-since", DAY)][..], Proceed),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(*name, value.parse().unwrap());
            }
            let method: Method = method.parse().unwrap();
            assert_eq!(
                check(&method, &headers, Some("\"a\""), Some(SECONDS)),
                expected,
                "{method} {pairs:?}"
            );
        }
    }

    #[test]
    fn without_validators() {
        for (name, value, expected) in [
            ("if-match", "*", Precondition::Failed),
            ("if-unmodified-since", DAY, Precondition::Failed),
            ("if-none-match", "*", Precondition::Proceed),
            ("if-modified-since", DAY, Precondition::Proceed),
        ] {
            let mut headers = HeaderMap::new();
            headers.append(name, value.parse().unwrap());
            assert_eq!(check(&Method::GET, &headers, None, None), expected, "{name}: {value}");
        }
    }

    #[test]
    fn if_range_is_strong() {
        for (value, expected) in [
            ("\"a\"", true),
            ("W/\"a\"", false),
            ("\"b\"", false),
            (DAY, true),
            (AFTER, false),
            ("nonsense", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("if-range", value.parse().unwrap());
            assert_eq!(is_same(&headers, Some("\"a\""), Some(SECONDS)), expected, "{value}");
            assert!(!is_same(&headers, None, None), "{value}");
        }
        assert!(is_same(&HeaderMap::new(), None, None));
    }
}
