//! SQLite: point reads on the calling thread, writes grouped on a thread of their own.
//!
//! A point read from the page cache costs a few microseconds, less than a hop to another thread, so
//! [`readers`] runs it where it is asked for; it never waits there: if SQLite is busy, the read goes to a
//! thread. Writes queue up for the one thread that owns the write connection; whatever waits is written in one
//! transaction ([`writer`]), so that many writers share one commit and never fight over the lock.

mod cache;
mod cells;
mod connection;
mod failure;
mod job;
mod migrate;
mod queue;
mod readers;
mod sessions;
mod timestamp;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

use crate::error::DbError;
use crate::sql::Dialect;
use crate::sql::django_session::SessionSql;
use crate::url::{SqliteLocation, Synchronous};
use connection::Opener;
use job::Task;
use queue::Queue;
use readers::Readers;

/// One SQLite database: its readers and its writer.
pub(crate) struct SqliteDatabase {
    readers: Readers,
    writes: Arc<Queue>,
    sessions: Arc<SessionSql>,
    writer_ended: watch::Receiver<()>,
}

impl SqliteDatabase {
    pub(crate) fn open(
        location: &SqliteLocation,
        synchronous: Synchronous,
        patience: Duration,
    ) -> Result<SqliteDatabase, DbError> {
        let opener = Opener::new(location, synchronous, patience);
        let writes = Arc::new(Queue::new());
        // First the writer: it puts the file into WAL mode.
        let writer_ended = writer::start(opener.clone(), Arc::clone(&writes))?;
        let readers = Readers::open(&opener).inspect_err(|_| writes.close())?;
        let sessions = Arc::new(SessionSql::new(Dialect::Sqlite));
        Ok(SqliteDatabase { readers, writes, sessions, writer_ended })
    }

    /// Hands `work` to the writer; it may run again if the transaction around it had to be rolled back.
    async fn write<T: Send + 'static>(
        &self,
        size: usize,
        deadline: Duration,
        work: impl FnMut(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, DbError> {
        hand_over(&self.writes, size, false, deadline, work).await
    }

    /// Hands `work` to the writer for a transaction of its own; it runs at most once.
    async fn write_alone<T: Send + 'static>(
        &self,
        size: usize,
        deadline: Duration,
        work: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, DbError> {
        let mut work = Some(work);
        let once = move |connection: &rusqlite::Connection| match work.take() {
            Some(work) => work(connection),
            None => Err(rusqlite::Error::InvalidQuery),
        };
        hand_over(&self.writes, size, true, deadline, once).await
    }

    pub(crate) async fn close(&self, deadline: Duration) -> Result<(), DbError> {
        self.readers.close();
        self.writes.close();
        let mut ended = self.writer_ended.clone();
        // The sender is never used: that it is gone means that the thread and its connection are.
        let gone = async { while ended.changed().await.is_ok() {} };
        tokio::time::timeout(deadline, gone).await.map_err(|_| DbError::timed_out())
    }
}

impl Drop for SqliteDatabase {
    fn drop(&mut self) {
        self.writes.close();
    }
}

/// Puts a task into a thread's queue and waits for its answer; dropping the wait does not stop the task.
async fn hand_over<T: Send + 'static>(
    queue: &Queue,
    size: usize,
    alone: bool,
    patience: Duration,
    work: impl FnMut(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, DbError> {
    let (reply, answer) = oneshot::channel();
    let start = Instant::now();
    let deadline = start.checked_add(patience).unwrap_or(start);
    queue.push(Box::new(Task::new(work, reply, deadline.into_std(), size, alone)))?;
    match tokio::time::timeout_at(deadline, answer).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(DbError::closed()),
        Err(_) => Err(DbError::timed_out()),
    }
}
