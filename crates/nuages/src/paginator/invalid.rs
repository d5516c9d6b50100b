//! A page that there is not.

use std::fmt;

use nuages_http::{Error, ErrorKind};

/// A page that there is not (`django.core.paginator.InvalidPage`). With `.or_404()` it is answered as Django's list views
/// do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidPage {
    /// `PageNotAnInteger`.
    NotANumber,
    /// `EmptyPage`: pages are counted from 1 on.
    BelowOne,
    /// `EmptyPage`: it is behind the last one.
    Empty,
}

impl fmt::Display for InvalidPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "that page number is not an integer",
            Self::BelowOne => "that page number is less than 1",
            Self::Empty => "that page contains no results",
        })
    }
}

impl std::error::Error for InvalidPage {}

impl InvalidPage {
    /// As an error of status 404.
    #[must_use]
    #[track_caller]
    pub fn into_404(self) -> Error {
        Error::with_source(ErrorKind::NotFound, self)
    }
}
