//! Secret keys that do not print.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

use crate::compare::constant_time_compare;

/// A secret of any length; cheap to clone, never printed, wiped from memory with its last clone.
///
/// ```
/// use nuages_signing::SecretKey;
///
/// let key = SecretKey::from("do not tell");
/// assert_eq!(format!("{key:?}"), "SecretKey(..)");
/// ```
#[derive(Clone)]
pub struct SecretKey(Arc<Zeroizing<Vec<u8>>>);

impl SecretKey {
    /// The bytes of the key: the UTF-8 of a text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether the key has no bytes. An empty key protects nothing: refuse it at start-up, as Django does.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn prefixed(&self, prefix: &[u8]) -> Self {
        Self::from([prefix, self.as_bytes()].concat())
    }
}

impl From<Vec<u8>> for SecretKey {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Zeroizing::new(bytes)))
    }
}

impl From<&[u8]> for SecretKey {
    fn from(bytes: &[u8]) -> Self {
        Self::from(bytes.to_vec())
    }
}

impl From<String> for SecretKey {
    fn from(text: String) -> Self {
        Self::from(text.into_bytes())
    }
}

impl From<&str> for SecretKey {
    fn from(text: &str) -> Self {
        Self::from(text.as_bytes())
    }
}

impl From<&String> for SecretKey {
    fn from(text: &String) -> Self {
        Self::from(text.as_bytes())
    }
}

impl From<&SecretKey> for SecretKey {
    fn from(key: &SecretKey) -> Self {
        key.clone()
    }
}

/// Compares in constant time.
impl PartialEq for SecretKey {
    fn eq(&self, other: &Self) -> bool {
        constant_time_compare(self.as_bytes(), other.as_bytes())
    }
}

impl Eq for SecretKey {}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

/// The key that signs, with the older keys that are still read (`SECRET_KEY` and `SECRET_KEY_FALLBACKS`).
///
/// ```
/// use nuages_signing::{SecretKeys, Signer};
///
/// let old = Signer::new("old").sign("hello");
/// let signer = Signer::new(SecretKeys::new("new").fallbacks(["old", "older"]));
/// assert_eq!(signer.unsign(&old), Ok("hello"));
/// assert_ne!(signer.sign("hello"), old);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[doc(alias = "SECRET_KEY_FALLBACKS")]
pub struct SecretKeys {
    current: SecretKey,
    /// None without fallbacks, so that the common case allocates nothing.
    fallbacks: Option<Arc<[SecretKey]>>,
}

impl SecretKeys {
    /// One key, without fallbacks.
    pub fn new(current: impl Into<SecretKey>) -> Self {
        Self { current: current.into(), fallbacks: None }
    }

    /// Sets the keys that are accepted, in this order, and never sign.
    #[must_use]
    pub fn fallbacks<K: Into<SecretKey>>(self, fallbacks: impl IntoIterator<Item = K>) -> Self {
        let fallbacks: Arc<[SecretKey]> = fallbacks.into_iter().map(Into::into).collect();
        Self { fallbacks: (!fallbacks.is_empty()).then_some(fallbacks), ..self }
    }

    /// The same keys, each with `prefix` in front: a family of its own for one purpose.
    #[must_use]
    pub fn prefixed(&self, prefix: &[u8]) -> Self {
        Self {
            current: self.current.prefixed(prefix),
            fallbacks: self
                .fallbacks
                .as_ref()
                .map(|keys| keys.iter().map(|key| key.prefixed(prefix)).collect()),
        }
    }

    /// The key that signs.
    pub fn current(&self) -> &SecretKey {
        &self.current
    }

    /// The keys that are only read.
    pub fn older(&self) -> &[SecretKey] {
        self.fallbacks.as_deref().unwrap_or_default()
    }

    /// Whether the key that signs is empty.
    pub fn is_empty(&self) -> bool {
        self.current.is_empty()
    }
}

impl From<&SecretKeys> for SecretKeys {
    fn from(keys: &SecretKeys) -> Self {
        keys.clone()
    }
}

macro_rules! from_one_key {
    ($($key:ty),*) => {$(
        impl From<$key> for SecretKeys {
            fn from(key: $key) -> Self {
                Self::new(key)
            }
        }
    )*};
}

from_one_key!(SecretKey, &SecretKey, &str, String, &String, &[u8], Vec<u8>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_nothing() {
        let keys = SecretKeys::new("hush-hush").fallbacks(["older-hush".to_owned()]);
        let printed = format!("{keys:?} {:?} {:#?}", keys.current(), keys.prefixed(b"prefix"));
        assert!(!printed.contains("hush"), "{printed}");
        assert!(!printed.contains("104"), "no byte list either: {printed}");
    }

    #[test]
    fn prefixes_every_key() {
        let keys = SecretKeys::new("a").fallbacks(["b", ""]).prefixed(b"p-");
        assert_eq!(keys.current().as_bytes(), b"p-a");
        assert_eq!(keys.older(), [SecretKey::from("p-b"), SecretKey::from("p-")]);
    }

    #[test]
    fn knows_when_it_is_empty() {
        assert!(SecretKeys::new("").fallbacks(["b"]).is_empty());
        assert!(!SecretKeys::new("a").is_empty());
        assert!(SecretKeys::new("a").fallbacks(Vec::<SecretKey>::new()).older().is_empty());
    }
}
