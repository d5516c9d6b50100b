//! JSON as Python's values, whatever the size of its numbers.

use nuages_cache::pickle::{Limits, PickleError, Value};
use serde_json::value::RawValue;

use crate::SessionData;

/// The value that Python's `json.loads` makes of it.
pub(super) fn parse(json: &str) -> Result<Value, PickleError> {
    parse_at(json, Limits::default().depth)
}

/// Containers are taken apart one level at a time: serde_json would round large integers.
fn parse_at(json: &str, depth: usize) -> Result<Value, PickleError> {
    let deeper = depth.checked_sub(1).ok_or(PickleError::Limit("depth"));
    Ok(match json.as_bytes().first() {
        Some(b'n') => Value::None,
        Some(b't') => Value::Bool(true),
        Some(b'f') => Value::Bool(false),
        Some(b'"') => Value::Str(read(json)?),
        Some(b'[') => {
            let (items, depth): (Vec<&RawValue>, usize) = (read(json)?, deeper?);
            Value::List(items.into_iter().map(|item| parse_at(item.get(), depth)).collect::<Result<_, _>>()?)
        }
        Some(b'{') => {
            let (entries, depth): (SessionData, usize) = (read(json)?, deeper?);
            let entry = |(name, raw): (&str, &RawValue)| {
                Ok((Value::Str(name.to_owned()), parse_at(raw.get(), depth)?))
            };
            Value::Dict(entries.iter().map(entry).collect::<Result<_, PickleError>>()?)
        }
        _ if json.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => {
            json.parse().map(Value::Int).map_err(|_| unreadable())?
        }
        _ => Value::Float(json.parse().map_err(|_| unreadable())?),
    })
}

fn read<'a, T: serde::Deserialize<'a>>(json: &'a str) -> Result<T, PickleError> {
    serde_json::from_str(json).map_err(|_| unreadable())
}

fn unreadable() -> PickleError {
    PickleError::Type("the value has text or numbers that a pickle of ours cannot hold".to_owned())
}
