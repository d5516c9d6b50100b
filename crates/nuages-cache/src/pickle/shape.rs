//! The classes that plain data is made of, and what each makes of its arguments: a closed list.

use chrono::FixedOffset;

use super::error::PickleError;
use super::temporal;
use super::value::Value;

/// A class of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Date,
    DateTime,
    TimeDelta,
    TimeZone,
    Set,
    FrozenSet,
    Bytes,
    ByteArray,
    /// `_codecs.encode`, by which protocols 0 to 2 write bytes.
    Encode,
    /// Django's `SafeString`, which every rendered template is.
    SafeString,
}

impl Class {
    pub(super) fn find(module: &str, name: &str) -> Result<Class, PickleError> {
        Ok(match (module, name) {
            ("datetime", "date") => Class::Date,
            ("datetime", "datetime") => Class::DateTime,
            ("datetime", "timedelta") => Class::TimeDelta,
            ("datetime", "timezone") => Class::TimeZone,
            // Protocols 0 to 2 use the names of Python 2.
            ("builtins" | "__builtin__", "set") => Class::Set,
            ("builtins" | "__builtin__", "frozenset") => Class::FrozenSet,
            ("builtins" | "__builtin__", "bytes") => Class::Bytes,
            ("builtins" | "__builtin__", "bytearray") => Class::ByteArray,
            ("_codecs", "encode") => Class::Encode,
            ("django.utils.safestring", "SafeString") => Class::SafeString,
            _ => return Err(PickleError::class(module, name)),
        })
    }
}

/// What a class made of its arguments.
pub(super) enum Made {
    Value(Value),
    Zone(FixedOffset),
    /// The items of the argument, which is a list, as one of the two sets.
    SetOfList(Class),
}

/// An argument as the reader holds it.
pub(super) enum Argument<'a> {
    Leaf(&'a Value),
    Zone(FixedOffset),
    List,
    Other,
}

const UNKNOWN: PickleError =
    PickleError::Malformed("a class of plain data has arguments that it does not take");

/// What `class` makes of `arguments`.
pub(super) fn make(class: Class, arguments: &[Argument<'_>]) -> Result<Made, PickleError> {
    use Argument::{Leaf, List, Zone};
    Ok(Made::Value(match (class, arguments) {
        (Class::Date, [Leaf(Value::Bytes(state))]) => Value::Date(temporal::date(state)?),
        (Class::DateTime, [Leaf(Value::Bytes(state))]) => Value::NaiveDateTime(temporal::date_time(state)?),
        (Class::DateTime, [Leaf(Value::Bytes(state)), Zone(zone)]) => {
            Value::DateTime(temporal::with_zone(temporal::date_time(state)?, *zone)?)
        }
        (Class::TimeDelta, [Leaf(Value::Int(days)), Leaf(Value::Int(seconds)), Leaf(Value::Int(micros))]) => {
            Value::TimeDelta(temporal::time_delta(*days, *seconds, *micros)?)
        }
        // A zone may have a name, which Rust's have not.
        (
            Class::TimeZone,
            [Leaf(Value::TimeDelta(offset))] | [Leaf(Value::TimeDelta(offset)), Leaf(Value::Str(_))],
        ) => {
            return Ok(Made::Zone(temporal::zone(*offset)?));
        }
        (Class::Set | Class::FrozenSet, [List]) => return Ok(Made::SetOfList(class)),
        (Class::Bytes | Class::ByteArray, []) => Value::Bytes(Vec::new()),
        (Class::SafeString, [Leaf(Value::Str(text))]) => Value::Str(text.clone()),
        (Class::ByteArray, [Leaf(Value::Bytes(bytes))]) => Value::Bytes(bytes.clone()),
        (Class::ByteArray, [Leaf(Value::Str(text)), Leaf(Value::Str(codec))])
        | (Class::Encode, [Leaf(Value::Str(text)), Leaf(Value::Str(codec))])
            if matches!(codec.as_str(), "latin1" | "latin-1") =>
        {
            let bytes: Result<Vec<u8>, _> = text.chars().map(|char| u8::try_from(u32::from(char))).collect();
            Value::Bytes(bytes.map_err(|_| UNKNOWN)?)
        }
        _ => return Err(UNKNOWN),
    }))
}
