//! Addresses and queries as text.

use std::fmt::Write;

/// A static file's address: quoted, and joined to the prefix as Python's `urljoin` does with a path.
pub(crate) fn joined(prefix: &str, path: &str) -> String {
    let quoted = quote(path, "/");
    if quoted.starts_with('/') {
        // A path from the root replaces that of the prefix.
        let host = prefix
            .find("://")
            .map_or(0, |at| prefix[at + 3..].find('/').map_or(prefix.len(), |end| at + 3 + end));
        return format!("{}{quoted}", &prefix[..host]);
    }
    let folder = prefix.rfind('/').map_or("", |at| &prefix[..=at]);
    format!("{folder}{quoted}")
}

/// Python's `urllib.parse.quote`.
pub(crate) fn quote(text: &str, safe: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"_.-~".contains(&byte) || safe.as_bytes().contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Python's `urllib.parse.urlencode`.
pub(crate) fn encoded(pairs: &[(String, String)]) -> String {
    let part = |text: &str| quote(text, " ").replace(' ', "+");
    let pairs: Vec<String> =
        pairs.iter().map(|(key, value)| format!("{}={}", part(key), part(value))).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_joined_as_python_joins_it() {
        let cases = [
            ("/static/", "a.css", "/static/a.css"),
            ("/static/", "a b/ü.css", "/static/a%20b/%C3%BC.css"),
            ("https://cdn.example/x/", "a.css", "https://cdn.example/x/a.css"),
            ("https://cdn.example/x/", "/a.css", "https://cdn.example/a.css"),
            ("/static/", "/a.css", "/a.css"),
            ("", "a.css", "a.css"),
        ];
        for (prefix, path, expected) in cases {
            assert_eq!(joined(prefix, path), expected, "{prefix} {path}");
        }
    }

    #[test]
    fn a_query_is_encoded_as_python_encodes_it() {
        let pairs = [("a b".to_owned(), "c&d".to_owned()), ("x".to_owned(), "~/".to_owned())];
        assert_eq!(encoded(&pairs), "a+b=c%26d&x=~%2F");
    }
}
