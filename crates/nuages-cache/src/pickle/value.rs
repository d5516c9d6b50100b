use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta};

use super::error::PickleError;
use super::limits::Limits;
use super::{read, write};

/// Plain data of Python: what a pickle can hold here.
///
/// It serializes and deserializes with serde, so that a cache takes and gives it where the types of Python matter:
/// tuples and sets stay what they are.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// `None`.
    None,
    /// `bool`.
    Bool(bool),
    /// `int`, as far as 128 bits hold it.
    Int(i128),
    /// `float`.
    Float(f64),
    /// `str`; one with lone surrogates cannot be read.
    Str(String),
    /// `bytes`; a `bytearray` is read as such.
    Bytes(Vec<u8>),
    /// `list`.
    List(Vec<Value>),
    /// `tuple`.
    Tuple(Vec<Value>),
    /// `dict`, in its order.
    Dict(Vec<(Value, Value)>),
    /// `set`.
    Set(Vec<Value>),
    /// `frozenset`.
    FrozenSet(Vec<Value>),
    /// `datetime.date`, of the years 1 to 9999.
    Date(NaiveDate),
    /// `datetime.datetime` without a time zone, in microseconds.
    NaiveDateTime(NaiveDateTime),
    /// `datetime.datetime` with a `datetime.timezone`, in microseconds.
    DateTime(DateTime<FixedOffset>),
    /// `datetime.timedelta`, in microseconds.
    TimeDelta(TimeDelta),
}

impl Value {
    /// The value of a pickle of protocol 0 to 5.
    ///
    /// # Errors
    /// What is no plain data, is damaged, or passes the default [`Limits`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Value, PickleError> {
        Value::from_bytes_within(bytes, Limits::default())
    }

    /// [`from_bytes`](Value::from_bytes) with other limits.
    ///
    /// # Errors
    /// As `from_bytes`.
    pub fn from_bytes_within(bytes: &[u8], limits: Limits) -> Result<Value, PickleError> {
        match read::read(bytes, limits)? {
            (value, []) => Ok(value),
            _ => Err(PickleError::Length),
        }
    }

    /// The first of several pickles that stand one after another, and the bytes after it.
    ///
    /// # Errors
    /// As `from_bytes`.
    pub fn from_prefix(bytes: &[u8]) -> Result<(Value, &[u8]), PickleError> {
        read::read(bytes, Limits::default())
    }

    /// The pickle of the value, of protocol 5: the bytes that `pickle.dumps` writes for values that share no parts,
    /// of at most 64 KiB.
    ///
    /// # Errors
    /// Nested deeper than the default limit, and dates that Python cannot hold.
    pub fn to_bytes(&self) -> Result<Vec<u8>, PickleError> {
        write::write(self, Limits::default().depth)
    }
}

/// Shows the kind and no data: it may be a session's.
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Value::None => "None",
            Value::Bool(_) => "Bool(..)",
            Value::Int(_) => "Int(..)",
            Value::Float(_) => "Float(..)",
            Value::Str(_) => "Str(..)",
            Value::Bytes(_) => "Bytes(..)",
            Value::List(_) => "List(..)",
            Value::Tuple(_) => "Tuple(..)",
            Value::Dict(_) => "Dict(..)",
            Value::Set(_) => "Set(..)",
            Value::FrozenSet(_) => "FrozenSet(..)",
            Value::Date(_) => "Date(..)",
            Value::NaiveDateTime(_) => "NaiveDateTime(..)",
            Value::DateTime(_) => "DateTime(..)",
            Value::TimeDelta(_) => "TimeDelta(..)",
        })
    }
}
