//! The boundary that separates the parts.

use crate::request::ContentType;

/// More characters than a boundary may have are no boundary (RFC 2046 allows 70, Django 201).
const LONGEST: usize = 201;

/// The boundary that the Content-Type names; the message says why there is none that can be used.
pub(crate) fn boundary(content_type: &ContentType) -> Result<&str, &'static str> {
    if !content_type.header_is_ascii() {
        return Err("the Content-Type of a multipart form must be ASCII");
    }
    let boundary = content_type.params().get("boundary").unwrap_or_default();
    let is_sound = (1..=LONGEST).contains(&boundary.len())
        && boundary.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && !boundary.ends_with(' ');
    if is_sound { Ok(boundary) } else { Err("the Content-Type of a multipart form must name its boundary") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::HttpRequest;

    #[test]
    fn boundaries() {
        let long = format!("multipart/form-data; boundary={}", "b".repeat(201));
        let longer = format!("{long}b");
        for (content_type, expected) in [
            ("multipart/form-data; boundary=abc", Some("abc")),
            ("multipart/form-data; boundary=\"a b;c\"", Some("a b;c")),
            ("multipart/form-data; boundary=abc; boundary=def", Some("def")),
            ("multipart/form-data; boundary=", None),
            ("multipart/form-data; boundary=\"a \"", None),
            ("multipart/form-data; boundary=\"a\tb\"", None),
            ("multipart/form-data; boundary=\u{e9}", None),
            ("multipart/form-data; boundary=a; x=\u{e9}", None),
            ("multipart/form-data", None),
            (&long, long.split_once('=').map(|(_, boundary)| boundary)),
            (&longer, None),
        ] {
            let request = HttpRequest::test("POST", "/").header("content-type", content_type).build();
            assert_eq!(boundary(&request.content_type).ok(), expected, "{content_type}");
        }
    }
}
