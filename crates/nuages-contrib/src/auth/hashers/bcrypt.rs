//! `bcrypt_sha256` and `bcrypt`.

use base64::alphabet::BCRYPT;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, Engine};
use bcrypt::Version;
use nuages_signing::constant_time_compare;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::decoded::Decoded;
use super::error::{HasherError, HasherErrorKind};
use super::hasher::PasswordHasher;
use super::limits;

/// bcrypt, of the password's SHA-256 (`BCryptSHA256PasswordHasher`) or of the password itself
/// (`BCryptPasswordHasher`, for hashes that exist already); 2^12 rounds if not told otherwise.
///
/// ```
/// use nuages_contrib::auth::hashers::PasswordHashers;
/// use nuages_http::Settings;
///
/// let settings = Settings { PASSWORD_HASHERS: vec!["bcrypt_sha256".into(), "bcrypt".into()], ..Settings::default() };
/// let hashers = PasswordHashers::from_settings(&settings)?;
/// assert_eq!(hashers.preferred()?.algorithm(), "bcrypt_sha256");
/// # Ok::<(), nuages_contrib::auth::hashers::HasherError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct BCryptPasswordHasher {
    input: Input,
    rounds: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    Sha256,
    Whole,
}

/// What stands before the checksum: `$2b$12$` and 22 characters of salt.
struct Salt<'a> {
    version: &'a str,
    rounds: u32,
    salt: &'a str,
    rest: &'a str,
}

/// bcrypt's own base64; the salt's last character carries four bits that count for nothing.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &BCRYPT,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// bcrypt reads no further.
const MOST_BYTES: usize = 72;

impl BCryptPasswordHasher {
    /// `bcrypt_sha256`.
    #[must_use]
    pub fn sha256() -> Self {
        Self { input: Input::Sha256, rounds: 12 }
    }

    /// `bcrypt`. A new password of more than 72 bytes is an error; of an old one 72 bytes count.
    #[must_use]
    pub fn plain() -> Self {
        Self { input: Input::Whole, rounds: 12 }
    }

    /// Another binary logarithm of the number of rounds.
    #[must_use]
    pub fn rounds(mut self, rounds: u32) -> Self {
        self.rounds = rounds;
        self
    }

    fn hash(&self, password: &str, salt: &Salt<'_>) -> Result<String, HasherError> {
        let bad_salt = || {
            HasherError::new(
                HasherErrorKind::BadSalt,
                "not a salt of bcrypt; leave it out to get a random one",
            )
        };
        if !(4..=limits::BCRYPT_ROUNDS).contains(&salt.rounds) {
            return Err(limits::beyond(self.algorithm()));
        }
        let version = match salt.version {
            "2a" => Version::TwoA,
            "2b" => Version::TwoB,
            "2y" => Version::TwoY,
            _ => return Err(bad_salt()),
        };
        let bytes: [u8; 16] =
            BASE64.decode(salt.salt).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(bad_salt)?;
        let input: Zeroizing<String> = match self.input {
            Input::Sha256 => Zeroizing::new(hex(&Sha256::digest(password))),
            Input::Whole => Zeroizing::new(password.to_owned()),
        };
        let hash = bcrypt::hash_with_salt(input.as_bytes(), salt.rounds, bytes)
            .map_err(|error| HasherError::new(HasherErrorKind::Failed, error.to_string()))?;
        Ok(format!("{}${}", self.algorithm(), hash.format_for_version(version)))
    }

    fn stored<'a>(&self, encoded: &'a str) -> Result<Salt<'a>, HasherError> {
        encoded
            .strip_prefix(self.algorithm())
            .and_then(|rest| rest.strip_prefix('$'))
            .and_then(Salt::parse)
            .ok_or_else(|| HasherError::malformed(self.algorithm()))
    }
}

impl<'a> Salt<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (version, rest) = text.strip_prefix('$')?.split_once('$')?;
        let (rounds, data) = rest.split_once('$')?;
        let (salt, rest) = data.split_at_checked(22)?;
        Some(Self { version, rounds: rounds.parse().ok()?, salt, rest })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl PasswordHasher for BCryptPasswordHasher {
    fn algorithm(&self) -> &str {
        match self.input {
            Input::Sha256 => "bcrypt_sha256",
            Input::Whole => "bcrypt",
        }
    }

    /// The salt is one of bcrypt's own: `$2b$12$` and 22 characters.
    fn encode(&self, password: &str, salt: &str) -> Result<String, HasherError> {
        if self.input == Input::Whole && password.len() > MOST_BYTES {
            return Err(HasherError::new(
                HasherErrorKind::PasswordTooLong,
                "bcrypt takes passwords up to 72 bytes; use bcrypt_sha256, which has no limit",
            ));
        }
        let salt = Salt::parse(salt).ok_or_else(|| {
            HasherError::new(
                HasherErrorKind::BadSalt,
                "not a salt of bcrypt; leave it out to get a random one",
            )
        })?;
        self.hash(password, &salt)
    }

    fn verify(&self, password: &str, encoded: &str) -> Result<bool, HasherError> {
        let again = self.hash(password, &self.stored(encoded)?)?;
        Ok(constant_time_compare(encoded.as_bytes(), again.as_bytes()))
    }

    fn decode(&self, encoded: &str) -> Result<Decoded, HasherError> {
        let stored = self.stored(encoded)?;
        Ok(Decoded::new([
            ("algorithm", self.algorithm().into()),
            ("algostr", stored.version.into()),
            ("checksum", stored.rest.into()),
            ("salt", stored.salt.into()),
            ("work_factor", stored.rounds.into()),
        ]))
    }

    fn must_update(&self, encoded: &str) -> Result<bool, HasherError> {
        Ok(self.stored(encoded)?.rounds != self.rounds)
    }

    fn harden_runtime(&self, password: &str, encoded: &str) -> Result<(), HasherError> {
        let stored = self.stored(encoded)?;
        // Each round more doubles the work: what is missing is 2^difference - 1 times what was done.
        let missing =
            self.rounds.checked_sub(stored.rounds).and_then(|difference| 1_u32.checked_shl(difference));
        for _ in 1..missing.unwrap_or(1) {
            self.hash(password, &stored)?;
        }
        Ok(())
    }

    fn salt(&self) -> String {
        format!("$2b${:02}${}", self.rounds, BASE64.encode(rand::random::<[u8; 16]>()))
    }
}
