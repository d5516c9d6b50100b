//! The part of a URL that is SQLite's own.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use super::invalid;
use crate::error::DbError;

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

#[derive(Debug)]
pub(crate) struct SqliteUrl {
    pub(crate) location: SqliteLocation,
    pub(crate) synchronous: Synchronous,
}

impl SqliteUrl {
    pub(super) fn parse(path: &str, options: &[(&str, &str)]) -> Result<SqliteUrl, DbError> {
        let mut url = SqliteUrl { location: location(path)?, synchronous: Synchronous::Normal };
        for option in options {
            url.synchronous = match option {
                ("synchronous", "normal") => Synchronous::Normal,
                ("synchronous", "full") => Synchronous::Full,
                ("synchronous", _) => {
                    return Err(invalid("synchronous in a database URL is normal or full"));
                }
                _ => {
                    return Err(invalid(
                        "an option of the database URL is not known; SQLite takes timeout and synchronous",
                    ));
                }
            };
        }
        Ok(url)
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
