//! What an operation gives: a value, or the name of Django's exception.

use std::num::ParseIntError;

use nuages::base36::Base36Error;
use nuages::cache::CacheError;
use nuages::contrib::auth::hashers::HasherError;
use nuages::encoding::{CodecError, LookupError};
use nuages::header_parameters::HeaderParameterError;
use nuages::http_date::HttpDateError;
use nuages::query_dict::{ImmutableError, MultiValueDictKeyError, ParseError};
use nuages::sessions::SessionError;
use nuages::signing::json::JsonError;
use nuages::signing::{
    BadSignature, BadTimestamp, DecodeError, InvalidAlgorithm, SeparatorError, SigningError,
};
use nuages::templates::TemplateError;
use nuages::url_split::UrlError;
use nuages::urlencode::UrlencodeError;
use nuages::urls::{NoReverseMatch, NoReverseMatchKind, Resolver404};
use nuages::urlsafe_base64::Base64Error;
use nuages::{BadHeader, CookieError, Error, ErrorKind, ResponseError, SignedCookieError};
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

/// The outcomes of a list of operations.
#[derive(Serialize)]
pub(crate) struct Results<T = Box<RawValue>> {
    pub(crate) results: Vec<Outcome<T>>,
}

/// The class of the exception that Django raises.
pub(crate) struct Exception(pub(crate) &'static str);

impl Exception {
    /// The class of the exception that an error on its way to become a response stands for.
    pub(crate) fn of(error: &Error) -> Self {
        Self(Named::name(error))
    }
}

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
        Self(Named::name(&error))
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
    CookieError: |error| in_protocol(error.django_name());
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
    SessionError: |error| error.kind().django_name();
    CacheError: |error| error.kind().django_name();
    HasherError: |error| error.django_name();
    Base36Error: |error| error.django_name();
    Base64Error: |error| error.django_name();
    HttpDateError: |error| error.django_name();
    HeaderParameterError: |error| error.django_name();
    UrlError: |error| error.django_name();
    UrlencodeError: |error| error.django_name();
    ParseError: |error| error.django_name();
    ImmutableError: |error| error.django_name();
    MultiValueDictKeyError: |error| error.django_name();
    LookupError: |error| error.django_name();
    CodecError: |error| in_protocol(error.django_name());
    BadHeader: |error| in_protocol(error.django_name());
    ResponseError: |error| error.django_name();
    ParseIntError: |_| "ValueError";
    Resolver404: |_| "Resolver404";
    NoReverseMatch: |error| match error.kind() {
        NoReverseMatchKind::MixedArguments => "ValueError",
        NoReverseMatchKind::MissingArgument => "KeyError",
        _ => "NoReverseMatch",
    };
    TemplateError: |error| error.kind().django_name();
    Error: |error| match error.kind() {
        ErrorKind::Internal => source_name(error).unwrap_or("Exception"),
        kind => kind.django_name(),
    };
}

/// The protocol has one name for what cannot be decoded or encoded.
fn in_protocol(name: &'static str) -> &'static str {
    if matches!(name, "UnicodeDecodeError" | "UnicodeEncodeError") { "DecodeError" } else { name }
}

/// The name of what caused an error that is of no kind of its own.
fn source_name(error: &Error) -> Option<&'static str> {
    fn name<E: Named + std::error::Error + 'static>(error: &Error) -> Option<&'static str> {
        error.downcast_ref::<E>().map(Named::name)
    }
    name::<UrlError>(error)
        .or_else(|| name::<CodecError>(error))
        .or_else(|| name::<BadHeader>(error))
        .or_else(|| name::<ResponseError>(error))
        .or_else(|| name::<JsonError>(error))
        .or_else(|| name::<HasherError>(error))
        .or_else(|| name::<TemplateError>(error))
        .or_else(|| name::<ParseIntError>(error))
        .or_else(|| name::<NoReverseMatch>(error))
}
