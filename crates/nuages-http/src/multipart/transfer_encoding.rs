//! Content-Transfer-Encoding: base64, which no browser sends and Django reads.

use bytes::Bytes;

/// The content of a field. As Python's `b64decode` it passes over what is not in the alphabet; what still cannot be decoded
/// stays as it is, as in Django.
pub(super) fn decode_field(content: Vec<u8>) -> Vec<u8> {
    let mut decoder = Decoder::default();
    let decoded = decoder.lenient(&content);
    if decoder.is_complete() { decoded } else { content }
}

/// Decodes the content of a file while it arrives, whatever its pieces are.
#[derive(Default)]
pub(super) struct Decoder {
    /// The bits of an unfinished group of four.
    bits: u32,
    digits: u8,
    padding: u8,
    /// How many bytes that are no white space have come: all of them make groups of four.
    bytes: usize,
    /// The padding is complete: nothing that follows counts.
    finished: bool,
}

/// The file is not in base64.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotBase64;

impl Decoder {
    /// The bytes of a piece; white space is passed over.
    pub(super) fn decode(&mut self, piece: &[u8]) -> Result<Bytes, NotBase64> {
        let mut decoded = Vec::with_capacity(piece.len() / 4 * 3 + 3);
        for byte in piece.iter().filter(|byte| !matches!(byte, b' ' | b'\t'..=b'\r')) {
            self.bytes = self.bytes.wrapping_add(1);
            if !self.take(*byte, &mut decoded) {
                return Err(NotBase64);
            }
        }
        Ok(decoded.into())
    }

    /// The file has ended.
    pub(super) fn finish(&self) -> Result<(), NotBase64> {
        if self.is_complete() && self.bytes.is_multiple_of(4) { Ok(()) } else { Err(NotBase64) }
    }

    fn lenient(&mut self, content: &[u8]) -> Vec<u8> {
        let mut decoded = Vec::with_capacity(content.len() / 4 * 3 + 3);
        for byte in content {
            self.take(*byte, &mut decoded);
        }
        decoded
    }

    fn is_complete(&self) -> bool {
        self.finished || self.digits == 0
    }

    /// Takes one byte; false if it is neither a digit nor padding.
    fn take(&mut self, byte: u8, decoded: &mut Vec<u8>) -> bool {
        if self.finished {
            return true;
        }
        if byte == b'=' {
            if self.digits >= 2 {
                self.padding = self.padding.saturating_add(1);
                self.finished = self.digits.saturating_add(self.padding) >= 4;
            }
            return true;
        }
        let Some(digit) = digit(byte) else { return false };
        self.padding = 0;
        self.bits = (self.bits << 6 | u32::from(digit)) & 0xff_ffff;
        // Two digits are 12 bits, three 18, four 24: each time one more byte is whole.
        let spare = match self.digits {
            0 => None,
            1 => Some(4),
            2 => Some(2),
            _ => Some(0),
        };
        if let Some(spare) = spare {
            let [.., byte] = (self.bits >> spare).to_be_bytes();
            decoded.push(byte);
        }
        self.digits = (self.digits + 1) % 4;
        true
    }
}

fn digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(content: &str, size: usize) -> Result<Vec<u8>, NotBase64> {
        let mut decoder = Decoder::default();
        let mut whole = Vec::new();
        for piece in content.as_bytes().chunks(size) {
            whole.extend_from_slice(&decoder.decode(piece)?);
        }
        decoder.finish().map(|()| whole)
    }

    #[test]
    fn files() {
        for (content, expected) in [
            ("aGVsbG8=", Some("hello")),
            ("aGVs\r\nbG8h", Some("hello!")),
            (" a\tG V\n s b G 8 = \r\n", Some("hello")),
            ("aA==", Some("h")),
            ("", Some("")),
            ("aGVsbG8", None),
            ("a", None),
            ("=", None),
            ("aA==x", None),
            ("aGV$", None),
            ("aGVs\u{e9}", None),
        ] {
            for size in 1..12 {
                let expected = expected.map(|text| text.as_bytes().to_vec()).ok_or(NotBase64);
                assert_eq!(decoded(content, size), expected, "{content:?} by {size}");
            }
        }
    }

    #[test]
    fn fields_that_cannot_be_decoded_stay() {
        for (content, expected) in [
            ("aGVsbG8=", "hello"),
            ("aG$Vs\r\nbG8=", "hello"),
            ("aGVsbG8", "aGVsbG8"),
            ("not base64", "not base64"),
            ("=", ""),
            ("", ""),
        ] {
            assert_eq!(decode_field(content.as_bytes().to_vec()), expected.as_bytes(), "{content:?}");
        }
    }
}
