//! The bytes of a `Cookie` header, shared and not copied.

use bytes::Bytes;
use http::HeaderValue;

/// One `Cookie` header as it came: what [`Cookies::new`](crate::Cookies::new) is made from.
///
/// Made from `Bytes`, a `String` or a `HeaderValue` without copying, and from `&[u8]` or `&str` with one copy.
///
/// ```
/// use nuages_cookies::{CookieHeader, Cookies};
///
/// let headers = [CookieHeader::from("a=1"), CookieHeader::from(String::from("b=2"))];
/// assert_eq!(Cookies::new(headers).get("b").as_deref(), Some("2"));
/// ```
#[derive(Clone)]
pub struct CookieHeader(Raw);

#[derive(Clone)]
enum Raw {
    Bytes(Bytes),
    Header(HeaderValue),
}

impl CookieHeader {
    /// A header without a byte; allocates nothing.
    pub(crate) const fn empty() -> Self {
        Self(Raw::Bytes(Bytes::new()))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Raw::Bytes(bytes) => bytes,
            Raw::Header(value) => value.as_bytes(),
        }
    }

    /// One header in place of several.
    pub(crate) fn joined<T: Into<Self>>(headers: impl IntoIterator<Item = T>, separator: &[u8]) -> Self {
        let mut headers = headers.into_iter().map(Into::into);
        let Some(first) = headers.next() else { return Self::empty() };
        let Some(second) = headers.next() else { return first };
        let mut all = first.as_bytes().to_vec();
        for header in std::iter::once(second).chain(headers) {
            all.extend_from_slice(separator);
            all.extend_from_slice(header.as_bytes());
        }
        Self(Raw::Bytes(all.into()))
    }
}

impl From<Bytes> for CookieHeader {
    fn from(bytes: Bytes) -> Self {
        Self(Raw::Bytes(bytes))
    }
}

impl From<HeaderValue> for CookieHeader {
    fn from(value: HeaderValue) -> Self {
        Self(Raw::Header(value))
    }
}

impl From<&HeaderValue> for CookieHeader {
    fn from(value: &HeaderValue) -> Self {
        Self(Raw::Header(value.clone()))
    }
}

impl From<String> for CookieHeader {
    fn from(text: String) -> Self {
        Self(Raw::Bytes(text.into()))
    }
}

impl From<&[u8]> for CookieHeader {
    fn from(bytes: &[u8]) -> Self {
        Self(Raw::Bytes(Bytes::copy_from_slice(bytes)))
    }
}

impl From<&str> for CookieHeader {
    fn from(text: &str) -> Self {
        text.as_bytes().into()
    }
}
