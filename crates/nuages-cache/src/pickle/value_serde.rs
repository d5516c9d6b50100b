//! [`Value`] itself as a serde type: exact between a cache and its user, and the nearest thing elsewhere.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta};
use serde::de::{self, Deserialize, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::error::PickleError;
use super::value::Value;

/// The name by which [`Value`] is known to this module's deserializer.
pub(super) const VALUE: &str = "$nuages_cache::pickle::Value";

/// The kinds that serde's data model has not.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Tuple,
    Set,
    FrozenSet,
    Date,
    NaiveDateTime,
    DateTime,
    TimeDelta,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Kind::Tuple => "$nuages_cache::pickle::Value::Tuple",
            Kind::Set => "$nuages_cache::pickle::Value::Set",
            Kind::FrozenSet => "$nuages_cache::pickle::Value::FrozenSet",
            Kind::Date => "$nuages_cache::pickle::Value::Date",
            Kind::NaiveDateTime => "$nuages_cache::pickle::Value::NaiveDateTime",
            Kind::DateTime => "$nuages_cache::pickle::Value::DateTime",
            Kind::TimeDelta => "$nuages_cache::pickle::Value::TimeDelta",
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Kind> {
        if !name.starts_with('$') {
            return None;
        }
        let all = [
            Kind::Tuple,
            Kind::Set,
            Kind::FrozenSet,
            Kind::Date,
            Kind::NaiveDateTime,
            Kind::DateTime,
            Kind::TimeDelta,
        ];
        all.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind of a value that has one, and the form that serde's data model has for it.
    pub(super) fn split(value: Value) -> Result<(Kind, Value), Value> {
        Ok(match value {
            Value::Tuple(items) => (Kind::Tuple, Value::List(items)),
            Value::Set(items) => (Kind::Set, Value::List(items)),
            Value::FrozenSet(items) => (Kind::FrozenSet, Value::List(items)),
            Value::Date(date) => (Kind::Date, Value::Str(iso_date(date))),
            Value::NaiveDateTime(time) => (Kind::NaiveDateTime, Value::Str(iso_time(time))),
            Value::DateTime(time) => (Kind::DateTime, Value::Str(time.to_rfc3339())),
            Value::TimeDelta(delta) => {
                let (seconds, nanos) = parts(delta);
                (Kind::TimeDelta, Value::List(vec![Value::Int(seconds.into()), Value::Int(nanos.into())]))
            }
            other => return Err(other),
        })
    }

    /// The value that was written as `form`.
    pub(super) fn restore(self, form: Value) -> Result<Value, PickleError> {
        let lost = || PickleError::Type("a value of Python changed on its way".to_owned());
        Ok(match (self, form) {
            (Kind::Tuple, Value::List(items)) => Value::Tuple(items),
            (Kind::Set, Value::List(items)) => Value::Set(items),
            (Kind::FrozenSet, Value::List(items)) => Value::FrozenSet(items),
            (Kind::Date, Value::Str(text)) => Value::Date(text.parse().map_err(|_| lost())?),
            (Kind::NaiveDateTime, Value::Str(text)) => {
                Value::NaiveDateTime(text.parse().map_err(|_| lost())?)
            }
            (Kind::DateTime, Value::Str(text)) => {
                Value::DateTime(DateTime::parse_from_rfc3339(&text).map_err(|_| lost())?)
            }
            (Kind::TimeDelta, Value::Tuple(parts) | Value::List(parts)) => {
                let [Value::Int(seconds), Value::Int(nanos)] = parts.as_slice() else { return Err(lost()) };
                let parts = i64::try_from(*seconds).ok().zip(u32::try_from(*nanos).ok());
                let delta = parts.and_then(|(seconds, nanos)| TimeDelta::new(seconds, nanos));
                Value::TimeDelta(delta.ok_or_else(lost)?)
            }
            _ => return Err(lost()),
        })
    }
}

/// Seconds, rounded down, and the nanoseconds above them.
fn parts(delta: TimeDelta) -> (i64, i64) {
    let below = i64::from(delta.subsec_nanos() < 0);
    let seconds = delta.num_seconds().saturating_sub(below);
    (seconds, i64::from(delta.subsec_nanos()).saturating_add(below * 1_000_000_000))
}

impl Value {
    /// A date as ISO 8601 writes it.
    pub(super) fn date_text(&self) -> Option<String> {
        match self {
            Value::Date(date) => Some(iso_date(*date)),
            Value::NaiveDateTime(time) => Some(iso_time(*time)),
            Value::DateTime(time) => Some(time.to_rfc3339()),
            _ => None,
        }
    }

    /// Whether Python can hash it, as a key has to be.
    pub(super) fn is_hashable(&self) -> bool {
        match self {
            Value::List(_) | Value::Dict(_) | Value::Set(_) => false,
            Value::Tuple(items) => items.iter().all(Value::is_hashable),
            _ => true,
        }
    }
}

fn iso_date(date: NaiveDate) -> String {
    date.to_string()
}

fn iso_time(time: NaiveDateTime) -> String {
    // As to_string, with the T.
    format!("{time:?}")
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let named =
            |serializer: S, kind: Kind, text: &str| serializer.serialize_newtype_struct(kind.name(), text);
        match self {
            Value::None => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(int) => match (i64::try_from(*int), u64::try_from(*int)) {
                (Ok(int), _) => serializer.serialize_i64(int),
                (_, Ok(int)) => serializer.serialize_u64(int),
                _ => serializer.serialize_i128(*int),
            },
            Value::Float(value) => serializer.serialize_f64(*value),
            Value::Str(text) => serializer.serialize_str(text),
            Value::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Value::List(items) => serializer.collect_seq(items),
            Value::Tuple(items) => {
                let mut tuple = serializer.serialize_tuple(items.len())?;
                for item in items {
                    serde::ser::SerializeTuple::serialize_element(&mut tuple, item)?;
                }
                serde::ser::SerializeTuple::end(tuple)
            }
            Value::Dict(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
            Value::Set(items) => serializer.serialize_newtype_struct(Kind::Set.name(), items),
            Value::FrozenSet(items) => serializer.serialize_newtype_struct(Kind::FrozenSet.name(), items),
            Value::Date(date) => named(serializer, Kind::Date, &iso_date(*date)),
            Value::NaiveDateTime(time) => named(serializer, Kind::NaiveDateTime, &iso_time(*time)),
            Value::DateTime(time) => named(serializer, Kind::DateTime, &time.to_rfc3339()),
            Value::TimeDelta(delta) => {
                serializer.serialize_newtype_struct(Kind::TimeDelta.name(), &parts(*delta))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_newtype_struct(VALUE, Whole)
    }
}

/// Takes a [`Kind`] and its form from this module's deserializer, and what serde's data model has from all.
struct Whole;

macro_rules! visits {
    ($($method:ident($kind:ty) => $variant:ident;)*) => {$(
        fn $method<E: de::Error>(self, value: $kind) -> Result<Value, E> {
            Ok(Value::$variant(value.into()))
        }
    )*};
}

impl<'de> Visitor<'de> for Whole {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("plain data")
    }

    visits! {
        visit_bool(bool) => Bool;
        visit_i64(i64) => Int;
        visit_i128(i128) => Int;
        visit_u64(u64) => Int;
        visit_f64(f64) => Float;
        visit_str(&str) => Str;
        visit_string(String) => Str;
        visit_bytes(&[u8]) => Bytes;
        visit_byte_buf(Vec<u8>) => Bytes;
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::None)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Value::Dict(entries))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (name, form) = access.variant::<String>()?;
        let kind = Kind::of_name(&name).ok_or_else(|| de::Error::custom("an enum is no plain data"))?;
        kind.restore(form.newtype_variant()?).map_err(de::Error::custom)
    }
}
