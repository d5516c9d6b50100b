//! Reading answers.

use bytes::Bytes;
use redis::Value;

use super::failure::Failure;

/// The only answer, or the server's error.
pub(super) fn one(mut values: Vec<Value>) -> Result<Value, Failure> {
    match (values.pop(), values.is_empty()) {
        (Some(value), true) => checked(value),
        _ => Err(Failure::unexpected()),
    }
}

pub(super) fn checked(value: Value) -> Result<Value, Failure> {
    match value {
        Value::ServerError(error) => Err(Failure::from_server(&error)),
        value => Ok(value),
    }
}

/// A value, if there is one.
pub(super) fn bytes(value: Value) -> Result<Option<Bytes>, Failure> {
    match value {
        Value::Nil => Ok(None),
        Value::BulkString(bytes) => Ok(Some(Bytes::from(bytes))),
        _ => Err(Failure::unexpected()),
    }
}

pub(super) fn integer(value: &Value) -> Result<i64, Failure> {
    match value {
        Value::Int(number) => Ok(*number),
        Value::Boolean(truth) => Ok(i64::from(*truth)),
        _ => Err(Failure::unexpected()),
    }
}

/// Whether a conditional SET wrote: nil says that it did not.
pub(super) fn is_done(value: &Value) -> Result<bool, Failure> {
    match value {
        Value::Okay => Ok(true),
        Value::Nil => Ok(false),
        _ => Err(Failure::unexpected()),
    }
}

pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::BulkString(bytes) => String::from_utf8(bytes.clone()).ok(),
        Value::SimpleString(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        _ => None,
    }
}
