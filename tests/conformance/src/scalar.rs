//! A plain value of JSON, with Python's text for it.

use nuages::urls::CaptureValue;
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Value;
use uuid::Uuid;

/// Null, a truth value, a number, text, or `{"uuid": text}`; it displays as Python's `str` writes it.
#[derive(Clone)]
pub(crate) struct Scalar(pub(crate) CaptureValue<'static>);

impl Default for Scalar {
    fn default() -> Self {
        Self("".into())
    }
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::Null => CaptureValue::None,
            Value::Bool(truth) => truth.into(),
            Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(number), _, _) => number.into(),
                (_, Some(number), _) => number.into(),
                (_, _, number) => number.into(),
            },
            Value::String(text) => text.into(),
            Value::Object(map) => match map.get("uuid").and_then(Value::as_str).map(Uuid::try_parse) {
                Some(Ok(uuid)) => uuid.into(),
                _ => return Err(D::Error::custom("expected {\"uuid\": text}")),
            },
            Value::Array(_) => return Err(D::Error::custom("expected a plain value, found a list")),
        }))
    }
}
