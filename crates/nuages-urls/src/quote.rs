//! Percent-encoding, as Python's `urllib.parse` does it where Django asks for it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but what Python never encodes.
const UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~');

/// What `reverse` leaves as it is: the sub-delimiters of RFC 3986 and `/~:@`.
const PATH: AsciiSet = UNRESERVED
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'/')
    .remove(b':')
    .remove(b'@');

/// Quotes the path of a URL, and takes care that it can't be read as `//host`.
pub(crate) fn path(text: &str) -> String {
    let quoted = utf8_percent_encode(text, &PATH).to_string();
    match quoted.strip_prefix("//") {
        Some(rest) => format!("/%2F{rest}"),
        None => quoted,
    }
}

/// Adds `name=value` to a query string.
pub(crate) fn pair(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    plus(query, name);
    query.push('=');
    plus(query, value);
}

/// `quote_plus`.
fn plus(query: &mut String, text: &str) {
    for (position, word) in text.split(' ').enumerate() {
        if position > 0 {
            query.push('+');
        }
        query.extend(utf8_percent_encode(word, &UNRESERVED));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_queries() {
        assert_eq!(path("/a b/é?#%~:@!$&'()*+,;=/"), "/a%20b/%C3%A9%3F%23%25~:@!$&'()*+,;=/");
        assert_eq!(path("//evil"), "/%2Fevil");
        assert_eq!(path("///evil"), "/%2F/evil");
        let mut query = String::new();
        pair(&mut query, "a b", "é&=+~/");
        pair(&mut query, "", "");
        assert_eq!(query, "a+b=%C3%A9%26%3D%2B~%2F&=");
    }
}
