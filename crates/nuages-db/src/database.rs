use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::cache_table::CacheTable;
use crate::error::DbError;
use crate::migration::Applied;
#[cfg(any(feature = "postgres", feature = "mysql"))]
use crate::server::ServerDatabase;
use crate::session_index::SessionIndex;
use crate::session_table::SessionTable;
use crate::sql::Dialect;
#[cfg(feature = "sqlite")]
use crate::sqlite::SqliteDatabase;
use crate::url::{DatabaseUrl, Place};

/// How long an operation may take unless the URL says otherwise: 2 s.
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(2);

/// `migrate` waits longer than a request would: another process may be migrating the same database.
const MIGRATE_DEADLINE: Duration = Duration::from_secs(30);

/// A database by its URL: a pool of connections, cheap to clone. (Django's `DATABASES["default"]`)
///
/// Operations are awaited inside a tokio runtime whose timer is enabled.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use nuages_db::Database;
///
/// let database = Database::connect("sqlite:///:memory:")?;
/// assert_eq!(database.pending_migrations().await?.len(), 1);
/// database.migrate().await?;
/// assert!(database.pending_migrations().await?.is_empty());
/// assert!(!database.sessions().exists("no such key").await?);
/// assert!(database.cache("my_cache_table")?.create().await?);
/// database.close().await?;
/// # Ok::<_, nuages_db::DbError>(()) }).unwrap();
/// ```
#[derive(Clone)]
#[doc(alias = "DATABASES")]
pub struct Database {
    backend: Arc<Backend>,
    deadline: Duration,
}

pub(crate) enum Backend {
    #[cfg(feature = "sqlite")]
    Sqlite(SqliteDatabase),
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    Server(ServerDatabase),
}

/// Calls the same method of whatever database this is.
macro_rules! on_backend {
    ($database:expr, $backend:ident => $call:expr) => {
        match *$database.backend() {
            #[cfg(feature = "sqlite")]
            $crate::database::Backend::Sqlite(ref $backend) => $call,
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            $crate::database::Backend::Server(ref $backend) => $call,
        }
    };
}

pub(crate) use on_backend;

impl Database {
    /// Opens the database that `url` names.
    ///
    /// | URL | Database |
    /// |---|---|
    /// | `sqlite:///db.sqlite3` | a file, relative to the working directory |
    /// | `sqlite:////srv/site/db.sqlite3` | a file, absolute |
    /// | `sqlite:///:memory:` | a private database in memory, gone with the last clone |
    /// | `postgres://user:password@host:5432/database` | PostgreSQL |
    /// | `postgres:///database?host=/run/postgresql` | PostgreSQL by a unix socket |
    /// | `mysql://user:password@host:3306/database` | MySQL or MariaDB |
    /// | `mysql://user@localhost/database?socket=/run/mysqld/mysqld.sock` | the same by a unix socket |
    ///
    /// The features `sqlite` (on by default), `postgres` and `mysql` say which kinds a build knows. What is special
    /// in a part of a URL is written with percent escapes. `?timeout=` sets the deadline of an operation in seconds
    /// (2 by default); a server is told to give up statements after it, too.
    ///
    /// **SQLite.** The file is opened here, and made if there is none. It is put into WAL mode, which stays in the
    /// file and which Django reads and writes as before. `?synchronous=full` makes every commit wait for the disk,
    /// so that not even a power cut loses one; the default, `normal`, loses nothing when a process is killed.
    ///
    /// **Servers.** Nothing is connected until it is needed, so a server that is away now is an error of the first
    /// operation. `?max_connections=` bounds the pool (10 by default), `?idle_timeout=` (600 s) and `?max_lifetime=`
    /// (1,800 s) the life of a connection. `sslmode`, `sslrootcert`, `sslcert` and `sslkey` are those of libpq, with
    /// MySQL `ssl-mode`, `ssl-ca`, `ssl-cert` and `ssl-key`. A pool belongs to the runtime that uses it.
    ///
    /// ```
    /// let db = nuages_db::Database::connect("sqlite:///:memory:?timeout=5")?;
    /// assert_eq!(db.deadline().as_secs(), 5);
    /// # Ok::<_, nuages_db::DbError>(())
    /// ```
    ///
    /// # Errors
    /// `InvalidUrl`, also for a kind that this build does not know. For SQLite, `Connect` if the file cannot be
    /// opened or made, `Corrupt` if it is no database, `TimedOut` if another process holds it. No message shows the
    /// URL, which may hold a password.
    pub fn connect(url: &str) -> Result<Database, DbError> {
        let url = DatabaseUrl::parse(url)?;
        let deadline = url.timeout.unwrap_or(DEFAULT_DEADLINE);
        let backend = match url.place {
            #[cfg(feature = "sqlite")]
            Place::Sqlite(url) => {
                Backend::Sqlite(SqliteDatabase::open(&url.location, url.synchronous, deadline)?)
            }
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            Place::Server(url) => Backend::Server(ServerDatabase::open(&url)?),
        };
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
    /// finds nothing left to do. All of it is one transaction, except that MySQL commits each table that it makes;
    /// two processes may migrate at once.
    ///
    /// # Errors
    /// `Other` if a table of that name has other columns; any [`DbError`] else. Nothing was changed then.
    pub async fn migrate(&self) -> Result<Vec<Applied>, DbError> {
        on_backend!(self, db => db.migrate(self.deadline.max(MIGRATE_DEADLINE)).await)
    }

    /// What [`migrate`](Database::migrate) would do, without doing it.
    ///
    /// # Errors
    /// As `migrate`.
    pub async fn pending_migrations(&self) -> Result<Vec<Applied>, DbError> {
        on_backend!(self, db => db.pending_migrations(self.deadline).await)
    }

    /// The table of sessions.
    #[must_use]
    pub fn sessions(&self) -> SessionTable {
        SessionTable::new(self.clone())
    }

    /// The optional index of sessions; [`SessionIndex::create`] makes its table.
    #[must_use]
    pub fn session_index(&self) -> SessionIndex {
        SessionIndex::new(self.clone())
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
        on_backend!(self, db => db.close(self.deadline).await)
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match *self.backend {
            #[cfg(feature = "sqlite")]
            Backend::Sqlite(_) => Dialect::Sqlite,
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            Backend::Server(ref db) => db.dialect(),
        }
    }

    pub(crate) fn backend(&self) -> &Backend {
        &self.backend
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("kind", &self.dialect())
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
