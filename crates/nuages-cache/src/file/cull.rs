//! Room in the folder: no more files than `MAX_ENTRIES`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::folder::{Change, Folder};
use super::format;
use crate::error::CacheError;

pub(super) struct Room {
    /// Files that may be there (`MAX_ENTRIES`).
    most: u64,
    /// One in how many goes (`CULL_FREQUENCY`).
    frequency: u64,
    /// Files that may come before the folder is counted again: counting costs as much as there are files, and Django does
    /// it each time.
    until_counted: AtomicU64,
}

impl Room {
    pub(super) fn new(most: u64, frequency: u64) -> Room {
        Room { most, frequency, until_counted: AtomicU64::new(0) }
    }

    pub(super) fn most(&self) -> u64 {
        self.most
    }

    pub(super) fn frequency(&self) -> u64 {
        self.frequency
    }

    /// Makes room for one more file; `is_over` judges one by its first bytes.
    pub(super) fn make(
        &self,
        folder: &Folder,
        until: Instant,
        is_over: impl Fn(&[u8]) -> bool,
    ) -> Result<(), CacheError> {
        let counted = self
            .until_counted
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .is_ok();
        if counted {
            return Ok(());
        }
        let mut names = folder.names()?;
        let count = names.len() as u64;
        if count < self.most {
            // This one comes; others may make files meanwhile.
            let room = self.most.saturating_sub(count).saturating_sub(1);
            self.until_counted.store(room / 2, Ordering::Relaxed);
            return Ok(());
        }
        let mut over = Vec::new();
        for name in &names {
            if folder.read(name, format::HEAD)?.is_some_and(|head| is_over(&head)) {
                over.push(name.clone());
            }
        }
        let over_count = over.len() as u64;
        for name in over {
            let parse = |content: &[u8]| Ok(is_over(content));
            folder.change(&name, until, parse, |is_over| {
                Ok((if is_over == Some(true) { Change::Delete } else { Change::Keep }, ()))
            })?;
        }
        if count.saturating_sub(over_count) < self.most {
            return Ok(());
        }
        let goes = match self.frequency {
            0 => names.len(),
            frequency => usize::try_from(count / frequency).unwrap_or(usize::MAX),
        };
        shuffle(&mut names);
        for name in names.iter().take(goes) {
            folder.delete(name, until)?;
        }
        Ok(folder.sweep()?)
    }
}

/// Sorts by a hash that nobody can foresee.
fn shuffle(names: &mut [String]) {
    use std::hash::BuildHasher;
    let hasher = std::hash::RandomState::new();
    names.sort_by_cached_key(|name| hasher.hash_one(name));
}
