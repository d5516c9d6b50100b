//! Salts: random letters and digits.

use nuages_signing::{RANDOM_STRING_CHARS, get_random_string};

use super::error::{HasherError, HasherErrorKind};

/// As many characters of 62 as give 128 bits.
const LENGTH: usize = 22;

pub(super) fn random() -> String {
    get_random_string(LENGTH, RANDOM_STRING_CHARS)
}

/// Is it shorter than a salt of today?
pub(super) fn is_short(salt: &str) -> bool {
    salt.chars().count() < LENGTH
}

/// A salt that can stand between dollar signs.
pub(super) fn check(salt: &str) -> Result<(), HasherError> {
    if salt.is_empty() || salt.contains('$') {
        return Err(HasherError::new(
            HasherErrorKind::BadSalt,
            "a salt must not be empty or contain $; leave it out to get a random one",
        ));
    }
    Ok(())
}
