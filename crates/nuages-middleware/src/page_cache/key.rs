//! Under which key a page is kept.

use nuages_http::cache_headers::split_delimited;
use nuages_http::{HttpRequest, HttpResponse, Result};
use sha2::{Digest, Sha256};

/// What a key is made of. Each part has its length in front, so that no two lists of parts read the same; and it is SHA-256,
/// because requests choose what goes in, and a collision would give one page for another.
struct Parts(Sha256);

impl Parts {
    fn new(kind: &str, prefix: &str, url: &str) -> Self {
        let mut parts = Self(Sha256::new());
        parts.add(kind);
        parts.add(prefix);
        parts.add(url);
        parts
    }

    fn add(&mut self, part: &str) {
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part.as_bytes());
    }

    fn finish(self) -> String {
        let mut key = String::from("nuages.cache_page.");
        for byte in self.0.finalize() {
            for digit in [byte >> 4, byte & 15] {
                key.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
        }
        key
    }
}

/// Scheme, host, path and query. The path is not made simpler: `/a/../b` is another route than `/b`.
fn url(request: &HttpRequest) -> Result<String> {
    Ok(format!("{}://{}{}", request.scheme, request.get_host()?, request.get_full_path()))
}

/// Where the names of the headers are kept that the pages of this URL depend on.
pub(super) fn of_names(request: &HttpRequest, prefix: &str) -> Result<String> {
    Ok(Parts::new("names", prefix, &url(request)?).finish())
}

/// Where the page is kept that this request gets, if pages of its URL depend on these headers.
pub(super) fn of_page(request: &HttpRequest, prefix: &str, names: &[String]) -> Result<String> {
    let mut parts = Parts::new("page", prefix, &url(request)?);
    for name in names {
        parts.add(name);
        // A header that is absent is not one that is empty.
        match request.headers.get(name) {
            Some(value) => {
                parts.add("there");
                parts.add(&value);
            }
            None => parts.add("absent"),
        }
    }
    Ok(parts.finish())
}

/// The names in the Vary headers of a response, in lower case and order; none if it depends on more than headers.
pub(super) fn names(response: &HttpResponse) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for value in response.headers().get_all(http::header::VARY) {
        let value = value.to_str().ok()?;
        for name in split_delimited(value).into_iter().map(str::trim).filter(|name| !name.is_empty()) {
            if name.contains('*') {
                return None;
            }
            names.push(name.to_ascii_lowercase());
        }
    }
    names.sort_unstable();
    names.dedup();
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_counts() {
        let request = |target: &str| HttpRequest::test("GET", target).header("host", "testserver");
        let names = ["cookie".to_owned()];
        let key =
            |request: nuages_http::TestRequest, prefix| of_page(&request.build(), prefix, &names).unwrap();
        let keys = [
            key(request("/"), ""),
            key(request("/?a"), ""),
            key(request("/"), "p"),
            key(request("/").header("cookie", ""), ""),
            key(request("/").header("cookie", "a"), ""),
            of_page(&request("/").build(), "", &[]).unwrap(),
            of_names(&request("/").build(), "").unwrap(),
        ];
        let different: std::collections::HashSet<&String> = keys.iter().collect();
        assert_eq!(different.len(), keys.len(), "{keys:?}");
        assert_eq!(keys[0], key(request("/"), ""));
    }

    #[test]
    fn names_of_vary() {
        for (vary, expected) in [
            ("", Some(vec![])),
            (" Cookie ,  accept-language,cookie", Some(vec!["accept-language", "cookie"])),
            ("Cookie, *", None),
            (" * ", None),
        ] {
            let response = HttpResponse::new("").with_header("Vary", vary).unwrap();
            let expected = expected.map(|names| names.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(names(&response), expected, "{vary:?}");
        }
    }
}
