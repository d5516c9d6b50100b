//! What the errors of a server mean to a caller, and to the connection.

use std::fmt;
use std::io::ErrorKind;

use crate::error::{DbError, DbErrorKind as Kind};

/// Why a piece of work failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The connection is of no use any more.
    Lost(DbError),
    /// The server undid it because of what others do (a deadlock); the same may succeed a moment later.
    Again(DbError),
    /// The key of an inserted row is taken.
    Taken(DbError),
    /// Anything else.
    Refused(DbError),
}

/// What the server said. Its text is left out where it quotes values: they may be keys of sessions.
#[derive(Debug)]
struct ServerError {
    code: String,
    message: Option<String>,
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => write!(f, "{message} ({})", self.code),
            None => write!(f, "error {} of the server", self.code),
        }
    }
}

impl std::error::Error for ServerError {}

/// What a code means: the kind, a sentence, and what becomes of the connection.
struct Meaning(Kind, &'static str, fn(DbError) -> Failure);

const LOST: Meaning = Meaning(
    Kind::Connect,
    "the connection to the database was lost; a write under way may or may not have happened",
    Failure::Lost,
);
const REFUSED: Meaning = Meaning(
    Kind::Connect,
    "the database server does not let this user in; check user, password and database in the URL",
    Failure::Lost,
);
const AGAIN: Meaning = Meaning(
    Kind::TimedOut,
    "others kept writing the same rows until the deadline; nothing was written",
    Failure::Again,
);
const TIMED_OUT: Meaning = Meaning(
    Kind::TimedOut,
    "the database server gave the operation up at its deadline; look for a lock or a slow query",
    Failure::Refused,
);
const OVERLOADED: Meaning = Meaning(
    Kind::Overloaded,
    "the database server has no room for another connection; raise its limit or lower max_connections here",
    Failure::Lost,
);
const FULL: Meaning = Meaning(
    Kind::Full,
    "nothing was written because the database server's disk is full; free some space, then run clearsessions",
    Failure::Refused,
);
const READ_ONLY: Meaning = Meaning(
    Kind::ReadOnly,
    "the database server takes no writes; name the primary server, or end its read-only mode",
    Failure::Refused,
);
const CORRUPT: Meaning = Meaning(
    Kind::Corrupt,
    "the database server found its files damaged; restore them from a backup",
    Failure::Refused,
);
const IO: Meaning = Meaning(
    Kind::Io,
    "the database server cannot read or write its files; look at its disk",
    Failure::Refused,
);
const MISSING_TABLE: Meaning =
    Meaning(Kind::MissingTable, "a table is missing; run migrate", Failure::Refused);
const INVALID_VALUE: Meaning =
    Meaning(Kind::InvalidValue, "a value does not fit its column, or is not what it holds", Failure::Refused);
const TAKEN: Meaning = Meaning(Kind::Other, "a row of this key exists already", Failure::Taken);
const FORBIDDEN: Meaning =
    Meaning(Kind::Other, "the database does not let this user do that; grant the right", Failure::Refused);
const OTHER: Meaning = Meaning(Kind::Other, "the database refused the operation", Failure::Refused);

impl Failure {
    pub(super) fn into_error(self) -> DbError {
        match self {
            Failure::Lost(error)
            | Failure::Again(error)
            | Failure::Taken(error)
            | Failure::Refused(error) => error,
        }
    }

    pub(super) fn invalid_value() -> Failure {
        let Meaning(kind, message, _) = INVALID_VALUE;
        Failure::Refused(DbError::new(kind, message))
    }

    #[cfg(feature = "postgres")]
    pub(super) fn of_postgres(error: sqlx::Error) -> Failure {
        let error = match error {
            sqlx::Error::Database(error) => error,
            other => return Failure::of_driver(other),
        };
        let code = error.code().unwrap_or_default().into_owned();
        // Classes 22 and 23 are about values.
        let quotes_values = code.starts_with("22") || code.starts_with("23");
        let message = (!quotes_values).then(|| error.message().to_owned());
        by_meaning(postgres_meaning(&code), code, message)
    }

    #[cfg(feature = "mysql")]
    pub(super) fn of_mysql(error: sqlx::Error) -> Failure {
        let error = match error {
            sqlx::Error::Database(error) => error,
            other => return Failure::of_driver(other),
        };
        let number = error
            .try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
            .map_or(0, sqlx::mysql::MySqlDatabaseError::number);
        let meaning = mysql_meaning(number);
        let quotes_values = matches!(meaning.0, Kind::InvalidValue | Kind::Other);
        let message = (!quotes_values).then(|| error.message().to_owned());
        by_meaning(meaning, number.to_string(), message)
    }

    /// What went wrong on the way; none of these texts holds a value or a password.
    fn of_driver(error: sqlx::Error) -> Failure {
        use sqlx::Error as Driver;
        match error {
            // So rustls says that it does not trust the other side.
            Driver::Io(source) if source.kind() == ErrorKind::InvalidData => no_tls(source),
            Driver::Io(source)
                if matches!(source.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) =>
            {
                Failure::Lost(DbError::with_source(
                    Kind::Connect,
                    "the socket or a certificate file that the database URL names is not there or cannot be read",
                    source,
                ))
            }
            Driver::Io(source) => {
                let Meaning(kind, message, effect) = LOST;
                effect(DbError::with_source(kind, message, source))
            }
            Driver::Tls(source) => no_tls(source),
            Driver::Configuration(_) => Failure::Lost(DbError::new(
                Kind::Connect,
                "the connection cannot be set up; check the options and the certificate files in the database URL",
            )),
            Driver::Decode(_) | Driver::ColumnDecode { .. } | Driver::Encode(_) => Failure::invalid_value(),
            _ => Failure::Lost(DbError::new(
                Kind::Connect,
                "the database server answered something that cannot be read; check that it is the right kind of server",
            )),
        }
    }
}

fn no_tls(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    Failure::Lost(DbError::with_source(
        Kind::Connect,
        "no TLS connection to the database server; check its certificate, or the sslmode of the URL",
        source,
    ))
}

fn by_meaning(Meaning(kind, text, effect): Meaning, code: String, message: Option<String>) -> Failure {
    effect(DbError::with_source(kind, text, ServerError { code, message }))
}

/// By SQLSTATE, see PostgreSQL's appendix A.
#[cfg(feature = "postgres")]
fn postgres_meaning(code: &str) -> Meaning {
    match code {
        "40001" | "40P01" => AGAIN,
        "57014" | "55P03" => TIMED_OUT,
        "53300" => OVERLOADED,
        "53100" => FULL,
        "25006" => READ_ONLY,
        "23505" => TAKEN,
        "42P01" => MISSING_TABLE,
        "42501" => FORBIDDEN,
        "28000" | "28P01" | "3D000" => REFUSED,
        "57P01" | "57P02" | "57P03" | "57P05" | "25P03" => LOST,
        "58030" => IO,
        "XX001" | "XX002" => CORRUPT,
        code if code.starts_with("08") => LOST,
        code if code.starts_with("22") => INVALID_VALUE,
        _ => OTHER,
    }
}

/// By number, see the error references of MySQL and MariaDB.
#[cfg(feature = "mysql")]
fn mysql_meaning(number: u16) -> Meaning {
    match number {
        1213 | 1020 => AGAIN,
        1205 | 1969 | 3024 | 1317 => TIMED_OUT,
        1040 | 1203 | 1226 => OVERLOADED,
        1021 | 1114 => FULL,
        1290 | 1792 | 1836 => READ_ONLY,
        1062 | 1586 => TAKEN,
        1146 => MISSING_TABLE,
        1142 | 1143 | 1227 => FORBIDDEN,
        1044 | 1045 | 1049 | 1698 => REFUSED,
        1053 | 1152..=1161 | 1184 | 1927 => LOST,
        1030 | 1026 | 1023 => IO,
        1034 | 1035 | 1194 | 1195 | 1712 => CORRUPT,
        1264 | 1292 | 1366 | 1406 | 3988 => INVALID_VALUE,
        _ => OTHER,
    }
}

#[cfg(all(test, feature = "postgres", feature = "mysql"))]
mod tests {
    use super::*;

    #[test]
    fn meanings() {
        let table = [
            (postgres_meaning("40P01").0, mysql_meaning(1213).0, Kind::TimedOut),
            (postgres_meaning("57014").0, mysql_meaning(1969).0, Kind::TimedOut),
            (postgres_meaning("53300").0, mysql_meaning(1040).0, Kind::Overloaded),
            (postgres_meaning("53100").0, mysql_meaning(1114).0, Kind::Full),
            (postgres_meaning("25006").0, mysql_meaning(1290).0, Kind::ReadOnly),
            (postgres_meaning("42P01").0, mysql_meaning(1146).0, Kind::MissingTable),
            (postgres_meaning("28P01").0, mysql_meaning(1045).0, Kind::Connect),
            (postgres_meaning("08006").0, mysql_meaning(1927).0, Kind::Connect),
            (postgres_meaning("58030").0, mysql_meaning(1030).0, Kind::Io),
            (postgres_meaning("XX001").0, mysql_meaning(1194).0, Kind::Corrupt),
            (postgres_meaning("22021").0, mysql_meaning(1366).0, Kind::InvalidValue),
            (postgres_meaning("").0, mysql_meaning(0).0, Kind::Other),
        ];
        for (postgres, mysql, expected) in table {
            assert_eq!((postgres, mysql), (expected, expected));
        }
    }

    #[test]
    fn what_quotes_values_is_not_repeated() {
        let text = "Duplicate entry 'topsecret' for key 'PRIMARY'";
        let shown = |failure: Failure| format!("{:?}", failure.into_error());
        assert!(!shown(by_meaning(TAKEN, "1062".into(), None)).contains("topsecret"));
        assert!(shown(by_meaning(REFUSED, "1045".into(), Some(text.into()))).contains("topsecret"));
    }
}
