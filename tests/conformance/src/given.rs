//! Arguments that may be left out, and may be null: two different things in Python.

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "given")]`: none if the argument is left out, else what stands there, null
/// included.
pub(crate) fn given<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}
