//! The databases on which every table is tried: SQLite in memory and in a file, PostgreSQL and MariaDB.

#[cfg(any(feature = "postgres", feature = "mysql"))]
use std::sync::LazyLock;

use nuages_db::Database;

use crate::File;

// Not configuration: one private server for all tests of this program, made when the first asks.
#[cfg(feature = "postgres")]
static POSTGRES: LazyLock<test_servers::Postgres> =
    LazyLock::new(|| test_servers::Postgres::with_options(&["max_connections=300"]));

// Not configuration: one private server for all tests of this program, made when the first asks.
#[cfg(feature = "mysql")]
static MARIADB: LazyLock<test_servers::MariaDb> =
    LazyLock::new(|| test_servers::MariaDb::with_options(&["--max-connections=300"]));

/// An empty database, and what keeps it alive.
pub(crate) struct Place {
    pub(crate) name: &'static str,
    pub(crate) url: String,
    pub(crate) file: Option<File>,
}

impl Place {
    fn new(name: &'static str, url: String) -> Place {
        Place { name, url, file: None }
    }

    /// In memory.
    pub(crate) fn memory() -> Place {
        Place::new("memory", "sqlite:///:memory:".to_owned())
    }

    /// In a file.
    pub(crate) fn file() -> Place {
        let file = File::new();
        Place { name: "file", url: file.url(), file: Some(file) }
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn postgres() -> Place {
        Place::new("postgres", POSTGRES.database())
    }

    #[cfg(feature = "mysql")]
    pub(crate) fn mariadb() -> Place {
        Place::new("mariadb", MARIADB.database())
    }

    /// A place of every kind that this build knows.
    pub(crate) fn all() -> Vec<Place> {
        let mut places = vec![Place::memory(), Place::file()];
        places.extend(Place::shared());
        places
    }

    /// Those that several handles (and processes) can open at once.
    pub(crate) fn shared() -> Vec<Place> {
        vec![
            Place::file(),
            #[cfg(feature = "postgres")]
            Place::postgres(),
            #[cfg(feature = "mysql")]
            Place::mariadb(),
        ]
    }

    /// With a deadline that a machine which is busy with other things does not miss.
    pub(crate) fn connect(&self) -> Database {
        Database::connect(&format!("{}?timeout=30", self.url)).unwrap()
    }

    /// With its tables.
    pub(crate) async fn migrated(&self) -> Database {
        let db = self.connect();
        db.migrate().await.unwrap();
        db
    }

    /// Runs SQL past us, as somebody else would: rows a line each, `|` between the columns.
    pub(crate) fn sql(&self, sql: &str) -> String {
        match self.name {
            #[cfg(feature = "postgres")]
            "postgres" => POSTGRES.sql_in(&self.url, sql),
            #[cfg(feature = "mysql")]
            "mariadb" => MARIADB.sql_in(&self.url, sql).replace('\t', "|"),
            _ => self.file.as_ref().map(|file| file.sql(sql)).unwrap_or_default(),
        }
    }
}
