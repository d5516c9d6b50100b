//! Entries that may be older than their rows.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{SessionKey, StoreError, StoreErrorKind};

/// What is written while the cache is away, at most: some 10 MB of keys.
const MOST: usize = 100_000;

/// The keys of rows that were written while the cache did not answer. What it holds under them may be old, so this
/// process reads their rows until it could delete the entries.
#[derive(Debug, Default)]
pub(super) struct Distrust(Mutex<Marks>);

#[derive(Debug, Default)]
struct Marks {
    keys: HashMap<SessionKey, u64>,
    last: u64,
}

impl Distrust {
    fn marks(&self) -> MutexGuard<'_, Marks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.marks().keys.is_empty()
    }

    /// Trusts the entry of `key` no longer.
    ///
    /// # Errors
    ///
    /// There are too many already: the write cannot be taken.
    pub(super) fn add(&self, key: &SessionKey) -> Result<(), StoreError> {
        let mut marks = self.marks();
        if marks.keys.len() >= MOST && !marks.keys.contains_key(key) {
            let message =
                "too many sessions were written while the cache of cached_db is away; bring it back";
            return Err(StoreError::new(StoreErrorKind::Unavailable, message));
        }
        marks.last = marks.last.wrapping_add(1);
        let last = marks.last;
        marks.keys.insert(key.clone(), last);
        Ok(())
    }

    /// When `key` was last added, if it is distrusted.
    pub(super) fn since(&self, key: &SessionKey) -> Option<u64> {
        self.marks().keys.get(key).copied()
    }

    /// The entry is deleted. Whoever wrote since `since` needs another deletion.
    pub(super) fn remove(&self, key: &SessionKey, since: u64) {
        let mut marks = self.marks();
        if marks.keys.get(key) == Some(&since) {
            marks.keys.remove(key);
        }
    }

    /// Some of the keys.
    pub(super) fn some(&self, count: usize) -> Vec<(SessionKey, u64)> {
        self.marks().keys.iter().take(count).map(|(key, since)| (key.clone(), *since)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_writer_keeps_the_mark() {
        let (distrust, key) = (Distrust::default(), SessionKey::random());
        distrust.add(&key).unwrap();
        let since = distrust.since(&key).unwrap();
        distrust.add(&key).unwrap();
        distrust.remove(&key, since);
        assert!(distrust.since(&key).is_some(), "written again since");
        let [(same, since)] = distrust.some(2).try_into().unwrap();
        distrust.remove(&same, since);
        assert_eq!(distrust.since(&key), None);
    }

    #[test]
    fn it_is_bounded() {
        let distrust = Distrust::default();
        let first = SessionKey::random();
        distrust.add(&first).unwrap();
        for _ in 1..MOST {
            distrust.add(&SessionKey::random()).unwrap();
        }
        assert_eq!(distrust.add(&SessionKey::random()).unwrap_err().kind(), StoreErrorKind::Unavailable);
        assert!(distrust.add(&first).is_ok(), "what is there may be written again");
        assert!(!distrust.is_empty());
    }
}
