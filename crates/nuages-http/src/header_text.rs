//! Text as the value of a header: Latin-1, or RFC 2047 where that does not do.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;

pub(crate) const LINE_BREAK: &str = "contains a line break";

/// Encodes header values as `HttpResponse._convert_to_charset` does.
pub(crate) struct HeaderText;

impl HeaderText {
    pub(crate) fn encode(text: &str) -> Result<HeaderValue, &'static str> {
        // Of ASCII it takes what is visible, blanks and tabs; beyond ASCII it would take the bytes of UTF-8.
        if text.is_ascii()
            && let Ok(plain) = HeaderValue::from_str(text)
        {
            return Ok(plain);
        }
        if text.contains(['\r', '\n']) {
            return Err(LINE_BREAK);
        }
        let encoded = match text.chars().map(|c| u8::try_from(u32::from(c))).collect::<Result<Vec<u8>, _>>() {
            Ok(latin1) => HeaderValue::from_bytes(&latin1),
            Err(_) => HeaderValue::try_from(encoded_word(text)),
        };
        encoded.map_err(|_| "contains a control character")
    }
}

/// One encoded word in UTF-8, in whichever of the two forms is shorter (base64 when equal… Python prefers it only
/// when strictly shorter).
fn encoded_word(text: &str) -> String {
    let base64 = STANDARD.encode(text);
    let quoted_length: usize =
        text.bytes().map(|byte| if is_plain(byte) || byte == b' ' { 1 } else { 3 }).sum();
    if base64.len() < quoted_length {
        return format!("=?utf-8?b?{base64}?=");
    }
    let mut quoted = String::with_capacity(quoted_length.saturating_add(12));
    quoted.push_str("=?utf-8?q?");
    for byte in text.bytes() {
        match byte {
            b' ' => quoted.push('_'),
            byte if is_plain(byte) => quoted.push(char::from(byte)),
            byte => quoted.push_str(&format!("={byte:02X}")),
        }
    }
    quoted.push_str("?=");
    quoted
}

/// Bytes that the quoted form of a header leaves alone.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'!' | b'*' | b'+' | b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_python_writes_it() {
        for (text, expected) in [
            ("plain", &b"plain"[..]),
            ("caf\u{e9}", b"caf\xe9"),
            ("\u{20ac}", b"=?utf-8?b?4oKs?="),
            ("price \u{20ac} and a long ascii tail", b"=?utf-8?q?price_=E2=82=AC_and_a_long_ascii_tail?="),
        ] {
            assert_eq!(HeaderText::encode(text).unwrap().as_bytes(), expected, "{text}");
        }
        assert_eq!(HeaderText::encode("a\nb"), Err(LINE_BREAK));
        assert!(HeaderText::encode("a\0b").is_err());
    }
}
