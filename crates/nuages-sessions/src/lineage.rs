//! Which session became which.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::SessionKey;

/// Longer than any request runs.
const MEMORY: Duration = Duration::from_secs(300);
const MOST: usize = 100_000;

/// The new keys of sessions whose key was cycled a short while ago.
///
/// A request that logs out may have begun under the old key. It must end the session all the same, though the key has
/// changed under it: a logout ends the whole lineage.
#[derive(Debug, Default)]
pub(crate) struct Lineage(Mutex<Heirs>);

#[derive(Debug, Default)]
struct Heirs {
    heirs: HashMap<SessionKey, SessionKey>,
    ages: VecDeque<(Instant, SessionKey)>,
}

impl Lineage {
    pub(crate) fn record(&self, old: SessionKey, new: SessionKey) {
        let mut heirs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        while heirs.ages.len() >= MOST
            || heirs.ages.front().is_some_and(|(then, _)| now.duration_since(*then) > MEMORY)
        {
            let Some((_, key)) = heirs.ages.pop_front() else { break };
            heirs.heirs.remove(&key);
        }
        heirs.ages.push_back((now, old.clone()));
        heirs.heirs.insert(old, new);
    }

    pub(crate) fn heir(&self, old: &SessionKey) -> Option<SessionKey> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).heirs.get(old).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_heirs_within_bounds() {
        let lineage = Lineage::default();
        let (one, two) = (SessionKey::random(), SessionKey::random());
        lineage.record(one.clone(), two.clone());
        assert_eq!(lineage.heir(&one), Some(two.clone()));
        assert_eq!(lineage.heir(&two), None);
        for _ in 0..MOST {
            lineage.record(SessionKey::random(), two.clone());
        }
        assert_eq!(lineage.heir(&one), None);
        assert_eq!(lineage.0.lock().unwrap().heirs.len(), MOST);
    }
}
