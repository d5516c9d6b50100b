//! One connection to a server, of either kind.

use std::time::Duration;

use sqlx::{AssertSqlSafe, ConnectOptions, Connection as _, Executor};

use super::failure::Failure;
use super::row::Row;
use crate::error::DbError;
use crate::sql::{Dialect, Statement, Value};
use crate::url::ServerUrl;

/// Opens connections.
pub(super) enum Connector {
    #[cfg(feature = "postgres")]
    Postgres(Box<sqlx::postgres::PgConnectOptions>),
    #[cfg(feature = "mysql")]
    MySql(Box<sqlx::mysql::MySqlConnectOptions>),
}

enum Wire {
    #[cfg(feature = "postgres")]
    Postgres(sqlx::PgConnection),
    #[cfg(feature = "mysql")]
    MySql(sqlx::MySqlConnection),
}

pub(super) struct Connection {
    wire: Wire,
    in_transaction: bool,
    /// How long the server lets a statement run.
    limit: Duration,
}

impl Connector {
    pub(super) fn new(url: &ServerUrl) -> Result<Connector, DbError> {
        // The driver's message may show a part of the URL.
        let invalid = |_: sqlx::Error| {
            crate::url::invalid(
                "the database URL cannot be read; it is kind://user:password@host:port/database?option=value, with what is special in its parts written as %XX",
            )
        };
        match url.dialect {
            #[cfg(feature = "postgres")]
            Dialect::Postgres => {
                let options: sqlx::postgres::PgConnectOptions = url.connect.parse().map_err(invalid)?;
                Ok(Connector::Postgres(Box::new(options.disable_statement_logging())))
            }
            #[cfg(feature = "mysql")]
            Dialect::MySql => {
                let options: sqlx::mysql::MySqlConnectOptions = url.connect.parse().map_err(invalid)?;
                Ok(Connector::MySql(Box::new(options.disable_statement_logging())))
            }
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => Err(crate::url::invalid("SQLite is no server")),
        }
    }

    /// Connects, and has the server give up what takes longer than `limit`.
    pub(super) async fn connect(&self, limit: Duration) -> Result<Connection, Failure> {
        let wire = match self {
            #[cfg(feature = "postgres")]
            Connector::Postgres(options) => {
                Wire::Postgres(options.connect().await.map_err(Failure::of_postgres)?)
            }
            #[cfg(feature = "mysql")]
            Connector::MySql(options) => Wire::MySql(options.connect().await.map_err(Failure::of_mysql)?),
        };
        let mut connection = Connection { wire, in_transaction: false, limit };
        let set_up = connection.set_up(limit);
        connection.command(set_up).await?;
        Ok(connection)
    }
}

impl Connection {
    /// What every new connection is told.
    fn set_up(&self, limit: Duration) -> String {
        match &self.wire {
            #[cfg(feature = "postgres")]
            Wire::Postgres(_) => self.limits(limit),
            // As Django's backend does; a value that does not fit is an error, never cut.
            #[cfg(feature = "mysql")]
            Wire::MySql(_) => format!(
                "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES'); {}",
                self.limits(limit)
            ),
        }
    }

    /// The server's own time limits: a client that is gone, or stopped within a transaction, holds no row for long.
    fn limits(&self, limit: Duration) -> String {
        let millis = limit.as_millis().clamp(1, 86_400_000);
        match &self.wire {
            #[cfg(feature = "postgres")]
            Wire::Postgres(_) => format!(
                "SET statement_timeout = {millis}; SET idle_in_transaction_session_timeout = {millis}"
            ),
            // MariaDB and MySQL each skip what the other's comments hold. Locks are waited for in whole seconds.
            #[cfg(feature = "mysql")]
            Wire::MySql(_) => format!(
                "SET SESSION innodb_lock_wait_timeout = {}, lock_wait_timeout = {} /*M! , max_statement_time = {} */ /*!80000 , max_execution_time = {millis} */",
                millis.div_ceil(1_000),
                millis.div_ceil(1_000),
                limit.as_secs_f64().clamp(0.001, 86_400.0),
            ),
        }
    }

    /// Has the server give up statements after `limit`, unless it does so already.
    pub(super) async fn limit(&mut self, limit: Duration) -> Result<(), Failure> {
        if self.limit != limit {
            self.command(self.limits(limit)).await?;
            self.limit = limit;
        }
        Ok(())
    }

