//! The error of asking for a cookie that was not sent.

use std::fmt;

/// A cookie that was asked for by [`Cookies::require`](crate::Cookies::require) and not sent: Python's `KeyError`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyError {
    key: Box<str>,
}

impl KeyError {
    pub(crate) fn new(key: &str) -> Self {
        Self { key: key.into() }
    }

    /// The name that was asked for.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "no cookie named {0:?} came with the request; use COOKIES.get({0:?}) if it may be absent",
            self.key
        )
    }
}

impl std::error::Error for KeyError {}
