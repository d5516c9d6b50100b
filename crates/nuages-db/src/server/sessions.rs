//! `django_session` on a server.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::connection::Connection;
use super::failure::Failure;
use super::row::Row;
use super::{Care, ServerDatabase};
use crate::error::{DbError, DbErrorKind};
use crate::session_table::{Cas, Merged, SessionRow};
use crate::sql::{Statement, Value};

/// Rows deleted in one transaction by `clear_expired`: some milliseconds of work.
const CLEAR_BATCH: u32 = 1_000;

impl ServerDatabase {
    pub(crate) async fn session_load(
        &self,
        key: &str,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<Option<SessionRow>, DbError> {
        let rows = self.query(deadline, self.sessions.load.clone(), vec![key.into(), now.into()], read);
        Ok(rows.await?.pop())
    }

    pub(crate) async fn session_exists(&self, key: &str, deadline: Duration) -> Result<bool, DbError> {
        let rows = self.query(deadline, self.sessions.exists.clone(), vec![key.into()], |_| Ok(()));
        Ok(!rows.await?.is_empty())
    }

    pub(crate) async fn session_insert(
        &self,
        key: &str,
        data: &str,
        expire_date: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<bool, DbError> {
        let sql = Arc::clone(&self.sessions);
        let values: Arc<[Value]> = [key.into(), data.into(), expire_date.into()].into();
        self.run(deadline, Care::Write, move |connection: &mut Connection| {
            let (sql, values) = (Arc::clone(&sql), Arc::clone(&values));
            Box::pin(async move { inserted(connection.execute(&sql.insert, &values).await) })
        })
        .await
    }

    pub(crate) async fn session_update(
        &self,
        key: &str,
        data: &str,
        expire_date: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<bool, DbError> {
        let values = vec![key.into(), data.into(), expire_date.into()];
        Ok(self.execute(deadline, self.sessions.update.clone(), values).await? > 0)
    }

    pub(crate) async fn session_compare_and_set(
        &self,
        key: &str,
        seen: &str,
        data: &str,
        expire_date: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<Cas, DbError> {
        let values = vec![key.into(), data.into(), expire_date.into(), seen.into()];
        self.session_compared(self.sessions.compare_and_set.clone(), values, deadline).await
    }

    pub(crate) async fn session_compare_and_delete(
        &self,
        key: &str,
        seen: &str,
        deadline: Duration,
    ) -> Result<Cas, DbError> {
        let values = vec![key.into(), seen.into()];
        self.session_compared(self.sessions.compare_and_delete.clone(), values, deadline).await
    }

    /// Runs a statement that finds the row or does not; in that case, reads what is there. The first value is the key.
    async fn session_compared(
        &self,
        statement: Statement,
        values: Vec<Value>,
        deadline: Duration,
    ) -> Result<Cas, DbError> {
        let (sql, call) = (Arc::clone(&self.sessions), Arc::new((statement, values)));
        self.run(deadline, Care::Write, move |connection: &mut Connection| {
            let (sql, call) = (Arc::clone(&sql), Arc::clone(&call));
            Box::pin(async move {
                if connection.execute(&call.0, &call.1).await? > 0 {
                    return Ok(Cas::Saved);
                }
                let key = call.1.get(..1).unwrap_or_default();
                let found = connection.row(&sql.read, key).await?;
                Ok(found.as_ref().map(read).transpose()?.map_or(Cas::Gone, Cas::Conflict))
            })
        })
        .await
    }

    pub(crate) async fn session_merge(
        &self,
        key: &str,
        merge: impl FnMut(Option<SessionRow>) -> Option<(String, DateTime<Utc>)> + Send + 'static,
        deadline: Duration,
    ) -> Result<Merged, DbError> {
        let sql = Arc::clone(&self.sessions);
        let (key, merge) = (key.to_owned(), Arc::new(Mutex::new(merge)));
        self.run(deadline, Care::Write, move |connection: &mut Connection| {
            let (sql, key, merge) = (Arc::clone(&sql), Value::from(key.as_str()), Arc::clone(&merge));
            Box::pin(async move {
                connection.begin().await?;
                let found = connection.row(&sql.lock, std::slice::from_ref(&key)).await?;
                let found = found.as_ref().map(read).transpose()?;
                let gone = found.is_none();
                let new = called(&merge, found)?;
                let outcome = match new {
                    _ if gone => Merged::Gone,
                    None => Merged::Unchanged,
                    Some((data, expire_date)) => {
                        connection.execute(&sql.update, &[key, data.into(), expire_date.into()]).await?;
                        Merged::Saved
                    }
                };
                connection.commit().await?;
                Ok(outcome)
            })
        })
        .await
    }

    pub(crate) async fn session_delete(&self, key: &str, deadline: Duration) -> Result<bool, DbError> {
        Ok(self.execute(deadline, self.sessions.delete.clone(), vec![key.into()]).await? > 0)
    }

    pub(crate) async fn session_clear_expired(
        &self,
        now: DateTime<Utc>,
        deadline: Duration,
    ) -> Result<u64, DbError> {
        self.in_batches(deadline, CLEAR_BATCH, &self.sessions.clear_expired, &[now.into()]).await
    }
}

fn read(row: &Row) -> Result<SessionRow, Failure> {
    Ok(SessionRow { session_data: row.text(0)?, expire_date: row.time(1)? })
}

/// Whether an insert found room: PostgreSQL counts, MySQL fails.
pub(super) fn inserted(outcome: Result<u64, Failure>) -> Result<bool, Failure> {
    match outcome {
        Ok(rows) => Ok(rows > 0),
        Err(Failure::Taken(_)) => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// Calls a caller's closure, whose panic must not take the connection with it.
pub(super) fn called<A, R>(closure: &Mutex<impl FnMut(A) -> R>, argument: A) -> Result<R, Failure> {
    let mut closure = closure.lock().unwrap_or_else(PoisonError::into_inner);
    catch_unwind(AssertUnwindSafe(|| closure(argument))).map_err(|_| {
        Failure::Refused(DbError::new(
            DbErrorKind::Other,
            "the closure given to the database panicked; nothing was written",
        ))
    })
}
