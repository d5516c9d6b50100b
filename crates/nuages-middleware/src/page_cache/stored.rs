//! A page as the cache keeps it.

use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderName, HeaderValue};
use nuages_http::HttpResponse;

/// A page of status 200: when it was kept, whether it is for everybody by its own word, headers and content.
pub(super) struct Page {
    pub(super) kept_at: u64,
    pub(super) public: bool,
    headers: Vec<(HeaderName, HeaderValue)>,
    content: Bytes,
}

/// The form below; another one is not read.
const VERSION: u8 = 1;

impl Page {
    /// None of a stream, which has no content yet.
    pub(super) fn of(response: &HttpResponse, kept_at: u64, public: bool) -> Option<Self> {
        let content = Bytes::copy_from_slice(response.body().as_bytes()?);
        let headers = response.headers().iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        Some(Self { kept_at, public, headers, content })
    }

    pub(super) fn into_response(self) -> HttpResponse {
        let mut response = HttpResponse::new(self.content);
        response.headers_mut().clear();
        for (name, value) in self.headers {
            response.headers_mut().append(name, value);
        }
        response
    }

    /// Version, time, flag, count of headers; name and value of each with their lengths; then the content.
    pub(super) fn encode(&self) -> Option<Bytes> {
        let mut bytes = BytesMut::with_capacity(self.content.len().saturating_add(512));
        bytes.put_u8(VERSION);
        bytes.put_u64(self.kept_at);
        bytes.put_u8(u8::from(self.public));
        bytes.put_u16(u16::try_from(self.headers.len()).ok()?);
        for (name, value) in &self.headers {
            for part in [name.as_str().as_bytes(), value.as_bytes()] {
                bytes.put_u32(u32::try_from(part.len()).ok()?);
                bytes.put_slice(part);
            }
        }
        bytes.put_slice(&self.content);
        Some(bytes.freeze())
    }

    /// None for what another program, or another version of this one, has put there.
    pub(super) fn decode(bytes: &Bytes) -> Option<Self> {
        let mut reader = Reader { rest: bytes.clone() };
        let version = reader.number(1)?;
        let (kept_at, public, count) = (reader.number(8)?, reader.number(1)? != 0, reader.number(2)?);
        if version != u64::from(VERSION) {
            return None;
        }
        let mut headers = Vec::new();
        for _ in 0..count {
            let name = HeaderName::from_bytes(&reader.part()?).ok()?;
            headers.push((name, HeaderValue::from_bytes(&reader.part()?).ok()?));
        }
        Some(Self { kept_at, public, headers, content: reader.rest })
    }
}

struct Reader {
    rest: Bytes,
}

impl Reader {
    fn take(&mut self, length: usize) -> Option<Bytes> {
        (length <= self.rest.len()).then(|| self.rest.split_to(length))
    }

    fn number(&mut self, bytes: usize) -> Option<u64> {
        Some(self.take(bytes)?.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }

    fn part(&mut self) -> Option<Bytes> {
        let length = usize::try_from(self.number(4)?).ok()?;
        self.take(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let response = HttpResponse::new("content").with_header("X-Age", "7").unwrap();
        let bytes = Page::of(&response, 5, true).unwrap().encode().unwrap();
        let page = Page::decode(&bytes).unwrap();
        assert_eq!((page.kept_at, page.public), (5, true));
        let again = page.into_response();
        assert_eq!(again.headers(), response.headers());
        assert_eq!(again.body().as_bytes(), Some(&b"content"[..]));
        for end in 0..bytes.len() - 7 {
            assert!(Page::decode(&bytes.slice(..end)).is_none(), "{end} bytes");
        }
        assert!(Page::decode(&Bytes::from_static(&[9; 64])).is_none());
    }
}
