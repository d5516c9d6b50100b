use std::borrow::Cow;

use crate::error::{CacheError, CacheErrorKind};

/// The longest key, in bytes, that memcached takes: 250.
pub const MAX_KEY_LENGTH: usize = 250;

/// Django's default `KEY_FUNCTION`: `prefix:version:key`.
///
/// ```
/// assert_eq!(nuages_cache::default_key_function("k", "site", 2), "site:2:k");
/// ```
#[must_use]
pub fn default_key_function(key: &str, prefix: &str, version: i64) -> String {
    let version = match version {
        1 => Cow::Borrowed("1"),
        other => Cow::Owned(other.to_string()),
    };
    [prefix, ":", &version, ":", key].concat()
}

/// Says why `key` could not be held by memcached, without showing it.
pub(crate) fn check(key: &str) -> Result<(), CacheError> {
    if key.len() > MAX_KEY_LENGTH {
        return Err(CacheError::new(
            CacheErrorKind::InvalidKey,
            format!(
                "this cache key is {} bytes long and memcached takes {MAX_KEY_LENGTH}; hash the key",
                key.len()
            ),
        ));
    }
    let is_bad = |byte: u8| (byte <= b' ') | (byte == 0x7f);
    // Looks at all bytes, and so at many at once.
    if key.bytes().fold(false, |bad, byte| bad | is_bad(byte)) {
        let position = key.bytes().position(is_bad).unwrap_or_default();
        return Err(CacheError::new(
            CacheErrorKind::InvalidKey,
            format!(
                "byte {position} of this cache key is a blank or a control character, which memcached refuses; quote the key"
            ),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portability() {
        let long = "x".repeat(250);
        for good in ["", ":1:a", "ü", long.as_str()] {
            assert!(check(good).is_ok(), "{good}");
        }
        let long = "x".repeat(251);
        for bad in ["a b", "a\n", "\0", "\x7f", "a\t", long.as_str()] {
            let error = check(bad).unwrap_err();
            assert_eq!(error.kind(), CacheErrorKind::InvalidKey);
            assert!(!error.to_string().contains("xxx"), "shows the key");
        }
    }
}
