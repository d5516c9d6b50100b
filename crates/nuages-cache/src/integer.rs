//! Integers as the backends keep them: decimal text in the canonical form.

use crate::error::{CacheError, CacheErrorKind};

/// The sum of a stored integer and `delta`.
pub(crate) fn sum(stored: &[u8], delta: i64) -> Result<i64, CacheError> {
    let number = std::str::from_utf8(stored).ok().and_then(|text| text.parse::<i64>().ok());
    number.and_then(|number| number.checked_add(delta)).ok_or_else(not_an_integer)
}

/// There is nothing to add to.
pub(crate) fn missing() -> CacheError {
    CacheError::new(
        CacheErrorKind::MissingKey,
        "there is no such key in the cache; set or add it before incr or decr",
    )
}

/// What is there is no integer, or the sum is none of 64 bits.
pub(crate) fn not_an_integer() -> CacheError {
    CacheError::new(
        CacheErrorKind::NotAnInteger,
        "incr and decr need an integer in the cache, and a sum of 64 bits",
    )
}
