//! How rows and entries are kept in step.
//!
//! The row is the truth. An entry is only ever filled in the place of a *mark* that the filler itself has put there
//! before it read or wrote the row, and everybody who changes the row marks or deletes the entry before and after. So:
//!
//! - An entry that was filled is what the row was at some moment after the mark was set. Whoever changed the row after that
//!   moment has either put his own mark in the place of ours before (and ours cannot be filled any more), or deletes the
//!   entry after.
//! - A logout that was acknowledged has deleted the entry after the row. A mark from before that is gone; a mark from
//!   after finds no row.
//!
//! | operation | steps |
//! | --- | --- |
//! | load | look; if absent: mark it (if it is still absent), read the row, fill the mark |
//! | save | mark it, write the row if it is what was seen, fill the mark; if somebody else's is there: delete it |
//! | delete | mark it, delete the row, delete the entry |
//!
//! A mark ends by itself, so that a process that dies between two steps leaves a miss. A cache that is away does not keep
//! a row from being written, but it keeps it from being deleted: the entry might come back with the cache.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::distrust::Distrust;
use super::entries::{Entries, Entry, Filled};
use super::rows::{Row, RowCas, Rows};
use crate::store::{Loaded, Merge, Merged, Record, Retired, Saved, Seen, Stored, Written};
use crate::{SessionCodec, SessionData, SessionKey, StoreError, StoreErrorKind};

/// How often a row may change into the same dictionary under our hands.
const ATTEMPTS: u32 = 8;

#[derive(Debug)]
pub(super) struct Protocol<R> {
    pub(super) rows: R,
    pub(super) entries: Entries,
    pub(super) codec: SessionCodec,
    pub(super) distrust: Distrust,
    #[cfg(test)]
    pub(super) omitted: Option<Step>,
}

/// A step that a test leaves out, to see that it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    MarkBeforeReading,
    MarkBeforeWriting,
    CompareTheMark,
    DeleteWhatOthersFilled,
    MarkBeforeDeleting,
    DeleteAfterTheRow,
}

