//! Servers of a test's own, and what a test asks of them.

use std::time::{Duration, Instant};

use nuages_db::Database;

use crate::later;

/// How soon all must be well again.
pub(crate) const A_SECOND: Duration = Duration::from_secs(1);

/// A server of its own, which a test may mistreat.
pub(crate) enum Own {
    #[cfg(feature = "postgres")]
    Postgres(test_servers::Postgres),
    #[cfg(feature = "mysql")]
    MariaDb(test_servers::MariaDb),
}

impl Own {
    pub(crate) fn all() -> Vec<Own> {
        vec![
            #[cfg(feature = "postgres")]
            Own::Postgres(test_servers::Postgres::start()),
            #[cfg(feature = "mysql")]
            Own::MariaDb(test_servers::MariaDb::start()),
        ]
    }

    pub(crate) fn url(&self, options: &str) -> String {
        match self {
            #[cfg(feature = "postgres")]
            Own::Postgres(server) => format!("{}?{options}", server.url()),
            #[cfg(feature = "mysql")]
            Own::MariaDb(server) => format!("{}?{options}", server.url()),
        }
    }

    pub(crate) fn sql(&self, sql: &str) -> String {
        match self {
            #[cfg(feature = "postgres")]
            Own::Postgres(server) => server.sql(sql),
            #[cfg(feature = "mysql")]
            Own::MariaDb(server) => server.sql_in(&server.url(), sql),
        }
    }

    /// Of one and the other: what differs.
    pub(crate) fn either<T>(&self, postgres: T, mariadb: T) -> T {
        match self {
            #[cfg(feature = "postgres")]
            Own::Postgres(_) => {
                drop(mariadb);
                postgres
            }
            #[cfg(feature = "mysql")]
            Own::MariaDb(_) => {
                drop(postgres);
                mariadb
            }
        }
    }

    /// How many connections our user has.
    pub(crate) fn connections(&self) -> usize {
        let count = self.sql(self.either(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'nuages'",
            "SELECT count(*) FROM information_schema.processlist WHERE user = 'nuages'",
        ));
        count.trim().parse().unwrap()
    }

    /// How many statements of our user run.
    pub(crate) fn running(&self) -> usize {
        let count = self.sql(self.either(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'nuages' AND state <> 'idle'",
            "SELECT count(*) FROM information_schema.processlist WHERE user = 'nuages' AND command <> 'Sleep'",
        ));
        count.trim().parse().unwrap()
    }
}

impl std::ops::Deref for Own {
    type Target = test_servers::Server;

    fn deref(&self) -> &test_servers::Server {
        match self {
            #[cfg(feature = "postgres")]
            Own::Postgres(server) => server,
            #[cfg(feature = "mysql")]
            Own::MariaDb(server) => server,
        }
    }
}

/// A handle, and the tables.
pub(crate) async fn migrated(url: &str) -> Database {
    let db = Database::connect(url).unwrap();
    db.migrate().await.unwrap();
    db
}

/// Waits until a save works again; how long that took.
pub(crate) async fn recovered(db: &Database) -> Duration {
    let start = Instant::now();
    while db.sessions().update("k", "again", later()).await.is_err() {
        assert!(start.elapsed() < Duration::from_secs(20), "it never came back");
    }
    start.elapsed()
}
