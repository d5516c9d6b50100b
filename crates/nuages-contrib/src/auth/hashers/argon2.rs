//! `argon2`.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use nuages_signing::constant_time_compare;

use super::decoded::Decoded;
use super::error::{HasherError, HasherErrorKind};
use super::hasher::PasswordHasher;
use super::{limits, salt};

/// Argon2 (`Argon2PasswordHasher`): argon2id, 100 MiB, two passes and eight lanes if not told otherwise. It checks argon2i
/// and argon2d too.
///
/// ```
/// use nuages_contrib::auth::hashers::{Argon2PasswordHasher, PasswordHasher, PasswordHashers};
///
/// let hashers = PasswordHashers::new(Argon2PasswordHasher::default().memory_cost(204_800));
/// assert_eq!(hashers.preferred()?.algorithm(), "argon2");
/// # Ok::<(), nuages_contrib::auth::hashers::HasherError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Argon2PasswordHasher {
    cost: Cost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

struct Parts<'a> {
    variety: &'a str,
    version: u32,
    cost: Cost,
    salt: Vec<u8>,
    hash: Vec<u8>,
    hash_text: &'a str,
}

const NAME: &str = "argon2";
const VARIETY: &str = "argon2id";
const VERSION: u32 = 19;
const HASH_BYTES: usize = 32;

impl Default for Argon2PasswordHasher {
    fn default() -> Self {
        Self { cost: Cost { memory_kib: 102_400, passes: 2, lanes: 8 } }
    }
}

impl Argon2PasswordHasher {
    /// Another amount of memory, in KiB.
    #[must_use]
    pub fn memory_cost(mut self, kib: u32) -> Self {
        self.cost.memory_kib = kib;
        self
    }

    /// Another number of passes.
    #[must_use]
    pub fn time_cost(mut self, passes: u32) -> Self {
        self.cost.passes = passes;
        self
    }

    /// Another number of lanes.
    #[must_use]
    pub fn parallelism(mut self, lanes: u32) -> Self {
        self.cost.lanes = lanes;
        self
    }
}

fn hash(
    password: &str,
    salt: &[u8],
    (variety, version): (Algorithm, Version),
    cost: Cost,
    length: usize,
) -> Result<Vec<u8>, HasherError> {
    let work = u64::from(cost.memory_kib).saturating_mul(cost.passes.into());
    if cost.memory_kib > limits::ARGON2_MEMORY_KIB
        || work > limits::ARGON2_WORK_KIB
        || cost.lanes > cost.memory_kib
        || length > limits::ARGON2_HASH_BYTES
    {
        return Err(limits::beyond(NAME));
    }
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(length))
        .map_err(|_| limits::beyond(NAME))?;
    let mut out = vec![0; length];
    match Argon2::new(variety, version, params).hash_password_into(password.as_bytes(), salt, &mut out) {
        Ok(()) => Ok(out),
        Err(argon2::Error::SaltTooShort) => Err(HasherError::new(
            HasherErrorKind::BadSalt,
            "a salt of argon2 has at least 8 bytes; leave it out to get a random one",
        )),
        Err(error) => Err(HasherError::new(HasherErrorKind::Failed, error.to_string())),
    }
}

fn parts(encoded: &str) -> Result<Parts<'_>, HasherError> {
    read(encoded).ok_or_else(|| HasherError::malformed(NAME))
}

/// `argon2$argon2id$v=19$m=102400,t=2,p=8$salt$hash`; hashes of version 16 may not name it.
fn read(encoded: &str) -> Option<Parts<'_>> {
    let mut parts = encoded.split('$');
    if parts.next()? != NAME {
        return None;
    }
    let variety = parts.next()?;
    let mut costs = parts.next()?;
    let version = match costs.strip_prefix("v=") {
        Some(version) => {
            costs = parts.next()?;
            version.parse().ok()?
        }
        None => 16,
    };
    let mut costs = costs.split(',');
    let memory_kib = costs.next()?.strip_prefix("m=")?.parse().ok()?;
    let passes = costs.next()?.strip_prefix("t=")?.parse().ok()?;
    let lanes = costs.next()?.strip_prefix("p=")?.parse().ok()?;
    let (salt, hash_text) = (parts.next()?, parts.next()?);
    if costs.next().is_some() || parts.next().is_some() {
        return None;
    }
    Some(Parts {
        variety,
        version,
        cost: Cost { memory_kib, passes, lanes },
        salt: STANDARD_NO_PAD.decode(salt).ok()?,
        hash: STANDARD_NO_PAD.decode(hash_text).unwrap_or_default(),
        hash_text,
    })
}

impl Parts<'_> {
    fn algorithm(&self) -> Option<(Algorithm, Version)> {
        let variety = match self.variety {
            "argon2id" => Algorithm::Argon2id,
            "argon2i" => Algorithm::Argon2i,
            "argon2d" => Algorithm::Argon2d,
            _ => return None,
        };
        Some((variety, Version::try_from(self.version).ok()?))
    }

    /// As Python shows it: each byte a character.
    fn salt_text(&self) -> String {
        self.salt.iter().copied().map(char::from).collect()
    }
}

impl PasswordHasher for Argon2PasswordHasher {
    fn algorithm(&self) -> &str {
        NAME
    }

    fn encode(&self, password: &str, salt: &str) -> Result<String, HasherError> {
        let algorithm = (Algorithm::Argon2id, Version::V0x13);
        let hash = hash(password, salt.as_bytes(), algorithm, self.cost, HASH_BYTES)?;
        let Cost { memory_kib, passes, lanes } = self.cost;
        let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
        Ok(format!("{NAME}${VARIETY}$v={VERSION}$m={memory_kib},t={passes},p={lanes}${salt}${hash}"))
    }

    fn verify(&self, password: &str, encoded: &str) -> Result<bool, HasherError> {
        let parts = parts(encoded)?;
        let algorithm = parts.algorithm().ok_or_else(|| HasherError::malformed(NAME))?;
        if parts.hash.len() < Params::MIN_OUTPUT_LEN {
            return Ok(false);
        }
        let again = hash(password, &parts.salt, algorithm, parts.cost, parts.hash.len())?;
        Ok(constant_time_compare(&parts.hash, &again))
    }

    fn decode(&self, encoded: &str) -> Result<Decoded, HasherError> {
        let parts = parts(encoded)?;
        Ok(Decoded::new([
            ("algorithm", NAME.into()),
            ("hash", parts.hash_text.into()),
            ("memory_cost", parts.cost.memory_kib.into()),
            ("parallelism", parts.cost.lanes.into()),
            ("salt", parts.salt_text().as_str().into()),
            ("time_cost", parts.cost.passes.into()),
            ("variety", parts.variety.into()),
            ("version", parts.version.into()),
        ]))
    }

    fn must_update(&self, encoded: &str) -> Result<bool, HasherError> {
        let parts = parts(encoded)?;
        let current = parts.variety == VARIETY
            && parts.version == VERSION
            && parts.cost == self.cost
            && parts.hash.len() == HASH_BYTES;
        Ok(!current || salt::is_short(&parts.salt_text()))
    }

    /// Nothing, as in Django: no part of the work can be done apart.
    fn harden_runtime(&self, _: &str, _: &str) -> Result<(), HasherError> {
        Ok(())
    }
}
