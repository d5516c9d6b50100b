//! The names of headers as a view wrote them: Django keeps their letter case, HTTP does not care.

use std::borrow::Cow;

use http::header::HeaderName;

use super::HttpResponse;

/// The names that were not written in the usual way, such as `Content-Type`.
#[derive(Default)]
pub(super) struct HeaderNames(Vec<Written>);

/// A header, and its name as it was written.
type Written = (HeaderName, Box<str>);

impl HeaderNames {
    /// Remembers how this header's name was written.
    pub(super) fn remember(&mut self, header: &HeaderName, written: &str) {
        let usual = is_usual(written);
        self.0.retain(|(name, _)| name != header);
        if !usual {
            self.0.push((header.clone(), written.into()));
        }
    }

    fn written(&self, header: &HeaderName) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == header);
        found.map(|(_, written)| &**written)
    }
}

impl HttpResponse {
    /// Every header but cookies, in their order: its name as it was written, and its value as text (`response.items()`).
    ///
    /// ```
    /// use nuages_http::HttpResponse;
    /// let response = HttpResponse::new("").with_header("x-Odd", "1")?;
    /// let items: Vec<_> = response.items().collect();
    /// assert_eq!(items[0], ("Content-Type".into(), "text/html; charset=utf-8".into()));
    /// assert_eq!(items[1], ("x-Odd".into(), "1".into()));
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    pub fn items(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        self.inner.headers.iter().map(|(header, value)| {
            let name = match self.inner.names.written(header) {
                Some(written) => Cow::Borrowed(written),
                None => Cow::Owned(title_case(header.as_str())),
            };
            (name, crate::request::latin1(value.as_bytes()))
        })
    }
}

/// Does each word begin with a capital letter, and have no other?
fn is_usual(name: &str) -> bool {
    let mut starts = true;
    name.bytes().all(|byte| {
        let usual = if starts { !byte.is_ascii_lowercase() } else { !byte.is_ascii_uppercase() };
        starts = byte == b'-';
        usual
    })
}

/// `content-type` as `Content-Type`.
fn title_case(name: &str) -> String {
    let mut starts = true;
    name.chars()
        .map(|c| {
            let c = if starts { c.to_ascii_uppercase() } else { c };
            starts = c == '-';
            c
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_until_it_is_written_otherwise() {
        let mut response = HttpResponse::new("");
        for (name, expected) in [("etag", "etag"), ("ETag", "ETag"), ("Etag", "Etag"), ("eTAG", "eTAG")] {
            response.set_header(name, "1").unwrap();
            assert_eq!(response.items().last().unwrap().0, expected);
        }
        response.headers_mut().insert("x-a-b", "2".parse().unwrap());
        assert_eq!(response.items().last().unwrap().0, "X-A-B");
    }
}
