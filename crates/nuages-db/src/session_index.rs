use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::database::{Database, on_backend};
use crate::error::{DbError, DbErrorKind};
use crate::migration::NewTable;
use crate::sql::session_index::{COLUMNS, IndexSql, KINDS, TABLE};
use crate::sql::{Kind, Statement, Value};

/// Entries handled at once while cleaning.
const BATCH: i64 = 1_000;

/// What the index knows about one session.
///
/// `Debug` does not show the key.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexEntry {
    /// The session's key as the store has it, at most 64 characters.
    pub session_key: String,
    /// Whose session it is; empty for nobody's.
    pub user_id: String,
    /// When the session was made.
    pub created: DateTime<Utc>,
    /// When it was used last, as exactly as it is written down.
    pub last_seen: DateTime<Utc>,
    /// The address that it was used from last.
    pub ip: String,
    /// The browser's name for itself (`User-Agent`); the table keeps 255 characters of it.
    pub agent: String,
}

impl IndexEntry {
    /// An entry of a session that is made at `now`.
    #[must_use]
    pub fn new(session_key: impl Into<String>, user_id: impl Into<String>, now: DateTime<Utc>) -> IndexEntry {
        IndexEntry {
            session_key: session_key.into(),
            user_id: user_id.into(),
            created: now,
            last_seen: now,
            ip: String::new(),
            agent: String::new(),
        }
    }

    /// The same with the client's address and name.
    #[must_use]
    pub fn client(mut self, ip: impl Into<String>, agent: impl Into<String>) -> IndexEntry {
        self.ip = ip.into();
        self.agent = agent.into();
        self
    }

    /// How old the session is at `now`, which nothing that its user does makes younger.
    #[must_use]
    pub fn age(&self, now: DateTime<Utc>) -> TimeDelta {
        now.signed_duration_since(self.created)
    }

    fn read(cells: Vec<Value>) -> Option<IndexEntry> {
        let cells: [Value; 6] = cells.try_into().ok()?;
        let [
            Value::Text(session_key),
            Value::Text(user_id),
            Value::Time(created),
            Value::Time(last_seen),
            Value::Text(ip),
            Value::Text(agent),
        ] = cells
        else {
            return None;
        };
        Some(IndexEntry { session_key, user_id, created, last_seen, ip, agent })
    }
}

impl fmt::Debug for IndexEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IndexEntry")
            .field("user_id", &self.user_id)
            .field("created", &self.created)
            .field("last_seen", &self.last_seen)
            .finish_non_exhaustive()
    }
}

/// The optional table `nuages_session_index`: which sessions a user has, since when and from where.
///
/// It stands beside `django_session`, holds nothing of what a session holds, and ends no session by itself. It works
/// with every engine, as it knows only keys. Django has nothing like it.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use chrono::{DateTime, TimeDelta, Utc};
/// use nuages_db::{Database, IndexEntry};
///
/// let index = Database::connect("sqlite:///:memory:")?.session_index();
/// assert!(index.create().await?);
///
/// let login = DateTime::<Utc>::UNIX_EPOCH;
/// let now = login + TimeDelta::hours(1);
/// index.upsert(&IndexEntry::new("a", "7", login).client("192.0.2.1", "curl/8")).await?;
/// index.upsert(&IndexEntry::new("b", "7", now)).await?;
/// assert!(index.touch("a", now + TimeDelta::hours(1), "192.0.2.9", "curl/8").await?);
///
/// let latest = &index.list(Some("7"), 10, 0).await?[0];
/// assert_eq!((latest.session_key.as_str(), latest.created), ("a", login));
/// assert_eq!(index.delete_of_user("7").await?.len(), 2);
/// # Ok::<_, nuages_db::DbError>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct SessionIndex {
    db: Database,
}

impl SessionIndex {
    pub(crate) fn new(db: Database) -> SessionIndex {
        SessionIndex { db }
    }

