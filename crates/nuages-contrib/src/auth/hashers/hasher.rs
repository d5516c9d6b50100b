//! The trait of a password hasher.

use super::decoded::Decoded;
use super::error::HasherError;
use super::salt;

/// One algorithm (`BasePasswordHasher`).
///
/// Its methods take their time: [`PasswordHashers`](super::PasswordHashers) calls them, and the functions of this module
/// call that on a thread of its own. An application's own hasher is given to
/// [`PasswordHashers::with`](super::PasswordHashers::with).
///
/// ```
/// use nuages_contrib::auth::hashers::{MD5PasswordHasher, PasswordHasher};
///
/// let hasher = MD5PasswordHasher; // for tests: it costs nothing
/// let encoded = hasher.encode("correct horse", &hasher.salt())?;
/// assert!(encoded.starts_with("md5$"));
/// assert!(hasher.verify("correct horse", &encoded)?);
/// assert!(!hasher.verify("battery staple", &encoded)?);
/// # Ok::<(), nuages_contrib::auth::hashers::HasherError>(())
/// ```
pub trait PasswordHasher: Send + Sync + 'static {
    /// The name that its hashes begin with.
    fn algorithm(&self) -> &str;

    /// A hash as text, beginning with the algorithm and a dollar sign.
    ///
    /// # Errors
    /// A salt, a cost or a password that the algorithm cannot take.
    fn encode(&self, password: &str, salt: &str) -> Result<String, HasherError>;

    /// Is it the password of this hash? Compares in constant time.
    ///
    /// # Errors
    /// A hash that is malformed, or of a cost beyond all bounds.
    fn verify(&self, password: &str, encoded: &str) -> Result<bool, HasherError>;

    /// The parts of a hash.
    ///
    /// # Errors
    /// A hash that is malformed.
    fn decode(&self, encoded: &str) -> Result<Decoded, HasherError>;

    /// Was this hash made with other costs, or with a short salt?
    ///
    /// # Errors
    /// A hash that is malformed.
    fn must_update(&self, encoded: &str) -> Result<bool, HasherError>;

    /// Does the work that checking this hash has spared, being of a lower cost, so that the time does not tell.
    ///
    /// # Errors
    /// A hash that is malformed.
    fn harden_runtime(&self, password: &str, encoded: &str) -> Result<(), HasherError>;

    /// A random salt of at least 128 bits.
    fn salt(&self) -> String {
        salt::random()
    }
}
