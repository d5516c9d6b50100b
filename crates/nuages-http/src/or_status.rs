//! `.or_404()` and its siblings: an absent value becomes an answer.

use std::error::Error as StdError;

use crate::{Error, ErrorKind};

/// Turns an absent or failed value into an error with a status, as `get_object_or_404` does.
///
/// ```
/// use nuages_http::{OrStatus, Result};
///
/// fn find(id: u32) -> Result<&'static str> {
///     let found = (id == 1).then_some("one").or_404()?;
///     Ok(found)
/// }
/// assert_eq!(find(2).unwrap_err().status(), 404);
/// ```
#[doc(alias = "get_object_or_404")]
#[doc(alias = "get_list_or_404")]
pub trait OrStatus<T>: Sized {
    /// The value, or an error of this kind.
    ///
    /// # Errors
    /// If there is no value.
    fn or_kind(self, kind: ErrorKind) -> Result<T, Error>;

    /// The value, or 404.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if there is no value.
    #[track_caller]
    #[doc(alias = "Http404")]
    #[doc(alias = "get_object_or_404")]
    #[doc(alias = "get_list_or_404")]
    fn or_404(self) -> Result<T, Error> {
        self.or_kind(ErrorKind::NotFound)
    }

    /// The value, or 403.
    ///
    /// # Errors
    /// [`ErrorKind::PermissionDenied`] if there is no value.
    #[track_caller]
    #[doc(alias = "PermissionDenied")]
    fn or_403(self) -> Result<T, Error> {
        self.or_kind(ErrorKind::PermissionDenied)
    }

    /// The value, or 400.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`] if there is no value.
    #[track_caller]
    #[doc(alias = "BadRequest")]
    fn or_400(self) -> Result<T, Error> {
        self.or_kind(ErrorKind::BadRequest)
    }
}

impl<T> OrStatus<T> for Option<T> {
    #[track_caller]
    fn or_kind(self, kind: ErrorKind) -> Result<T, Error> {
        match self {
            Some(value) => Ok(value),
            None => Err(Error::new(kind, "no such value")),
        }
    }
}

impl<T, E: Into<Box<dyn StdError + Send + Sync>>> OrStatus<T> for Result<T, E> {
    #[track_caller]
    fn or_kind(self, kind: ErrorKind) -> Result<T, Error> {
        match self {
            Ok(value) => Ok(value),
            Err(source) => Err(Error::with_source(kind, source)),
        }
    }
}

/// An empty list counts as absent (`get_list_or_404`).
///
/// ```
/// use nuages_http::OrStatus;
/// assert_eq!(vec![1, 2].or_404().unwrap().len(), 2);
/// assert_eq!(Vec::<u8>::new().or_404().unwrap_err().status(), 404);
/// ```
impl<T> OrStatus<Vec<T>> for Vec<T> {
    #[track_caller]
    fn or_kind(self, kind: ErrorKind) -> Result<Vec<T>, Error> {
        if self.is_empty() { Err(Error::new(kind, "the list is empty")) } else { Ok(self) }
    }
}
