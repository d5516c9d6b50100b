use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{CacheError, CacheErrorKind};
use crate::pickle::{self, Value};

/// How values become bytes.
///
/// An integer that 64 bits hold, signed or not, is its decimal text in both, so that a server can count with it; all
/// else is JSON or a pickle. These bytes are what a [`Cache`](crate::Cache) backend is given, and what Django's Redis
/// backend stores.
///
/// ```
/// use nuages_cache::Serializer;
///
/// assert_eq!(Serializer::Json.dumps(&["a"])?, r#"["a"]"#);
/// assert_eq!(Serializer::Pickle.dumps(&true)?, b"\x80\x05\x88.".as_slice());
/// assert_eq!(Serializer::Pickle.dumps(&-5)?, "-5");
/// assert_eq!(Serializer::Pickle.loads::<i8>(b"-5")?, -5);
/// # Ok::<_, nuages_cache::CacheError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Serializer {
    /// JSON: the default.
    #[default]
    Json,
    /// Python's pickle of plain data, as Django writes and reads it; see [`pickle`](crate::pickle).
    Pickle,
}

impl Serializer {
    /// The bytes of a value.
    ///
    /// # Errors
    /// `Encode`, if the form has no such value.
    pub fn dumps<T: Serialize + ?Sized>(self, value: &T) -> Result<Bytes, CacheError> {
        match self {
            Serializer::Json => serde_json::to_vec(value).map(Bytes::from).map_err(|error| {
                encode_error("this value has no JSON form; cache a type that serde_json can write")
                    .with_source(error)
            }),
            Serializer::Pickle => pickle::to_value(value)
                .and_then(|value| match value {
                    Value::Int(int) if is_short(int) => Ok(int.to_string().into_bytes()),
                    other => other.to_bytes(),
                })
                .map(Bytes::from)
                .map_err(|error| {
                    encode_error("this value has no pickle of plain data; cache another type")
                        .with_source(error)
                }),
        }
    }

    /// The value of bytes.
    ///
    /// # Errors
    /// `Decode`, if they are of another form or type; the error shows no data.
    pub fn loads<T: DeserializeOwned>(self, bytes: &[u8]) -> Result<T, CacheError> {
        match self {
            Serializer::Json => serde_json::from_slice(bytes).map_err(|error| {
                // serde_json quotes the value in its message.
                let place = format!("{:?} at column {}", error.classify(), error.column());
                mismatch().with_source(place)
            }),
            Serializer::Pickle => {
                let value = match integer(bytes) {
                    Some(int) => Value::Int(int),
                    None => Value::from_bytes(bytes).map_err(|error| {
                        CacheError::new(
                            CacheErrorKind::Decode,
                            "the cached value is no pickle of plain data; let both sides cache plain data, or delete the key",
                        )
                        .with_source(error)
                    })?,
                };
                // serde quotes the value in its message.
                pickle::from_value(value).map_err(|_| mismatch())
            }
        }
    }
}

/// Whether 64 bits hold it, signed or not.
fn is_short(int: i128) -> bool {
    i64::try_from(int).is_ok() || u64::try_from(int).is_ok()
}

/// The integer whose decimal text this is; no pickle begins with a digit or a minus.
fn integer(bytes: &[u8]) -> Option<i128> {
    if bytes.len() > 40 {
        return None;
    }
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

fn encode_error(message: &str) -> CacheError {
    CacheError::new(CacheErrorKind::Encode, message)
}

fn mismatch() -> CacheError {
    CacheError::new(
        CacheErrorKind::Decode,
        "the cached value is not of the type asked for; use the type that set it, or delete the key",
    )
}
