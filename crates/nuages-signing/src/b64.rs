//! URL-safe base64 without padding, read as leniently as Python reads it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::DecodeError;

/// Appends the base64 of `bytes`.
pub(crate) fn push(text: &mut String, bytes: &[u8]) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// Encodes into `buffer`; nothing if it is too small.
pub(crate) fn encode_into<'a>(bytes: &[u8], buffer: &'a mut [u8]) -> Option<&'a [u8]> {
    let length = URL_SAFE_NO_PAD.encode_slice(bytes, buffer).ok()?;
    buffer.get(..length)
}

/// Reads what Django's `b64_decode` reads: both alphabets, foreign characters skipped, anything after the padding
/// ignored.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, DecodeError> {
    // What a signer wrote is strict base64; only the rest takes the slow way.
    URL_SAFE_NO_PAD.decode(text).or_else(|_| decode_leniently(text))
}

fn decode_leniently(text: &[u8]) -> Result<Vec<u8>, DecodeError> {
    // Django pads by the length of the whole text, foreign characters included.
    let padding = [b'='; 3];
    let missing = match text.len() & 3 {
        0 => 0,
        extra => 4_usize.saturating_sub(extra),
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut group = 0_u32;
    let mut filled = 0_u8;
    let mut pads = 0_u8;
    for byte in text.iter().chain(padding.iter().take(missing)) {
        let value = match byte {
            b'A'..=b'Z' => byte.wrapping_sub(b'A'),
            b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            b'=' if filled >= 2 => {
                pads = pads.saturating_add(1);
                if filled.saturating_add(pads) >= 4 {
                    return Ok(bytes);
                }
                continue;
            }
            _ => continue,
        };
        pads = 0;
        group = (group << 6 | u32::from(value)) & 0xFFF;
        match filled {
            0 => filled = 1,
            1 => {
                bytes.push((group >> 4) as u8);
                filled = 2;
            }
            2 => {
                bytes.push((group >> 2) as u8);
                filled = 3;
            }
            _ => {
                bytes.push(group as u8);
                filled = 0;
            }
        }
    }
    if filled == 0 { Ok(bytes) } else { Err(DecodeError::Base64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from Django's `b64_decode`; `None` is `binascii.Error`.
    #[test]
    fn reads_as_python_does() {
        let cases: [(&str, Option<&[u8]>); 42] = [
            ("", Some(b"")),
            (".", Some(b"")),
            ("a", None),
            ("ab", Some(b"i")),
            ("abc", Some(b"i\xb7")),
            ("abcde", None),
            ("MQ", Some(b"1")),
            ("M Q", None),
            ("MQ==", Some(b"1")),
            ("MQ=", Some(b"1")),
            ("M=Q", None),
            ("====", Some(b"")),
            ("=", Some(b"")),
            ("MQ\n", None),
            ("é", Some(b"")),
            ("M.Q", None),
            ("MQ+/", Some(b"1\x0f\xbf")),
            ("++", Some(b"\xfb")),
            ("//", Some(b"\xff")),
            ("MQ==MQ", Some(b"1")),
            ("MQ=MQ", Some(b"1\x03\x10")),
            ("MTI=MTI", Some(b"12")),
            ("MTI=x", Some(b"12")),
            ("M!!!Q", Some(b"1")),
            ("ab==cd", Some(b"i")),
            ("a=b=", None),
            ("MTIzNA", Some(b"1234")),
            ("MTIzNA=", Some(b"1234")),
            ("MTIzNA===", Some(b"1234")),
            ("=MQ", None),
            ("MQ==x", Some(b"1")),
            ("MQ==xxxx", Some(b"1")),
            ("A=", None),
            ("AA=", Some(b"\0")),
            ("AAA=", Some(b"\0\0")),
            ("AAAA=", Some(b"\0\0\0")),
            ("AAAAA=", None),
            ("AAAAAA=", Some(b"\0\0\0\0")),
            ("A===", None),
            ("AA=A", None),
            ("=AAA", None),
            ("A=A=A", Some(b"\0\0")),
        ];
        for (text, expected) in cases {
            assert_eq!(decode(text.as_bytes()).ok().as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn the_fast_way_and_the_lenient_way_agree() {
        for bytes in [&b""[..], b"1", b"12", b"123", b"\xff\xfe\xfd\xfc\xfb"] {
            let mut text = String::new();
            push(&mut text, bytes);
            assert_eq!(decode_leniently(text.as_bytes()).unwrap(), bytes);
        }
    }
}
