//! From a captured value to the argument of a view.

use std::any::{Any, type_name};
use std::fmt;

use uuid::Uuid;

use crate::converter::ValueType;
use crate::route::Parameter;
use crate::value::CaptureValue;

/// A type that a view can take a capture as.
///
/// [`accepts`](Self::accepts) is asked at start-up, so that a converter whose values can't become the argument is an
/// error that names the route; [`from_capture`](Self::from_capture) is asked for each request.
///
/// The value of a custom converter is taken as [`Custom<V>`], or as the type itself once it says so:
///
/// ```
/// use nuages_urls::{CaptureError, CaptureValue, Custom, FromCapture, Parameter};
///
/// #[derive(Clone, Debug, PartialEq)]
/// struct Month(u8);
///
/// impl FromCapture for Month {
///     fn accepts(parameter: &Parameter) -> bool {
///         Custom::<Self>::accepts(parameter)
///     }
///     fn from_capture(value: &CaptureValue<'_>) -> Result<Self, CaptureError> {
///         Custom::from_capture(value).map(|Custom(month)| month)
///     }
/// }
///
/// assert_eq!(u32::from_capture(&5.into()).unwrap(), 5);
/// assert!(u8::from_capture(&300.into()).is_err()); // no such page: answered with 404
/// ```
pub trait FromCapture: Sized {
    /// Tells whether the values of this parameter can become `Self`.
    fn accepts(parameter: &Parameter) -> bool;

    /// Converts one value.
    ///
    /// # Errors
    /// [`CaptureError`] if the value is of another kind or out of range; the request is then answered as if the
    /// route had not matched.
    fn from_capture(value: &CaptureValue<'_>) -> Result<Self, CaptureError>;
}

/// The value of a custom converter, as an argument of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Custom<V>(pub V);

/// A captured value that can't become the argument of the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureError {
    value: String,
    wanted: &'static str,
}

impl CaptureError {
    /// Makes the error for a value that can't become a `V`.
    pub fn new<V>(value: &CaptureValue<'_>) -> Self {
        Self { value: value.to_string(), wanted: type_name::<V>() }
    }
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} can't become a {}; take the capture as a wider type", self.value, self.wanted)
    }
}

impl std::error::Error for CaptureError {}

macro_rules! integers {
    ($($number:ty),*) => {$(
        impl FromCapture for $number {
            fn accepts(parameter: &Parameter) -> bool {
                !parameter.is_optional() && matches!(parameter.value_type(), ValueType::Int | ValueType::Group)
            }

            fn from_capture(value: &CaptureValue<'_>) -> Result<Self, CaptureError> {
                match value {
                    CaptureValue::Int(number) => Self::try_from(*number).ok(),
                    CaptureValue::Str(text) => text.parse().ok(),
                    _ => None,
                }
                .ok_or_else(|| CaptureError::new::<Self>(value))
            }
        }
    )*};
}
integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);

impl FromCapture for String {
    /// Every value has a text, so only an optional group is refused.
    fn accepts(parameter: &Parameter) -> bool {
        !parameter.is_optional()
    }

    fn from_capture(value: &CaptureValue<'_>) -> Result<Self, CaptureError> {
        match value {
            CaptureValue::None => Err(CaptureError::new::<Self>(value)),
            value => Ok(value.to_string()),
        }
    }
}

impl FromCapture for Uuid {
    fn accepts(parameter: &Parameter) -> bool {
        !parameter.is_optional() && matches!(parameter.value_type(), ValueType::Uuid | ValueType::Group)
    }

    fn from_capture(value: &CaptureValue<'_>) -> Result<Self, CaptureError> {
        match value {
            CaptureValue::Uuid(uuid) => Some(*uuid),
            CaptureValue::Str(text) => Self::try_parse(text).ok(),
            _ => None,
        }
        .ok_or_else(|| CaptureError::new::<Self>(value))
    }
}

impl FromCapture for bool {
    fn accepts(parameter: &Parameter) -> bool {
        parameter.value_type() == ValueType::Bool
    }

    fn from_capture(value: &CaptureValue<'_>) -> Result<Self, CaptureError> {
        match value {
            CaptureValue::Bool(value) => Ok(*value),
            value => Err(CaptureError::new::<Self>(value)),
        }
    }
}

impl FromCapture for f64 {
    fn accepts(parameter: &Parameter) -> bool {
        !parameter.is_optional() && matches!(parameter.value_type(), ValueType::Float | ValueType::Group)
    }

    fn from_capture(value: &CaptureValue<'_>) -> Result<Self, CaptureError> {
        match value {
            CaptureValue::Float(number) => Some(*number),
            CaptureValue::Str(text) => text.parse().ok(),
            _ => None,
        }
        .ok_or_else(|| CaptureError::new::<Self>(value))
    }
}

/// `None` for an optional group that took no part, and for a default argument that is `None`.
impl<V: FromCapture> FromCapture for Option<V> {
    fn accepts(parameter: &Parameter) -> bool {
        parameter.value_type() == ValueType::None || V::accepts(&parameter.required())
    }

    fn from_capture(value: &CaptureValue<'_>) -> Result<Self, CaptureError> {
        match value {
            CaptureValue::None => Ok(None),
            value => V::from_capture(value).map(Some),
        }
    }
}

/// The value as it is, whatever its kind.
impl FromCapture for CaptureValue<'static> {
    fn accepts(_: &Parameter) -> bool {
        true
    }

    fn from_capture(value: &CaptureValue<'_>) -> Result<Self, CaptureError> {
        Ok(value.clone().into_owned())
    }
}

impl<V: Any + Clone> FromCapture for Custom<V> {
    fn accepts(parameter: &Parameter) -> bool {
        !parameter.is_optional()
            && matches!(parameter.value_type(), ValueType::Custom(custom) if custom.is::<V>())
    }

    fn from_capture(value: &CaptureValue<'_>) -> Result<Self, CaptureError> {
        match value {
            CaptureValue::Custom(custom) => custom.downcast_ref::<V>().cloned().map(Self),
            _ => None,
        }
        .ok_or_else(|| CaptureError::new::<V>(value))
    }
}
