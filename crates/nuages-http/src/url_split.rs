//! URLs taken apart and joined, as Python's `urllib.parse` does: what Django's checks of URLs rely on.

use std::error::Error;
use std::fmt;
use std::net::Ipv6Addr;

/// The five parts of a URL, none of them decoded; an absent part is empty.
///
/// ```
/// use nuages_http::url_split::{SplitUrl, urlsplit};
///
/// let parts = SplitUrl { path: "/a".into(), query: "b=c".into(), ..SplitUrl::default() };
/// assert_eq!(urlsplit("/a?b=c")?, parts);
/// # Ok::<(), nuages_http::url_split::UrlError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SplitUrl {
    /// In lower case, without its colon.
    pub scheme: String,
    /// The host with user and port, as written.
    pub netloc: String,
    /// The path.
    pub path: String,
    /// The query string, without its question mark.
    pub query: String,
    /// The fragment, without its number sign.
    pub fragment: String,
}

/// Takes a URL apart. Leading blanks and controls are dropped, tabs and line breaks everywhere, as browsers do.
///
/// ```
/// use nuages_http::url_split::urlsplit;
///
/// let parts = urlsplit("HTTPS://example.com:8000/a?b=c#d")?;
/// assert_eq!((parts.scheme.as_str(), parts.netloc.as_str()), ("https", "example.com:8000"));
/// assert_eq!((parts.path.as_str(), parts.query.as_str(), parts.fragment.as_str()), ("/a", "b=c", "d"));
/// # Ok::<(), nuages_http::url_split::UrlError>(())
/// ```
///
/// # Errors
///
/// [`UrlError`] for a wrong address in brackets, and for a host that a browser could read as something else.
pub fn urlsplit(url: &str) -> Result<SplitUrl, UrlError> {
    let url: String =
        url.trim_start_matches(|c| c <= ' ').chars().filter(|c| !matches!(c, '\t' | '\r' | '\n')).collect();
    let (scheme, rest) = match url.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
        _ => (String::new(), url.as_str()),
    };
    let (netloc, rest) = match rest.strip_prefix("//") {
        Some(rest) => {
            rest.find(['/', '?', '#']).and_then(|end| rest.split_at_checked(end)).unwrap_or((rest, ""))
        }
        None => ("", rest),
    };
    check_brackets(netloc)?;
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    if netloc.contains(looks_like_delimiter) {
        return Err(UrlError::LookAlike);
    }
    Ok(SplitUrl {
        scheme,
        netloc: netloc.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        fragment: fragment.to_owned(),
    })
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

fn check_brackets(netloc: &str) -> Result<(), UrlError> {
    let (opened, closed) = (netloc.contains('['), netloc.contains(']'));
    if opened != closed {
        return Err(UrlError::Address);
    }
    let Some((_, host)) = netloc.split_once('[') else { return Ok(()) };
    let host = host.split_once(']').map_or(host, |(host, _)| host);
    let valid = match host.strip_prefix('v') {
        Some(future) => future.split_once('.').is_some_and(|(version, address)| {
            !version.is_empty()
                && version.bytes().all(|byte| byte.is_ascii_hexdigit())
                && !address.is_empty()
                && !address.contains('\n')
        }),
        None => match host.split_once('%') {
            Some((address, zone)) => is_ipv6(address) && !zone.is_empty() && !zone.contains('%'),
            None => is_ipv6(host),
        },
    };
    if valid { Ok(()) } else { Err(UrlError::Address) }
}

fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

/// The characters whose compatibility decomposition holds one of `/?#@:`: normalization is frozen, so the list is too.
fn looks_like_delimiter(c: char) -> bool {
    matches!(
        c,
        '\u{2047}'
            ..='\u{2049}'
                | '\u{2100}'
                | '\u{2101}'
                | '\u{2105}'
                | '\u{2106}'
                | '\u{2a74}'
                | '\u{fe13}'
                | '\u{fe16}'
                | '\u{fe55}'
                | '\u{fe56}'
                | '\u{fe5f}'
                | '\u{fe6b}'
                | '\u{ff03}'
                | '\u{ff0f}'
                | '\u{ff1a}'
                | '\u{ff1f}'
                | '\u{ff20}'
    )
}

