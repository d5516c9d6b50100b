//! The Vary header, which tells caches what a response depends on: `django.utils.cache`.

use http::{HeaderMap, HeaderValue, header::VARY};

use crate::char_class::{is_space, strip};
use crate::encoding::latin_1;

/// Adds these names to the Vary header, in their order, unless they are there already in any case.
///
/// If one of all names is `*`, it is left alone; the same is done for a name that no header can hold, because a cache then
/// errs on the safe side.
///
/// ```
/// use http::{HeaderMap, header::VARY};
/// use nuages_http::cache_headers::patch_vary_headers;
///
/// let mut headers = HeaderMap::new();
/// patch_vary_headers(&mut headers, &["Cookie"]);
/// patch_vary_headers(&mut headers, &["Accept-Language", "cookie"]);
/// assert_eq!(headers[VARY], "Cookie, Accept-Language");
/// ```
pub fn patch_vary_headers(headers: &mut HeaderMap, names: &[&str]) {
    if let [name] = names
        && !headers.contains_key(VARY)
        && let Ok(value) = HeaderValue::from_str(name)
    {
        headers.insert(VARY, value);
        return;
    }
    let current = joined(headers);
    let present: Vec<&str> = current.as_deref().map(split_delimited).unwrap_or_default();
    let added = names.iter().copied().filter(|name| !present.iter().any(|there| same(there, name)));
    let all: Vec<&str> = present.iter().copied().chain(added).collect();
    let vary = if all.contains(&"*") { None } else { latin_1_value(&all.join(", ")) };
    headers.insert(VARY, vary.unwrap_or_else(|| HeaderValue::from_static("*")));
}

/// Whether the Vary header names this header.
///
/// ```
/// use http::{HeaderMap, header::VARY};
/// use nuages_http::cache_headers::has_vary_header;
///
/// let mut headers = HeaderMap::new();
/// headers.insert(VARY, http::HeaderValue::from_static("Accept, Cookie"));
/// assert!(has_vary_header(&headers, "cookie") && !has_vary_header(&headers, "Accept-Language"));
/// ```
#[must_use]
pub fn has_vary_header(headers: &HeaderMap, name: &str) -> bool {
    joined(headers)
        .is_some_and(|vary| split_delimited(&vary).iter().any(|there| same(strip(there), strip(name))))
}

/// The elements of a list in a header, without the blanks around the commas: Django's `cc_delim_re`.
///
/// ```
/// use nuages_http::cache_headers::split_delimited;
/// assert_eq!(split_delimited("no-cache , max-age=0"), ["no-cache", "max-age=0"]);
/// ```
#[must_use]
pub fn split_delimited(value: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = value.split(',').collect();
    let last = parts.len().saturating_sub(1);
    for (at, part) in parts.iter_mut().enumerate() {
        if at > 0 {
            *part = part.trim_start_matches(is_space);
        }
        if at < last {
            *part = part.trim_end_matches(is_space);
        }
    }
    parts
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The values of all Vary headers as one, and a byte a character, as Django has them.
fn joined(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(VARY).iter();
    let first = latin_1(values.next()?.as_bytes()).into_owned();
    Some(values.fold(first, |all, value| format!("{all}, {}", latin_1(value.as_bytes()))))
}

fn latin_1_value(text: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    HeaderValue::from_bytes(&bytes?).ok()
}