impl<R: Rows> Protocol<R> {
    #[cfg(test)]
    fn takes(&self, step: Step) -> bool {
        self.omitted != Some(step)
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "a test leaves steps out")]
    fn takes(&self, _step: Step) -> bool {
        true
    }

    /// What a row says, or none if its text is not ours.
    fn read(&self, row: &Row) -> Option<Stored> {
        let data = self.codec.decode(&row.text).ok()?;
        let seen = seen(&data)?;
        Some(Stored { data, seen, expires: Some(row.expires) })
    }

    /// How long an entry may live, so that it does not outlive its row.
    fn life(&self, expires: DateTime<Utc>) -> Duration {
        let left = expires.signed_duration_since(self.codec.now()).num_seconds();
        Duration::from_secs(u64::try_from(left).unwrap_or(0))
    }

    pub(super) async fn load(&self, key: &SessionKey) -> Result<Loaded, StoreError> {
        let entry = match self.distrust.since(key) {
            Some(_) => Entry::Away,
            None => self.entries.look(key).await,
        };
        let mark = match entry {
            Entry::Data(data) => {
                let Some(seen) = seen(&data) else { return Ok(Loaded::Corrupt) };
                return Ok(Loaded::Found(Stored { data, seen, expires: None }));
            }
            Entry::Absent if self.takes(Step::MarkBeforeReading) => self.entries.claim(key, None).await,
            Entry::Strange(bytes) => self.entries.claim(key, Some(bytes)).await,
            Entry::Absent | Entry::Marked | Entry::Away => None,
        };
        let row = self.rows.load(key.as_str(), self.codec.now()).await?;
        let stored = row.as_ref().and_then(|row| self.read(row));
        #[cfg(test)]
        if !self.takes(Step::MarkBeforeReading) {
            self.fill_after_all(key, stored.as_ref()).await;
        }
        if let Some(mark) = mark {
            let (entry, life) = match &stored {
                Some(stored) => (self.entries.encode(&stored.data)?, row.as_ref().map(|row| row.expires)),
                None => (Bytes::new(), None),
            };
            let life = life.map_or(Duration::ZERO, |expires| self.life(expires));
            // If it is not ours any more, somebody else sees to it; if the cache fails, the mark ends by itself.
            let _filled = self.entries.fill(key, mark, entry, life).await;
        }
        Ok(match (row, stored) {
            (_, Some(stored)) => Loaded::Found(stored),
            (Some(_), None) => Loaded::Corrupt,
            (None, None) => Loaded::Missing,
        })
    }

    /// Fills an entry without a mark from before, as Django does.
    #[cfg(test)]
    async fn fill_after_all(&self, key: &SessionKey, stored: Option<&Stored>) {
        if let (Some(stored), Ok(mark)) = (stored, self.entries.mark(key).await)
            && let (Ok(entry), Some(expires)) = (self.entries.encode(&stored.data), stored.expires)
        {
            let _filled = self.entries.fill(key, mark, entry, self.life(expires)).await;
        }
    }

    /// Marks the entry before the row is written; without a cache its entry is trusted no longer.
    async fn announce(&self, key: &SessionKey) -> Result<Option<Bytes>, StoreError> {
        let since = self.distrust.since(key);
        if !self.takes(Step::MarkBeforeWriting) {
            return Ok(None);
        }
        match self.entries.try_mark(key).await {
            Some(mark) => {
                if let Some(since) = since {
                    self.distrust.remove(key, since);
                }
                Ok(Some(mark))
            }
            None => {
                self.distrust.add(key)?;
                Ok(None)
            }
        }
    }

    /// After the row was written: fills the mark, or sees to it that nothing older is there.
    async fn publish(
        &self,
        key: &SessionKey,
        mark: Option<Bytes>,
        entry: Bytes,
        expires: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mark = match mark {
            Some(mark) => mark,
            None if self.takes(Step::MarkBeforeWriting) => {
                // Again: whoever deleted the entry in between did so before the row was written.
                self.distrust.add(key)?;
                return Ok(());
            }
            None => match self.entries.mark(key).await {
                Ok(mark) => mark,
                Err(_) => return Ok(()),
            },
        };
        let mark = if self.takes(Step::CompareTheMark) {
            mark
        } else {
            self.entries.mark(key).await.map_err(StoreError::from)?
        };
        match self.entries.fill(key, mark, entry, self.life(expires)).await {
            Ok(Filled::Done | Filled::Absent) => Ok(()),
            Ok(Filled::Taken) if !self.takes(Step::DeleteWhatOthersFilled) => Ok(()),
            Ok(Filled::Taken) | Err(_) => self.forget(key).await,
        }
    }

    /// Deletes an entry that may be older than its row, now or as soon as the cache answers.
    async fn forget(&self, key: &SessionKey) -> Result<(), StoreError> {
        if self.entries.delete(key).await.is_err() {
            self.distrust.add(key)?;
        }
        Ok(())
    }

    pub(super) async fn create(
        &self,
        key: &SessionKey,
        record: &Record,
    ) -> Result<Option<Written>, StoreError> {
        let (row, entry) = (self.row(record)?, self.entries.encode(&record.data)?);
        let mark = self.announce(key).await?;
        if !self.rows.insert(key.as_str(), &row).await? {
            return Ok(None);
        }
        self.publish(key, mark, entry, row.expires).await?;
        written(key, &record.data).map(Some)
    }

    fn row(&self, record: &Record) -> Result<Row, StoreError> {
        Ok(Row { text: self.codec.encode(&record.data)?, expires: record.expire_date })
    }

    pub(super) async fn save(
        &self,
        key: &SessionKey,
        seen: &Seen,
        record: &Record,
    ) -> Result<Saved, StoreError> {
        let (row, entry) = (self.row(record)?, self.entries.encode(&record.data)?);
        let mark = self.announce(key).await?;
        match self.write_row(key, seen, &row).await? {
            RowCas::Saved => {
                self.publish(key, mark, entry, row.expires).await?;
                Ok(Saved::Written(written(key, &record.data)?))
            }
            RowCas::Gone => {
                self.forget(key).await?;
                Ok(Saved::Gone)
            }
            RowCas::Conflict(newer) => Ok(self.read(&newer).map_or(Saved::Gone, Saved::Conflict)),
        }
    }

    /// Replaces the row if its dictionary is what was seen. The text is compared by the database; the dictionary was read
    /// from an entry that does not know it.
    async fn write_row(&self, key: &SessionKey, seen: &Seen, new: &Row) -> Result<RowCas, StoreError> {
        if matches!(seen, Seen::Never) {
            let updated = self.rows.update(key.as_str(), new).await?;
            return Ok(if updated { RowCas::Saved } else { RowCas::Gone });
        }
        self.change_row(key, seen, Some(new)).await
    }

    /// Replaces the row, or deletes it if there is no new one, if its dictionary is what was seen.
    async fn change_row(
        &self,
        key: &SessionKey,
        seen: &Seen,
        new: Option<&Row>,
    ) -> Result<RowCas, StoreError> {
        // What this request has read must not have ended since. What it has written itself it may write again, though it
        // was to end at once.
        let (seen, still_lives_at) = match seen {
            Seen::Never => return Ok(RowCas::Gone),
            Seen::Bytes(seen) => (seen, self.codec.now()),
            Seen::Written(seen) => (seen, DateTime::UNIX_EPOCH),
        };
        let Some(mut row) = self.rows.load(key.as_str(), still_lives_at).await? else {
            return Ok(RowCas::Gone);
        };
        for _ in 0..ATTEMPTS {
            match self.codec.decode(&row.text) {
                Ok(data) if is_same(&data, seen) => {}
                _ => break,
            }
            let outcome = match new {
                Some(new) => self.rows.compare_and_set(key.as_str(), &row.text, new).await?,
                None => self.rows.compare_and_delete(key.as_str(), &row.text).await?,
            };
            match outcome {
                RowCas::Conflict(newer) => row = newer,
                decided => return Ok(decided),
            }
        }
        Ok(RowCas::Conflict(row))
    }

    pub(super) async fn merge(&self, key: &SessionKey, mut merge: Merge) -> Result<Merged, StoreError> {
        let mark = self.announce(key).await?;
        let slot: Arc<Mutex<Option<Result<Record, StoreError>>>> = Arc::default();
        let (codec, outcome) = (self.codec.clone(), Arc::clone(&slot));
        let rewrite = Box::new(move |row: Row| {
            let data = codec.decode(&row.text).ok()?;
            let seen = seen(&data)?;
            let record = merge(Stored { data, seen, expires: Some(row.expires) })?;
            let mut outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner);
            match codec.encode(&record.data) {
                Ok(text) => {
                    let expires = record.expire_date;
                    *outcome = Some(Ok(record));
                    Some(Row { text, expires })
                }
                Err(error) => {
                    *outcome = Some(Err(error));
                    None
                }
            }
        });
        let rewritten = self.rows.merge(key.as_str(), rewrite).await?;
        let outcome = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        match outcome {
            Some(Ok(record)) if rewritten => {
                self.publish(key, mark, self.entries.encode(&record.data)?, record.expire_date).await?;
                Ok(Merged::Written(written(key, &record.data)?))
            }
            Some(Err(error)) => Err(error),
            _ => Ok(Merged::Left),
        }
    }

    /// Marks the entry before the row is deleted. Without a cache nothing is deleted: the entry might outlive it.
    async fn announce_end(&self, key: &SessionKey) -> Result<(), StoreError> {
        if self.takes(Step::MarkBeforeDeleting) {
            self.entries.mark(key).await?;
        }
        Ok(())
    }

    /// Deletes the entry after the row. Until that is done, nobody is told that the session has ended.
    async fn end(&self, key: &SessionKey) -> Result<(), StoreError> {
        if !self.takes(Step::DeleteAfterTheRow) {
            return Ok(());
        }
        let since = self.distrust.since(key);
        if let Err(error) = self.entries.delete(key).await {
            self.distrust.add(key)?;
            return Err(error.into());
        }
        if let Some(since) = since {
            self.distrust.remove(key, since);
        }
        Ok(())
    }

    pub(super) async fn retire(&self, key: &SessionKey, seen: &Seen) -> Result<Retired, StoreError> {
        if matches!(seen, Seen::Never) {
            return Ok(if self.delete(key).await? { Retired::Done } else { Retired::Gone });
        }
        self.announce_end(key).await?;
        let retired = match self.change_row(key, seen, None).await? {
            RowCas::Saved => Retired::Done,
            RowCas::Gone => Retired::Gone,
            RowCas::Conflict(newer) => match self.read(&newer) {
                Some(newer) => return Ok(Retired::Conflict(newer)),
                None => Retired::Gone,
            },
        };
        self.end(key).await?;
        Ok(retired)
    }

    pub(super) async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.announce_end(key).await?;
        let deleted = self.rows.delete(key.as_str()).await?;
        self.end(key).await?;
        Ok(deleted)
    }

    /// Deletes the entries that are not trusted, as far as the cache answers; says whether any are left.
    pub(super) async fn settle(&self) -> bool {
        const BATCH: usize = 100;
        loop {
            let keys = self.distrust.some(BATCH);
            if keys.is_empty() {
                return false;
            }
            for (key, since) in keys {
                if self.entries.delete(&key).await.is_err() {
                    return true;
                }
                self.distrust.remove(&key, since);
            }
        }
    }
}

/// What is compared: the dictionary, which row and entry have in common.
fn seen(data: &SessionData) -> Option<Seen> {
    data.to_json().ok().map(|text| Seen::Bytes(text.into()))
}

fn is_same(data: &SessionData, seen: &Bytes) -> bool {
    let Ok(seen) = std::str::from_utf8(seen) else { return false };
    data.to_json().is_ok_and(|text| text == seen)
        || SessionData::from_json(seen).is_ok_and(|seen| *data == seen)
}

fn written(key: &SessionKey, data: &SessionData) -> Result<Written, StoreError> {
    let text = data.to_json().map_err(|source| StoreError::new(StoreErrorKind::Encode, source))?;
    Ok(Written { key: key.clone(), seen: Seen::Written(text.into()) })
}
