//! The key of a session.

use std::fmt;
use std::sync::Arc;

use nuages_signing::{constant_time_compare, get_random_string};

/// The characters of a key: lower case and digits, because some stores ignore case (Django's `VALID_KEY_CHARS`).
pub const VALID_KEY_CHARS: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

const LENGTH: usize = 32;
const SHORTEST: usize = 8;
/// The width of Django's column.
const LONGEST: usize = 40;

/// What names a session: whoever has it is that visitor.
///
/// It shows itself to nobody who does not ask by [`as_str`](Self::as_str), and compares in constant time. In the
/// engine `signed_cookies` the key is the signed text of the whole session.
///
/// ```
/// use nuages_sessions::SessionKey;
///
/// assert!(SessionKey::new("short").is_none());
/// let key = SessionKey::random();
/// assert_eq!(key.as_str().len(), 32);
/// assert_eq!(format!("{key:?}"), "SessionKey(..)");
/// ```
#[derive(Clone, Eq)]
pub struct SessionKey {
    text: Arc<str>,
    /// Is it the form in which a store has it, which is no cookie's?
    stored: bool,
}

impl SessionKey {
    /// The key that a cookie or a caller names; none if it is shorter than 8 characters, as in Django.
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>) -> Option<Self> {
        let text = text.into();
        text.chars().nth(SHORTEST.saturating_sub(1)).is_some().then_some(Self { text, stored: false })
    }

    /// A new key: 32 characters drawn by the operating system, 165 bits.
    #[must_use]
    pub fn random() -> Self {
        Self { text: get_random_string(LENGTH, VALID_KEY_CHARS).into(), stored: false }
    }

    /// The key that is its own payload.
    pub(crate) fn signed(text: String) -> Self {
        Self { text: text.into(), stored: false }
    }

    /// The key as a store has it, which may keep hashes.
    pub(crate) fn stored(text: &str) -> Self {
        Self { text: text.into(), stored: true }
    }

    pub(crate) fn is_stored(&self) -> bool {
        self.stored
    }

    /// The text, for a cookie or a store. Keep it out of logs and pages.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// May it be looked up at all? A key that no server has drawn is known to be absent without asking a store, so
    /// that nothing from a cookie becomes a file name, a cache key or a query.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        (SHORTEST..=LONGEST).contains(&self.text.len())
            && self.text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    }
}

impl PartialEq for SessionKey {
    fn eq(&self, other: &Self) -> bool {
        self.stored == other.stored && constant_time_compare(self.text.as_bytes(), other.text.as_bytes())
    }
}

impl std::hash::Hash for SessionKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    // Case 303 of the attack list.
    #[test]
    fn keys_are_unique_and_use_the_whole_alphabet() {
        let keys: HashSet<SessionKey> = (0..200).map(|_| SessionKey::random()).collect();
        assert_eq!(keys.len(), 200);
        let used: HashSet<char> = keys.iter().flat_map(|key| key.as_str().chars()).collect();
        assert_eq!(used.len(), VALID_KEY_CHARS.len());
        assert!(keys.iter().all(SessionKey::is_well_formed));
    }

    // Cases 286 to 302: keys that a cookie may bring.
    #[test]
    fn only_what_a_server_could_have_drawn_is_looked_up() {
        let long = "a".repeat(4096);
        let refused = [
            "../../../etc/passwd",
            "/etc/passwd",
            "abcdefgh%00",
            "abcdefgh\0",
            &long,
            "' OR 1=1 -- '",
            "abcd efgh",
            "abcd\tefgh",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
            "ünïcode0",
            "abcdefgh.json",
            "********************************",
            "}{}{}{}{",
            "1:session:admin",
            "\"abcdefgh\"",
        ];
        for text in refused {
            assert!(!SessionKey::new(text).unwrap().is_well_formed(), "{text:?}");
        }
        for (text, taken) in [("", false), ("1234567", false), ("12345678", true), ("üüüüüüü", false)]
        {
            assert_eq!(SessionKey::new(text).is_some(), taken, "{text:?}");
        }
    }
}
