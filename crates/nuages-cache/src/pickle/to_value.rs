//! Values of any serde type as plain data.

use serde::ser::{self, Serialize};

use super::error::PickleError;
use super::limits::Limits;
use super::value::Value;
use super::value_serde::Kind;

/// The pickle of a value of any serde type, of protocol 5.
///
/// A sequence is a `list`, a tuple a `tuple`, a map or struct a `dict`; an enum is written as in JSON. A type that writes
/// a date as text is text here too: [`Value`] writes dates of Python.
///
/// # Errors
/// The type refuses, nests deeper than the default limit, or has an integer beyond 128 bits.
pub fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, PickleError> {
    to_value(value)?.to_bytes()
}

/// A value of any serde type as plain data.
///
/// # Errors
/// As [`to_bytes`].
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, PickleError> {
    value.serialize(ToValue { depth: Limits::default().depth })
}

impl ser::Error for PickleError {
    fn custom<T: std::fmt::Display>(message: T) -> PickleError {
        PickleError::Type(message.to_string())
    }
}

#[derive(Clone, Copy)]
pub(super) struct ToValue {
    /// Containers that may still be opened.
    depth: usize,
}

impl ToValue {
    fn deeper(self) -> Result<ToValue, PickleError> {
        let depth = self.depth.checked_sub(1).ok_or(PickleError::Limit("depth"))?;
        Ok(ToValue { depth })
    }

    fn items(self, tuple: bool, variant: Option<&'static str>) -> Result<Items, PickleError> {
        Ok(Items { inner: self.deeper()?, items: Vec::new(), tuple, variant })
    }

    fn entries(self, variant: Option<&'static str>) -> Result<Entries, PickleError> {
        Ok(Entries { inner: self.deeper()?, entries: Vec::new(), key: None, variant })
    }
}

/// `value`, or what an enum writes of it.
fn tagged(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(name) => Value::Dict(vec![(Value::Str(name.to_owned()), value)]),
        None => value,
    }
}

macro_rules! scalars {
    ($($method:ident($kind:ty) => $variant:ident;)*) => {$(
        fn $method(self, value: $kind) -> Result<Value, PickleError> {
            Ok(Value::$variant(value.into()))
        }
    )*};
}

impl ser::Serializer for ToValue {
    type Ok = Value;
    type Error = PickleError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Entries;

    scalars! {
        serialize_bool(bool) => Bool;
        serialize_i8(i8) => Int;
        serialize_i16(i16) => Int;
        serialize_i32(i32) => Int;
        serialize_i64(i64) => Int;
        serialize_i128(i128) => Int;
        serialize_u8(u8) => Int;
        serialize_u16(u16) => Int;
        serialize_u32(u32) => Int;
        serialize_u64(u64) => Int;
        serialize_f32(f32) => Float;
        serialize_f64(f64) => Float;
        serialize_char(char) => Str;
        serialize_str(&str) => Str;
        serialize_bytes(&[u8]) => Bytes;
    }

    fn serialize_u128(self, value: u128) -> Result<Value, PickleError> {
        i128::try_from(value).map(Value::Int).map_err(|_| PickleError::Limit("128 bits of an integer"))
    }

    fn serialize_none(self) -> Result<Value, PickleError> {
        Ok(Value::None)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, PickleError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, PickleError> {
        Ok(Value::None)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Value, PickleError> {
        Ok(Value::None)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Value, PickleError> {
        Ok(Value::Str(variant.to_owned()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Value, PickleError> {
        let inner = value.serialize(self)?;
        match Kind::of_name(name) {
            Some(kind) => kind.restore(inner),
            None => Ok(inner),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, PickleError> {
        Ok(tagged(Some(variant), value.serialize(self.deeper()?)?))
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Items, PickleError> {
        self.items(false, None)
    }

    fn serialize_tuple(self, _length: usize) -> Result<Items, PickleError> {
        self.items(true, None)
    }

    fn serialize_tuple_struct(self, _name: &'static str, _length: usize) -> Result<Items, PickleError> {
        self.items(true, None)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Items, PickleError> {
        self.deeper()?.items(true, Some(variant))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Entries, PickleError> {
        self.entries(None)
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Entries, PickleError> {
        self.entries(None)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Entries, PickleError> {
        self.deeper()?.entries(Some(variant))
    }
}

/// A list or tuple in the making.
pub(super) struct Items {
    inner: ToValue,
    items: Vec<Value>,
    tuple: bool,
    variant: Option<&'static str>,
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), PickleError> {
        self.items.push(value.serialize(self.inner)?);
        Ok(())
    }

    fn finish(self) -> Value {
        let items = if self.tuple { Value::Tuple(self.items) } else { Value::List(self.items) };
        tagged(self.variant, items)
    }
}

macro_rules! items {
    ($($name:ident, $method:ident;)*) => {$(
        impl ser::$name for Items {
            type Ok = Value;
            type Error = PickleError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), PickleError> {
                self.push(value)
            }

            fn end(self) -> Result<Value, PickleError> {
                Ok(self.finish())
            }
        }
    )*};
}

items! {
    SerializeSeq, serialize_element;
    SerializeTuple, serialize_element;
    SerializeTupleStruct, serialize_field;
    SerializeTupleVariant, serialize_field;
}

/// A dictionary in the making.
pub(super) struct Entries {
    inner: ToValue,
    entries: Vec<(Value, Value)>,
    key: Option<Value>,
    variant: Option<&'static str>,
}

impl Entries {
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), PickleError> {
        self.entries.push((Value::Str(name.to_owned()), value.serialize(self.inner)?));
        Ok(())
    }

    fn finish(self) -> Value {
        tagged(self.variant, Value::Dict(self.entries))
    }
}

impl ser::SerializeMap for Entries {
    type Ok = Value;
    type Error = PickleError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), PickleError> {
        let key = key.serialize(self.inner)?;
        if !key.is_hashable() {
            return Err(PickleError::Type(
                "a key of a dict of Python cannot hold a list, dict or set".to_owned(),
            ));
        }
        self.key = Some(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), PickleError> {
        let key = self.key.take().ok_or_else(|| PickleError::Type("a value without its key".to_owned()))?;
        self.entries.push((key, value.serialize(self.inner)?));
        Ok(())
    }

    fn end(self) -> Result<Value, PickleError> {
        Ok(self.finish())
    }
}

macro_rules! entries {
    ($($name:ident),*) => {$(
        impl ser::$name for Entries {
            type Ok = Value;
            type Error = PickleError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), PickleError> {
                self.field(name, value)
            }

            fn end(self) -> Result<Value, PickleError> {
                Ok(self.finish())
            }
        }
    )*};
}

entries!(SerializeStruct, SerializeStructVariant);
