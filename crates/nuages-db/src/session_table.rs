use std::fmt;

use chrono::{DateTime, Utc};

use crate::database::{Database, on_backend};
use crate::error::DbError;
use crate::sql::{Kind, Statement, Value};

/// A row of `django_session`, without its key.
///
/// `Debug` shows neither the data nor anything that identifies the session.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionRow {
    /// The encoded session, exactly as stored.
    pub session_data: String,
    /// When the session ends.
    pub expire_date: DateTime<Utc>,
}

impl fmt::Debug for SessionRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionRow").field("expire_date", &self.expire_date).finish_non_exhaustive()
    }
}

/// The outcome of [`SessionTable::compare_and_set`] and [`SessionTable::compare_and_delete`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cas {
    /// The row held what was seen, and now holds the new text, or is deleted.
    Saved,
    /// There is no such row (any more); nothing was written.
    Gone,
    /// Somebody else wrote first; nothing was written. The row as it is now, even if it has expired.
    Conflict(SessionRow),
}

/// The outcome of [`SessionTable::merge_under_lock`].
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use chrono::{TimeDelta, Utc};
/// use nuages_db::{Database, Merged};
///
/// let database = Database::connect("sqlite:///:memory:")?;
/// database.migrate().await?;
/// let table = database.sessions();
/// let later = Utc::now() + TimeDelta::minutes(5);
/// let more = move |row: Option<nuages_db::SessionRow>| Some((row?.session_data + "!", later));
/// assert_eq!(table.merge_under_lock("key", more).await?, Merged::Gone);
/// table.insert("key", "hello", later).await?;
/// assert_eq!(table.merge_under_lock("key", more).await?, Merged::Saved);
/// assert_eq!(table.merge_under_lock("key", |_row| None).await?, Merged::Unchanged);
/// # Ok::<_, nuages_db::DbError>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    /// The row was rewritten.
    Saved,
    /// The closure returned `None`; the row is as it was.
    Unchanged,
    /// There is no such row (any more); nothing was written.
    Gone,
}

/// The table `django_session`, exactly as Django's migration makes it.
///
/// Times are stored as Django stores them: UTC, to the microsecond, as text in SQLite. The table judges existence alone, except
/// where a method takes `now`; what an expired row means is for the session engine to say.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use chrono::{TimeDelta, Utc};
/// use nuages_db::{Cas, Database, SessionRow, SessionTable};
///
/// let database = Database::connect("sqlite:///:memory:")?;
/// database.migrate().await?;
/// let table: SessionTable = database.sessions();
/// let (now, later) = (Utc::now(), Utc::now() + TimeDelta::minutes(5));
/// assert!(table.insert("key", "one", later).await?);
/// assert_eq!(table.compare_and_set("key", "one", "two", later).await?, Cas::Saved);
/// let row: Option<SessionRow> = table.load("key", now).await?;
/// assert_eq!(row.map(|row| row.session_data).as_deref(), Some("two"));
/// assert_eq!(table.clear_expired(later + TimeDelta::seconds(1)).await?, 1);
/// assert!(!table.exists("key").await?);
/// # Ok::<_, nuages_db::DbError>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct SessionTable {
    db: Database,
}

impl SessionTable {
    pub(crate) fn new(db: Database) -> SessionTable {
        SessionTable { db }
    }

    /// The row of `key`, unless there is none or it has expired at `now`.
    ///
    /// # Errors
    /// Any [`DbError`]; `MissingTable` before the first `migrate`.
    pub async fn load(&self, key: &str, now: DateTime<Utc>) -> Result<Option<SessionRow>, DbError> {
        on_backend!(self.db, db => db.session_load(key, now, self.db.deadline()).await)
    }

