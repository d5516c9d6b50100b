//! The rows beneath the cache.

use std::future::Future;

use chrono::{DateTime, Utc};
use nuages_db::{Cas, Merged, SessionRow, SessionTable};

use crate::StoreError;

/// A row: its text and when it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) text: String,
    pub(super) expires: DateTime<Utc>,
}

/// The outcome of comparing a row, and setting or deleting it.
pub(super) enum RowCas {
    Saved,
    Gone,
    Conflict(Row),
}

/// What makes the new row of the one that is there, or leaves it.
pub(super) type Rewrite = Box<dyn FnMut(Row) -> Option<Row> + Send>;

/// What the protocol needs of a table; a trait, so that a test can stop between any two steps.
pub(super) trait Rows: Send + Sync + 'static {
    fn load(
        &self,
        key: &str,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Option<Row>, StoreError>> + Send;

    fn insert(&self, key: &str, row: &Row) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Writes the row whatever it is, if there is one.
    fn update(&self, key: &str, row: &Row) -> impl Future<Output = Result<bool, StoreError>> + Send;

    fn compare_and_set(
        &self,
        key: &str,
        seen: &str,
        row: &Row,
    ) -> impl Future<Output = Result<RowCas, StoreError>> + Send;

    /// Deletes the row if its text is what was seen.
    fn compare_and_delete(
        &self,
        key: &str,
        seen: &str,
    ) -> impl Future<Output = Result<RowCas, StoreError>> + Send;

    /// Says whether it was rewritten.
    fn merge(&self, key: &str, rewrite: Rewrite) -> impl Future<Output = Result<bool, StoreError>> + Send;

    fn delete(&self, key: &str) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

impl From<SessionRow> for Row {
    fn from(row: SessionRow) -> Self {
        Self { text: row.session_data, expires: row.expire_date }
    }
}

impl From<Cas> for RowCas {
    fn from(outcome: Cas) -> Self {
        match outcome {
            Cas::Saved => Self::Saved,
            Cas::Gone => Self::Gone,
            Cas::Conflict(row) => Self::Conflict(row.into()),
        }
    }
}

impl Rows for SessionTable {
    async fn load(&self, key: &str, now: DateTime<Utc>) -> Result<Option<Row>, StoreError> {
        Ok(SessionTable::load(self, key, now).await?.map(Row::from))
    }

    async fn insert(&self, key: &str, row: &Row) -> Result<bool, StoreError> {
        Ok(SessionTable::insert(self, key, &row.text, row.expires).await?)
    }

    async fn update(&self, key: &str, row: &Row) -> Result<bool, StoreError> {
        Ok(SessionTable::update(self, key, &row.text, row.expires).await?)
    }

    async fn compare_and_set(&self, key: &str, seen: &str, row: &Row) -> Result<RowCas, StoreError> {
        Ok(SessionTable::compare_and_set(self, key, seen, &row.text, row.expires).await?.into())
    }

    async fn compare_and_delete(&self, key: &str, seen: &str) -> Result<RowCas, StoreError> {
        Ok(SessionTable::compare_and_delete(self, key, seen).await?.into())
    }

    async fn merge(&self, key: &str, mut rewrite: Rewrite) -> Result<bool, StoreError> {
        let merge = move |row: Option<SessionRow>| {
            let new = rewrite(row?.into())?;
            Some((new.text, new.expires))
        };
        Ok(SessionTable::merge_under_lock(self, key, merge).await? == Merged::Saved)
    }

    async fn delete(&self, key: &str) -> Result<bool, StoreError> {
        Ok(SessionTable::delete(self, key).await?)
    }
}
