//! A table of Django's database cache, as `createcachetable` makes it; its name is the site's choice.
//!
//! The statements of one table are written once, when its handle is made. A row is alive while its `expires` is
//! in the future; every statement that decides by it gets the moment as a parameter.

use super::{Dialect, Statement};

/// How many keys one statement names at most; SQLite allows 999 parameters in its oldest builds.
pub(crate) const KEYS: usize = 256;

/// The columns that a cache table must have.
pub(crate) const COLUMNS: &[&str] = &["cache_key", "value", "expires"];

/// The statements for one table in one dialect.
pub(crate) struct CacheSql {
    dialect: Dialect,
    create: Vec<String>,
    pub(crate) load: Statement,
    pub(crate) insert: Statement,
    /// Before and after the rows.
    upsert: [String; 2],
    pub(crate) replace: Statement,
    pub(crate) compare_and_set: Statement,
    pub(crate) compare_and_delete: Statement,
    pub(crate) update: Statement,
    pub(crate) touch: Statement,
    pub(crate) revive: Statement,
    pub(crate) delete_alive: Statement,
    pub(crate) delete_dead: Statement,
    pub(crate) clear: Statement,
    pub(crate) clear_expired: Statement,
    pub(crate) delete_expired: Statement,
    pub(crate) count: Statement,
    pub(crate) count_up_to: Statement,
    pub(crate) nth_key: Statement,
    pub(crate) delete_below: Statement,
    /// For databases that are not the only writer: reads and holds the row.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) lock: Statement,
    /// MySQL's insert does not look at the end: this takes a row that is dead, or another key to its collation.
    #[cfg(feature = "mysql")]
    pub(crate) take_over: Option<Statement>,
    load_many: String,
    delete_many: String,
    delete_ended: String,
}

impl CacheSql {
    pub(crate) fn new(dialect: Dialect, name: &str) -> CacheSql {
        let statement = |template: String| Statement::new(dialect, &template);
        let table = dialect.quoted(name);
        let index = dialect.quoted(&format!("{name}_expires"));
        let is_key = dialect.same_text("cache_key", 1);
        let (key, value, expires) =
            (dialect.quoted("cache_key"), dialect.quoted("value"), dialect.quoted("expires"));
        let (text, time) = types(dialect);
        // SQLite and PostgreSQL make the decision within the insert.
        let insert = format!("INSERT INTO {table} (cache_key, value, expires) VALUES ");
        let overwrite = if dialect.is_mysql() {
            "ON DUPLICATE KEY UPDATE cache_key = VALUES(cache_key), value = VALUES(value), expires = VALUES(expires)"
        } else {
            "ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
        };
        let if_dead = if dialect.is_mysql() {
            format!("{insert}(?1, ?2, ?3)")
        } else {
            format!("{insert}(?1, ?2, ?3) {overwrite} WHERE {table}.expires <= ?4")
        };
        let clear_expired = if dialect.is_mysql() {
            format!("DELETE FROM {table} WHERE expires <= ?1 ORDER BY expires LIMIT ?2")
        } else {
            let few =
                format!("SELECT cache_key FROM {table} WHERE expires <= ?1 LIMIT ?2{}", skip_locked(dialect));
            format!("DELETE FROM {table} WHERE expires <= ?1 AND cache_key IN ({few})")
        };
        CacheSql {
            dialect,
            create: vec![
                format!(
                    "CREATE TABLE {table} (\n    {key} varchar(255) NOT NULL PRIMARY KEY,\n    {value} {text} NOT NULL,\n    {expires} {time} NOT NULL\n)"
                ),
                format!("CREATE INDEX {index} ON {table} ({expires})"),
            ],
            load: statement(format!("SELECT value, expires FROM {table} WHERE {is_key} AND expires > ?2")),
            insert: statement(if_dead),
            upsert: [insert, overwrite.to_owned()],
            replace: statement(format!(
                "UPDATE {table} SET value = ?2, expires = ?3 WHERE {is_key} AND expires > ?4"
            )),
            compare_and_set: statement(format!(
                "UPDATE {table} SET value = ?2, expires = ?3 WHERE {is_key} AND expires > ?4 AND {}",
                dialect.same_bytes("value", 5)
            )),
            compare_and_delete: statement(format!(
                "DELETE FROM {table} WHERE {is_key} AND expires > ?2 AND {}",
                dialect.same_bytes("value", 3)
            )),
            update: statement(format!("UPDATE {table} SET value = ?2, expires = ?3 WHERE {is_key}")),
            touch: statement(format!("UPDATE {table} SET expires = ?2 WHERE {is_key} AND expires > ?3")),
            revive: statement(format!("UPDATE {table} SET expires = ?2 WHERE {is_key}")),
            delete_alive: statement(format!("DELETE FROM {table} WHERE {is_key} AND expires > ?2")),
            delete_dead: statement(format!("DELETE FROM {table} WHERE {is_key} AND expires <= ?2")),
            clear: statement(format!("DELETE FROM {table}")),
            clear_expired: statement(clear_expired),
            delete_expired: statement(format!("DELETE FROM {table} WHERE expires <= ?1")),
            count: statement(format!("SELECT count(*) FROM {table}")),
            count_up_to: statement(format!(
                "SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT ?1) AS counted"
            )),
            nth_key: statement(format!("SELECT cache_key FROM {table} ORDER BY cache_key LIMIT 1 OFFSET ?1")),
            delete_below: statement(format!("DELETE FROM {table} WHERE cache_key < ?1")),
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            lock: statement(format!(
                "SELECT value, expires FROM {table} WHERE {is_key} AND expires > ?2 FOR UPDATE"
            )),
            #[cfg(feature = "mysql")]
            take_over: dialect.is_mysql().then(|| {
                let alive = format!("{} AND expires > ?4", dialect.same_bytes("cache_key", 1));
                statement(format!(
                    "UPDATE {table} SET cache_key = ?1, value = ?2, expires = ?3 WHERE cache_key = ?1 AND NOT ({alive})"
                ))
            }),
            load_many: format!(
                "SELECT value, expires, cache_key FROM {table} WHERE expires > ?1 AND cache_key IN"
            ),
            delete_many: format!("DELETE FROM {table} WHERE cache_key IN"),
            delete_ended: format!("DELETE FROM {table} WHERE expires <= ?1 AND cache_key IN"),
        }
    }

