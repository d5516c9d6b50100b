//! `django_session`, as `django.contrib.sessions` migration 0001 makes it.

pub(crate) mod sqlite {
    pub(crate) const CREATE: &str = "CREATE TABLE \"django_session\" (\"session_key\" varchar(40) NOT NULL PRIMARY KEY, \"session_data\" text NOT NULL, \"expire_date\" datetime NOT NULL)";
    /// The name's tail is Django's digest of the table and column name.
    pub(crate) const CREATE_INDEX: &str =
        "CREATE INDEX \"django_session_expire_date_a5c62663\" ON \"django_session\" (\"expire_date\")";

    pub(crate) const LOAD: &str =
        "SELECT session_data, expire_date FROM django_session WHERE session_key = ?1 AND expire_date > ?2";
    pub(crate) const READ: &str =
        "SELECT session_data, expire_date FROM django_session WHERE session_key = ?1";
    pub(crate) const EXISTS: &str = "SELECT 1 FROM django_session WHERE session_key = ?1";
    pub(crate) const INSERT: &str = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (?1, ?2, ?3) ON CONFLICT (session_key) DO NOTHING";
    pub(crate) const UPDATE: &str =
        "UPDATE django_session SET session_data = ?2, expire_date = ?3 WHERE session_key = ?1";
    pub(crate) const COMPARE_AND_SET: &str = "UPDATE django_session SET session_data = ?2, expire_date = ?3 WHERE session_key = ?1 AND session_data = ?4";
    pub(crate) const DELETE: &str = "DELETE FROM django_session WHERE session_key = ?1";
    pub(crate) const CLEAR_EXPIRED: &str = "DELETE FROM django_session WHERE session_key IN (SELECT session_key FROM django_session WHERE expire_date < ?1 LIMIT ?2)";
}
