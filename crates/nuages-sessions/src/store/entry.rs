//! A session as an entry of a cache: in the front's own form.

use bytes::Bytes;
use nuages_cache::CacheFront;

use crate::{SessionData, StoreError, StoreErrorKind};

/// The entry of a dictionary.
pub(super) fn encode(_cache: &CacheFront, data: &SessionData) -> Result<Bytes, StoreError> {
    let text = data.to_json().map_err(|source| StoreError::new(StoreErrorKind::Encode, source))?;
    // A copy of just that length: it stays in the cache.
    Ok(Bytes::copy_from_slice(text.as_bytes()))
}

/// The dictionary of an entry, if it is one.
pub(super) fn decode(_cache: &CacheFront, entry: &[u8]) -> Option<SessionData> {
    SessionData::from_json(std::str::from_utf8(entry).ok()?).ok()
}
