//! What SQLite's result codes mean to a caller.

use rusqlite::{Error, ErrorCode};

use crate::error::{DbError, DbErrorKind};

/// Whether another connection holds a lock, so that the same call may succeed a moment later.
pub(super) fn is_busy(error: &Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed)
    )
}

/// Translates an error of SQLite; none of its texts holds a bound value.
pub(super) fn translate(error: Error) -> DbError {
    if is_busy(&error) {
        return DbError::timed_out();
    }
    let (kind, message) = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => (
            DbErrorKind::Full,
            "nothing was written because the disk or the database is full; free some space, then run clearsessions",
        ),
        Some(ErrorCode::ReadOnly) => (
            DbErrorKind::ReadOnly,
            "the database is read-only; let this user write the file and the folder that it is in",
        ),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (
            DbErrorKind::Corrupt,
            "the file is damaged or no SQLite database; restore it from a backup or name another file",
        ),
        Some(ErrorCode::SystemIoFailure) => {
            (DbErrorKind::Io, "reading or writing the database file failed; check the disk")
        }
        Some(
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied,
        ) => (
            DbErrorKind::Connect,
            "the database file cannot be opened; check that its folder exists and that this user may write there",
        ),
        _ if is_missing_table(&error) => (DbErrorKind::MissingTable, "a table is missing; run migrate"),
        _ => match error {
            Error::FromSqlConversionFailure(..)
            | Error::InvalidColumnType(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::Utf8Error(..) => {
                (DbErrorKind::InvalidValue, "a stored value is not what its column holds; delete that row")
            }
            _ => (DbErrorKind::Other, "the database refused the operation"),
        },
    };
    DbError::with_source(kind, message, error)
}

/// SQLite has no result code of its own for it.
fn is_missing_table(error: &Error) -> bool {
    const START: &str = "no such table";
    match error {
        Error::SqliteFailure(_, Some(message)) => message.starts_with(START),
        Error::SqlInputError { msg, .. } => msg.starts_with(START),
        _ => false,
    }
}
