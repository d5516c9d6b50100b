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
/// changed under it: a logout ends the whole lineage. Requests that cycle one key at the same time each draw an heir, of
/// which one will live; all are remembered, because nobody knows yet which.
#[derive(Debug, Default)]
pub(crate) struct Lineage(Mutex<Heirs>);

#[derive(Debug, Default)]
struct Heirs {
    heirs: HashMap<SessionKey, VecDeque<SessionKey>>,
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
            let of_key = heirs.heirs.get_mut(&key);
            if of_key.is_none_or(|of_key| of_key.pop_front().is_none() || of_key.is_empty()) {
                heirs.heirs.remove(&key);
            }
        }
        heirs.ages.push_back((now, old.clone()));
        heirs.heirs.entry(old).or_default().push_back(new);
    }

    pub(crate) fn heirs(&self, old: &SessionKey) -> Vec<SessionKey> {
        let heirs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heirs.heirs.get(old).into_iter().flatten().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_heirs_within_bounds() {
        let lineage = Lineage::default();
        let (one, two, three) = (SessionKey::random(), SessionKey::random(), SessionKey::random());
        lineage.record(one.clone(), two.clone());
        lineage.record(one.clone(), three.clone());
        assert_eq!(lineage.heirs(&one), [two.clone(), three.clone()]);
        assert_eq!(lineage.heirs(&two), []);
        for _ in 0..MOST - 1 {
            lineage.record(SessionKey::random(), two.clone());
        }
        assert_eq!(lineage.heirs(&one), [three]);
        lineage.record(SessionKey::random(), two);
        assert_eq!(lineage.heirs(&one), []);
        assert_eq!(lineage.0.lock().unwrap().heirs.len(), MOST);
    }
}
