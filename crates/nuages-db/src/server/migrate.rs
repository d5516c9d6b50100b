//! Making and adopting the tables on a server.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;

use super::connection::Connection;
use super::failure::Failure;
use super::{Care, ServerDatabase};
use crate::error::DbError;
use crate::migration::{Applied, How, NewTable, Plan, check_columns};
use crate::sql::{Dialect, Statement, django_migrations as migrations, django_session};

/// The lock under which tables are made, in PostgreSQL: the bytes of "nuages" as a number.
const NUMBER: i64 = 121450424395123;

/// The lock in MySQL, where names are the whole server's and short.
const NAME: &str = "CONCAT('nuages.', MD5(DATABASE()))";

impl ServerDatabase {
    pub(crate) async fn migrate(&self, deadline: Duration) -> Result<Vec<Applied>, DbError> {
        let dialect = self.dialect;
        self.run(deadline, Care::Write, move |connection: &mut Connection| {
            Box::pin(async move {
                lock(connection, dialect).await?;
                let outcome = migrate(connection, dialect).await;
                unlock(connection, dialect, outcome).await
            })
        })
        .await
    }

    /// Makes a table, unless there is one with the columns that are needed.
    pub(crate) async fn make_table(&self, table: NewTable, deadline: Duration) -> Result<bool, DbError> {
        let (dialect, table) = (self.dialect, Arc::new(table));
        self.run(deadline, Care::Write, move |connection: &mut Connection| {
            let table = Arc::clone(&table);
            Box::pin(async move {
                lock(connection, dialect).await?;
                let outcome = make(connection, dialect, &table).await;
                unlock(connection, dialect, outcome).await
            })
        })
        .await
    }

    pub(crate) async fn pending_migrations(&self, deadline: Duration) -> Result<Vec<Applied>, DbError> {
        let dialect = self.dialect;
        self.run(deadline, Care::Read, move |connection: &mut Connection| {
            Box::pin(async move { Ok(plan(connection, dialect).await?.applied()) })
        })
        .await
    }
}

async fn migrate(connection: &mut Connection, dialect: Dialect) -> Result<Vec<Applied>, Failure> {
    let plan = plan(connection, dialect).await?;
    for statement in plan.statements(dialect) {
        connection.command(statement).await?;
    }
    if let Some(applied) = plan.record() {
        let record = Statement::new(dialect, migrations::RECORD);
        connection.execute(&record, &[applied.app.into(), applied.name.into(), Utc::now().into()]).await?;
    }
    Ok(plan.applied())
}

async fn make(connection: &mut Connection, dialect: Dialect, table: &NewTable) -> Result<bool, Failure> {
    let columns = columns(connection, dialect, &table.name).await?;
    if !columns.is_empty() {
        check_columns(&table.name, table.columns, &columns).map_err(Failure::Refused)?;
        return Ok(false);
    }
    for statement in &table.statements {
        connection.command(statement.as_str()).await?;
    }
    Ok(true)
}

/// Begins a transaction in which nobody else makes tables.
///
/// MySQL ends a transaction at every table that it makes, so there the lock is the session's.
async fn lock(connection: &mut Connection, dialect: Dialect) -> Result<(), Failure> {
    if !dialect.is_postgres() {
        // Waits as long as the operation may; the lock goes with its connection at the latest.
        connection.command(format!("DO GET_LOCK({NAME}, 3600)")).await?;
    }
    connection.begin().await?;
    if dialect.is_postgres() {
        connection.command(format!("SELECT pg_advisory_xact_lock({NUMBER})")).await?;
    }
    Ok(())
}

/// Ends what [`lock`] began: commits if all went well.
async fn unlock<T>(
    connection: &mut Connection,
    dialect: Dialect,
    outcome: Result<T, Failure>,
) -> Result<T, Failure> {
    let ended = match outcome {
        Ok(_) => connection.commit().await,
        Err(Failure::Lost(_)) => Ok(()),
        Err(_) => connection.roll_back().await,
    };
    if !dialect.is_postgres() && !matches!(outcome, Err(Failure::Lost(_))) {
        connection.command(format!("DO RELEASE_LOCK({NAME})")).await?;
    }
    let value = outcome?;
    ended.map(|()| value)
}

async fn plan(connection: &mut Connection, dialect: Dialect) -> Result<Plan, Failure> {
    let has_record = !columns(connection, dialect, migrations::TABLE).await?.is_empty();
    let applied = Applied::sessions(How::Adopted);
    let recorded = has_record && {
        let statement = Statement::new(dialect, migrations::IS_APPLIED);
        connection.row(&statement, &[applied.app.into(), applied.name.into()]).await?.is_some()
    };
    let columns = columns(connection, dialect, django_session::TABLE).await?;
    Plan::new(has_record, recorded, &columns).map_err(Failure::Refused)
}

/// The names of a table's columns; none if there is no such table.
async fn columns(connection: &mut Connection, dialect: Dialect, table: &str) -> Result<Vec<String>, Failure> {
    let statement = Statement::new(dialect, migrations::columns(dialect));
    connection.rows(&statement, &[table.into()]).await?.iter().map(|row| row.text(0)).collect()
}
