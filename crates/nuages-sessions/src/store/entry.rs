//! A session as an entry of a cache: in the front's own form.

use bytes::Bytes;
use nuages_cache::{CacheFront, Serializer};

use crate::{SessionData, StoreError, StoreErrorKind, pickled};

/// The entry of a dictionary: the pickle that Django writes, or JSON.
pub(super) fn encode(cache: &CacheFront, data: &SessionData) -> Result<Bytes, StoreError> {
    match cache.serializer() {
        Serializer::Pickle => pickled::to_pickle(data)
            .map(Bytes::from)
            .map_err(|source| StoreError::new(StoreErrorKind::Encode, source)),
        Serializer::Json => {
            let text = data.to_json().map_err(|source| StoreError::new(StoreErrorKind::Encode, source))?;
            // A copy of just that length: it stays in the cache.
            Ok(Bytes::copy_from_slice(text.as_bytes()))
        }
    }
}

/// The dictionary of an entry, if it is one.
pub(super) fn decode(cache: &CacheFront, entry: &[u8]) -> Option<SessionData> {
    match cache.serializer() {
        Serializer::Pickle => pickled::from_pickle(entry),
        Serializer::Json => SessionData::from_json(std::str::from_utf8(entry).ok()?).ok(),
    }
}
