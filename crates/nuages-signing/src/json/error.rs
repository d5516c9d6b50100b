//! What can go wrong with JSON.

use std::{error, fmt, string::FromUtf8Error};

use super::MAX_DEPTH;

/// A value that cannot be written as JSON, or JSON that cannot be read as the wanted type.
#[derive(Debug)]
pub struct JsonError(Box<dyn error::Error + Send + Sync>);

impl JsonError {
    pub(crate) fn too_deep() -> Self {
        Self(format!("nested deeper than {MAX_DEPTH} lists and objects").into())
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl error::Error for JsonError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source()
    }
}

impl From<serde_json::Error> for JsonError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.into())
    }
}

impl From<FromUtf8Error> for JsonError {
    fn from(error: FromUtf8Error) -> Self {
        Self(error.into())
    }
}
