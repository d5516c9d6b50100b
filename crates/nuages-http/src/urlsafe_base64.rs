//! Base64 without padding, for URLs: `django.utils.http.urlsafe_base64_encode` and `urlsafe_base64_decode`.

use std::error::Error;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The bytes in base64 of the URL-safe alphabet, without padding.
///
/// ```
/// use nuages_http::urlsafe_base64::urlsafe_base64_encode;
///
/// assert_eq!(urlsafe_base64_encode(b"hello"), "aGVsbG8");
/// ```
#[must_use]
pub fn urlsafe_base64_encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of text in base64, padded or not.
///
/// As lenient as Python: characters outside of the alphabet are skipped, `+` and `/` mean what `-` and `_` mean, and text
/// ends at its padding. So different texts may mean the same: no base for a comparison.
///
/// ```
/// use nuages_http::urlsafe_base64::urlsafe_base64_decode;
/// assert_eq!(urlsafe_base64_decode("aGVsbG8")?, b"hello");
/// # Ok::<(), nuages_http::urlsafe_base64::Base64Error>(())
/// ```
///
/// # Errors
///
/// [`Base64Error`] if characters are missing.
pub fn urlsafe_base64_decode(text: &str) -> Result<Vec<u8>, Base64Error> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let padding = text.len() % 4;
    let (mut group, mut filled, mut pads) = (0_u32, 0_u8, 0_usize);
    for byte in text.bytes().chain(std::iter::repeat_n(b'=', padding)) {
        if byte == b'=' {
            if filled >= 2 {
                pads += 1;
                if usize::from(filled) + pads >= 4 {
                    return Ok(bytes);
                }
            }
            continue;
        }
        let Some(six) = value(byte) else { continue };
        pads = 0;
        group = group << 6 | six;
        filled = (filled + 1) % 4;
        match filled {
            // Four characters make three bytes; each is written as soon as it is whole.
            2 => bytes.push(low_byte(group >> 4)),
            3 => bytes.push(low_byte(group >> 2)),
            0 => bytes.push(low_byte(group)),
            _ => {}
        }
    }
    if filled == 0 { Ok(bytes) } else { Err(Base64Error) }
}

fn low_byte(group: u32) -> u8 {
    let [.., low] = group.to_be_bytes();
    low
}

fn value(byte: u8) -> Option<u32> {
    let six = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' | b'+' => 62,
        b'_' | b'/' => 63,
        _ => return None,
    };
    Some(u32::from(six))
}

/// Text is no base64: characters are missing (ValueError).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Base64Error;

impl Base64Error {
    /// The class of the exception in Django or Python.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        "ValueError"
    }
}

impl fmt::Display for Base64Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not base64: characters are missing at the end")
    }
}

impl Error for Base64Error {}
