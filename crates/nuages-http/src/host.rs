//! The Host header: which hosts exist (RFC 1034), and which a site answers for (`ALLOWED_HOSTS`).

use std::borrow::Cow;

/// Whether the host is the pattern's: the same, or for a pattern such as `.example.com` it or one below.
///
/// The pattern may be in any case, the host must be lower case and without its port (`django.utils.http`).
///
/// ```
/// use nuages_http::host::is_same_domain;
///
/// assert!(is_same_domain("shop.example.com", ".example.com"));
/// assert!(!is_same_domain("notexample.com", ".example.com"));
/// ```
#[must_use]
pub fn is_same_domain(host: &str, pattern: &str) -> bool {
    if pattern.is_empty() {
        return false;
    }
    let pattern = lower(pattern);
    match pattern.strip_prefix('.') {
        Some(domain) => host == domain || host.ends_with(&*pattern),
        None => host == pattern,
    }
}

/// The domain in lower case, without a dot at its end, and the port; two empty texts if this is no host.
///
/// ```
/// use nuages_http::host::split_domain_port;
///
/// assert_eq!(split_domain_port("Example.com.:8000"), ("example.com".into(), "8000"));
/// assert_eq!(split_domain_port("[::1]"), ("[::1]".into(), ""));
/// assert_eq!(split_domain_port("a/b"), ("".into(), ""));
/// ```
#[must_use]
pub fn split_domain_port(host: &str) -> (Cow<'_, str>, &str) {
    const INVALID: (Cow<'_, str>, &str) = (Cow::Borrowed(""), "");
    if let Some((domain, port)) = split_plain(host) {
        return (Cow::Borrowed(domain), port);
    }
    let (domain, port) = match host.rfind(']') {
        Some(_) => match host.rsplit_once("]:") {
            Some((_, port)) if !port.contains(']') => {
                (host.strip_suffix(port).and_then(|rest| rest.strip_suffix(':')), port)
            }
            _ => (Some(host), ""),
        },
        None => match host.rsplit_once(':') {
            Some((domain, port)) => (Some(domain), port),
            None => (Some(host), ""),
        },
    };
    let Some(domain) = domain else { return INVALID };
    let has_port = domain.len() < host.len();
    if has_port && (port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit())) {
        return INVALID;
    }
    let domain = lower(domain);
    if !is_name(&domain) && !is_address(&domain) {
        return INVALID;
    }
    match domain {
        Cow::Borrowed(domain) => (Cow::Borrowed(domain.strip_suffix('.').unwrap_or(domain)), port),
        Cow::Owned(mut domain) => {
            if domain.ends_with('.') {
                domain.pop();
            }
            (Cow::Owned(domain), port)
        }
    }
}

/// The same for what nearly every request sends: a name in lower case, with or without a port.
fn split_plain(host: &str) -> Option<(&str, &str)> {
    let end = host.bytes().position(|byte| !is_name_byte(byte)).unwrap_or(host.len());
    let (domain, rest) = host.split_at_checked(end)?;
    let port = match rest.strip_prefix(':') {
        Some(port) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => port,
        None if rest.is_empty() => "",
        _ => return None,
    };
    (!domain.is_empty()).then_some((domain.strip_suffix('.').unwrap_or(domain), port))
}

/// Whether one of the patterns allows the host: `*` allows every one, the others as in [`is_same_domain`].
///
/// The host must be what [`split_domain_port`] answers, and not empty.
///
/// ```
/// use nuages_http::host::validate_host;
///
/// assert!(validate_host("shop.example.com", &["example.org", ".example.com"]));
/// assert!(!validate_host("example.net", &["example.org", ".example.com"]));
/// ```
#[must_use]
pub fn validate_host(host: &str, allowed_hosts: &[impl AsRef<str>]) -> bool {
    allowed_hosts.iter().map(AsRef::as_ref).any(|pattern| pattern == "*" || is_same_domain(host, pattern))
}

/// Python's `str.lower()`, without an allocation where nothing changes.
fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

/// `[a-z0-9.-]+`.
fn is_name(domain: &str) -> bool {
    !domain.is_empty() && domain.bytes().all(is_name_byte)
}

fn is_name_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-')
}

/// `\[[a-f0-9]*:[a-f0-9.:]+\]`.
fn is_address(domain: &str) -> bool {
    let inner = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let Some((first, rest)) = inner.and_then(|inner| inner.split_once(':')) else { return false };
    let is_hex = |byte: u8| matches!(byte, b'a'..=b'f' | b'0'..=b'9');
    first.bytes().all(is_hex)
        && !rest.is_empty()
        && rest.bytes().all(|byte| is_hex(byte) || matches!(byte, b'.' | b':'))
}
