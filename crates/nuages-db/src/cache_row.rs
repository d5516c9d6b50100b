//! What goes into a cache table and what its operations answer.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// The last whole second that Python's `datetime` has.
const NEVER: DateTime<Utc> = NaiveDateTime::new(
    match NaiveDate::from_ymd_opt(9999, 12, 31) {
        Some(date) => date,
        None => NaiveDate::MAX,
    },
    match NaiveTime::from_hms_opt(23, 59, 59) {
        Some(time) => time,
        None => NaiveTime::MIN,
    },
)
.and_utc();

/// A row of a cache table, without its key.
///
/// `Debug` does not show the value, which may be a session's.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheRow {
    /// The value as stored: with Django, base64 of a pickle.
    pub value: String,
    /// From this moment on the row counts as gone.
    pub expires: DateTime<Utc>,
}

impl CacheRow {
    /// When a value expires that never does: what Django writes for `timeout=None`.
    ///
    /// ```
    /// assert_eq!(nuages_db::CacheRow::NEVER.to_string(), "9999-12-31 23:59:59 UTC");
    /// ```
    pub const NEVER: DateTime<Utc> = NEVER;

    /// A row.
    #[must_use]
    pub fn new(value: impl Into<String>, expires: DateTime<Utc>) -> CacheRow {
        CacheRow { value: value.into(), expires }
    }
}

impl fmt::Debug for CacheRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheRow").field("expires", &self.expires).finish_non_exhaustive()
    }
}

/// The outcome of [`CacheTable::compare_and_set`](crate::CacheTable::compare_and_set).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CacheCas {
    /// The row held what was seen, and now holds the new value.
    Saved,
    /// There is no such row (any more), or it has expired; nothing was written.
    Gone,
    /// Somebody else wrote first; nothing was written. The row as it is now.
    Conflict(CacheRow),
}

/// The outcome of [`CacheTable::modify`](crate::CacheTable::modify).
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use chrono::Utc;
/// use nuages_db::{CacheRow, Database, Modified};
///
/// let table = Database::connect("sqlite:///:memory:")?.cache("my_cache_table")?;
/// table.create().await?;
/// let double = |row: CacheRow| Some(CacheRow::new(row.value.repeat(2), row.expires));
/// assert_eq!(table.modify("word", Utc::now(), double).await?, Modified::Gone);
/// table.upsert("word", "ta", CacheRow::NEVER).await?;
/// let saved = CacheRow::new("tata", CacheRow::NEVER);
/// assert_eq!(table.modify("word", Utc::now(), double).await?, Modified::Saved(saved));
/// assert_eq!(table.modify("word", Utc::now(), |_row| None).await?, Modified::Unchanged);
/// # Ok::<_, nuages_db::DbError>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modified {
    /// The row was rewritten, and is this now.
    Saved(CacheRow),
    /// The closure returned `None`; the row is as it was.
    Unchanged,
    /// There is no such row (any more), or it has expired; nothing was written.
    Gone,
}

/// The outcome of [`CacheTable::incr`](crate::CacheTable::incr).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Increment {
    /// The sum, which the row holds now.
    To(i64),
    /// There is no such row, or it has expired.
    Gone,
    /// The value is no decimal number; it is as it was.
    NotANumber,
    /// The sum is beyond 64 bits; the value is as it was.
    Overflow,
}
