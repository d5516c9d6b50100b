//! Entity tags (RFC 9110, section 8.8.3): `django.utils.http.parse_etags` and `quote_etag`.

use std::borrow::Cow;

use crate::char_class::strip;

/// The tags of an If-None-Match or If-Match header, quotes included; `*` alone is one too. What is no tag is left out.
///
/// ```
/// use nuages_http::etag::parse_etags;
///
/// assert_eq!(parse_etags(r#""a", W/"b", c"#), [r#""a""#, r#"W/"b""#]);
/// ```
#[must_use]
pub fn parse_etags(header: &str) -> Vec<&str> {
    if strip(header) == "*" {
        return vec!["*"];
    }
    header.split(',').map(strip).filter(|tag| is_etag(tag)).collect()
}

/// The tag in quotes, unless it is in quotes already.
///
/// ```
/// use nuages_http::etag::quote_etag;
///
/// assert_eq!(quote_etag("abc"), "\"abc\"");
/// assert_eq!(quote_etag("W/\"abc\""), "W/\"abc\"");
/// ```
#[must_use]
pub fn quote_etag(tag: &str) -> Cow<'_, str> {
    if is_etag(tag) { Cow::Borrowed(tag) } else { Cow::Owned(format!("\"{tag}\"")) }
}

fn is_etag(text: &str) -> bool {
    let quoted = text.strip_prefix("W/").unwrap_or(text);
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).is_some_and(|tag| !tag.contains('"'))
}
