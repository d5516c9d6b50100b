//! `pbkdf2_sha256` and `pbkdf2_sha1`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nuages_signing::constant_time_compare;
use pbkdf2::pbkdf2_hmac_array;

use super::decoded::Decoded;
use super::error::HasherError;
use super::hasher::PasswordHasher;
use super::{limits, salt};

/// PBKDF2 with HMAC (`PBKDF2PasswordHasher`, `PBKDF2SHA1PasswordHasher`), a million iterations if not told otherwise.
///
/// ```
/// use nuages_contrib::auth::hashers::{PBKDF2PasswordHasher, PasswordHasher};
///
/// let hasher = PBKDF2PasswordHasher::sha256().iterations(1000);
/// let encoded = hasher.encode("open sesame", "saltsalt")?;
/// assert!(encoded.starts_with("pbkdf2_sha256$1000$saltsalt$"));
/// assert!(hasher.verify("open sesame", &encoded)? && !hasher.verify("open barley", &encoded)?);
/// # Ok::<(), nuages_contrib::auth::hashers::HasherError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PBKDF2PasswordHasher {
    digest: Digest,
    iterations: u32,
}

#[derive(Clone, Copy, Debug)]
enum Digest {
    Sha256,
    Sha1,
}

const ITERATIONS: u32 = 1_000_000;

struct Parts<'a> {
    iterations: u32,
    salt: &'a str,
    hash: &'a str,
}

impl PBKDF2PasswordHasher {
    /// `pbkdf2_sha256`.
    #[must_use]
    pub fn sha256() -> Self {
        Self { digest: Digest::Sha256, iterations: ITERATIONS }
    }

    /// `pbkdf2_sha1`.
    #[must_use]
    pub fn sha1() -> Self {
        Self { digest: Digest::Sha1, iterations: ITERATIONS }
    }

    /// Another number of iterations.
    #[must_use]
    pub fn iterations(mut self, iterations: u32) -> Self {
        self.iterations = iterations;
        self
    }

    fn encode_with(&self, password: &str, salt: &str, iterations: u32) -> Result<String, HasherError> {
        salt::check(salt)?;
        if iterations == 0 || iterations > limits::PBKDF2_ITERATIONS {
            return Err(limits::beyond(self.algorithm()));
        }
        let (password, salt_bytes) = (password.as_bytes(), salt.as_bytes());
        let hash = match self.digest {
            Digest::Sha256 => {
                STANDARD.encode(pbkdf2_hmac_array::<sha2::Sha256, 32>(password, salt_bytes, iterations))
            }
            Digest::Sha1 => {
                STANDARD.encode(pbkdf2_hmac_array::<sha1::Sha1, 20>(password, salt_bytes, iterations))
            }
        };
        Ok(format!("{}${iterations}${salt}${hash}", self.algorithm()))
    }

    fn parts<'a>(&self, encoded: &'a str) -> Result<Parts<'a>, HasherError> {
        let mut parts = encoded.splitn(4, '$');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(algorithm), Some(iterations), Some(salt), Some(hash)) if algorithm == self.algorithm() => {
                let iterations = iterations.parse().map_err(|_| HasherError::malformed(self.algorithm()))?;
                Ok(Parts { iterations, salt, hash })
            }
            _ => Err(HasherError::malformed(self.algorithm())),
        }
    }
}

impl PasswordHasher for PBKDF2PasswordHasher {
    fn algorithm(&self) -> &str {
        match self.digest {
            Digest::Sha256 => "pbkdf2_sha256",
            Digest::Sha1 => "pbkdf2_sha1",
        }
    }

    fn encode(&self, password: &str, salt: &str) -> Result<String, HasherError> {
        self.encode_with(password, salt, self.iterations)
    }

    fn verify(&self, password: &str, encoded: &str) -> Result<bool, HasherError> {
        let parts = self.parts(encoded)?;
        let again = self.encode_with(password, parts.salt, parts.iterations)?;
        Ok(constant_time_compare(encoded.as_bytes(), again.as_bytes()))
    }

    fn decode(&self, encoded: &str) -> Result<Decoded, HasherError> {
        let parts = self.parts(encoded)?;
        Ok(Decoded::new([
            ("algorithm", self.algorithm().into()),
            ("hash", parts.hash.into()),
            ("iterations", parts.iterations.into()),
            ("salt", parts.salt.into()),
        ]))
    }

    fn must_update(&self, encoded: &str) -> Result<bool, HasherError> {
        let parts = self.parts(encoded)?;
        Ok(parts.iterations != self.iterations || salt::is_short(parts.salt))
    }

    fn harden_runtime(&self, password: &str, encoded: &str) -> Result<(), HasherError> {
        let parts = self.parts(encoded)?;
        match self.iterations.checked_sub(parts.iterations) {
            None | Some(0) => Ok(()),
            Some(missing) => self.encode_with(password, parts.salt, missing).map(drop),
        }
    }
}
