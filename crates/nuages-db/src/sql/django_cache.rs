//! A table of Django's database cache, as `createcachetable` makes it; its name is the site's choice.
//!
//! The statements of one table are written once, when its handle is made. A row is alive while its `expires` is
//! in the future; every statement that decides by it gets the moment as a parameter.

/// How many keys one statement names at most; SQLite allows 999 parameters in its oldest builds.
pub(crate) const KEYS: usize = 256;

/// The statements for one table of one kind of database.
pub(crate) struct CacheSql {
    pub(crate) create: String,
    pub(crate) create_index: String,
    pub(crate) load: String,
    pub(crate) insert: String,
    pub(crate) upsert: String,
    pub(crate) replace: String,
    pub(crate) compare_and_set: String,
    pub(crate) update: String,
    pub(crate) touch: String,
    pub(crate) delete_alive: String,
    pub(crate) delete_dead: String,
    pub(crate) clear: String,
    pub(crate) clear_expired: String,
    pub(crate) delete_expired: String,
    pub(crate) count: String,
    pub(crate) count_up_to: String,
    pub(crate) nth_key: String,
    pub(crate) delete_below: String,
    /// Up to the list of keys, which [`CacheSql::in_keys`] ends.
    load_many: String,
    delete_many: String,
}

impl CacheSql {
    /// A statement about several keys, for a list of `count` of them; `first` is the number of the parameter
    /// before the keys.
    fn in_keys(start: &str, first: usize, count: usize) -> String {
        let list: Vec<String> = (1..=count).map(|number| format!("?{}", first + number)).collect();
        format!("{start} ({})", list.join(", "))
    }

    /// Parameters: the moment, then the keys.
    pub(crate) fn load_many(&self, count: usize) -> String {
        CacheSql::in_keys(&self.load_many, 1, count)
    }

    /// Parameters: the keys.
    pub(crate) fn delete_many(&self, count: usize) -> String {
        CacheSql::in_keys(&self.delete_many, 0, count)
    }

    /// `table` is quoted already; `index` is the quoted name of the index on `expires`.
    pub(crate) fn sqlite(table: &str, index: &str) -> CacheSql {
        CacheSql {
            create: format!(
                "CREATE TABLE IF NOT EXISTS {table} (\n    \"cache_key\" varchar(255) NOT NULL PRIMARY KEY,\n    \"value\" text NOT NULL,\n    \"expires\" datetime NOT NULL\n)"
            ),
            create_index: format!("CREATE INDEX IF NOT EXISTS {index} ON {table} (\"expires\")"),
            load: format!("SELECT value, expires FROM {table} WHERE cache_key = ?1 AND expires > ?2"),
            insert: format!(
                "INSERT INTO {table} (cache_key, value, expires) VALUES (?1, ?2, ?3) ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires WHERE {table}.expires <= ?4"
            ),
            upsert: format!(
                "INSERT INTO {table} (cache_key, value, expires) VALUES (?1, ?2, ?3) ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
            ),
            replace: format!(
                "UPDATE {table} SET value = ?2, expires = ?3 WHERE cache_key = ?1 AND expires > ?4"
            ),
            compare_and_set: format!(
                "UPDATE {table} SET value = ?2, expires = ?3 WHERE cache_key = ?1 AND expires > ?4 AND value = ?5"
            ),
            update: format!("UPDATE {table} SET value = ?2, expires = ?3 WHERE cache_key = ?1"),
            touch: format!("UPDATE {table} SET expires = ?2 WHERE cache_key = ?1 AND expires > ?3"),
            delete_alive: format!("DELETE FROM {table} WHERE cache_key = ?1 AND expires > ?2"),
            delete_dead: format!("DELETE FROM {table} WHERE cache_key = ?1 AND expires <= ?2"),
            clear: format!("DELETE FROM {table}"),
            clear_expired: format!(
                "DELETE FROM {table} WHERE cache_key IN (SELECT cache_key FROM {table} WHERE expires <= ?1 LIMIT ?2)"
            ),
            delete_expired: format!("DELETE FROM {table} WHERE expires <= ?1"),
            count: format!("SELECT count(*) FROM {table}"),
            count_up_to: format!("SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT ?1)"),
            nth_key: format!("SELECT cache_key FROM {table} ORDER BY cache_key LIMIT 1 OFFSET ?1"),
            delete_below: format!("DELETE FROM {table} WHERE cache_key < ?1"),
            load_many: format!(
                "SELECT value, expires, cache_key FROM {table} WHERE expires > ?1 AND cache_key IN"
            ),
            delete_many: format!("DELETE FROM {table} WHERE cache_key IN"),
        }
    }
}
