//! Between the canonical form of values and stores where Django pickles everything, integers too.

use bytes::Bytes;

use crate::error::{CacheError, CacheErrorKind};
use crate::pickle::Value;

/// Longer than the pickle of any integer of 64 bits, in every protocol.
const LONGEST_INTEGER: usize = 48;

/// The pickle of a value in canonical form.
pub(crate) fn from_canonical(value: Bytes) -> Result<Bytes, CacheError> {
    let Some(integer) = decimal(&value) else { return Ok(value) };
    let pickle = Value::Int(integer).to_bytes().map_err(|error| {
        CacheError::new(CacheErrorKind::Encode, "this integer cannot be stored").with_source(error)
    })?;
    Ok(pickle.into())
}

/// The canonical form of a pickled value.
pub(crate) fn to_canonical(pickle: Bytes) -> Bytes {
    if pickle.len() > LONGEST_INTEGER {
        return pickle;
    }
    match Value::from_bytes(&pickle) {
        Ok(Value::Int(int)) if i64::try_from(int).is_ok() || u64::try_from(int).is_ok() => {
            Bytes::from(int.to_string())
        }
        _ => pickle,
    }
}

fn decimal(value: &[u8]) -> Option<i128> {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    if digits.is_empty() || digits.len() > 20 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(value).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_only() {
        for (canonical, pickle) in [
            (b"5".as_slice(), b"\x80\x05K\x05.".as_slice()),
            (b"-1", b"\x80\x05\x95\x06\0\0\0\0\0\0\0J\xff\xff\xff\xff."),
            (b"\x80\x05\x88.", b"\x80\x05\x88."),
            (b"", b""),
            (b"-", b"-"),
            (b"x1", b"x1"),
        ] {
            let stored = from_canonical(Bytes::from_static(canonical)).unwrap();
            assert_eq!(stored, pickle, "{canonical:?}");
            assert_eq!(to_canonical(stored), canonical);
        }
        for int in [i64::MIN.to_string(), u64::MAX.to_string()] {
            let stored = from_canonical(Bytes::from(int.clone())).unwrap();
            assert_eq!(to_canonical(stored), int);
        }
        // Protocol 0, and beyond 64 bits.
        assert_eq!(to_canonical(Bytes::from_static(b"L-9223372036854775808L\n.")), "-9223372036854775808");
        let long = Bytes::from(Value::Int(1 << 64).to_bytes().unwrap());
        assert_eq!(to_canonical(long.clone()), long);
    }
}
