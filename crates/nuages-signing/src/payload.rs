//! Bytes as the text that gets signed: base64, and zlib where it helps.

use miniz_oxide::deflate::{CompressionLevel, compress_to_vec_zlib};
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};
use serde::de::DeserializeOwned;

use crate::{DecodeError, b64, json::JsonError};

/// The default bound on what a compressed payload may inflate to: 10 MiB, four times Django's
/// `DATA_UPLOAD_MAX_MEMORY_SIZE`.
pub const INFLATE_LIMIT: usize = 10 * 1024 * 1024;

/// Whether an object's JSON is compressed before it is signed (`compress` in Django).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compress {
    /// Never: Django's default.
    #[default]
    No,
    /// With zlib, if that makes it shorter; a leading `.` then says so.
    IfShorter,
    /// As `IfShorter` for JSON of at least so many bytes, and not at all for less: zlib's tables alone cost more than
    /// all the rest of signing a short text.
    IfAtLeast(usize),
}

/// Appends the payload of `data` to `text`.
pub(crate) fn push(text: &mut String, data: &[u8], compress: Compress) {
    let tried = match compress {
        Compress::No => false,
        Compress::IfShorter => true,
        Compress::IfAtLeast(length) => data.len() >= length,
    };
    if tried {
        let compressed = deflate(data);
        if compressed.len() < data.len().saturating_sub(1) {
            text.push('.');
            return b64::push(text, &compressed);
        }
    }
    b64::push(text, data);
}

/// The bytes of a payload, inflated if it says so.
pub(crate) fn read(payload: &str, limit: usize) -> Result<Vec<u8>, DecodeError> {
    match payload.strip_prefix('.') {
        Some(compressed) => inflate(&b64::decode(compressed.as_bytes())?, limit),
        None => b64::decode(payload.as_bytes()),
    }
}

/// Reads JSON bytes as Django does, which takes them for Latin-1.
pub(crate) fn from_json<T: DeserializeOwned>(data: &[u8]) -> Result<T, DecodeError> {
    let result = if data.is_ascii() {
        serde_json::from_slice(data)
    } else {
        serde_json::from_str(&data.iter().map(|byte| char::from(*byte)).collect::<String>())
    };
    result.map_err(|error| JsonError::from(error).into())
}

fn deflate(data: &[u8]) -> Vec<u8> {
    compress_to_vec_zlib(data, CompressionLevel::DefaultLevel as u8)
}

fn inflate(compressed: &[u8], limit: usize) -> Result<Vec<u8>, DecodeError> {
    decompress_to_vec_zlib_with_limit(compressed, limit).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => DecodeError::TooLarge { limit },
        _ => DecodeError::Zlib,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_deflated(change: impl FnOnce(&mut Vec<u8>)) -> Result<Vec<u8>, DecodeError> {
        let mut compressed = deflate(b"\"hello\"");
        change(&mut compressed);
        inflate(&compressed, 100)
    }

    #[test]
    fn zlib_errors_are_those_of_python() {
        assert_eq!(read_deflated(|_| {}).unwrap(), b"\"hello\"");
        assert_eq!(read_deflated(|data| data.extend(b"junk")).unwrap(), b"\"hello\"");
        let cut = |by: usize| read_deflated(move |data| data.truncate(data.len() - by));
        for by in [1, 2, 3, 4, 5, 8, 11] {
            assert!(matches!(cut(by), Err(DecodeError::Zlib)), "cut by {by}");
        }
        assert!(matches!(read_deflated(Vec::clear), Err(DecodeError::Zlib)));
        assert!(matches!(read_deflated(|data| *data = vec![0]), Err(DecodeError::Zlib)));
        let checksum = read_deflated(|data| *data.last_mut().unwrap() ^= 1);
        assert!(matches!(checksum, Err(DecodeError::Zlib)));
        assert_eq!(inflate(&deflate(b""), 100).unwrap(), b"");
    }

    #[test]
    fn inflation_is_bounded() {
        let bomb = deflate(&vec![b' '; 1_000_000]);
        assert!(bomb.len() < 2000);
        assert!(matches!(inflate(&bomb, 999_999), Err(DecodeError::TooLarge { limit: 999_999 })));
        assert_eq!(inflate(&bomb, 1_000_000).unwrap().len(), 1_000_000);
        assert!(inflate(&bomb, usize::MAX).is_ok());
    }

    #[test]
    fn compresses_only_what_gets_shorter() {
        let mut text = String::new();
        push(&mut text, b"[1,2,3]", Compress::IfShorter);
        assert_eq!(text, "WzEsMiwzXQ");
        text.clear();
        push(&mut text, &[b'a'; 100], Compress::IfShorter);
        assert!(text.starts_with('.'));
        assert_eq!(read(&text, 100).unwrap(), [b'a'; 100]);
        text.clear();
        push(&mut text, &[b'a'; 100], Compress::No);
        assert!(!text.starts_with('.'));
        for (least, compressed) in [(100, true), (101, false)] {
            text.clear();
            push(&mut text, &[b'a'; 100], Compress::IfAtLeast(least));
            assert_eq!(text.starts_with('.'), compressed);
        }
    }

    #[test]
    fn bytes_beyond_ascii_are_latin_1() {
        assert_eq!(from_json::<String>(b"\"\xe9\"").unwrap(), "é");
        assert_eq!(from_json::<String>("\"é\"".as_bytes()).unwrap(), "Ã©");
    }
}
