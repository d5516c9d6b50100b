//! What can be wrong with a query string, or with a change of a QueryDict.

use std::error::Error;
use std::fmt;

use crate::encoding::LookupError;

/// A query string could not be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseError {
    /// Django's TooManyFieldsSent: more fields than `DATA_UPLOAD_MAX_NUMBER_FIELDS`.
    TooManyFields {
        /// How many are allowed.
        limit: usize,
    },
    /// Django's RequestDataTooBig: more bytes than `DATA_UPLOAD_MAX_MEMORY_SIZE`.
    TooBig {
        /// How many bytes are allowed.
        limit: usize,
    },
    /// The encoding is unknown, and something had to be decoded.
    Encoding(LookupError),
}

impl ParseError {
    /// The class of the exception in Django or Python.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        match self {
            Self::TooManyFields { .. } => "TooManyFieldsSent",
            Self::TooBig { .. } => "RequestDataTooBig",
            Self::Encoding(error) => error.django_name(),
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyFields { limit } => write!(
                formatter,
                "more than {limit} GET or POST parameters: raise DATA_UPLOAD_MAX_NUMBER_FIELDS if this is legitimate"
            ),
            Self::TooBig { limit } => write!(
                formatter,
                "more than {limit} bytes of form data: raise DATA_UPLOAD_MAX_MEMORY_SIZE if this is legitimate"
            ),
            Self::Encoding(_) => formatter.write_str("the form data cannot be decoded"),
        }
    }
}

impl Error for ParseError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Encoding(error) => Some(error),
            Self::TooManyFields { .. } | Self::TooBig { .. } => None,
        }
    }
}

impl From<LookupError> for ParseError {
    fn from(error: LookupError) -> Self {
        Self::Encoding(error)
    }
}

/// A change of an immutable QueryDict (Django's AttributeError).
///
/// ```
/// use nuages_http::QueryDict;
///
/// let mut fields = QueryDict::options().parse("page=2")?;
/// assert!(fields.set("page", "3").is_err());
/// let mut copy = fields.copy();
/// assert!(copy.set("page", "3").is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImmutableError;

impl ImmutableError {
    /// The class of the exception in Django or Python.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        "AttributeError"
    }
}

impl fmt::Display for ImmutableError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("this QueryDict instance is immutable: change a copy of it, made by .copy()")
    }
}

impl Error for ImmutableError {}

/// A field that is not there was read by [`getitem`](super::QueryDict::getitem) or [`require`](super::QueryDict::require).
///
/// ```
/// use nuages_http::HttpRequest;
///
/// let request = HttpRequest::test("GET", "/?page=2").build();
/// let error = request.GET.require("query").unwrap_err();
/// assert_eq!((error.key(), error.django_name()), ("query", "MultiValueDictKeyError"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultiValueDictKeyError {
    key: String,
}

impl MultiValueDictKeyError {
    pub(crate) fn new(key: &str) -> Self {
        Self { key: key.to_owned() }
    }

    /// The name that was asked for.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The class of the exception in Django or Python.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        "MultiValueDictKeyError"
    }
}

impl fmt::Display for MultiValueDictKeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "no field named {:?}: read it with .get(…) if it may be absent", self.key)
    }
}

impl Error for MultiValueDictKeyError {}
