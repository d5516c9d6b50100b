//! Sessions in SQLite, on a disk that fails.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use nuages_db::Database;
use nuages_sessions::{Backends, SessionEngine};
use rusqlite::Connection;
use test_servers::{empty_disk, fill_disk};
use tokio::task::JoinHandle;

use super::engine;
use crate::fault::Fault;
use crate::operation::Operation;
use crate::stand::Stand;

pub(crate) struct Sqlite {
    disk: PathBuf,
    database: Database,
    lock: Option<Connection>,
    slow: Option<JoinHandle<()>>,
}

impl Sqlite {
    pub(crate) async fn new(disk: PathBuf) -> Sqlite {
        let database = connect(&disk);
        database.migrate().await.unwrap();
        Sqlite { disk, database, lock: None, slow: None }
    }

    fn of(database: &Database) -> SessionEngine {
        engine("db", None, &Backends { database: Some(database.clone()), ..Backends::default() })
    }

    fn permit(&self, mode: u32, names: &[&str]) {
        for file in names.iter().map(|name| self.disk.join(name)).filter(|file| file.exists()) {
            std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
        }
    }

    /// A connection of another process that writes.
    fn writer(&self) -> Connection {
        let connection = Connection::open(self.disk.join("db.sqlite3")).unwrap();
        connection.busy_timeout(Duration::from_secs(5)).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        connection
    }
}

fn connect(disk: &std::path::Path) -> Database {
    Database::connect(&format!("sqlite:///{}/db.sqlite3", disk.display())).unwrap()
}

impl Stand for Sqlite {
    fn title(&self) -> &'static str {
        "db, SQLite"
    }

    fn fault(&self, fault: Fault) -> &'static str {
        match fault {
            Fault::Refused => "refuses connections",
            Fault::Hang => "another process keeps the lock of the database",
            Fault::Cut => "breaks off in its reply",
            Fault::Garbage => "answers garbage",
            Fault::Slow => "another process has the lock of the database for 1 s",
            Fault::Full => "the disk is full",
            Fault::ReadOnly => "the file is read-only when it is opened",
            Fault::Restarted => "was killed and restarted",
        }
    }

    fn lacks(&self, fault: Fault, _operation: Operation) -> Option<&'static str> {
        match fault {
            Fault::Refused | Fault::Cut | Fault::Garbage | Fault::Restarted => {
                Some("SQLite is no server: it refuses no connection, sends nothing and is not restarted")
            }
            _ => None,
        }
    }

    /// Its log would have room for a while that it has taken before.
    async fn prepare(&mut self, fault: Fault) {
        if fault == Fault::Full {
            self.database.close().await.unwrap();
            self.database = connect(&self.disk);
        }
    }

    fn engine(&self) -> SessionEngine {
        Self::of(&self.database)
    }

    // Connections of one process share what they know of the file, so another one would see nothing else.
    async fn witness(&self) -> SessionEngine {
        Self::of(&self.database)
    }

    /// Whoever has opened the file for writing goes on writing.
    fn begins_anew(&self, fault: Fault) -> bool {
        fault == Fault::ReadOnly
    }

    async fn begin(&mut self, fault: Fault, _sessions: &[String]) {
        match fault {
            Fault::Full => fill_disk(&self.disk),
            Fault::ReadOnly => {
                self.database.close().await.unwrap();
                self.permit(0o444, &["db.sqlite3"]);
                self.database = connect(&self.disk);
            }
            // Another process has the lock of writers, for long or for a second.
            Fault::Hang => self.lock = Some(self.writer()),
            Fault::Slow => {
                let lock = self.writer();
                self.slow = Some(tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    drop(lock);
                }));
            }
            _ => {}
        }
    }

    async fn end(&mut self, fault: Fault) {
        match fault {
            Fault::Full => empty_disk(&self.disk),
            // SQLite has made those beside it with the permissions of the file.
            Fault::ReadOnly => self.permit(0o644, &["db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm"]),
            _ => {
                self.lock = None;
                if let Some(slow) = self.slow.take() {
                    slow.abort();
                    slow.await.ok();
                }
            }
        }
    }
}
