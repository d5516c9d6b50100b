use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use super::command::Command;
use super::connection::Connection;
use super::failure::{Failure, Stage};
use super::reply::Reply;
use super::server::Server;

/// How many operations wait for one; what comes on top fails at once.
const MAX_WAITING: usize = 1024;

/// The connections to a server.
///
/// A connection serves one exchange at a time. It comes back only after the last byte of the last answer: whoever
/// gives up in between, by an error, at the deadline or because the future is dropped, closes it. An answer can so
/// never be taken for that to another question.
pub(super) struct Pool {
    server: Server,
    connect_timeout: Duration,
    idle: Mutex<Vec<Connection>>,
    connections: Semaphore,
    waiting: Semaphore,
}

/// Whether an exchange may happen twice without harm: what reads may, what writes may not, for between the first
/// time and the second somebody else may have written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    Safe,
    Never,
}

impl Pool {
    pub(super) fn new(server: Server, connect_timeout: Duration, connections: NonZeroUsize) -> Pool {
        let connections = connections.get().min(MAX_WAITING);
        Pool {
            server,
            connect_timeout,
            idle: Mutex::new(Vec::new()),
            connections: Semaphore::new(connections),
            waiting: Semaphore::new(connections + MAX_WAITING),
        }
    }

    /// Sends `commands` in one go and returns an answer to each.
    pub(super) async fn exchange(
        &self,
        commands: &[Command],
        repeat: Repeat,
        deadline: Instant,
    ) -> Result<Vec<Reply>, Failure> {
        let _turn = self.waiting.try_acquire().map_err(|_| {
            Failure::unavailable(
                Stage::Unsent,
                "too many operations wait for memcached already; look at its load",
            )
        })?;
        match self.try_exchange(commands, deadline).await {
            Err(failure) => match failure.stage {
                Stage::Stale => self.try_exchange(commands, deadline).await,
                Stage::Lost if repeat == Repeat::Safe => self.try_exchange(commands, deadline).await,
                _ => Err(failure),
            },
            result => result,
        }
    }

    async fn try_exchange(&self, commands: &[Command], deadline: Instant) -> Result<Vec<Reply>, Failure> {
        let (mut connection, _permit) = match timeout_at(deadline, self.connection(deadline)).await {
            Ok(connection) => connection?,
            Err(_) => return Err(Failure::late(Stage::Unsent)),
        };
        let result = timeout_at(deadline, connection.exchange(commands)).await;
        match result {
            Ok(Ok(replies)) => {
                self.idle().push(connection);
                Ok(replies)
            }
            Ok(Err(failure)) => {
                if matches!(failure.stage, Stage::Lost | Stage::Stale) {
                    self.idle().clear();
                }
                Err(failure)
            }
            Err(_) => {
                // The other end may have vanished, for all connections: nobody shall wait for each in turn.
                self.idle().clear();
                Err(Failure::late(Stage::Late))
            }
        }
    }

    async fn connection(&self, deadline: Instant) -> Result<(Connection, SemaphorePermit<'_>), Failure> {
        let permit =
            self.connections.acquire().await.map_err(|_| {
                Failure::unavailable(Stage::Unsent, "the connections to memcached were closed")
            })?;
        while let Some(connection) = self.take() {
            if connection.is_in_step() {
                return Ok((connection, permit));
            }
        }
        let limit = deadline.min(Instant::now() + self.connect_timeout);
        match timeout_at(limit, Connection::open(&self.server.place)).await {
            Ok(Ok(connection)) => Ok((connection, permit)),
            Ok(Err(error)) => Err(Failure::io(Stage::Unsent, &error)),
            Err(_) => Err(Failure::late(Stage::Unsent)),
        }
    }

    fn take(&self) -> Option<Connection> {
        self.idle().pop()
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
