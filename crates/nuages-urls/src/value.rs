//! The values that move between a URL and a view.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use smallvec::SmallVec;
use uuid::Uuid;

use crate::converter::CustomType;

/// A value captured from a URL, given by default to a view, or handed to `reverse`.
///
/// Text is borrowed from the path where that is possible; [`into_owned`](Self::into_owned) ends the loan.
///
/// ```
/// use nuages_urls::CaptureValue;
///
/// assert_eq!(CaptureValue::from(5).to_string(), "5");
/// assert_eq!(CaptureValue::from(true).to_string(), "True"); // as Python writes it
/// assert_eq!(CaptureValue::from(1), CaptureValue::from(1.0)); // and compares it
/// assert_eq!(CaptureValue::from(5).as_int(), Some(5));
/// assert_eq!(CaptureValue::from("red").as_str(), Some("red"));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum CaptureValue<'a> {
    /// Nothing: an optional group of a regular expression that took no part, Python's `None`.
    None,
    /// A truth value; comes from default arguments only.
    Bool(bool),
    /// An integer, from the `int` converter or a custom one whose value is an integer.
    Int(i128),
    /// A floating point number; comes from default arguments and custom converters only.
    Float(f64),
    /// Text, from `str`, `slug`, `path` and the groups of a regular expression.
    Str(Cow<'a, str>),
    /// A UUID.
    Uuid(Uuid),
    /// The value of a custom converter that is none of the above.
    Custom(CustomValue),
}

/// The captures of one match; few enough not to be allocated.
pub(crate) type Values<'a> = SmallVec<[CaptureValue<'a>; 4]>;

/// A value of a type that only its own converter knows.
///
/// Cloning is cheap, and `Debug` and `Display` show the text in the URL, not the value.
///
/// ```
/// use nuages_urls::CustomValue;
///
/// struct Month(u8);
///
/// let value = CustomValue::new(Month(2), "feb");
/// assert_eq!(value.downcast_ref::<Month>().map(|month| month.0), Some(2));
/// assert_eq!(value.text(), "feb");
/// ```
#[derive(Clone)]
pub struct CustomValue(Arc<CustomParts>);

struct CustomParts {
    value: Box<dyn Any + Send + Sync>,
    custom_type: CustomType,
    text: Box<str>,
}

impl CustomValue {
    /// Wraps a value, with the text that stands for it where it is shown.
    pub fn new<V: Any + Send + Sync>(value: V, text: impl Into<Box<str>>) -> Self {
        let custom_type = CustomType::of::<V>();
        Self(Arc::new(CustomParts { value: Box::new(value), custom_type, text: text.into() }))
    }

    /// Returns the type of the value.
    pub fn custom_type(&self) -> CustomType {
        self.0.custom_type
    }

    /// Returns the value if it is a `V`.
    pub fn downcast_ref<V: Any>(&self) -> Option<&V> {
        self.0.value.downcast_ref()
    }

    /// Returns the text that stands for the value.
    pub fn text(&self) -> &str {
        &self.0.text
    }
}

impl fmt::Debug for CustomValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CustomValue").field(&self.text()).finish()
    }
}

impl CaptureValue<'_> {
    /// Ends the loan of the path by copying borrowed text.
    pub fn into_owned(self) -> CaptureValue<'static> {
        match self {
            Self::None => CaptureValue::None,
            Self::Bool(value) => CaptureValue::Bool(value),
            Self::Int(value) => CaptureValue::Int(value),
            Self::Float(value) => CaptureValue::Float(value),
            Self::Str(value) => CaptureValue::Str(Cow::Owned(value.into_owned())),
            Self::Uuid(value) => CaptureValue::Uuid(value),
            Self::Custom(value) => CaptureValue::Custom(value),
        }
    }

    /// Tells whether this is [`CaptureValue::None`].
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Returns the text of a [`CaptureValue::Str`].
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the number of a [`CaptureValue::Int`].
    pub fn as_int(&self) -> Option<i128> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns the number as a float where Python would compare it as a number.
    fn as_number(&self) -> Option<f64> {
        match self {
            Self::Bool(value) => Some(f64::from(u8::from(*value))),
            #[expect(clippy::cast_precision_loss, reason = "only compared with a float, as Python does")]
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }
}

