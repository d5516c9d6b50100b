//! What an operation gives: a value, or the name of Django's exception.

use nuages::signing::json::JsonError;
use nuages::signing::{
    BadSignature, BadTimestamp, DecodeError, InvalidAlgorithm, SeparatorError, SigningError,
};
use nuages::{CookieError, SignedCookieError};
use serde::Serialize;
use serde_json::value::RawValue;

/// `{"value": …}` or `{"error": name}`.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome<T = Box<RawValue>> {
    Value(T),
    Error(&'static str),
}

impl<T> From<Result<T, Exception>> for Outcome<T> {
    fn from(result: Result<T, Exception>) -> Self {
        match result {
            Ok(value) => Self::Value(value),
            Err(Exception(name)) => Self::Error(name),
        }
    }
}

/// The class of the exception that Django raises.
pub(crate) struct Exception(pub(crate) &'static str);

/// A value as JSON, for lists whose values have different types.
pub(crate) fn answer<T: Serialize + ?Sized>(value: &T) -> Result<Box<RawValue>, Exception> {
    serde_json::value::to_raw_value(value).map_err(|_| Exception("TypeError"))
}

/// An error of the framework, under the name that Django has for it.
trait Named {
    fn name(&self) -> &'static str;
}

impl<E: Named> From<E> for Exception {
    fn from(error: E) -> Self {
        Self(error.name())
    }
}

macro_rules! named {
    ($($error:ty: $name:expr;)+) => {$(
        impl Named for $error {
            fn name(&self) -> &'static str {
                let name: fn(&Self) -> &'static str = $name;
                name(self)
            }
        }
    )+};
}

named! {
    CookieError: |error| error.django_name();
    SignedCookieError: |error| match error {
        SignedCookieError::Missing => "KeyError",
        SignedCookieError::BadSignature => "BadSignature",
        SignedCookieError::SignatureExpired => "SignatureExpired",
    };
    BadSignature: |_| "BadSignature";
    SigningError: |error| match error {
        SigningError::BadSignature(_) => "BadSignature",
        SigningError::SignatureExpired(_) => "SignatureExpired",
        SigningError::BadTimestamp(BadTimestamp::Missing | BadTimestamp::Digit) => "ValueError",
        SigningError::BadTimestamp(BadTimestamp::Empty) => "IndexError",
        SigningError::BadTimestamp(BadTimestamp::TooLarge) => "OverflowError",
        SigningError::Decode(error) => error.name(),
    };
    DecodeError: |_| "DecodeError";
    InvalidAlgorithm: |_| "InvalidAlgorithm";
    SeparatorError: |_| "ValueError";
    JsonError: |_| "TypeError";
}