    /// Makes the table and its indexes; `false` if it is there already.
    ///
    /// # Errors
    /// `Other` if a table of that name has other columns; any [`DbError`] else.
    pub async fn create(&self) -> Result<bool, DbError> {
        let table = NewTable { name: Arc::from(TABLE), columns: COLUMNS, statements: self.sql().create() };
        on_backend!(self.db, db => db.make_table(table, self.db.deadline()).await)
    }

    /// Writes an entry. If there is one of this key, its `created` stays.
    ///
    /// # Errors
    /// Any [`DbError`]; `MissingTable` before [`create`](SessionIndex::create).
    pub async fn upsert(&self, entry: &IndexEntry) -> Result<(), DbError> {
        let values = vec![
            entry.session_key.as_str().into(),
            entry.user_id.as_str().into(),
            entry.created.into(),
            entry.last_seen.into(),
            short(&entry.ip, 45).into(),
            short(&entry.agent, 255).into(),
        ];
        self.execute(self.sql().upsert(), values).await.map(drop)
    }

    /// Notes that a session was used; `false` if it is not in the index.
    ///
    /// # Errors
    /// As [`upsert`](SessionIndex::upsert).
    pub async fn touch(
        &self,
        session_key: &str,
        last_seen: DateTime<Utc>,
        ip: &str,
        agent: &str,
    ) -> Result<bool, DbError> {
        let values =
            vec![session_key.into(), last_seen.into(), short(ip, 45).into(), short(agent, 255).into()];
        Ok(self.execute(self.sql().touch(), values).await? > 0)
    }

    /// Gives an entry a new key, as `cycle_key` gives its session; `false` if it is not in the index.
    ///
    /// # Errors
    /// As [`upsert`](SessionIndex::upsert); `Other` if the new key is taken.
    pub async fn rename(&self, old: &str, new: &str) -> Result<bool, DbError> {
        Ok(self.execute(self.sql().rename(), vec![old.into(), new.into()]).await? > 0)
    }

    /// The entry of a key.
    ///
    /// # Errors
    /// As [`upsert`](SessionIndex::upsert).
    pub async fn get(&self, session_key: &str) -> Result<Option<IndexEntry>, DbError> {
        Ok(self.entries(self.sql().get(), vec![session_key.into()]).await?.pop())
    }

    /// At most `limit` entries after the first `offset`, those of one user or of all, the one used last first.
    ///
    /// # Errors
    /// As [`upsert`](SessionIndex::upsert).
    pub async fn list(
        &self,
        user_id: Option<&str>,
        limit: u32,
        offset: u64,
    ) -> Result<Vec<IndexEntry>, DbError> {
        let mut values: Vec<Value> = user_id.into_iter().map(Value::from).collect();
        values.push(i64::from(limit).into());
        values.push(i64::try_from(offset).unwrap_or(i64::MAX).into());
        self.entries(self.sql().list(user_id.is_some()), values).await
    }

    /// The keys of a user's sessions.
    ///
    /// # Errors
    /// As [`upsert`](SessionIndex::upsert).
    pub async fn keys_of_user(&self, user_id: &str) -> Result<Vec<String>, DbError> {
        self.keys(self.sql().keys_of_user(), vec![user_id.into()]).await
    }

    /// The keys of at most `limit` sessions that were made before `moment`, the oldest first: those whose absolute
    /// age is over.
    ///
    /// # Errors
    /// As [`upsert`](SessionIndex::upsert).
    pub async fn created_before(&self, moment: DateTime<Utc>, limit: u32) -> Result<Vec<String>, DbError> {
        self.keys(self.sql().created_before(), vec![moment.into(), i64::from(limit).into()]).await
    }

    /// Deletes an entry, and not its session; `false` if there was none.
    ///
    /// # Errors
    /// As [`upsert`](SessionIndex::upsert).
    pub async fn delete(&self, session_key: &str) -> Result<bool, DbError> {
        Ok(self.execute(self.sql().delete(), vec![session_key.into()]).await? > 0)
    }

