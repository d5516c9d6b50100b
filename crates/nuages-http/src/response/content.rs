//! Content, its type and its charset.

use std::borrow::Cow;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_TYPE, HeaderValue};

use super::error::ResponseError;
use super::headers::{BadHeader, header_value};
use super::{HTML, HttpResponse};
use crate::body::Body;
use crate::encoding::Encoding;
use crate::error::Result;

/// Types that need not be copied into each response.
const COMMON: [HeaderValue; 4] = [
    HTML,
    HeaderValue::from_static("text/plain; charset=utf-8"),
    HeaderValue::from_static("text/plain"),
    HeaderValue::from_static("application/json"),
];

impl HttpResponse {
    /// The same response with another Content-Type.
    ///
    /// # Errors
    /// A line break or a control character.
    ///
    /// ```
    /// use nuages_http::HttpResponse;
    /// let response = HttpResponse::new("a,b").with_content_type("text/csv")?;
    /// assert_eq!(response.header("content-type").as_deref(), Some("text/csv"));
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    pub fn with_content_type(mut self, content_type: &str) -> Result<Self, BadHeader> {
        let value = match COMMON.iter().find(|common| *common == content_type) {
            Some(common) => common.clone(),
            None => header_value(CONTENT_TYPE.as_str(), content_type)?,
        };
        self.inner.headers.insert(CONTENT_TYPE, value);
        Ok(self)
    }

    /// Chooses the charset in which text is encoded from now on (`charset=`), and names it in the Content-Type if
    /// that is still the default.
    ///
    /// # Errors
    /// A line break or a control character.
    pub fn with_charset(mut self, charset: &str) -> Result<Self, BadHeader> {
        self.inner.charset = Some(charset.to_owned().into());
        if self.inner.headers.get(CONTENT_TYPE) == Some(&HTML) {
            self.set_header("Content-Type", &format!("text/html; charset={charset}"))?;
        }
        Ok(self)
    }

    /// The charset (`response.charset`): the chosen one, that of the Content-Type, or UTF-8.
    #[must_use]
    pub fn charset(&self) -> Cow<'_, str> {
        if let Some(charset) = &self.inner.charset {
            return Cow::Borrowed(charset);
        }
        self.inner
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
            .and_then(charset_of)
            .unwrap_or(Cow::Borrowed("utf-8"))
    }

    /// Adds text to the content, in the response's charset (`response.write`).
    ///
    /// # Errors
    /// If the response is streamed, or the text has characters that the charset lacks, or the charset is unknown.
    ///
    /// ```
    /// use nuages_http::HttpResponse;
    /// let mut response = HttpResponse::new("").with_content_type("text/plain; charset=iso-8859-1")?;
    /// response.write("caf\u{e9}")?;
    /// assert_eq!(response.body().as_bytes(), Some(&b"caf\xe9"[..]));
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    pub fn write(&mut self, text: &str) -> Result<&mut Self> {
        let charset = self.charset();
        if charset.eq_ignore_ascii_case("utf-8") || self.is_streaming() {
            return self.write_bytes(text.as_bytes());
        }
        let encoded = Encoding::new(&charset).encode(text)?.into_owned();
        self.write_bytes(&encoded)
    }

    /// Adds bytes to the content as they are.
    ///
    /// # Errors
    /// If the response is streamed.
    pub fn write_bytes(&mut self, bytes: &[u8]) -> Result<&mut Self> {
        let Some(content) = self.inner.body.as_bytes() else {
            return Err(ResponseError::NotWritable.into());
        };
        let content: Bytes = if content.is_empty() {
            Bytes::copy_from_slice(bytes)
        } else {
            let mut joined = BytesMut::with_capacity(content.len().saturating_add(bytes.len()));
            joined.extend_from_slice(content);
            joined.extend_from_slice(bytes);
            joined.freeze()
        };
        self.inner.body = Body::from(content);
        Ok(self)
    }
}

/// The charset parameter of a content type, unquoted.
fn charset_of(content_type: &str) -> Option<Cow<'_, str>> {
    let (_, parameters) = content_type.split_once(';')?;
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.split_ascii_whitespace().next()?;
        name.trim().eq_ignore_ascii_case("charset").then(|| Cow::Owned(value.replace('"', "")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_not_writable_whatever_its_charset() {
        for charset in ["utf-8", "ascii", "nonsense"] {
            let mut response = HttpResponse::streaming(Body::empty()).with_charset(charset).unwrap();
            assert_eq!(response.write("\u{e9}").is_ok(), charset == "utf-8");
            response.set_body(Body::from_chunks([Ok::<_, std::io::Error>(Bytes::from_static(b"a"))]));
            let error = response.write("\u{e9}").unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&ResponseError::NotWritable), "{charset}");
        }
    }

    #[test]
    fn charsets() {
        for (content_type, expected) in [
            ("text/html; charset=utf-8", Some("utf-8")),
            ("text/html;charset=\"latin-1\"", Some("latin-1")),
            ("text/html; a=b; CHARSET=koi8-r; c", Some("koi8-r")),
            ("text/html", None),
        ] {
            assert_eq!(charset_of(content_type).as_deref(), expected, "{content_type}");
        }
    }
}
