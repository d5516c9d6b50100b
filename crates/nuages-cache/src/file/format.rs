//! What a file holds: the pickled end, then the value, compressed. Django's format.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use crate::error::{CacheError, CacheErrorKind};
use crate::pickle::Value;
use crate::timeout::Timeout;

/// The level of `zlib.compress`.
const LEVEL: u8 = 6;
/// The largest value, before it is compressed.
pub(super) const LARGEST: usize = 32 * 1024 * 1024;
/// The largest value that is inflated where a request runs.
pub(super) const QUICK: usize = 1024 * 1024;
/// Longer than the pickle of any end.
pub(super) const HEAD: u64 = 64;

/// When a value ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum End {
    Never,
    /// Seconds since 1970.
    At(f64),
}

impl End {
    pub(super) fn after(now: DateTime<Utc>, timeout: Timeout) -> End {
        match timeout {
            Timeout::Never => End::Never,
            Timeout::After(duration) => End::At(seconds(now) + duration.as_secs_f64()),
        }
    }

    pub(super) fn has_passed(self, now: DateTime<Utc>) -> bool {
        match self {
            End::Never => false,
            End::At(end) => end <= seconds(now),
        }
    }
}

fn seconds(time: DateTime<Utc>) -> f64 {
    (time - DateTime::UNIX_EPOCH).max(TimeDelta::MIN).as_seconds_f64()
}

/// A file's content.
pub(super) fn encode(end: End, value: &[u8]) -> Result<Vec<u8>, CacheError> {
    if value.len() > LARGEST {
        return Err(CacheError::new(CacheErrorKind::Encode, "a value in a file cache has at most 32 MiB"));
    }
    let end = match end {
        End::Never => Value::None,
        End::At(end) => Value::Float(end),
    };
    let mut content = end
        .to_bytes()
        .map_err(|error| CacheError::new(CacheErrorKind::Encode, "no end").with_source(error))?;
    content.extend(compress_to_vec_zlib(value, LEVEL));
    Ok(content)
}

/// The end at the head of a file, and what follows it. An empty file has ended, as in Django.
pub(super) fn end(content: &[u8]) -> Result<(End, &[u8]), CacheError> {
    if content.is_empty() {
        return Ok((End::At(f64::NEG_INFINITY), content));
    }
    match Value::from_prefix(content) {
        Ok((Value::None, rest)) => Ok((End::Never, rest)),
        Ok((Value::Float(end), rest)) => Ok((End::At(end), rest)),
        // No end of a value is beyond what a float holds exactly.
        Ok((Value::Int(end), rest)) => Ok((End::At(end as f64), rest)),
        Ok(_) => Err(damaged()),
        Err(error) => Err(damaged().with_source(error)),
    }
}

/// The value after the end, if it has no more than `most` bytes. What Django's `touch` may have left behind it does not matter.
pub(super) fn value(compressed: &[u8], most: usize) -> Result<Bytes, CacheError> {
    let value = decompress_to_vec_zlib_with_limit(compressed, most);
    // The error holds what was inflated.
    value.map(Bytes::from).map_err(|error| damaged().with_source(format!("{:?}", error.status)))
}

fn damaged() -> CacheError {
    CacheError::new(
        CacheErrorKind::Decode,
        "a file of the cache is damaged; delete the key, or clear the cache",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        for (timeout, passed) in [
            (Timeout::Never, false),
            (Timeout::from(1), false),
            (Timeout::from(0), true),
            (Timeout::After(std::time::Duration::MAX), false),
        ] {
            let before = End::after(now, timeout);
            let content = encode(before, b"value").unwrap();
            let (after, rest) = end(&content).unwrap();
            assert_eq!((after, after.has_passed(now)), (before, passed));
            assert_eq!(value(rest, 5).unwrap(), "value");
            let trailing = [rest, b"left behind"].concat();
            assert_eq!(value(&trailing, 5).unwrap(), "value");
        }
        assert!(end(b"").unwrap().0.has_passed(now));
        for bad in [b"x".as_slice(), b"\x80\x05\x88.", b"\x80\x05"] {
            assert_eq!(end(bad).unwrap_err().kind(), CacheErrorKind::Decode);
        }
        assert!(value(&compress_to_vec_zlib(b"value", 6), 4).is_err());
        assert!(value(b"", 5).is_err());
        assert!(value(&compress_to_vec_zlib(b"abc", 6)[..6], 5).is_err());
    }
}
