//! Plain data as values of any serde type.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::error::PickleError;
use super::value::Value;
use super::value_serde::{Kind, VALUE};

/// A value of any serde type from its pickle.
///
/// Lists, tuples and sets are sequences, a `dict` is a map or struct, dates are texts of ISO 8601, and a `timedelta` is a
/// number of seconds.
///
/// # Errors
/// What is no pickle of plain data, or no value of the type; the message may quote the value.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, PickleError> {
    from_value(Value::from_bytes(bytes)?)
}

/// A value of any serde type from plain data.
///
/// ```
/// use nuages_cache::pickle::{from_value, to_value};
/// let value = to_value(&["pen", "ink"])?;
/// assert_eq!(from_value::<Vec<String>>(value)?, ["pen", "ink"]);
/// # Ok::<(), nuages_cache::pickle::PickleError>(())
/// ```
///
/// # Errors
/// What is no value of the type; the message may quote the value.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, PickleError> {
    T::deserialize(FromValue(value))
}

impl de::Error for PickleError {
    fn custom<T: std::fmt::Display>(message: T) -> PickleError {
        PickleError::Type(message.to_string())
    }
}

struct FromValue(Value);

impl IntoDeserializer<'_, PickleError> for FromValue {
    type Deserializer = FromValue;

    fn into_deserializer(self) -> FromValue {
        self
    }
}

fn expected(what: &str) -> PickleError {
    PickleError::Type(format!("expected {what}"))
}

impl<'de> de::Deserializer<'de> for FromValue {
    type Error = PickleError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, PickleError> {
        if let Some(text) = self.0.date_text() {
            return visitor.visit_string(text);
        }
        match self.0 {
            Value::None => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Int(int) => {
                if let Ok(int) = u64::try_from(int) {
                    visitor.visit_u64(int)
                } else if let Ok(int) = i64::try_from(int) {
                    visitor.visit_i64(int)
                } else {
                    visitor.visit_i128(int)
                }
            }
            Value::Float(value) => visitor.visit_f64(value),
            Value::Str(text) => visitor.visit_string(text),
            Value::Bytes(bytes) => visitor.visit_byte_buf(bytes),
            Value::List(items) | Value::Tuple(items) | Value::Set(items) | Value::FrozenSet(items) => {
                let mut items = SeqDeserializer::new(items.into_iter().map(FromValue));
                let value = visitor.visit_seq(&mut items)?;
                items.end()?;
                Ok(value)
            }
            Value::Dict(entries) => {
                let mut entries = MapDeserializer::new(
                    entries.into_iter().map(|(key, value)| (FromValue(key), FromValue(value))),
                );
                let value = visitor.visit_map(&mut entries)?;
                entries.end()?;
                Ok(value)
            }
            Value::TimeDelta(delta) => visitor.visit_f64(delta.as_seconds_f64()),
            Value::Date(_) | Value::NaiveDateTime(_) | Value::DateTime(_) => Err(expected("a date as text")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, PickleError> {
        match self.0 {
            Value::None => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, PickleError> {
        if name != VALUE {
            return visitor.visit_newtype_struct(self);
        }
        match Kind::split(self.0) {
            Ok((kind, value)) => visitor.visit_enum(Variant { name: kind.name().to_owned(), value }),
            Err(plain) => visitor.visit_newtype_struct(FromValue(plain)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, PickleError> {
        match self.0 {
            Value::Str(name) => visitor.visit_enum(name.into_deserializer()),
            Value::Dict(entries) => {
                let mut entries = entries.into_iter();
                match (entries.next(), entries.next()) {
                    (Some((Value::Str(name), value)), None) => visitor.visit_enum(Variant { name, value }),
                    _ => Err(expected("a dict of one str key for an enum")),
                }
            }
            _ => Err(expected("a str or a dict for an enum")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}

struct Variant {
    name: String,
    value: Value,
}

impl<'de> de::EnumAccess<'de> for Variant {
    type Error = PickleError;
    type Variant = Content;

    fn variant_seed<S: de::DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Content), PickleError> {
        let name = seed.deserialize(IntoDeserializer::<PickleError>::into_deserializer(self.name))?;
        Ok((name, Content(self.value)))
    }
}

struct Content(Value);

impl<'de> de::VariantAccess<'de> for Content {
    type Error = PickleError;

    fn unit_variant(self) -> Result<(), PickleError> {
        match self.0 {
            Value::None => Ok(()),
            _ => Err(expected("None for a variant without data")),
        }
    }

    fn newtype_variant_seed<S: de::DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, PickleError> {
        seed.deserialize(FromValue(self.0))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, PickleError> {
        de::Deserializer::deserialize_any(FromValue(self.0), visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, PickleError> {
        de::Deserializer::deserialize_any(FromValue(self.0), visitor)
    }
}
