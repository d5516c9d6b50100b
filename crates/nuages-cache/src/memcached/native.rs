use bytes::Bytes;

use super::command::Item;
use crate::error::{CacheError, CacheErrorKind};
use crate::pickle::Value;
use crate::serializer::Serializer;

/// pymemcache's flags, which tell what a value is.
mod flag {
    pub(super) const BYTES: u32 = 0;
    pub(super) const PICKLE: u32 = 1;
    pub(super) const INTEGER: u32 = 2;
    /// What Python 2 called a long integer.
    pub(super) const LONG: u32 = 4;
    pub(super) const COMPRESSED: u32 = 8;
    pub(super) const TEXT: u32 = 16;
}

/// A value of the front as memcached holds it.
///
/// Integers are text, with which memcached counts. Django does not pickle `str` and `bytes`: with
/// [`Serializer::Pickle`] nor is that done here.
pub(super) fn stored(serializer: Serializer, value: Bytes) -> Item {
    if is_integer(&value) {
        return Item { flags: flag::INTEGER, data: value };
    }
    match serializer {
        Serializer::Json => Item { flags: flag::BYTES, data: value },
        Serializer::Pickle => match native(&value) {
            Some(item) => item,
            None => Item { flags: flag::PICKLE, data: value },
        },
    }
}

/// The front's form of what memcached holds.
pub(super) fn seen(serializer: Serializer, item: Item) -> Result<Bytes, CacheError> {
    let Item { flags, data } = item;
    if flags & flag::COMPRESSED != 0 {
        return Err(unreadable(
            "the cached value was compressed by another client; let it store values as they are",
        ));
    }
    // The order in which pymemcache looks at them.
    if flags & flag::TEXT != 0 {
        return match serializer {
            Serializer::Json => Ok(data),
            Serializer::Pickle => {
                let text = String::from_utf8(data.into());
                text.ok()
                    .and_then(|text| pickled(&Value::Str(text)))
                    .ok_or_else(|| unreadable("the cached value is text that is not UTF-8; delete the key"))
            }
        };
    }
    if flags & (flag::INTEGER | flag::LONG) != 0 {
        return integer(serializer, data);
    }
    match (flags, serializer) {
        (flag::BYTES, Serializer::Pickle) => pickled(&Value::Bytes(data.into()))
            .ok_or_else(|| unreadable("the cached value is too large to be read")),
        _ => Ok(data),
    }
}

/// memcached pads a number that has become shorter with blanks.
fn integer(serializer: Serializer, data: Bytes) -> Result<Bytes, CacheError> {
    let digits = data.slice_ref(data.trim_ascii());
    if is_integer(&digits) {
        return Ok(digits);
    }
    let number = std::str::from_utf8(&digits).ok().and_then(|text| text.parse::<i128>().ok());
    let value = number.and_then(|number| match serializer {
        Serializer::Pickle if !is_short(number) => pickled(&Value::Int(number)),
        _ => Some(Bytes::from(number.to_string())),
    });
    value.ok_or_else(|| unreadable("the cached value should be an integer and is none; delete the key"))
}

/// Whether 64 bits hold it, signed or not.
fn is_short(number: i128) -> bool {
    i64::try_from(number).is_ok() || u64::try_from(number).is_ok()
}

/// What pymemcache stores without a pickle: text, bytes, and integers that 64 bits do not hold.
fn native(pickle: &Bytes) -> Option<Item> {
    // A look at the first instruction, behind the protocol and the frame, spares reading what is a container.
    let mut rest = pickle.strip_prefix(b"\x80")?.get(1..)?;
    if let Some(frame) = rest.strip_prefix(b"\x95") {
        rest = frame.get(8..)?;
    }
    if !matches!(rest.first()?, 0x8c | b'X' | 0x8d | b'C' | b'B' | 0x8e | 0x8a | 0x8b) {
        return None;
    }
    match Value::from_bytes(pickle).ok()? {
        Value::Str(text) => Some(Item { flags: flag::TEXT, data: Bytes::from(text) }),
        Value::Bytes(bytes) => Some(Item { flags: flag::BYTES, data: Bytes::from(bytes) }),
        Value::Int(number) => Some(Item { flags: flag::INTEGER, data: Bytes::from(number.to_string()) }),
        _ => None,
    }
}

fn pickled(value: &Value) -> Option<Bytes> {
    value.to_bytes().ok().map(Bytes::from)
}

