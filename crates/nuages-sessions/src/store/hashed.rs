//! A store that never learns a key (SESSION_HASH_KEYS).

use sha2::{Digest, Sha256};

use super::{Custody, Listing, Loaded, Merge, Merged, Record, Retired, Saved, Seen, SessionStore, Written};
use crate::{SessionKey, StoreError};

/// What a digest is of, so that it is no digest of anything else.
const PURPOSE: &[u8] = b"nuages.sessions.key:";

/// Hex digits that are kept: 160 bits, the width of Django's column.
const LENGTH: usize = 40;

/// Keeps records under a hash of their keys. Who reads the store, or a copy of it, cannot make a cookie of what he finds.
///
/// A key has 165 random bits, so its hash needs no salt and nobody can guess back.
#[derive(Clone, Debug)]
pub(crate) struct HashedStore<S>(pub(crate) S);

/// The key under which the store has it.
pub(crate) fn hashed(key: &SessionKey) -> SessionKey {
    if key.is_stored() || !key.is_well_formed() {
        // A store of its own accord knows no ill-formed key.
        return key.clone();
    }
    let digest = Sha256::new().chain_update(PURPOSE).chain_update(key.as_str()).finalize();
    let text: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    SessionKey::stored(text.get(..LENGTH).unwrap_or_default())
}

fn written(key: &SessionKey, seen: Seen) -> Written {
    Written { key: key.clone(), seen }
}

impl<S: SessionStore> SessionStore for HashedStore<S> {
    fn custody(&self) -> Custody {
        self.0.custody()
    }

    fn new_key(&self, record: &Record) -> Result<SessionKey, StoreError> {
        self.0.new_key(record)
    }

    async fn load(&self, key: &SessionKey) -> Result<Loaded, StoreError> {
        self.0.load(&hashed(key)).await
    }

    async fn exists(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.0.exists(&hashed(key)).await
    }

    async fn create(&self, key: &SessionKey, record: &Record) -> Result<Option<Written>, StoreError> {
        let created = self.0.create(&hashed(key), record).await?;
        Ok(created.map(|created| written(key, created.seen)))
    }

    async fn save(&self, key: &SessionKey, seen: &Seen, record: &Record) -> Result<Saved, StoreError> {
        Ok(match self.0.save(&hashed(key), seen, record).await? {
            Saved::Written(saved) => Saved::Written(written(key, saved.seen)),
            other => other,
        })
    }

    async fn merge(&self, key: &SessionKey, merge: Merge) -> Result<Merged, StoreError> {
        Ok(match self.0.merge(&hashed(key), merge).await? {
            Merged::Written(merged) => Merged::Written(written(key, merged.seen)),
            Merged::Left => Merged::Left,
        })
    }

    async fn retire(&self, key: &SessionKey, seen: &Seen) -> Result<Retired, StoreError> {
        self.0.retire(&hashed(key), seen).await
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.0.delete(&hashed(key)).await
    }

    async fn list(&self, after: Option<&SessionKey>, limit: usize) -> Result<Listing, StoreError> {
        let Listing::Page(mut page) = self.0.list(after, limit).await? else { return Ok(Listing::Unable) };
        for listed in &mut page {
            listed.key = SessionKey::stored(listed.key.as_str());
        }
        Ok(Listing::Page(page))
    }

    async fn clear_expired(&self) -> Result<u64, StoreError> {
        self.0.clear_expired().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_a_key_that_is_hashed_once() {
        let key = SessionKey::new("abcdefghijklmnopqrstuvwxyz012345").unwrap();
        let stored = hashed(&key);
        assert_eq!(stored.as_str().len(), LENGTH);
        assert!(stored.is_well_formed() && stored.is_stored());
        assert_ne!(stored, hashed(&SessionKey::random()));
        assert_eq!(hashed(&stored), stored);
        let again = SessionKey::new(stored.as_str()).unwrap();
        assert_ne!(hashed(&again), stored, "a hash from a cookie opens nothing");
    }

    #[test]
    fn what_is_no_key_stays_none() {
        for text in ["../../etc/passwd", "ABCDEFGHIJ"] {
            assert!(!hashed(&SessionKey::new(text).unwrap()).is_well_formed());
        }
    }
}
