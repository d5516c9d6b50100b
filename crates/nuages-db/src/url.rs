//! Reading a database URL. No message shows it: it may hold a password.

#[cfg(any(feature = "postgres", feature = "mysql"))]
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::time::Duration;

#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) use server::{Limits, ServerUrl};
#[cfg(feature = "sqlite")]
pub(crate) use sqlite::{SqliteLocation, SqliteUrl, Synchronous};

use crate::error::{DbError, DbErrorKind};
#[cfg(any(feature = "postgres", feature = "mysql"))]
use crate::sql::Dialect;

/// What a database URL says.
#[derive(Debug)]
pub(crate) struct DatabaseUrl {
    pub(crate) place: Place,
    pub(crate) timeout: Option<Duration>,
}

/// Where the database is.
#[derive(Debug)]
pub(crate) enum Place {
    #[cfg(feature = "sqlite")]
    Sqlite(SqliteUrl),
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    Server(ServerUrl),
}

impl DatabaseUrl {
    pub(crate) fn parse(url: &str) -> Result<DatabaseUrl, DbError> {
        let Some((scheme, rest)) = url.split_once(':') else {
            return Err(invalid("a database URL starts with its kind, such as sqlite:///db.sqlite3"));
        };
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut options: Vec<(&str, &str)> = query
            .split('&')
            .filter(|option| !option.is_empty())
            .map(|option| option.split_once('=').unwrap_or((option, "")))
            .collect();
        let mut timeout = None;
        for (_, value) in options.extract_if(.., |(name, _)| *name == "timeout") {
            timeout = Some(seconds("timeout", value)?);
        }
        let place = match scheme.to_ascii_lowercase().as_str() {
            "sqlite" | "sqlite3" => sqlite(place, &options)?,
            "postgres" | "postgresql" | "psql" | "pgsql" => postgres(place, &options)?,
            "mysql" | "mariadb" => mysql(place, &options)?,
            _ => {
                return Err(invalid(
                    "the kind of this database URL is not known; use sqlite, postgres or mysql, as in sqlite:///db.sqlite3",
                ));
            }
        };
        Ok(DatabaseUrl { place, timeout })
    }
}

#[cfg(feature = "sqlite")]
fn sqlite(place: &str, options: &[(&str, &str)]) -> Result<Place, DbError> {
    SqliteUrl::parse(place, options).map(Place::Sqlite)
}

#[cfg(not(feature = "sqlite"))]
fn sqlite(_: &str, _: &[(&str, &str)]) -> Result<Place, DbError> {
    Err(invalid("this build cannot talk to SQLite; turn on the feature `sqlite` of nuages"))
}

#[cfg(feature = "postgres")]
fn postgres(place: &str, options: &[(&str, &str)]) -> Result<Place, DbError> {
    ServerUrl::parse(Dialect::Postgres, place, options).map(Place::Server)
}

#[cfg(not(feature = "postgres"))]
fn postgres(_: &str, _: &[(&str, &str)]) -> Result<Place, DbError> {
    Err(invalid("this build cannot talk to PostgreSQL; turn on the feature `postgres` of nuages"))
}

#[cfg(feature = "mysql")]
fn mysql(place: &str, options: &[(&str, &str)]) -> Result<Place, DbError> {
    ServerUrl::parse(Dialect::MySql, place, options).map(Place::Server)
}

#[cfg(not(feature = "mysql"))]
fn mysql(_: &str, _: &[(&str, &str)]) -> Result<Place, DbError> {
    Err(invalid("this build cannot talk to MySQL or MariaDB; turn on the feature `mysql` of nuages"))
}

/// A positive number of seconds, a day at most.
fn seconds(name: &str, value: &str) -> Result<Duration, DbError> {
    let seconds = value.parse::<f64>().ok().filter(|seconds| *seconds > 0.0 && *seconds <= 86_400.0);
    let seconds = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds
        .ok_or_else(|| invalid(format!("{name} in a database URL is a number of seconds, such as {name}=2")))
}