    /// Runs a statement and counts the rows that it found.
    pub(super) async fn execute(&mut self, statement: &Statement, values: &[Value]) -> Result<u64, Failure> {
        let text = AssertSqlSafe(statement.shared_text());
        match &mut self.wire {
            #[cfg(feature = "postgres")]
            Wire::Postgres(wire) => {
                let mut query = sqlx::query::<sqlx::Postgres>(text);
                for value in statement.arrange(values) {
                    query = match value {
                        Value::Text(text) => query.bind(text.as_str()),
                        Value::Time(time) => query.bind(*time),
                        Value::Number(number) => query.bind(*number),
                    };
                }
                let done = query.execute(wire).await.map_err(Failure::of_postgres)?;
                Ok(done.rows_affected())
            }
            #[cfg(feature = "mysql")]
            Wire::MySql(wire) => {
                let mut query = sqlx::query::<sqlx::MySql>(text);
                for value in statement.arrange(values) {
                    query = match value {
                        Value::Text(text) => query.bind(text.as_str()),
                        Value::Time(time) => query.bind(time.naive_utc()),
                        Value::Number(number) => query.bind(*number),
                    };
                }
                let done = query.execute(wire).await.map_err(Failure::of_mysql)?;
                Ok(done.rows_affected())
            }
        }
    }

    /// Runs a query and returns its rows.
    pub(super) async fn rows(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<Vec<Row>, Failure> {
        let text = AssertSqlSafe(statement.shared_text());
        match &mut self.wire {
            #[cfg(feature = "postgres")]
            Wire::Postgres(wire) => {
                let mut query = sqlx::query::<sqlx::Postgres>(text);
                for value in statement.arrange(values) {
                    query = match value {
                        Value::Text(text) => query.bind(text.as_str()),
                        Value::Time(time) => query.bind(*time),
                        Value::Number(number) => query.bind(*number),
                    };
                }
                let rows = query.fetch_all(wire).await.map_err(Failure::of_postgres)?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
            #[cfg(feature = "mysql")]
            Wire::MySql(wire) => {
                let mut query = sqlx::query::<sqlx::MySql>(text);
                for value in statement.arrange(values) {
                    query = match value {
                        Value::Text(text) => query.bind(text.as_str()),
                        Value::Time(time) => query.bind(time.naive_utc()),
                        Value::Number(number) => query.bind(*number),
                    };
                }
                let rows = query.fetch_all(wire).await.map_err(Failure::of_mysql)?;
                Ok(rows.into_iter().map(Row::MySql).collect())
            }
        }
    }

    /// The first row of a query's answer.
    pub(super) async fn row(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<Option<Row>, Failure> {
        Ok(self.rows(statement, values).await?.into_iter().next())
    }

    /// Runs SQL without parameters, perhaps several statements of it.
    pub(super) async fn command(&mut self, sql: impl Into<String>) -> Result<(), Failure> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.into()));
        match &mut self.wire {
            #[cfg(feature = "postgres")]
            Wire::Postgres(wire) => wire.execute(sql).await.map(drop).map_err(Failure::of_postgres),
            #[cfg(feature = "mysql")]
            Wire::MySql(wire) => wire.execute(sql).await.map(drop).map_err(Failure::of_mysql),
        }
    }

    pub(super) async fn begin(&mut self) -> Result<(), Failure> {
        self.in_transaction = true;
        self.command("BEGIN").await
    }

    pub(super) async fn commit(&mut self) -> Result<(), Failure> {
        self.command("COMMIT").await?;
        self.in_transaction = false;
        Ok(())
    }

    /// Undoes the transaction that is open, if one is.
    pub(super) async fn roll_back(&mut self) -> Result<(), Failure> {
        if self.in_transaction {
            self.command("ROLLBACK").await?;
            self.in_transaction = false;
        }
        Ok(())
    }

    /// Whether the server still answers.
    pub(super) async fn ping(&mut self) -> bool {
        let outcome = match &mut self.wire {
            #[cfg(feature = "postgres")]
            Wire::Postgres(wire) => wire.ping().await,
            #[cfg(feature = "mysql")]
            Wire::MySql(wire) => wire.ping().await,
        };
        outcome.is_ok()
    }

    /// Says goodbye.
    pub(super) async fn close(self) {
        let outcome = match self.wire {
            #[cfg(feature = "postgres")]
            Wire::Postgres(wire) => wire.close().await,
            #[cfg(feature = "mysql")]
            Wire::MySql(wire) => wire.close().await,
        };
        if let Err(error) = outcome {
            tracing::debug!(%error, "a database connection did not close cleanly");
        }
    }
}
