//! What a response refuses.

use std::fmt;

/// A response that cannot be made so: each is the error that Django raises there.
///
/// ```
/// use nuages_http::{JsonResponse, ResponseError};
///
/// let error = JsonResponse::new(&[1, 2]).into_response().unwrap_err();
/// assert_eq!(error.downcast_ref(), Some(&ResponseError::NotAnObject));
/// assert_eq!(ResponseError::NotAnObject.django_name(), "TypeError");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseError {
    /// A status outside of 100 to 599 (`ValueError`).
    StatusOutOfRange(i64),
    /// Text written to a streamed response (`OSError`).
    NotWritable,
    /// [`JsonResponse`](crate::JsonResponse) data that is no object (`TypeError`).
    NotAnObject,
}

impl ResponseError {
    /// The class of the exception in Django or Python.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        match self {
            Self::StatusOutOfRange(_) => "ValueError",
            Self::NotWritable => "OSError",
            Self::NotAnObject => "TypeError",
        }
    }
}

impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StatusOutOfRange(status) => {
                write!(f, "{status} is no HTTP status; use a number from 100 to 599")
            }
            Self::NotWritable => {
                f.write_str("a streamed response has no content to add to; stream the text instead")
            }
            Self::NotAnObject => {
                f.write_str("JsonResponse takes an object; say .safe(false) to send other data")
            }
        }
    }
}

impl std::error::Error for ResponseError {}
