//! `django_session`, as `django.contrib.sessions` migration 0001 makes it.

use super::django_cache::skip_locked;
use super::{Dialect, Statement};

pub(crate) const TABLE: &str = "django_session";

/// The columns that the table must have.
pub(crate) const COLUMNS: &[&str] = &["session_key", "session_data", "expire_date"];

/// The statements that make the table; the tails of the indexes' names are Django's digests of table and column.
pub(crate) fn create(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => &[
            "CREATE TABLE \"django_session\" (\"session_key\" varchar(40) NOT NULL PRIMARY KEY, \"session_data\" text NOT NULL, \"expire_date\" datetime NOT NULL)",
            "CREATE INDEX \"django_session_expire_date_a5c62663\" ON \"django_session\" (\"expire_date\")",
        ],
        #[cfg(feature = "postgres")]
        Dialect::Postgres => &[
            "CREATE TABLE \"django_session\" (\"session_key\" varchar(40) NOT NULL PRIMARY KEY, \"session_data\" text NOT NULL, \"expire_date\" timestamp with time zone NOT NULL)",
            "CREATE INDEX \"django_session_session_key_c0390e0f_like\" ON \"django_session\" (\"session_key\" varchar_pattern_ops)",
            "CREATE INDEX \"django_session_expire_date_a5c62663\" ON \"django_session\" (\"expire_date\")",
        ],
        #[cfg(feature = "mysql")]
        Dialect::MySql => &[
            "CREATE TABLE `django_session` (`session_key` varchar(40) NOT NULL PRIMARY KEY, `session_data` longtext NOT NULL, `expire_date` datetime(6) NOT NULL)",
            "CREATE INDEX `django_session_expire_date_a5c62663` ON `django_session` (`expire_date`)",
        ],
    }
}

/// The statements of the session table in one dialect.
pub(crate) struct SessionSql {
    pub(crate) load: Statement,
    pub(crate) read: Statement,
    pub(crate) exists: Statement,
    pub(crate) insert: Statement,
    pub(crate) update: Statement,
    pub(crate) compare_and_set: Statement,
    pub(crate) compare_and_delete: Statement,
    pub(crate) delete: Statement,
    pub(crate) clear_expired: Statement,
    /// For databases that are not the only writer: reads and holds the row.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) lock: Statement,
}

impl SessionSql {
    pub(crate) fn new(dialect: Dialect) -> SessionSql {
        let statement = |template: String| Statement::new(dialect, &template);
        let is_key = dialect.same_text("session_key", 1);
        let row = "SELECT session_data, expire_date FROM django_session";
        let set = "UPDATE django_session SET session_data = ?2, expire_date = ?3";
        // MySQL's own way would also swallow what is not a taken key; there the error is looked at.
        let unless_taken = if dialect.is_mysql() { "" } else { " ON CONFLICT (session_key) DO NOTHING" };
        let clear_expired = if dialect.is_mysql() {
            "DELETE FROM django_session WHERE expire_date < ?1 ORDER BY expire_date LIMIT ?2".to_owned()
        } else {
            format!(
                "DELETE FROM django_session WHERE expire_date < ?1 AND session_key IN (SELECT session_key FROM django_session WHERE expire_date < ?1 LIMIT ?2{})",
                skip_locked(dialect)
            )
        };
        SessionSql {
            load: statement(format!("{row} WHERE {is_key} AND expire_date > ?2")),
            read: statement(format!("{row} WHERE {is_key}")),
            exists: statement(format!("SELECT 1 FROM django_session WHERE {is_key}")),
            insert: statement(format!(
                "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (?1, ?2, ?3){unless_taken}"
            )),
            update: statement(format!("{set} WHERE {is_key}")),
            compare_and_set: statement(format!(
                "{set} WHERE {is_key} AND {}",
                dialect.same_bytes("session_data", 4)
            )),
            compare_and_delete: statement(format!(
                "DELETE FROM django_session WHERE {is_key} AND {}",
                dialect.same_bytes("session_data", 2)
            )),
            delete: statement(format!("DELETE FROM django_session WHERE {is_key}")),
            clear_expired: statement(clear_expired),
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            lock: statement(format!("{row} WHERE {is_key} FOR UPDATE")),
        }
    }
}
