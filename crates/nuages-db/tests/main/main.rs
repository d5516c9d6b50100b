//! The whole crate from outside: real files, several handles, other connections in between.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod book;
mod cache;
mod connecting;
mod faults;
mod index;
mod migrations;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod outages;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod own;
mod places;
mod processes;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod refusals;
mod sessions;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod tls;
mod writers;

use chrono::{DateTime, TimeDelta, Utc};
use nuages_db::Database;
use tempfile::TempDir;

/// A database file in a folder of its own.
pub(crate) struct File {
    pub(crate) folder: TempDir,
}

impl File {
    pub(crate) fn new() -> File {
        File { folder: TempDir::new().unwrap() }
    }

    pub(crate) fn path(&self) -> String {
        self.folder.path().join("db.sqlite3").to_str().unwrap().to_owned()
    }

    pub(crate) fn url(&self) -> String {
        format!("sqlite:///{}", self.path())
    }

    pub(crate) fn connect(&self) -> Database {
        Database::connect(&self.url()).unwrap()
    }

    pub(crate) async fn migrated(&self) -> Database {
        let db = self.connect();
        db.migrate().await.unwrap();
        db
    }

    /// A database that was in use when it was opened, and so stays out of WAL mode.
    pub(crate) fn without_wal(&self) -> Database {
        let other = self.other();
        other.execute_batch("CREATE TABLE t (v); INSERT INTO t VALUES (1)").unwrap();
        let mut statement = other.prepare("SELECT * FROM t").unwrap();
        let mut rows = statement.query([]).unwrap();
        rows.next().unwrap();
        let db = Database::connect(&format!("{}?timeout=0.3", self.url())).unwrap();
        drop(rows);
        let mode: String = other.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
        assert_eq!(mode, "delete");
        db
    }

    /// Runs SQL past us; rows a line each, `|` between the columns.
    pub(crate) fn sql(&self, sql: &str) -> String {
        let other = self.other();
        if !sql.starts_with("SELECT") {
            other.execute_batch(sql).unwrap();
            return String::new();
        }
        let mut statement = other.prepare(sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut text = String::new();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> = (0..columns)
                .map(|column| match row.get_ref(column).unwrap() {
                    rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                    other => other.as_str().unwrap().to_owned(),
                })
                .collect();
            text.push_str(&cells.join("|"));
            text.push('\n');
        }
        text
    }

    /// A connection of somebody else: Django, or a shell.
    pub(crate) fn other(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

pub(crate) fn later() -> DateTime<Utc> {
    now() + TimeDelta::weeks(2)
}

/// What a live Django made and wrote.
pub(crate) fn recorded() -> serde_json::Value {
    serde_json::from_str(include_str!("../vectors/database.json")).unwrap()
}
