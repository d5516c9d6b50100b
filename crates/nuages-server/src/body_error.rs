//! Why a request body could not be read.

use std::error::Error;
use std::{fmt, io};

/// Why a request body could not be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyErrorKind {
    /// The peer paused for too long or was too slow ([`Timeouts`](crate::Timeouts)); 408 is a fitting answer.
    TimedOut,
    /// The body is longer than [`Limits::body_bytes`](crate::Limits::body_bytes); 413 is a fitting answer.
    TooLarge,
    /// The peer left before the end of the body; nobody waits for an answer, or a half-closed peer sees a 400.
    Cut,
    /// The body breaks the rules of its framing; 400 is a fitting answer.
    Protocol,
}

/// The error of a [`RequestBody`](crate::RequestBody).
#[derive(Debug)]
pub struct BodyError {
    kind: BodyErrorKind,
    source: Option<hyper::Error>,
}

impl BodyError {
    pub(crate) fn new(kind: BodyErrorKind) -> Self {
        Self { kind, source: None }
    }

    pub(crate) fn from_hyper(error: hyper::Error) -> Self {
        Self { kind: kind_of(&error), source: Some(error) }
    }

    /// Why the body could not be read.
    pub fn kind(&self) -> BodyErrorKind {
        self.kind
    }
}

/// hyper keeps its reasons private but hands on the I/O error that its body decoders end with.
fn kind_of(error: &hyper::Error) -> BodyErrorKind {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return match error.kind() {
                io::ErrorKind::TimedOut => BodyErrorKind::TimedOut,
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => BodyErrorKind::Protocol,
                _ => BodyErrorKind::Cut,
            };
        }
        source = error.source();
    }
    BodyErrorKind::Cut
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            BodyErrorKind::TimedOut => "the request body stopped arriving or arrived too slowly",
            BodyErrorKind::TooLarge => "the request body is longer than the server takes",
            BodyErrorKind::Cut => "the connection ended before the request body did",
            BodyErrorKind::Protocol => "the request body is malformed",
        })
    }
}

impl Error for BodyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|error| error as _)
    }
}