/// The decimal text of an integer of 64 bits, signed or not.
fn is_integer(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    if digits.is_empty() || digits.len() > 20 || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let plain = digits == b"0" && value == b"0" || digits.first() != Some(&b'0');
    let text = std::str::from_utf8(value).unwrap_or_default();
    plain && (text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok())
}

fn unreadable(message: &str) -> CacheError {
    CacheError::new(CacheErrorKind::Decode, message)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn pickle(value: &Value) -> Bytes {
        pickled(value).unwrap()
    }

    #[test]
    fn there_and_back() {
        let text = Value::Str("ü\u{1f40d}".to_owned());
        let list = Value::List(vec![Value::Str("a".to_owned())]);
        let huge = Value::Int(i128::from(u64::MAX) + 1);
        for (serializer, value, flags, data) in [
            (Serializer::Json, Bytes::from_static(b"5"), 2, Bytes::from_static(b"5")),
            (Serializer::Json, Bytes::from_static(b"-5"), 2, Bytes::from_static(b"-5")),
            (Serializer::Json, Bytes::from_static(b"05"), 0, Bytes::from_static(b"05")),
            (Serializer::Json, Bytes::from_static(b"-0"), 0, Bytes::from_static(b"-0")),
            (Serializer::Json, Bytes::from_static(b""), 0, Bytes::from_static(b"")),
            (Serializer::Json, Bytes::from_static(b"[1]"), 0, Bytes::from_static(b"[1]")),
            (Serializer::Json, Bytes::from(u64::MAX.to_string()), 2, Bytes::from(u64::MAX.to_string())),
            (Serializer::Pickle, Bytes::from_static(b"5"), 2, Bytes::from_static(b"5")),
            (Serializer::Pickle, pickle(&text), 16, Bytes::from("ü\u{1f40d}")),
            (Serializer::Pickle, pickle(&Value::Bytes(vec![0, 255])), 0, Bytes::from_static(b"\0\xff")),
            (Serializer::Pickle, pickle(&Value::Bytes(vec![])), 0, Bytes::new()),
            (Serializer::Pickle, pickle(&huge), 2, Bytes::from_static(b"18446744073709551616")),
            (Serializer::Pickle, pickle(&list), 1, pickle(&list)),
            (Serializer::Pickle, pickle(&Value::Bool(true)), 1, pickle(&Value::Bool(true))),
            (Serializer::Pickle, pickle(&Value::None), 1, pickle(&Value::None)),
            (Serializer::Pickle, Bytes::from_static(b"no pickle"), 1, Bytes::from_static(b"no pickle")),
        ] {
            let item = stored(serializer, value.clone());
            assert_eq!(item, Item { flags, data }, "{value:?}");
            assert_eq!(seen(serializer, item).unwrap(), value);
        }
    }

    #[derive(serde::Deserialize)]
    struct Vector {
        value: String,
        canonical: String,
        flags: u32,
        data: String,
    }

    #[test]
    fn as_pymemcache_stores_them() {
        let vectors: Vec<Vector> =
            serde_json::from_str(include_str!("../../tests/vectors/pymemcache.json")).unwrap();
        assert!(vectors.len() > 20);
        for vector in vectors {
            let bytes = |text: &str| Bytes::from(STANDARD.decode(text).unwrap());
            let (canonical, data) = (bytes(&vector.canonical), bytes(&vector.data));
            let item = stored(Serializer::Pickle, canonical.clone());
            assert_eq!(item, Item { flags: vector.flags, data }, "{}", vector.value);
            assert_eq!(seen(Serializer::Pickle, item).unwrap(), canonical, "{}", vector.value);
        }
    }

    #[test]
    fn what_others_store() {
        let read = |serializer, flags, data: &'static [u8]| {
            seen(serializer, Item { flags, data: Bytes::from_static(data) })
        };
        for serializer in [Serializer::Json, Serializer::Pickle] {
            assert_eq!(read(serializer, 2, b"9 ").unwrap(), "9");
            assert_eq!(read(serializer, 4, b"007").unwrap(), "7");
            assert!(read(serializer, 2, b"x").is_err());
            assert!(read(serializer, 8, b"x").is_err());
            assert!(read(serializer, 9, b"x").is_err());
        }
        assert!(read(Serializer::Pickle, 16, b"\xff").is_err());
        assert_eq!(read(Serializer::Json, 16, b"text").unwrap(), "text");
        assert_eq!(read(Serializer::Pickle, 32, b"x").unwrap(), "x");
    }
}
