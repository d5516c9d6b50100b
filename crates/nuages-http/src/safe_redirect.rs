//! Where a user may be sent: `django.utils.http.url_has_allowed_host_and_scheme` and `escape_leading_slashes`.

use std::borrow::Cow;

use crate::char_class::{is_other, strip};
use crate::url_split::urlsplit;

/// In characters; longer URLs are refused unread.
const MAX_URL_LENGTH: usize = 2048;

/// Which schemes are safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllowedSchemes {
    /// Django's default.
    HttpAndHttps,
    /// Django's `require_https=True`: right for an answer to a secure request.
    HttpsOnly,
}

/// Whether the URL, most often one that a request named, stays on the allowed hosts and has a safe scheme.
///
/// A URL without host and scheme does. Hosts are compared with their port and as written. False for no URL at all. The URL
/// must still go through [`iri_to_uri`](crate::iri::iri_to_uri) before it is sent, as a redirect does: a tab between two slashes, which
/// browsers skip, is a safe URL here as in Django.
///
/// ```
/// use nuages_http::safe_redirect::{AllowedSchemes, url_has_allowed_host_and_scheme};
///
/// let is_safe = |url| url_has_allowed_host_and_scheme(url, &["example.com"], AllowedSchemes::HttpAndHttps);
/// assert!(is_safe("/next?page=2"));
/// assert!(is_safe("https://example.com/next"));
/// assert!(!is_safe("//evil.com"));
/// assert!(!is_safe(r"/\evil.com"));
/// assert!(!is_safe("javascript:alert(1)"));
/// ```
#[must_use]
pub fn url_has_allowed_host_and_scheme(
    url: &str,
    allowed_hosts: &[impl AsRef<str>],
    schemes: AllowedSchemes,
) -> bool {
    let url = strip(url);
    // Browsers read a backslash as a slash, but it may be part of a user name: both readings must be safe.
    is_allowed(url, allowed_hosts, schemes)
        && (!url.contains('\\') || is_allowed(&url.replace('\\', "/"), allowed_hosts, schemes))
}

fn is_allowed(url: &str, allowed_hosts: &[impl AsRef<str>], schemes: AllowedSchemes) -> bool {
    // Browsers read any number of slashes as two. A browser ignores control characters at the start.
    if url.starts_with("///")
        || url.chars().nth(MAX_URL_LENGTH).is_some()
        || url.chars().next().is_none_or(is_other)
    {
        return false;
    }
    let Ok(parts) = urlsplit(url) else { return false };
    if parts.netloc.is_empty() {
        // http:///evil.com has no host by the standard, but one for a browser.
        return parts.scheme.is_empty();
    }
    let scheme = if parts.scheme.is_empty() { "http" } else { parts.scheme.as_str() };
    let is_safe = match schemes {
        AllowedSchemes::HttpAndHttps => matches!(scheme, "http" | "https"),
        AllowedSchemes::HttpsOnly => scheme == "https",
    };
    is_safe && allowed_hosts.iter().any(|host| host.as_ref() == parts.netloc)
}

/// The path with the second of two leading slashes escaped, so that no browser takes it for a host.
///
/// ```
/// use nuages_http::safe_redirect::escape_leading_slashes;
///
/// assert_eq!(escape_leading_slashes("//evil.com"), "/%2Fevil.com");
/// ```
#[must_use]
pub fn escape_leading_slashes(url: &str) -> Cow<'_, str> {
    match url.strip_prefix("//") {
        Some(rest) => Cow::Owned(format!("/%2F{rest}")),
        None => Cow::Borrowed(url),
    }
}
