//! Opening connections and setting them up.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::failure::translate;
use crate::error::{DbError, DbErrorKind};
use crate::url::{SqliteLocation, Synchronous};

/// How many compiled statements a connection keeps: those of the sessions and of a few cache tables.
const STATEMENTS: usize = 64;

/// Opens any number of connections to one database.
#[derive(Clone)]
pub(super) struct Opener {
    place: Place,
    synchronous: Synchronous,
    /// How long to wait for another process while setting up.
    patience: Duration,
}

#[derive(Clone)]
enum Place {
    File(PathBuf),
    /// A name in SQLite's `memdb` file system, which connections of this process share without the table locks
    /// of a shared cache.
    Memory(String),
}

impl Opener {
    pub(super) fn new(location: &SqliteLocation, synchronous: Synchronous, patience: Duration) -> Opener {
        // Not configuration: a counter that keeps the names of databases in memory apart.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let place = match location {
            SqliteLocation::File(path) => Place::File(path.clone()),
            SqliteLocation::Memory => {
                let number = NEXT.fetch_add(1, Ordering::Relaxed);
                Place::Memory(format!("file:/nuages-{number}?vfs=memdb"))
            }
        };
        Opener { place, synchronous, patience }
    }

    /// The connection that writes; puts a file into WAL mode, so that readers and the writer do not meet.
    pub(super) fn open_writer(&self) -> Result<Connection, DbError> {
        let connection = self.open()?;
        connection.busy_timeout(self.patience).map_err(translate)?;
        let mode: Result<String, _> = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0));
        match (&self.place, mode) {
            (Place::Memory(_), Ok(_)) => {}
            (Place::File(_), Ok(mode)) if mode == "wal" => {}
            (Place::File(path), Ok(mode)) => {
                tracing::warn!(path = %path.display(), mode, "the database cannot use WAL mode; saves will be slower");
            }
            (_, Err(error)) => {
                let error = translate(error);
                match error.kind() {
                    // A file that may not be written can still be read; the first write says so.
                    DbErrorKind::ReadOnly => {}
                    // Somebody reads it without WAL; all works, but readers and writers meet.
                    DbErrorKind::TimedOut => {
                        tracing::warn!(
                            "the database is in use and stays out of WAL mode; saves will be slower"
                        );
                    }
                    _ => return Err(self.explain(error)),
                }
            }
        }
        let synchronous = match self.synchronous {
            Synchronous::Normal => "PRAGMA synchronous = NORMAL",
            Synchronous::Full => "PRAGMA synchronous = FULL",
        };
        connection.execute_batch(synchronous).map_err(translate)?;
        // From here the writer does its own waiting, which knows each operation's deadline.
        connection.busy_timeout(Duration::ZERO).map_err(translate)?;
        Ok(connection)
    }

    /// A connection that only reads and never waits for a lock.
    pub(super) fn open_reader(&self) -> Result<Connection, DbError> {
        let connection = self.open()?;
        connection.busy_timeout(Duration::ZERO).map_err(translate)?;
        connection.execute_batch("PRAGMA query_only = ON").map_err(translate)?;
        Ok(connection)
    }

    fn open(&self) -> Result<Connection, DbError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = match &self.place {
            Place::File(path) => Connection::open_with_flags(path, flags),
            Place::Memory(uri) => Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI),
        };
        let connection = opened.map_err(|error| self.explain(translate(error)))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }

    /// Names the file: what goes wrong while opening it is mended by looking at it.
    fn explain(&self, error: DbError) -> DbError {
        match &self.place {
            Place::Memory(_) => error,
            Place::File(path) => {
                let message = format!("{} ({})", error, path.display());
                DbError::with_source(error.kind(), message, error)
            }
        }
    }
}
