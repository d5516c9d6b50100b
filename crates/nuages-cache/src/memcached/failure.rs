use std::io;

use crate::error::{CacheError, CacheErrorKind};

/// An exchange that failed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) stage: Stage,
    error: CacheError,
}

/// How far a failed exchange came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// It never left.
    Unsent,
    /// It never left, because the connection was found dead.
    Stale,
    /// The connection broke, or what came over it makes no sense: it may have been carried out.
    Lost,
    /// No answer in time: it may have been carried out, or be so later.
    Late,
    /// The server did nothing and said so.
    Refused,
}

impl Failure {
    pub(super) fn new(stage: Stage, kind: CacheErrorKind, message: &str) -> Failure {
        Failure { stage, error: CacheError::new(kind, message) }
    }

    pub(super) fn unavailable(stage: Stage, message: &str) -> Failure {
        Failure::new(stage, CacheErrorKind::Unavailable, message)
    }

    pub(super) fn late(stage: Stage) -> Failure {
        Failure::new(
            stage,
            CacheErrorKind::TimedOut,
            "memcached did not answer in time; look at its load, or raise socket_timeout",
        )
    }

    pub(super) fn io(stage: Stage, error: &io::Error) -> Failure {
        let message = match (stage, error.kind()) {
            (Stage::Unsent, io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound) => {
                "nothing listens where memcached should be; start it or correct LOCATION"
            }
            (Stage::Unsent, _) => "memcached cannot be reached; check LOCATION and the network",
            _ => "the connection to memcached was lost",
        };
        let mut failure = Failure::unavailable(stage, message);
        // The kind alone: the text of some errors has a path in it.
        failure.error = failure.error.with_source(error.kind().to_string());
        failure
    }

    /// What came is not what memcached says. The connection is closed: nobody knows what else is on its way.
    pub(super) fn nonsense() -> Failure {
        Failure::unavailable(
            Stage::Lost,
            "what answers in memcached's place does not speak its text protocol; correct LOCATION",
        )
    }
}

impl From<Failure> for CacheError {
    fn from(failure: Failure) -> CacheError {
        failure.error
    }
}