    /// Deletes a user's entries and returns their keys, for whoever ends those sessions.
    ///
    /// To log somebody out, end the sessions of [`keys_of_user`](SessionIndex::keys_of_user) first and delete the
    /// entries after that: what fails half way can be done again. A session that begins meanwhile stays.
    ///
    /// # Errors
    /// As [`upsert`](SessionIndex::upsert).
    pub async fn delete_of_user(&self, user_id: &str) -> Result<Vec<String>, DbError> {
        let keys = self.keys_of_user(user_id).await?;
        for key in &keys {
            self.delete(key).await?;
        }
        Ok(keys)
    }

    /// Deletes the entries of sessions that were not used since `moment`, in batches, and counts them.
    ///
    /// # Errors
    /// As [`upsert`](SessionIndex::upsert); batches done before it stay deleted.
    pub async fn clear_unseen(&self, moment: DateTime<Utc>) -> Result<u64, DbError> {
        let mut total = 0_u64;
        loop {
            let deleted = self.execute(self.sql().clear_unseen(), vec![moment.into(), BATCH.into()]).await?;
            total = total.saturating_add(deleted);
            if deleted < BATCH.unsigned_abs() {
                return Ok(total);
            }
        }
    }

    /// Deletes the entries whose row in `django_session` is gone and that were not used since `moment`, and counts
    /// them; what `clearsessions` does with the engines `db` and `cached_db`. A moment a minute ago spares the
    /// sessions that are being made.
    ///
    /// # Errors
    /// As [`upsert`](SessionIndex::upsert).
    pub async fn clear_orphans(&self, moment: DateTime<Utc>) -> Result<u64, DbError> {
        let mut total = 0_u64;
        loop {
            let keys = self.keys(self.sql().orphans(), vec![moment.into(), BATCH.into()]).await?;
            let mut deleted = 0_u64;
            for key in &keys {
                deleted = deleted.saturating_add(u64::from(self.delete(key).await?));
            }
            total = total.saturating_add(deleted);
            // A batch of which others have deleted everything ends it, too.
            if keys.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) || deleted == 0 {
                return Ok(total);
            }
        }
    }

    fn sql(&self) -> IndexSql {
        IndexSql::new(self.db.dialect())
    }

    async fn execute(&self, statement: Statement, values: Vec<Value>) -> Result<u64, DbError> {
        let outcome: Result<u64, DbError> =
            on_backend!(self.db, db => db.execute(self.db.deadline(), statement, values).await);
        outcome.map_err(explained)
    }

    async fn cells(
        &self,
        statement: Statement,
        values: Vec<Value>,
        kinds: &'static [Kind],
    ) -> Result<Vec<Vec<Value>>, DbError> {
        let outcome: Result<Vec<Vec<Value>>, DbError> =
            on_backend!(self.db, db => db.cells(self.db.deadline(), statement, values, kinds).await);
        outcome.map_err(explained)
    }

    async fn entries(&self, statement: Statement, values: Vec<Value>) -> Result<Vec<IndexEntry>, DbError> {
        Ok(self.cells(statement, values, KINDS).await?.into_iter().filter_map(IndexEntry::read).collect())
    }

    async fn keys(&self, statement: Statement, values: Vec<Value>) -> Result<Vec<String>, DbError> {
        let rows = self.cells(statement, values, &[Kind::Text]).await?;
        let text = |cell| if let Value::Text(text) = cell { Some(text) } else { None };
        Ok(rows.into_iter().flatten().filter_map(text).collect())
    }
}

/// At most so many characters of a text.
fn short(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// `migrate` makes this table only where it is asked for.
fn explained(error: DbError) -> DbError {
    match error.kind() {
        DbErrorKind::MissingTable => DbError::with_source(
            DbErrorKind::MissingTable,
            "the table nuages_session_index is missing; turn the session index on, then run migrate",
            error,
        ),
        _ => error,
    }
}