    /// Whether there is a row of `key`, expired or not.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn exists(&self, key: &str) -> Result<bool, DbError> {
        on_backend!(self.db, db => db.session_exists(key, self.db.deadline()).await)
    }

    /// Inserts a row; `false` if the key is taken (by an expired row too), and then nothing was written.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn insert(&self, key: &str, data: &str, expire_date: DateTime<Utc>) -> Result<bool, DbError> {
        on_backend!(self.db, db => db.session_insert(key, data, expire_date, self.db.deadline()).await)
    }

    /// Rewrites the row if it still holds `seen`, compared byte for byte.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn compare_and_set(
        &self,
        key: &str,
        seen: &str,
        data: &str,
        expire_date: DateTime<Utc>,
    ) -> Result<Cas, DbError> {
        on_backend!(self.db, db => {
        db.session_compare_and_set(key, seen, data, expire_date, self.db.deadline()).await
        })
    }

    /// Deletes the row if it still holds `seen`, compared byte for byte.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn compare_and_delete(&self, key: &str, seen: &str) -> Result<Cas, DbError> {
        on_backend!(self.db, db => db.session_compare_and_delete(key, seen, self.db.deadline()).await)
    }

    /// Rewrites the row whatever it holds; `false` if there is none, and then nothing was written.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn update(&self, key: &str, data: &str, expire_date: DateTime<Utc>) -> Result<bool, DbError> {
        on_backend!(self.db, db => db.session_update(key, data, expire_date, self.db.deadline()).await)
    }

    /// Reads, computes and writes the row while nobody else can write it.
    ///
    /// `merge` gets the row (`None` if there is none) and returns what to store, or `None` to leave it. It runs
    /// inside a transaction, perhaps on another thread and perhaps once more if that transaction had to be rolled
    /// back, so it must be quick and must not wait. A row that is gone stays gone: whatever `merge` returns then is
    /// dropped.
    ///
    /// # Errors
    /// Any [`DbError`]; `Other` if `merge` panics.
    pub async fn merge_under_lock(
        &self,
        key: &str,
        merge: impl FnMut(Option<SessionRow>) -> Option<(String, DateTime<Utc>)> + Send + 'static,
    ) -> Result<Merged, DbError> {
        on_backend!(self.db, db => db.session_merge(key, merge, self.db.deadline()).await)
    }

    /// Deletes the row; `false` if there was none.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn delete(&self, key: &str) -> Result<bool, DbError> {
        on_backend!(self.db, db => db.session_delete(key, self.db.deadline()).await)
    }

    /// At most `limit` rows, expired or not, in the order of their keys, which come with them; those after the key
    /// `after`, or from the first on if it is empty. For a look at all sessions, page by page.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let db = nuages_db::Database::connect("sqlite:///:memory:")?;
    /// db.migrate().await?;
    /// let table = db.sessions();
    /// for key in ["a", "b", "c"] {
    ///     table.insert(key, "", chrono::Utc::now()).await?;
    /// }
    /// let page = table.list("a", 10).await?;
    /// assert_eq!(page.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["b", "c"]);
    /// # Ok::<_, nuages_db::DbError>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn list(&self, after: &str, limit: u32) -> Result<Vec<(String, SessionRow)>, DbError> {
        const KINDS: &[Kind] = &[Kind::Text, Kind::Text, Kind::Time];
        let statement = Statement::new(
            self.db.dialect(),
            "SELECT session_key, session_data, expire_date FROM django_session WHERE session_key > ?1 ORDER BY session_key LIMIT ?2",
        );
        let values: Vec<Value> = vec![after.into(), i64::from(limit).into()];
        let rows: Result<Vec<Vec<Value>>, DbError> =
            on_backend!(self.db, db => db.cells(self.db.deadline(), statement, values, KINDS).await);
        let row = |cells: Vec<Value>| match <[Value; 3]>::try_from(cells) {
            Ok([Value::Text(key), Value::Text(session_data), Value::Time(expire_date)]) => {
                Some((key, SessionRow { session_data, expire_date }))
            }
            _ => None,
        };
        Ok(rows?.into_iter().filter_map(row).collect())
    }

    /// Deletes the rows that expired before `now`, in batches that let other writers through, and counts them.
    ///
    /// Each batch has the operation's deadline to itself.
    ///
    /// # Errors
    /// Any [`DbError`]; batches done before it stay deleted.
    pub async fn clear_expired(&self, now: DateTime<Utc>) -> Result<u64, DbError> {
        on_backend!(self.db, db => db.session_clear_expired(now, self.db.deadline()).await)
    }
}
