//! A response's headers, as Django's `response[name]`.

use std::borrow::Cow;
use std::fmt;

use http::header::{HeaderMap, HeaderName, HeaderValue};

use super::HttpResponse;
use crate::cache_headers::patch_vary_headers;
use crate::header_text::{self, HeaderText};
use crate::request::latin1;

/// A header that cannot be sent (`django.http.BadHeaderError`, or a name that is none).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadHeader {
    name: String,
    problem: &'static str,
}

impl BadHeader {
    /// Is it Django's `BadHeaderError`: a line break in the name or the value?
    #[must_use]
    pub fn is_line_break(&self) -> bool {
        self.problem == header_text::LINE_BREAK
    }

    /// The class of the exception in Django or Python.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        if self.name.is_ascii() { "BadHeaderError" } else { "UnicodeEncodeError" }
    }
}

impl fmt::Display for BadHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the header {:?} {}", self.name, self.problem)
    }
}

impl std::error::Error for BadHeader {}

impl HttpResponse {
    /// The value of a header, as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.inner.headers.get(name).map(|value| latin1(value.as_bytes()))
    }

    /// Is there such a header (`response.has_header`)?
    #[must_use]
    pub fn has_header(&self, name: &str) -> bool {
        self.inner.headers.contains_key(name)
    }

    /// Sets a header, in place of any of that name (`response[name] = value`).
    ///
    /// Text beyond Latin-1 is encoded by RFC 2047, as Django does.
    ///
    /// # Errors
    /// A line break or a control character, or a name that is no header name: it is never sent.
    ///
    /// ```
    /// use nuages_http::HttpResponse;
    /// let mut response = HttpResponse::new("");
    /// response.set_header("X-Age", "7")?;
    /// assert!(response.set_header("X-Age", "7\r\nSet-Cookie: a=b").is_err());
    /// assert_eq!(response.header("x-age").as_deref(), Some("7"));
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    #[doc(alias = "response.headers")]
    #[doc(alias = "setitem")]
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<&mut Self, BadHeader> {
        let (header, value) = checked(name, value)?;
        self.inner.names.remember(&header, name);
        self.inner.headers.insert(header, value);
        Ok(self)
    }

    /// The same response with this header.
    ///
    /// # Errors
    /// As [`set_header`](Self::set_header).
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, BadHeader> {
        self.set_header(name, value)?;
        Ok(self)
    }

    /// Sets a header unless there is one of that name (`response.headers.setdefault`).
    ///
    /// # Errors
    /// As [`set_header`](Self::set_header), if it is set.
    pub fn setdefault_header(&mut self, name: &str, value: &str) -> Result<&mut Self, BadHeader> {
        if !self.has_header(name) {
            self.set_header(name, value)?;
        }
        Ok(self)
    }

    /// Removes a header; no error if there is none (`del response[name]`).
    #[doc(alias = "delitem")]
    pub fn remove_header(&mut self, name: &str) -> &mut Self {
        self.inner.headers.remove(name);
        self
    }

    /// Every header but cookies, as bytes.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// The headers, to be changed by middleware; the types refuse what could inject.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.inner.headers
    }

    /// Adds names to the header Vary, once each (`django.utils.cache.patch_vary_headers`).
    #[doc(alias = "patch_vary_headers")]
    pub fn patch_vary(&mut self, names: &[&str]) {
        patch_vary_headers(&mut self.inner.headers, names);
    }
}

fn checked(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), BadHeader> {
    let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
        let is_broken = name.contains(['\r', '\n']);
        let problem =
            if is_broken { header_text::LINE_BREAK } else { "is no header name (RFC 9110 section 5.1)" };
        BadHeader { name: name.to_owned(), problem }
    })?;
    Ok((header, header_value(name, value)?))
}

/// Text as the value of the header `name`.
pub(super) fn header_value(name: &str, value: &str) -> Result<HeaderValue, BadHeader> {
    HeaderText::encode(value).map_err(|problem| BadHeader { name: name.to_owned(), problem })
}
