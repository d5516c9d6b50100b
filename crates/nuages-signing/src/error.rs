//! What can be wrong with a signed value. A closed set each: callers answer every case.

use std::{error, fmt};

use crate::json::JsonError;

/// The signature is missing or not one of ours (`django.core.signing.BadSignature`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadSignature {
    /// The text does not contain the separator.
    NoSeparator,
    /// No key gives this signature.
    Mismatch,
}

impl fmt::Display for BadSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSeparator => "no separator found in the signed value",
            Self::Mismatch => "the signature does not match",
        })
    }
}

impl error::Error for BadSignature {}

/// The signature is good but older than `max_age` (`django.core.signing.SignatureExpired`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignatureExpired {
    /// The age of the signature in seconds.
    pub age: f64,
    /// The greatest age that was accepted, in seconds.
    pub max_age: f64,
}

impl fmt::Display for SignatureExpired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the signature is {} seconds old, {} are allowed", self.age, self.max_age)
    }
}

impl error::Error for SignatureExpired {}

/// The signature is good, but what it signs is no timestamp: it was made by another kind of signer with our salt.
///
/// Django lets Python's own exceptions escape here; each variant names its one.
///
/// ```
/// use nuages_signing::{BadTimestamp, Signer, SigningError, TimestampSigner};
///
/// let untimed = Signer::new("key").salt("cart").sign("42");
/// let error = TimestampSigner::new("key").salt("cart").unsign(&untimed, None).unwrap_err();
/// assert!(matches!(error, SigningError::BadTimestamp(BadTimestamp::Missing)));
/// assert!(!error.is_bad_signature());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadTimestamp {
    /// There is no separator before a timestamp (`ValueError`).
    Missing,
    /// The timestamp is the empty text (`IndexError`).
    Empty,
    /// A character is no digit of base 62 (`ValueError`).
    Digit,
    /// The timestamp is beyond every float, and a `max_age` asks for its age (`OverflowError`).
    TooLarge,
}

impl fmt::Display for BadTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "the signed value holds no timestamp; was it signed without one?",
            Self::Empty => "the timestamp is empty",
            Self::Digit => "the timestamp has a character that is no base 62 digit",
            Self::TooLarge => "the timestamp is too large to have an age",
        })
    }
}

impl error::Error for BadTimestamp {}

/// The signature is good, but its payload cannot be read: it was made by another serializer.
///
/// ```
/// use nuages_signing::{Compress, DecodeError, Signer, SigningError};
///
/// let signer = Signer::new("key");
/// let signed = signer.sign_object("a word", Compress::No)?;
/// let error = signer.unsign_object::<u32>(&signed).unwrap_err();
/// assert!(matches!(error, SigningError::Decode(DecodeError::Json(_))), "a word is no number");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub enum DecodeError {
    /// Not base64.
    Base64,
    /// Not a complete zlib stream.
    Zlib,
    /// It inflates beyond the limit.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Not JSON, or not of the wanted type.
    Json(JsonError),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base64 => f.write_str("the signed payload is not base64"),
            Self::Zlib => f.write_str("the signed payload is not a complete zlib stream"),
            Self::TooLarge { limit } => {
                write!(
                    f,
                    "the signed payload inflates beyond {limit} bytes; raise inflate_limit if that is expected"
                )
            }
            Self::Json(_) => f.write_str("the signed payload is not the JSON that was asked for"),
        }
    }
}

impl error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Json(source) => Some(source),
            Self::Base64 | Self::Zlib | Self::TooLarge { .. } => None,
        }
    }
}

/// Why a signed value was refused.
#[derive(Debug)]
pub enum SigningError {
    /// The signature is missing or wrong.
    BadSignature(BadSignature),
    /// The signature is too old.
    SignatureExpired(SignatureExpired),
    /// The signature is good, but there is no timestamp.
    BadTimestamp(BadTimestamp),
    /// The signature is good, but the payload cannot be read.
    Decode(DecodeError),
}

impl SigningError {
    /// Whether Python's `except BadSignature` would catch it: a signature that is wrong, missing or too old.
    pub fn is_bad_signature(&self) -> bool {
        matches!(self, Self::BadSignature(_) | Self::SignatureExpired(_))
    }
}

impl fmt::Display for SigningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadSignature(error) => error.fmt(f),
            Self::SignatureExpired(error) => error.fmt(f),
            Self::BadTimestamp(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
        }
    }
}

impl error::Error for SigningError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Decode(error) => error.source(),
            Self::BadSignature(_) | Self::SignatureExpired(_) | Self::BadTimestamp(_) => None,
        }
    }
}

impl From<BadSignature> for SigningError {
    fn from(error: BadSignature) -> Self {
        Self::BadSignature(error)
    }
}

impl From<SignatureExpired> for SigningError {
    fn from(error: SignatureExpired) -> Self {
        Self::SignatureExpired(error)
    }
}

impl From<BadTimestamp> for SigningError {
    fn from(error: BadTimestamp) -> Self {
        Self::BadTimestamp(error)
    }
}

impl From<DecodeError> for SigningError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

impl From<JsonError> for DecodeError {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}