/// Equality as Python has it: `1 == True == 1.0`, but `"1" != 1`. Custom values are equal to their own clones.
impl PartialEq for CaptureValue<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) => true,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::Uuid(a), Self::Uuid(b)) => a == b,
            (Self::Custom(a), Self::Custom(b)) => Arc::ptr_eq(&a.0, &b.0),
            (a, b) => matches!((a.as_number(), b.as_number()), (Some(a), Some(b)) if a == b),
        }
    }
}

/// Shows the value as Python's `str` does; this text is what `reverse` puts into a URL.
impl fmt::Display for CaptureValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Float(number) => f.write_str(&float_text(*number)),
            Self::Str(text) => f.write_str(text),
            Self::Uuid(uuid) => write!(f, "{uuid}"),
            Self::Custom(custom) => f.write_str(custom.text()),
        }
    }
}

/// Writes a float as Python's `repr` does: `1.0`, `1e+16`, `1e-05`, `inf`, `nan`.
fn float_text(number: f64) -> String {
    if number.is_nan() {
        return "nan".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf".into() } else { "-inf".into() };
    }
    let scientific = format!("{number:e}");
    let exponent = scientific.split_once('e').and_then(|(digits, e)| Some((digits, e.parse::<i32>().ok()?)));
    match exponent {
        Some((digits, e)) if !(-4..16).contains(&e) => {
            format!("{digits}e{}{:02}", if e < 0 { '-' } else { '+' }, e.unsigned_abs())
        }
        _ => format!("{number:?}"),
    }
}

macro_rules! from_integers {
    ($($number:ty),*) => {$(
        impl From<$number> for CaptureValue<'_> {
            fn from(number: $number) -> Self {
                Self::Int(i128::from(number))
            }
        }
    )*};
}
from_integers!(i8, i16, i32, i64, i128, u8, u16, u32, u64);

impl From<usize> for CaptureValue<'_> {
    fn from(number: usize) -> Self {
        // Lossless on every platform Rust supports.
        Self::Int(number as i128)
    }
}

impl From<isize> for CaptureValue<'_> {
    fn from(number: isize) -> Self {
        // Lossless on every platform Rust supports.
        Self::Int(number as i128)
    }
}

impl From<bool> for CaptureValue<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for CaptureValue<'_> {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl<'a> From<&'a str> for CaptureValue<'a> {
    fn from(text: &'a str) -> Self {
        Self::Str(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for CaptureValue<'a> {
    fn from(text: &'a String) -> Self {
        Self::Str(Cow::Borrowed(text))
    }
}

impl From<String> for CaptureValue<'_> {
    fn from(text: String) -> Self {
        Self::Str(Cow::Owned(text))
    }
}

impl<'a> From<Cow<'a, str>> for CaptureValue<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Str(text)
    }
}

impl From<Uuid> for CaptureValue<'_> {
    fn from(uuid: Uuid) -> Self {
        Self::Uuid(uuid)
    }
}

impl From<CustomValue> for CaptureValue<'_> {
    fn from(value: CustomValue) -> Self {
        Self::Custom(value)
    }
}

impl<'a, V: Into<CaptureValue<'a>>> From<Option<V>> for CaptureValue<'a> {
    fn from(value: Option<V>) -> Self {
        value.map_or(CaptureValue::None, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_pythons() {
        let cases: [(CaptureValue<'_>, &str); 10] = [
            (CaptureValue::None, "None"),
            (true.into(), "True"),
            ((-5).into(), "-5"),
            (1.0.into(), "1.0"),
            (1e16.into(), "1e+16"),
            (123_456.789.into(), "123456.789"),
            (0.000_01.into(), "1e-05"),
            (f64::INFINITY.into(), "inf"),
            ("é".into(), "é"),
            (Uuid::nil().into(), "00000000-0000-0000-0000-000000000000"),
        ];
        for (value, text) in cases {
            assert_eq!(value.to_string(), text);
        }
    }

    #[test]
    fn equality_is_pythons() {
        let one = CaptureValue::from(1);
        assert_eq!(one, true.into());
        assert_eq!(one, 1.0.into());
        assert_ne!(one, "1".into());
        assert_ne!(one, CaptureValue::None);
        let custom = CaptureValue::from(CustomValue::new(5_u8, "5"));
        assert_eq!(custom, custom.clone());
        assert_ne!(custom, CustomValue::new(5_u8, "5").into());
    }
}
