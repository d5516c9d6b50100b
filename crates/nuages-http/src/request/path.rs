//! A path as text, decoded only where it must be.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::head::Head;
use crate::iri::decode_path;

/// A decoded path; it derefs to `str`.
///
/// ```
/// use nuages_http::HttpRequest;
/// let request = HttpRequest::test("GET", "/caf%C3%A9/?q=1").build();
/// assert_eq!(&*request.path, "/caf\u{e9}/");
/// ```
#[derive(Clone)]
pub struct PathText {
    text: Text,
}

#[derive(Clone)]
enum Text {
    /// Nothing in it was encoded: it is the path of the target.
    Plain(Arc<Head>),
    Decoded(Arc<str>),
}

impl PathText {
    pub(super) fn of(head: &Arc<Head>) -> Self {
        let path = head.uri.path();
        let text = if path.bytes().all(|byte| byte != b'%' && byte.is_ascii()) {
            Text::Plain(head.clone())
        } else {
            Text::Decoded(decode_path(path.as_bytes()).as_ref().into())
        };
        Self { text }
    }
}

impl Deref for PathText {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.text {
            Text::Plain(head) => head.uri.path(),
            Text::Decoded(text) => text,
        }
    }
}

impl From<&str> for PathText {
    fn from(path: &str) -> Self {
        Self { text: Text::Decoded(path.into()) }
    }
}

impl PartialEq<str> for PathText {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for PathText {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl fmt::Display for PathText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for PathText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
