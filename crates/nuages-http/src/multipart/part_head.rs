//! The headers of one part.

use crate::char_class::strip;
use crate::header_parameters::{HeaderParameters, parse_header_parameters};

/// What the headers of a field or a file say.
#[derive(Debug, Default)]
pub(super) struct PartHead {
    /// The field's name, as sent; none: the part is passed over.
    pub(super) name: Option<String>,
    /// The file's name, as sent; none or empty: it is no file.
    pub(super) file_name: Option<String>,
    pub(super) content_type: String,
    pub(super) content_type_extra: HeaderParameters,
    /// The length that the client announced; not to be trusted.
    pub(super) content_length: Option<u64>,
    pub(super) is_base64: bool,
}

impl PartHead {
    /// None if the part is neither a field nor a file. A line that is no header, or not in UTF-8, is passed over, as in
    /// Django; of repeated headers the last one counts.
    pub(super) fn parse(head: &[u8]) -> Option<Self> {
        let mut part = Self::default();
        let mut is_field = false;
        let mut rest = head;
        loop {
            let (line, next) = match memchr::memmem::find(rest, b"\r\n") {
                Some(at) => (rest.get(..at).unwrap_or_default(), rest.get(at.saturating_add(2)..)),
                None => (rest, None),
            };
            is_field |= part.read_line(line).unwrap_or(false);
            match next {
                Some(next) => rest = next,
                None => return is_field.then_some(part),
            }
        }
    }

    /// Reads one line; was it the Content-Disposition?
    fn read_line(&mut self, line: &[u8]) -> Option<bool> {
        let (value, parameters) = parse_header_parameters(std::str::from_utf8(line).ok()?).ok()?;
        let (name, value) = value.split_once(':')?;
        match name {
            "content-disposition" => {
                let strip = |name: &str| name.trim_matches(is_ascii_space).to_owned();
                self.name = parameters.get("name").map(strip);
                self.file_name = parameters.get("filename").map(str::to_owned);
                return Some(true);
            }
            "content-type" => {
                self.content_type = strip(value).to_owned();
                self.content_type_extra = parameters;
            }
            "content-length" => self.content_length = strip(value).parse().ok(),
            "content-transfer-encoding" => self.is_base64 = strip(value) == "base64",
            _ => {}
        }
        Some(false)
    }

    pub(super) fn is_file(&self) -> bool {
        self.file_name.as_deref().is_some_and(|name| !name.is_empty())
    }
}

/// What Python strips from bytes.
fn is_ascii_space(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disposition(head: &str) -> Option<(Option<String>, Option<String>)> {
        PartHead::parse(head.as_bytes()).map(|part| (part.name, part.file_name))
    }

    #[test]
    fn dispositions() {
        let named = |name: &str| Some((Some(name.to_owned()), None));
        let file = |name: &str, file: &str| Some((Some(name.to_owned()), Some(file.to_owned())));
        for (head, expected) in [
            ("\r\nContent-Disposition: form-data; name=\"a\"", named("a")),
            ("\r\nCONTENT-DISPOSITION:form-data; NAME=a", named("a")),
            ("content-disposition: form-data; name=\" a\t\"", named("a")),
            ("content-disposition: anything; name=a; filename=\"b;c.txt\"", file("a", "b;c.txt")),
            ("content-disposition: form-data; name=a; filename=", file("a", "")),
            (
                "content-disposition: form-data; name=a; filename*=UTF-8''%E2%82%AC.txt",
                file("a", "\u{20ac}.txt"),
            ),
            ("content-disposition: form-data", Some((None, None))),
            ("content-disposition: form-data; name=a\r\ncontent-disposition: form-data; name=b", named("b")),
            ("content-disposition : form-data; name=a", None),
            ("content-disposition; name=a", None),
            ("content-disposition: form-data; name*=utf-99''a", None),
            ("content-type: text/plain", None),
            ("", None),
        ] {
            assert_eq!(disposition(head), expected, "{head:?}");
        }
        assert!(PartHead::parse(b"content-disposition: form-data; name=\"\xff\"").is_none());
    }

    #[test]
    fn other_headers() {
        let head = b"Content-Disposition: form-data; name=a; filename=b\r\nContent-Type: Text/HTML; charset=latin-1\r\n\
            no header\r\nContent-Transfer-Encoding:  BASE64 \r\nContent-Length: 12\r\n";
        let part = PartHead::parse(head).unwrap();
        assert_eq!(part.content_type, "text/html");
        assert_eq!(part.content_type_extra.get("charset"), Some("latin-1"));
        assert_eq!((part.is_base64, part.content_length, part.is_file()), (true, Some(12), true));
        let part = PartHead::parse(b"content-disposition: form-data; name=a\r\ncontent-length: -1").unwrap();
        assert_eq!((part.is_base64, part.content_length, part.is_file()), (false, None, false));
    }
}