    /// What makes the table and its index.
    pub(crate) fn create(&self) -> Vec<String> {
        self.create.clone()
    }

    /// Parameters: key, value and end of each row. No key may come twice.
    pub(crate) fn upsert(&self, rows: usize) -> Statement {
        let row = |row: usize| {
            let first = row.saturating_mul(3);
            format!("(?{}, ?{}, ?{})", first + 1, first + 2, first + 3)
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        let [insert, overwrite] = &self.upsert;
        Statement::new(self.dialect, &format!("{insert}{} {overwrite}", rows.join(", ")))
    }

    /// Parameters: the moment, then the keys. MySQL also finds keys that only its collation takes for these.
    pub(crate) fn load_many(&self, keys: usize) -> Statement {
        Statement::new(self.dialect, &in_list(&self.load_many, 2, keys))
    }

    /// Parameters: the keys.
    pub(crate) fn delete_many(&self, keys: usize) -> Statement {
        Statement::new(self.dialect, &in_list(&self.delete_many, 1, keys))
    }

    /// Parameters: the moment, then the keys.
    pub(crate) fn delete_ended(&self, keys: usize) -> Statement {
        Statement::new(self.dialect, &in_list(&self.delete_ended, 2, keys))
    }
}

/// How many of so many rows one statement writes: a power of two, so that there are few statements to prepare.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) fn rows_at_once(rows: usize) -> usize {
    const MOST: usize = 64;
    if rows == 0 { 0 } else { (1 << rows.ilog2()).min(MOST) }
}

/// How many parameters a list of `keys` gets: a power of two, so that there are few statements to prepare.
pub(crate) fn padded(keys: usize) -> usize {
    keys.next_power_of_two()
}

fn in_list(start: &str, first: usize, count: usize) -> String {
    let list: Vec<String> = (first..first.saturating_add(count)).map(|number| format!("?{number}")).collect();
    format!("{start} ({})", list.join(", "))
}

/// The types of a `TextField` and a `DateTimeField`.
pub(super) fn types(dialect: Dialect) -> (&'static str, &'static str) {
    match dialect {
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => ("text", "datetime"),
        #[cfg(feature = "postgres")]
        Dialect::Postgres => ("text", "timestamp with time zone"),
        #[cfg(feature = "mysql")]
        Dialect::MySql => ("longtext", "datetime(6)"),
    }
}

/// Several cleaners share the work instead of waiting for each other.
pub(super) fn skip_locked(dialect: Dialect) -> &'static str {
    match dialect {
        #[cfg(feature = "postgres")]
        Dialect::Postgres => " FOR UPDATE SKIP LOCKED",
        #[cfg(any(feature = "sqlite", feature = "mysql"))]
        _ => "",
    }
}