pub(super) fn invalid(message: impl Into<String>) -> DbError {
    DbError::new(DbErrorKind::InvalidUrl, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "sqlite")]
    fn location(url: &str) -> SqliteUrl {
        match DatabaseUrl::parse(url).unwrap().place {
            Place::Sqlite(url) => url,
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            Place::Server(_) => panic!("{url} is no server"),
        }
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn locations() {
        let file = |path: &str| SqliteLocation::File(std::path::PathBuf::from(path));
        let table = [
            ("sqlite:///:memory:", SqliteLocation::Memory),
            ("sqlite://:memory:", SqliteLocation::Memory),
            ("sqlite::memory:", SqliteLocation::Memory),
            ("sqlite:///db.sqlite3", file("db.sqlite3")),
            ("SQLITE:///data/db.sqlite3", file("data/db.sqlite3")),
            ("sqlite:////srv/db.sqlite3", file("/srv/db.sqlite3")),
            ("sqlite:////srv/a%20b.sqlite3?timeout=1", file("/srv/a b.sqlite3")),
            ("sqlite:///%3Amemory%3A", file(":memory:")),
        ];
        for (url, expected) in table {
            assert_eq!(location(url).location, expected, "{url}");
        }
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn options() {
        let url = "sqlite:///a?timeout=0.5&synchronous=full";
        assert_eq!(DatabaseUrl::parse(url).unwrap().timeout, Some(Duration::from_millis(500)));
        assert_eq!(location(url).synchronous, Synchronous::Full);
    }

    #[cfg(all(feature = "postgres", feature = "mysql"))]
    #[test]
    fn servers() {
        // (the URL, what the driver gets)
        let table = [
            ("postgres://me:pw@host:5433/db", "postgres://me:pw@host:5433/db"),
            ("PostgreSQL://host/db?timeout=1&max_connections=3", "postgres://host/db"),
            ("psql://host/db?sslmode=verify-full&idle_timeout=9", "postgres://host/db?sslmode=verify-full"),
            ("postgres:///db?host=/run/postgresql", "postgres:///db?host=/run/postgresql"),
            ("postgres://me@%2Frun%2Fpostgresql?dbname=db", "postgres://me@%2Frun%2Fpostgresql?dbname=db"),
            ("mariadb://me:p%40/w@host/db", "mysql://me:p%40/w@host/db"),
            ("mysql://me@localhost/db?socket=/run/my.sock", "mysql://me@localhost/db?socket=/run/my.sock"),
        ];
        for (url, expected) in table {
            let parsed = DatabaseUrl::parse(url).unwrap();
            assert!(!format!("{parsed:?}").contains("me:p"), "{parsed:?}");
            let Place::Server(parsed) = parsed.place else { panic!("{url} is a server") };
            assert_eq!(parsed.connect, expected, "{url}");
        }
        let url = "mysql://host/db?max_connections=3&idle_timeout=60&max_lifetime=600";
        let Place::Server(parsed) = DatabaseUrl::parse(url).unwrap().place else { panic!("a server") };
        let (idle, lifetime) = (Duration::from_secs(60), Duration::from_secs(600));
        assert_eq!(parsed.limits, Limits { connections: 3, idle, lifetime });
    }

    #[test]
    fn refusals_tell_the_fix_and_show_no_password() {
        let table = [
            "",
            "db.sqlite3",
            "/srv/db.sqlite3",
            "sqlite:",
            "sqlite://db.sqlite3",
            "sqlite:///",
            "sqlite:///a%00b",
            "sqlite:///%ff",
            "sqlite:///a?timeout=0",
            "sqlite:///a?timeout=-1",
            "sqlite:///a?timeout=nan",
            "sqlite:///a?timeout=inf",
            "sqlite:///a?timeout=1e300",
            "sqlite:///a?synchronous=off",
            "sqlite:///a?hunter2",
            "postgres:me:hunter2@host/db",
            "postgres://me:hunter2@host",
            "postgres://me:hunter2@host/",
            "postgres://me:hunter2#@host/db",
            "postgres://me:hun?ter2@host/db",
            "postgres://me:hunter2@host/db?max_connections=0",
            "postgres://me:hunter2@host/db?max_connections=many",
            "postgres://me:hunter2@host/db?idle_timeout=-1",
            "postgres://me:hunter2@host/db?socket=/x",
            "mysql://me:hunter2@host",
            "mysql://me:hunter2@host/db?charset=latin1",
            "hunter2://x",
        ];
        for url in table {
            let error = DatabaseUrl::parse(url).err().unwrap_or_else(|| panic!("{url} was accepted"));
            assert_eq!(error.kind(), DbErrorKind::InvalidUrl, "{url}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{url}");
        }
    }
}
