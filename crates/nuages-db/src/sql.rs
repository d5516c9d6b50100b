//! The SQL of each table, one file a table, one constant a statement and dialect.

pub(crate) mod django_cache;
pub(crate) mod django_migrations;
pub(crate) mod django_session;
