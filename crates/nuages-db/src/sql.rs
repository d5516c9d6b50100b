//! The SQL of each table, one file a table.

pub(crate) mod django_cache;
pub(crate) mod django_migrations;
pub(crate) mod django_session;
pub(crate) mod session_index;
mod statement;
mod value;

pub(crate) use statement::{Dialect, Statement};
pub(crate) use value::{Kind, Value};
