//! `md5`: no protection, but fast in tests.

use md5::{Digest, Md5};
use nuages_signing::constant_time_compare;

use super::decoded::Decoded;
use super::error::HasherError;
use super::hasher::PasswordHasher;
use super::salt;

/// Salted MD5 (`MD5PasswordHasher`): for tests only.
#[derive(Clone, Copy, Debug, Default)]
pub struct MD5PasswordHasher;

const NAME: &str = "md5";

fn parts(encoded: &str) -> Result<(&str, &str), HasherError> {
    let mut parts = encoded.splitn(3, '$');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(NAME), Some(salt), Some(hash)) => Ok((salt, hash)),
        _ => Err(HasherError::malformed(NAME)),
    }
}

impl PasswordHasher for MD5PasswordHasher {
    fn algorithm(&self) -> &str {
        NAME
    }

    fn encode(&self, password: &str, salt: &str) -> Result<String, HasherError> {
        salt::check(salt)?;
        let hash = Md5::new().chain_update(salt).chain_update(password).finalize();
        let mut encoded = format!("{NAME}${salt}$");
        for byte in hash {
            encoded.push_str(&format!("{byte:02x}"));
        }
        Ok(encoded)
    }

    fn verify(&self, password: &str, encoded: &str) -> Result<bool, HasherError> {
        let (salt, _) = parts(encoded)?;
        Ok(constant_time_compare(encoded.as_bytes(), self.encode(password, salt)?.as_bytes()))
    }

    fn decode(&self, encoded: &str) -> Result<Decoded, HasherError> {
        let (salt, hash) = parts(encoded)?;
        Ok(Decoded::new([("algorithm", NAME.into()), ("hash", hash.into()), ("salt", salt.into())]))
    }

    fn must_update(&self, encoded: &str) -> Result<bool, HasherError> {
        Ok(salt::is_short(parts(encoded)?.0))
    }

    fn harden_runtime(&self, _: &str, _: &str) -> Result<(), HasherError> {
        Ok(())
    }
}
