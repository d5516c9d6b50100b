//! The parts of a hash.

use std::fmt;

/// What `decode()` finds in a hash: Django's dictionary, in order.
///
/// `Debug` masks the salt and the hash, as Django's `safe_summary` does.
///
/// ```
/// use nuages_contrib::auth::hashers::{PBKDF2PasswordHasher, PasswordHasher};
///
/// let parts = PBKDF2PasswordHasher::sha256().decode("pbkdf2_sha256$1000000$saltsalt$aGFzaA==")?;
/// assert_eq!((parts.text("algorithm"), parts.number("iterations")), (Some("pbkdf2_sha256"), Some(1_000_000)));
/// assert!(parts.safe_summary().contains(&("salt", "saltsa**".to_owned())));
/// # Ok::<(), nuages_contrib::auth::hashers::HasherError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Decoded {
    fields: Vec<(&'static str, DecodedValue)>,
}

/// A part of a hash.
///
/// ```
/// use nuages_contrib::auth::hashers::{Decoded, DecodedValue};
///
/// // In a hasher of one's own:
/// let parts = Decoded::new([("algorithm", DecodedValue::from("rot13")), ("rounds", DecodedValue::Number(2))]);
/// assert_eq!((parts.text("algorithm"), parts.number("rounds")), (Some("rot13"), Some(2)));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub enum DecodedValue {
    /// A name, a salt, a hash.
    Text(String),
    /// A cost.
    Number(u64),
}

impl Decoded {
    /// The parts, by the names that Django gives them.
    pub fn new(fields: impl IntoIterator<Item = (&'static str, DecodedValue)>) -> Self {
        Self { fields: fields.into_iter().collect() }
    }

    /// All parts.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &DecodedValue)> {
        self.fields.iter().map(|(name, value)| (*name, value))
    }

    /// A part that is text: `algorithm`, `salt`, `hash`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.iter().find(|(found, _)| *found == name).and_then(|(_, value)| match value {
            DecodedValue::Text(text) => Some(text.as_str()),
            DecodedValue::Number(_) => None,
        })
    }

    /// A part that is a number: `iterations`, `work_factor`.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.iter().find(|(found, _)| *found == name).and_then(|(_, value)| match value {
            DecodedValue::Number(number) => Some(*number),
            DecodedValue::Text(_) => None,
        })
    }

    /// The parts as they may be shown to an administrator: of salt and hash only the beginning (`safe_summary`).
    #[must_use]
    pub fn safe_summary(&self) -> Vec<(&'static str, String)> {
        self.iter().map(|(name, value)| (name, shown(name, value))).collect()
    }
}

fn shown(name: &str, value: &DecodedValue) -> String {
    match value {
        DecodedValue::Number(number) => number.to_string(),
        DecodedValue::Text(text) if matches!(name, "salt" | "hash" | "checksum") => {
            let hidden = text.chars().count().saturating_sub(6);
            text.chars().take(6).chain(std::iter::repeat_n('*', hidden)).collect()
        }
        DecodedValue::Text(text) => text.clone(),
    }
}

impl From<&str> for DecodedValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u32> for DecodedValue {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl fmt::Debug for Decoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.safe_summary()).finish()
    }
}

/// The kind only: without its name nobody knows whether it may be shown.
impl fmt::Debug for DecodedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text(…)"),
            Self::Number(number) => write!(f, "Number({number})"),
        }
    }
}
