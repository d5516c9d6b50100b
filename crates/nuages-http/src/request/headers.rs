//! `request.headers`: the request's headers, without regard to case.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::HeaderMap;

use super::head::Head;

/// The headers of a request (`HttpRequest.headers`).
///
/// Names are found in any case, with hyphens or underscores. Values are Latin-1 text, repeated headers are
/// joined by a comma. A header that was *sent* with an underscore in its name is not here: `X_User` must not pass for
/// `X-User`.
///
/// ```
/// use nuages_http::HttpRequest;
///
/// let request = HttpRequest::test("GET", "/").header("User-Agent", "curl/8").header("X-User", "ada").build();
/// assert_eq!(request.headers.get("user-agent").as_deref(), Some("curl/8"));
/// assert_eq!(request.headers.get("X_USER").as_deref(), Some("ada"));
/// assert!(!request.headers.contains("Referer"));
/// ```
#[derive(Clone)]
pub struct RequestHeaders {
    head: Arc<Head>,
}

impl RequestHeaders {
    pub(crate) fn new(head: Arc<Head>) -> Self {
        Self { head }
    }

    /// The value of a header.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        if name.contains('_') { self.head.header(name.replace('_', "-")) } else { self.head.header(name) }
    }

    /// Is there such a header?
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        if name.contains('_') {
            self.head.headers.contains_key(name.replace('_', "-"))
        } else {
            self.head.headers.contains_key(name)
        }
    }

    /// Every header: its name with each word's first letter a capital (`User-Agent`), its value.
    pub fn iter(&self) -> impl Iterator<Item = (String, Cow<'_, str>)> {
        self.head.headers.keys().filter(|name| !name.as_str().contains('_')).filter_map(|name| {
            let value = self.head.header(name.as_str())?;
            Some((title_case(name.as_str()), value))
        })
    }

    /// The headers as they came, bytes and repetitions included.
    #[must_use]
    pub fn raw(&self) -> &HeaderMap {
        &self.head.headers
    }
}

/// Names only: values may be secret.
impl fmt::Debug for RequestHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.head.headers.keys()).finish()
    }
}

fn title_case(name: &str) -> String {
    let mut start = true;
    name.chars()
        .map(|c| {
            let c = if start { c.to_ascii_uppercase() } else { c };
            start = c == '-';
            c
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn title_case() {
        for (name, expected) in [("user-agent", "User-Agent"), ("x-a-b", "X-A-B"), ("host", "Host"), ("", "")]
        {
            assert_eq!(super::title_case(name), expected);
        }
    }
}
