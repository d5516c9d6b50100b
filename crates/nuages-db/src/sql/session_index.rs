//! `nuages_session_index`: who has which session. It is ours; Django does not know it.

use super::django_cache::{skip_locked, types};
use super::{Dialect, Kind, Statement};

pub(crate) const TABLE: &str = "nuages_session_index";

/// The columns that the table must have, in the order in which they are read.
pub(crate) const COLUMNS: &[&str] = &["session_key", "user_id", "created", "last_seen", "ip", "agent"];

pub(crate) const KINDS: &[Kind] = &[Kind::Text, Kind::Text, Kind::Time, Kind::Time, Kind::Text, Kind::Text];

/// The statements of the table in one dialect.
pub(crate) struct IndexSql {
    dialect: Dialect,
}

impl IndexSql {
    pub(crate) fn new(dialect: Dialect) -> IndexSql {
        IndexSql { dialect }
    }

    fn statement(&self, template: &str) -> Statement {
        Statement::new(self.dialect, template)
    }

    pub(crate) fn create(&self) -> Vec<String> {
        let (_, time) = types(self.dialect);
        // The keys are compared byte for byte here, whatever the database's collation is.
        let exact = if self.dialect.is_mysql() { " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" } else { "" };
        vec![
            format!(
                "CREATE TABLE {TABLE} (session_key varchar(64){exact} NOT NULL PRIMARY KEY, user_id varchar(255){exact} NOT NULL, created {time} NOT NULL, last_seen {time} NOT NULL, ip varchar(45) NOT NULL, agent varchar(255){exact} NOT NULL)"
            ),
            format!("CREATE INDEX {TABLE}_user_id ON {TABLE} (user_id, last_seen)"),
            format!("CREATE INDEX {TABLE}_last_seen ON {TABLE} (last_seen)"),
            format!("CREATE INDEX {TABLE}_created ON {TABLE} (created)"),
        ]
    }

    /// Parameters: the columns. `created` stays what it was.
    pub(crate) fn upsert(&self) -> Statement {
        let columns = COLUMNS.join(", ");
        let insert = format!("INSERT INTO {TABLE} ({columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        let changed = ["user_id", "last_seen", "ip", "agent"];
        let (clause, set): (&str, Vec<String>) = if self.dialect.is_mysql() {
            ("ON DUPLICATE KEY UPDATE", changed.iter().map(|c| format!("{c} = VALUES({c})")).collect())
        } else {
            (
                "ON CONFLICT (session_key) DO UPDATE SET",
                changed.iter().map(|c| format!("{c} = excluded.{c}")).collect(),
            )
        };
        self.statement(&format!("{insert} {clause} {}", set.join(", ")))
    }

    /// Parameters: key, last_seen, ip, agent.
    pub(crate) fn touch(&self) -> Statement {
        self.statement(&format!(
            "UPDATE {TABLE} SET last_seen = ?2, ip = ?3, agent = ?4 WHERE {}",
            self.is_key()
        ))
    }

    /// Parameters: the old key, the new one.
    pub(crate) fn rename(&self) -> Statement {
        self.statement(&format!("UPDATE {TABLE} SET session_key = ?2 WHERE {}", self.is_key()))
    }

    /// Parameter: key.
    pub(crate) fn get(&self) -> Statement {
        self.statement(&format!("SELECT {} FROM {TABLE} WHERE {}", COLUMNS.join(", "), self.is_key()))
    }

    /// Parameters: limit, offset; the user first if it is by user.
    pub(crate) fn list(&self, of_user: bool) -> Statement {
        let (condition, first) = if of_user {
            (format!("WHERE {} ", self.dialect.same_text("user_id", 1)), 2)
        } else {
            (String::new(), 1)
        };
        self.statement(&format!(
            "SELECT {} FROM {TABLE} {condition}ORDER BY last_seen DESC, session_key LIMIT ?{first} OFFSET ?{}",
            COLUMNS.join(", "),
            first + 1
        ))
    }

    /// Parameter: user.
    pub(crate) fn keys_of_user(&self) -> Statement {
        self.statement(&format!(
            "SELECT session_key FROM {TABLE} WHERE {}",
            self.dialect.same_text("user_id", 1)
        ))
    }

    /// Parameters: moment, limit.
    pub(crate) fn created_before(&self) -> Statement {
        self.statement(&format!(
            "SELECT session_key FROM {TABLE} WHERE created < ?1 ORDER BY created LIMIT ?2"
        ))
    }

    /// Parameter: key.
    pub(crate) fn delete(&self) -> Statement {
        self.statement(&format!("DELETE FROM {TABLE} WHERE {}", self.is_key()))
    }

    /// Parameters: moment, limit.
    pub(crate) fn clear_unseen(&self) -> Statement {
        if self.dialect.is_mysql() {
            return self
                .statement(&format!("DELETE FROM {TABLE} WHERE last_seen < ?1 ORDER BY last_seen LIMIT ?2"));
        }
        self.statement(&format!(
            "DELETE FROM {TABLE} WHERE last_seen < ?1 AND session_key IN (SELECT session_key FROM {TABLE} WHERE last_seen < ?1 LIMIT ?2{})",
            skip_locked(self.dialect)
        ))
    }

    /// Keys of entries seen before a moment whose row in `django_session` is gone. Parameters: moment, limit.
    ///
    /// The moment keeps a session that is just being made: its entry may be written before its row.
    pub(crate) fn orphans(&self) -> Statement {
        self.statement(&format!(
            "SELECT session_key FROM {TABLE} WHERE last_seen < ?1 AND NOT EXISTS (SELECT 1 FROM django_session WHERE django_session.session_key = {TABLE}.session_key) LIMIT ?2"
        ))
    }

    fn is_key(&self) -> String {
        self.dialect.same_text("session_key", 1)
    }
}
