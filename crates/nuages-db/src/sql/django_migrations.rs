//! `django_migrations`, as Django's `MigrationRecorder` makes it.

pub(crate) mod sqlite {
    pub(crate) const CREATE: &str = "CREATE TABLE \"django_migrations\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \"app\" varchar(255) NOT NULL, \"name\" varchar(255) NOT NULL, \"applied\" datetime NOT NULL)";
    pub(crate) const IS_APPLIED: &str = "SELECT 1 FROM django_migrations WHERE app = ?1 AND name = ?2";
    pub(crate) const RECORD: &str = "INSERT INTO django_migrations (app, name, applied) VALUES (?1, ?2, ?3)";

    pub(crate) const TABLE_EXISTS: &str =
        "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?1";
    pub(crate) const COLUMNS: &str = "SELECT name FROM pragma_table_info(?1)";
}
