//! The framework's own tables: SQLite pools, migrations and the session table