/// The absolute URL that a reference means on a page: `urljoin` for the bases that exist here, http and https.
///
/// ```
/// use nuages_http::url_split::urljoin;
///
/// assert_eq!(urljoin("http://example.com/a/b", "../c?d=e")?, "http://example.com/c?d=e");
/// assert_eq!(urljoin("http://example.com/a/b", "mailto:a@b.c")?, "mailto:a@b.c");
/// # Ok::<(), nuages_http::url_split::UrlError>(())
/// ```
///
/// # Errors
///
/// [`UrlError`] if one of the two is no URL, or the base is of another scheme.
pub fn urljoin(base: &str, url: &str) -> Result<String, UrlError> {
    let base_parts = urlsplit(base)?;
    if !matches!(base_parts.scheme.as_str(), "http" | "https") {
        return Err(UrlError::Base);
    }
    if url.is_empty() {
        return Ok(base.to_owned());
    }
    let mut parts = urlsplit(url)?;
    if !parts.scheme.is_empty() && parts.scheme != base_parts.scheme {
        return Ok(url.to_owned());
    }
    parts.scheme = base_parts.scheme;
    if !parts.netloc.is_empty() {
        return Ok(unsplit(&parts));
    }
    parts.netloc = base_parts.netloc;
    if parts.path.is_empty() {
        parts.path = base_parts.path;
        if parts.query.is_empty() {
            parts.query = base_parts.query;
        }
        return Ok(unsplit(&parts));
    }
    let (path, params) = split_params(&parts.path);
    let (base_path, _) = split_params(&base_parts.path);
    let path = resolve(base_path, path);
    parts.path = match params {
        Some(params) if !params.is_empty() => format!("{path};{params}"),
        _ => path,
    };
    Ok(unsplit(&parts))
}

/// The path, and the parameters of its last segment, which take no part in resolving.
fn split_params(path: &str) -> (&str, Option<&str>) {
    let last = path.rfind('/').unwrap_or(0);
    let semicolon = path.get(last..).and_then(|segment| segment.find(';')).map(|at| last.saturating_add(at));
    match semicolon.and_then(|at| path.split_at_checked(at)) {
        Some((path, params)) => (path, params.strip_prefix(';')),
        None => (path, None),
    }
}

/// RFC 3986, section 5.2.4, as Python does it: empty segments of a relative path are lost.
fn resolve(base: &str, path: &str) -> String {
    let segments: Vec<&str> = if path.starts_with('/') {
        path.split('/').collect()
    } else {
        let mut segments: Vec<&str> = base.split('/').collect();
        if segments.last().is_some_and(|last| !last.is_empty()) {
            segments.pop();
        }
        segments.extend(path.split('/'));
        let last = segments.len().saturating_sub(1);
        let kept = segments
            .iter()
            .enumerate()
            .filter(|(at, segment)| *at == 0 || *at == last || !segment.is_empty());
        kept.map(|(_, segment)| *segment).collect()
    };
    let mut resolved: Vec<&str> = Vec::with_capacity(segments.len());
    for segment in &segments {
        match *segment {
            ".." => {
                resolved.pop();
            }
            "." => {}
            segment => resolved.push(segment),
        }
    }
    if matches!(segments.last(), Some(&("." | ".."))) {
        resolved.push("");
    }
    let path = resolved.join("/");
    if path.is_empty() { "/".to_owned() } else { path }
}

fn unsplit(parts: &SplitUrl) -> String {
    let mut url = format!("{}:", parts.scheme);
    if !parts.netloc.is_empty() || !parts.path.starts_with("//") {
        url.push_str("//");
        url.push_str(&parts.netloc);
        if !parts.path.is_empty() && !parts.path.starts_with('/') {
            url.push('/');
        }
    }
    url.push_str(&parts.path);
    for (mark, part) in [('?', &parts.query), ('#', &parts.fragment)] {
        if !part.is_empty() {
            url.push(mark);
            url.push_str(part);
        }
    }
    url
}

/// Text is no URL (ValueError).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlError {
    /// The brackets of an IPv6 address do not match, or hold none.
    Address,
    /// A character of the host would become one of `/?#@:` in a browser.
    LookAlike,
    /// The base of a join is neither http nor https.
    Base,
}

impl UrlError {
    /// The class of the exception in Django or Python.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        "ValueError"
    }
}

impl fmt::Display for UrlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Address => "not a URL: only an IPv6 address stands in brackets",
            Self::LookAlike => "not a URL: a character of the host stands for a delimiter",
            Self::Base => "the base must be an http or https URL",
        })
    }
}

impl Error for UrlError {}
