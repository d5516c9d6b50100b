//! The SQL of each table, one file a table.

pub(crate) mod django_cache;
pub(crate) mod django_migrations;
pub(crate) mod django_session;
mod statement;

pub(crate) use statement::{Dialect, Statement};
