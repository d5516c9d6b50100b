//! Statements whose logic is not SQLite's own: parameters and cells of any kind.

use std::time::Duration;

use rusqlite::types::{ToSqlOutput, Type};
use rusqlite::{Connection, Row, ToSql, params_from_iter};

use super::SqliteDatabase;
use super::timestamp::{self, Timestamp};
use crate::error::DbError;
use crate::sql::{Kind, Statement, Value};

impl SqliteDatabase {
    /// Runs one statement that writes, and counts the rows that it found.
    pub(crate) async fn execute(
        &self,
        deadline: Duration,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<u64, DbError> {
        let size =
            values.iter().map(|value| if let Value::Text(text) = value { text.len() } else { 0 }).sum();
        let work = move |connection: &Connection| {
            let found = connection.prepare_cached(statement.text())?.execute(params_from_iter(&values))?;
            Ok(u64::try_from(found).unwrap_or(u64::MAX))
        };
        self.write(size, deadline, work).await
    }

    /// Runs one query for columns of these kinds.
    pub(crate) async fn cells(
        &self,
        deadline: Duration,
        statement: Statement,
        values: Vec<Value>,
        kinds: &'static [Kind],
    ) -> Result<Vec<Vec<Value>>, DbError> {
        let work = move |connection: &Connection| {
            let mut statement = connection.prepare_cached(statement.text())?;
            statement.query_map(params_from_iter(&values), |row| read(row, kinds))?.collect()
        };
        self.readers.waiting(deadline, work).await
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Value::Text(text) => text.to_sql(),
            Value::Number(number) => number.to_sql(),
            Value::Time(time) => Ok(ToSqlOutput::from(Timestamp::new(*time).as_str().to_owned())),
        }
    }
}

fn read(row: &Row<'_>, kinds: &[Kind]) -> rusqlite::Result<Vec<Value>> {
    let cell = |(column, kind): (usize, &Kind)| match kind {
        Kind::Text => row.get(column).map(Value::Text),
        Kind::Time => timestamp::parse(row.get_ref(column)?.as_str()?).map(Value::Time).ok_or_else(|| {
            rusqlite::Error::FromSqlConversionFailure(column, Type::Text, "no date and time".into())
        }),
    };
    kinds.iter().enumerate().map(cell).collect()
}
