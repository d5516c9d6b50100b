//! Making and adopting the tables in SQLite.

use std::time::Duration;

use chrono::Utc;
use rusqlite::{Connection, params};

use super::SqliteDatabase;
use super::timestamp::Timestamp;
use crate::error::DbError;
use crate::migration::{Applied, How, NewTable, Plan, check_columns};
use crate::sql::{Dialect, django_migrations as migrations, django_session};

impl SqliteDatabase {
    pub(crate) async fn migrate(&self, deadline: Duration) -> Result<Vec<Applied>, DbError> {
        self.write_alone(0, deadline, |connection| {
            let plan = match plan(connection)? {
                Ok(plan) => plan,
                Err(error) => return Ok(Err(error)),
            };
            apply(connection, &plan)?;
            Ok(Ok(plan.applied()))
        })
        .await?
    }

    /// Makes a table, unless there is one with the columns that are needed.
    pub(crate) async fn make_table(&self, table: NewTable, deadline: Duration) -> Result<bool, DbError> {
        self.write_alone(0, deadline, move |connection| {
            let columns = columns(connection, &table.name)?;
            if !columns.is_empty() {
                return Ok(check_columns(&table.name, table.columns, &columns).map(|()| false));
            }
            for statement in &table.statements {
                connection.execute_batch(statement)?;
            }
            Ok(Ok(true))
        })
        .await?
    }

    pub(crate) async fn pending_migrations(&self, deadline: Duration) -> Result<Vec<Applied>, DbError> {
        self.readers.waiting(deadline, |connection| Ok(plan(connection)?.map(|plan| plan.applied()))).await?
    }
}

/// Looks, and refuses a table that is not Django's.
fn plan(connection: &Connection) -> rusqlite::Result<Result<Plan, DbError>> {
    let applied = Applied::sessions(How::Adopted);
    let has_record = !columns(connection, migrations::TABLE)?.is_empty();
    let recorded = has_record
        && connection.prepare_cached(migrations::IS_APPLIED)?.exists(params![applied.app, applied.name])?;
    Ok(Plan::new(has_record, recorded, &columns(connection, django_session::TABLE)?))
}

fn apply(connection: &Connection, plan: &Plan) -> rusqlite::Result<()> {
    for statement in plan.statements(Dialect::Sqlite) {
        connection.execute_batch(statement)?;
    }
    if let Some(applied) = plan.record() {
        let now = Timestamp::new(Utc::now());
        connection.execute(migrations::RECORD, params![applied.app, applied.name, now])?;
    }
    Ok(())
}

/// The names of a table's columns; none if there is no such table.
fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare_cached(migrations::columns(Dialect::Sqlite))?;
    statement.query_map([table], |row| row.get(0))?.collect()
}
