//! `scrypt`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nuages_signing::constant_time_compare;
use scrypt::{Params, scrypt};

use super::decoded::Decoded;
use super::error::{HasherError, HasherErrorKind};
use super::hasher::PasswordHasher;
use super::{limits, salt};

/// scrypt (`ScryptPasswordHasher`): N = 16384, r = 8, p = 5 if not told otherwise.
///
/// ```
/// use nuages_contrib::auth::hashers::{ScryptPasswordHasher, PasswordHasher, PasswordHashers};
///
/// let hashers = PasswordHashers::new(ScryptPasswordHasher::default());
/// assert_eq!(hashers.preferred()?.algorithm(), "scrypt");
/// # Ok::<(), nuages_contrib::auth::hashers::HasherError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ScryptPasswordHasher {
    cost: Cost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cost {
    work_factor: u32,
    block_size: u32,
    parallelism: u32,
}

struct Parts<'a> {
    cost: Cost,
    salt: &'a str,
    hash: &'a str,
}

const NAME: &str = "scrypt";

impl Default for ScryptPasswordHasher {
    fn default() -> Self {
        Self { cost: Cost { work_factor: 16_384, block_size: 8, parallelism: 5 } }
    }
}

impl ScryptPasswordHasher {
    /// Another N: a power of two.
    #[must_use]
    pub fn work_factor(mut self, n: u32) -> Self {
        self.cost.work_factor = n;
        self
    }

    /// Another r.
    #[must_use]
    pub fn block_size(mut self, r: u32) -> Self {
        self.cost.block_size = r;
        self
    }

    /// Another p.
    #[must_use]
    pub fn parallelism(mut self, p: u32) -> Self {
        self.cost.parallelism = p;
        self
    }
}

impl Cost {
    fn params(self) -> Option<Params> {
        let (n, r, p) =
            (u64::from(self.work_factor), u64::from(self.block_size), u64::from(self.parallelism));
        if n < 2 || !n.is_power_of_two() {
            return None;
        }
        let blocks = r.checked_mul(128)?;
        let memory = n.checked_add(2)?.checked_mul(blocks)?.checked_add(p.checked_mul(blocks)?)?;
        let work = n.checked_mul(blocks)?.checked_mul(p)?;
        if memory > limits::SCRYPT_MEMORY || work > limits::SCRYPT_WORK {
            return None;
        }
        Params::new(u8::try_from(n.trailing_zeros()).ok()?, self.block_size, self.parallelism).ok()
    }
}

fn encode(password: &str, salt: &str, cost: Cost) -> Result<String, HasherError> {
    salt::check(salt)?;
    let params = cost.params().ok_or_else(|| limits::beyond(NAME))?;
    let mut hash = [0; 64];
    scrypt(password.as_bytes(), salt.as_bytes(), &params, &mut hash)
        .map_err(|error| HasherError::new(HasherErrorKind::Failed, error.to_string()))?;
    let Cost { work_factor, block_size, parallelism } = cost;
    Ok(format!("{NAME}${work_factor}${salt}${block_size}${parallelism}${}", STANDARD.encode(hash)))
}

fn parts(encoded: &str) -> Result<Parts<'_>, HasherError> {
    let malformed = || HasherError::malformed(NAME);
    let number = |text: &str| text.parse().map_err(|_| malformed());
    let parts: Vec<&str> = encoded.split('$').collect();
    let [NAME, n, salt, r, p, hash] = parts[..] else { return Err(malformed()) };
    let cost = Cost { work_factor: number(n)?, block_size: number(r)?, parallelism: number(p)? };
    Ok(Parts { cost, salt, hash })
}

impl PasswordHasher for ScryptPasswordHasher {
    fn algorithm(&self) -> &str {
        NAME
    }

    fn encode(&self, password: &str, salt: &str) -> Result<String, HasherError> {
        encode(password, salt, self.cost)
    }

    fn verify(&self, password: &str, encoded: &str) -> Result<bool, HasherError> {
        let parts = parts(encoded)?;
        let again = encode(password, parts.salt, parts.cost)?;
        Ok(constant_time_compare(encoded.as_bytes(), again.as_bytes()))
    }

    fn decode(&self, encoded: &str) -> Result<Decoded, HasherError> {
        let Parts { cost, salt, hash } = parts(encoded)?;
        Ok(Decoded::new([
            ("algorithm", NAME.into()),
            ("work_factor", cost.work_factor.into()),
            ("salt", salt.into()),
            ("block_size", cost.block_size.into()),
            ("parallelism", cost.parallelism.into()),
            ("hash", hash.into()),
        ]))
    }

    fn must_update(&self, encoded: &str) -> Result<bool, HasherError> {
        Ok(parts(encoded)?.cost != self.cost)
    }

    /// Nothing, as in Django: no part of the work can be done apart.
    fn harden_runtime(&self, _: &str, _: &str) -> Result<(), HasherError> {
        Ok(())
    }
}
