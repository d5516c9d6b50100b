//! What became of an operation, in one word.

use nuages_sessions::{SessionError, SessionErrorKind};

/// A cell of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// It succeeded.
    Works,
    /// `Unavailable`: a page answers 503, with Retry-After.
    Unavailable,
    /// The server has forgotten the session; a page answers 400, and the next one begins anew.
    Forgotten,
    /// There is no such thing.
    Absent,
}

impl Word {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Word::Works => "works",
            Word::Unavailable => "503",
            Word::Forgotten => "forgotten",
            Word::Absent => "–",
        }
    }

    /// The word for an error, which must be one of those that a page can answer.
    pub(crate) fn of(error: &SessionError) -> Word {
        match error.kind() {
            SessionErrorKind::Unavailable => Word::Unavailable,
            SessionErrorKind::UpdateError => Word::Forgotten,
            _ => panic!("not an error of a server that is away: {error:?}"),
        }
    }
}
