//! Making and adopting the tables in SQLite.

use std::time::Duration;

use chrono::Utc;
use rusqlite::{Connection, params};

use super::SqliteDatabase;
use super::timestamp::Timestamp;
use crate::error::{DbError, DbErrorKind};
use crate::migration::{Applied, How};
use crate::sql::django_migrations::sqlite as migrations;
use crate::sql::django_session::sqlite as session;

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

    pub(crate) async fn pending_migrations(&self, deadline: Duration) -> Result<Vec<Applied>, DbError> {
        self.readers.waiting(deadline, |connection| Ok(plan(connection)?.map(|plan| plan.applied()))).await?
    }
}

/// What there is to do.
struct Plan {
    make_record: bool,
    make_table: bool,
    record: bool,
}

impl Plan {
    fn applied(&self) -> Vec<Applied> {
        match (self.make_table, self.record) {
            (true, _) => vec![Applied::sessions(How::Created)],
            (false, true) => vec![Applied::sessions(How::Adopted)],
            (false, false) => Vec::new(),
        }
    }
}

/// Looks, and refuses a table that is not Django's.
fn plan(connection: &Connection) -> rusqlite::Result<Result<Plan, DbError>> {
    let applied = Applied::sessions(How::Adopted);
    let has_record = has_table(connection, "django_migrations")?;
    let is_recorded = has_record
        && connection.prepare_cached(migrations::IS_APPLIED)?.exists(params![applied.app, applied.name])?;
    let has_table = has_table(connection, "django_session")?;
    if has_table {
        let columns: Vec<String> = connection
            .prepare_cached(migrations::COLUMNS)?
            .query_map(["django_session"], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for needed in ["session_key", "session_data", "expire_date"] {
            if !columns.iter().any(|column| column == needed) {
                return Ok(Err(DbError::new(
                    DbErrorKind::Other,
                    format!(
                        "there is a table django_session without a column {needed}; rename that table, then run migrate"
                    ),
                )));
            }
        }
    }
    Ok(Ok(Plan { make_record: !has_record, make_table: !has_table, record: !is_recorded }))
}

fn apply(connection: &Connection, plan: &Plan) -> rusqlite::Result<()> {
    if plan.make_record {
        connection.execute_batch(migrations::CREATE)?;
    }
    if plan.make_table {
        connection.execute_batch(session::CREATE)?;
        connection.execute_batch(session::CREATE_INDEX)?;
    }
    if plan.record {
        let applied = Applied::sessions(How::Created);
        let now = Timestamp::new(Utc::now());
        connection.execute(migrations::RECORD, params![applied.app, applied.name, now])?;
    }
    Ok(())
}

fn has_table(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    connection.prepare_cached(migrations::TABLE_EXISTS)?.exists([name])
}
