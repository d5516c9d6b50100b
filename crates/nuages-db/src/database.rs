use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::cache_table::CacheTable;
use crate::error::DbError;
use crate::migration::Applied;
use crate::session_table::SessionTable;
use crate::sql::Dialect;
use crate::sqlite::SqliteDatabase;
use crate::url::DatabaseUrl;

/// How long an operation may take unless the URL says otherwise: 2 s.
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(2);

/// `migrate` waits longer than a request would: another process may be migrating the same database.
const MIGRATE_DEADLINE: Duration = Duration::from_secs(30);

/// A database by its URL: a pool of connections, cheap to clone.
///
/// Operations are awaited inside a tokio runtime whose timer is enabled.
#[derive(Clone)]
pub struct Database {
    backend: Arc<Backend>,
    deadline: Duration,
}

pub(crate) enum Backend {
    Sqlite(SqliteDatabase),
}

impl Database {
    /// Opens the database that `url` names; an SQLite file is made if there is none.
    ///
    /// | URL | Database |
    /// |---|---|
    /// | `sqlite:///db.sqlite3` | a file, relative to the working directory |
    /// | `sqlite:////srv/site/db.sqlite3` | a file, absolute |
    /// | `sqlite:///:memory:` | a private database in memory, gone with the last clone |
    ///
    /// `?timeout=` sets the deadline of an operation in seconds (2 by default). For SQLite, `?synchronous=full`
    /// makes every commit wait for the disk, so that not even a power cut loses one; the default, `normal`,
    /// loses nothing when a process is killed. Percent escapes in the path are decoded.
    ///
    /// SQLite files are put into WAL mode, which stays in the file and which Django reads and writes as before.
    ///
    /// ```
    /// let db = nuages_db::Database::connect("sqlite:///:memory:?timeout=5")?;
    /// assert_eq!(db.deadline().as_secs(), 5);
    /// # Ok::<_, nuages_db::DbError>(())
    /// ```
    ///
    /// # Errors
    /// `InvalidUrl`, `Connect` if the file cannot be opened or made, `Corrupt` if it is no database,
    /// `TimedOut` if another process holds it. No message shows the URL, which may hold a password.
    pub fn connect(url: &str) -> Result<Database, DbError> {
        let url = DatabaseUrl::parse(url)?;
        let deadline = url.timeout.unwrap_or(DEFAULT_DEADLINE);
        let backend = Backend::Sqlite(SqliteDatabase::open(&url.location, url.synchronous, deadline)?);
        Ok(Database { backend: Arc::new(backend), deadline })
    }

    /// The same pool with another deadline for each operation.
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Database {
        Database { backend: Arc::clone(&self.backend), deadline }
    }

    /// How long an operation may take.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Makes the framework's tables, or adopts those that Django made, and says what was done.
    ///
    /// The tables, their index and the rows of `django_migrations` are Django's own, so that Django's `migrate`
    /// finds nothing left to do. All of it is one transaction; two processes may migrate at once.
    ///
    /// # Errors
    /// `Other` if a table of that name has other columns; any [`DbError`] else. Nothing was changed then.
    pub async fn migrate(&self) -> Result<Vec<Applied>, DbError> {
        match self.backend() {
            Backend::Sqlite(db) => db.migrate(self.deadline.max(MIGRATE_DEADLINE)).await,
        }
    }

    /// What [`migrate`](Database::migrate) would do, without doing it.
    ///
    /// # Errors
    /// As `migrate`.
    pub async fn pending_migrations(&self) -> Result<Vec<Applied>, DbError> {
        match self.backend() {
            Backend::Sqlite(db) => db.pending_migrations(self.deadline).await,
        }
    }

    /// The table of sessions.
    #[must_use]
    pub fn sessions(&self) -> SessionTable {
        SessionTable::new(self.clone())
    }

    /// A table of Django's database cache by its name (`LOCATION`); [`CacheTable::create`] makes it.
    ///
    /// # Errors
    /// `InvalidUrl` if `name` cannot be a table's.
    pub fn cache(&self, name: &str) -> Result<CacheTable, DbError> {
        CacheTable::new(self.clone(), name)
    }

    /// Waits until every write handed over so far is done, then closes the database for all its clones.
    ///
    /// Without it, the last clone dropped lets the waiting writes run in the background, which the end of the
    /// process cuts short.
    ///
    /// # Errors
    /// `TimedOut` if the deadline passes first; the writes go on.
    pub async fn close(&self) -> Result<(), DbError> {
        match self.backend() {
            Backend::Sqlite(db) => db.close(self.deadline).await,
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self.backend() {
            Backend::Sqlite(_) => Dialect::Sqlite,
        }
    }

    pub(crate) fn backend(&self) -> &Backend {
        &self.backend
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.backend() {
            Backend::Sqlite(_) => "SQLite",
        };
        f.debug_struct("Database")
            .field("kind", &kind)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
