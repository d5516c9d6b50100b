//! How much a stored hash may ask of the server.
//!
//! A hash names its own cost. One that somebody has put into the database must not occupy a thread for days or take all
//! memory; each bound is far above what anybody uses.

use super::error::{HasherError, HasherErrorKind};

pub(super) const PBKDF2_ITERATIONS: u32 = 100_000_000;
pub(super) const ARGON2_MEMORY_KIB: u32 = 1024 * 1024;
pub(super) const ARGON2_WORK_KIB: u64 = 64 * 1024 * 1024;
pub(super) const ARGON2_HASH_BYTES: usize = 1024;
pub(super) const BCRYPT_ROUNDS: u32 = 20;
/// The bound that OpenSSL, and with it Django, puts to scrypt.
pub(super) const SCRYPT_MEMORY: u64 = 32 * 1024 * 1024;
pub(super) const SCRYPT_WORK: u64 = 4 * 1024 * 1024 * 1024;

pub(super) fn beyond(algorithm: &str) -> HasherError {
    HasherError::new(
        HasherErrorKind::BadCost,
        format!("a cost that {algorithm} cannot take; use that of a hash made by make_password()"),
    )
}
