use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;

use crate::error::{DbError, DbErrorKind};

/// What a database URL says. Holds no secret as long as SQLite is all there is, yet is never printed.
pub(crate) struct DatabaseUrl {
    pub(crate) location: SqliteLocation,
    pub(crate) timeout: Option<Duration>,
    pub(crate) synchronous: Synchronous,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SqliteLocation {
    Memory,
    File(PathBuf),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Synchronous {
    #[default]
    Normal,
    Full,
}

impl DatabaseUrl {
    pub(crate) fn parse(url: &str) -> Result<DatabaseUrl, DbError> {
        let Some((scheme, rest)) = url.split_once(':') else {
            return Err(invalid("a database URL starts with its kind, such as sqlite:///db.sqlite3"));
        };
        match scheme.to_ascii_lowercase().as_str() {
            "sqlite" | "sqlite3" => {}
            "postgres" | "postgresql" | "psql" | "pgsql" | "mysql" | "mariadb" => {
                return Err(invalid(
                    "this build talks to SQLite only; use a URL such as sqlite:///db.sqlite3",
                ));
            }
            _ => return Err(invalid("the kind of this database URL is not known; use sqlite:///db.sqlite3")),
        }
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut parsed =
            DatabaseUrl { location: location(path)?, timeout: None, synchronous: Synchronous::Normal };
        for option in query.split('&').filter(|option| !option.is_empty()) {
            parsed.option(option)?;
        }
        Ok(parsed)
    }

    fn option(&mut self, option: &str) -> Result<(), DbError> {
        match option.split_once('=').unwrap_or((option, "")) {
            ("timeout", value) => {
                let seconds =
                    value.parse::<f64>().ok().filter(|seconds| *seconds > 0.0 && *seconds <= 86_400.0);
                let seconds = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                self.timeout = Some(seconds.ok_or_else(|| {
                    invalid("timeout in a database URL is a number of seconds, such as timeout=2")
                })?);
            }
            ("synchronous", "normal") => self.synchronous = Synchronous::Normal,
            ("synchronous", "full") => self.synchronous = Synchronous::Full,
            ("synchronous", _) => return Err(invalid("synchronous in a database URL is normal or full")),
            _ => {
                return Err(invalid(
                    "an option of the database URL is not known; SQLite takes timeout and synchronous",
                ));
            }
        }
        Ok(())
    }
}

fn location(path: &str) -> Result<SqliteLocation, DbError> {
    if matches!(path, ":memory:" | "//:memory:" | "///:memory:") {
        return Ok(SqliteLocation::Memory);
    }
    let Some(path) = path.strip_prefix("///") else {
        return Err(invalid(
            "an SQLite URL has three slashes before a relative path and four before an absolute one: sqlite:///db.sqlite3",
        ));
    };
    let path = percent_decode_str(path)
        .decode_utf8()
        .map_err(|_| invalid("the path of an SQLite URL has percent escapes that are not UTF-8"))?;
    if path.is_empty() || path.contains('\0') {
        return Err(invalid("an SQLite URL names a file: sqlite:///db.sqlite3"));
    }
    Ok(SqliteLocation::File(PathBuf::from(path.as_ref())))
}

fn invalid(message: &str) -> DbError {
    DbError::new(DbErrorKind::InvalidUrl, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations() {
        let file = |path: &str| SqliteLocation::File(PathBuf::from(path));
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
            assert_eq!(DatabaseUrl::parse(url).unwrap().location, expected, "{url}");
        }
    }

    #[test]
    fn options() {
        let url = DatabaseUrl::parse("sqlite:///a?timeout=0.5&synchronous=full").unwrap();
        assert_eq!(url.timeout, Some(Duration::from_millis(500)));
        assert_eq!(url.synchronous, Synchronous::Full);
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
            "postgres://me:hunter2@host/db",
            "mysql://me:hunter2@host/db",
            "hunter2://x",
        ];
        for url in table {
            let error = DatabaseUrl::parse(url).err().unwrap_or_else(|| panic!("{url} was accepted"));
            assert_eq!(error.kind(), DbErrorKind::InvalidUrl, "{url}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{url}");
        }
    }
}
