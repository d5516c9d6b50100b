//! The hashers that an application knows.

use std::fmt;
use std::sync::Arc;

use nuages_http::Settings;
use nuages_signing::{RANDOM_STRING_CHARS, get_random_string};

use super::argon2::Argon2PasswordHasher;
use super::bcrypt::BCryptPasswordHasher;
use super::error::{HasherError, HasherErrorKind};
use super::hasher::PasswordHasher;
use super::md5::MD5PasswordHasher;
use super::pbkdf2::PBKDF2PasswordHasher;
use super::scrypt::ScryptPasswordHasher;

/// What an unusable password begins with; no hash does.
pub const UNUSABLE_PASSWORD_PREFIX: &str = "!";

const UNUSABLE_PASSWORD_SUFFIX_LENGTH: usize = 40;

/// Can anybody log in with it? Only [`make_unusable_password`](super::make_unusable_password) makes one that nobody can.
///
/// ```
/// use nuages_contrib::auth::hashers::is_password_usable;
/// assert!(is_password_usable("md5$salt$hash") && !is_password_usable("!1qaz"));
/// ```
#[must_use]
pub fn is_password_usable(encoded: &str) -> bool {
    !encoded.starts_with(UNUSABLE_PASSWORD_PREFIX)
}

/// What came of checking a password.
///
/// ```
/// use nuages_contrib::auth::hashers::{PBKDF2PasswordHasher, PasswordHashers, Verified};
///
/// let hashers = PasswordHashers::new(PBKDF2PasswordHasher::sha256());
/// let encoded = PasswordHashers::new(PBKDF2PasswordHasher::sha256().iterations(1000)).make("open sesame")?;
/// let right = hashers.verify(Some("open sesame"), &encoded)?;
/// assert_eq!(right, Verified { is_correct: true, must_update: true }, "1000 iterations are too few today");
/// assert!(!hashers.verify(Some("open barley"), &encoded)?.is_correct);
/// # Ok::<(), nuages_contrib::auth::hashers::HasherError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Is it the right one?
    pub is_correct: bool,
    /// Should it be hashed again, with the costs of today?
    pub must_update: bool,
}

/// The hashers of PASSWORD_HASHERS, the preferred one first. Cheap to clone.
///
/// Its methods block; the functions of [the module](super) call them on other threads.
///
/// ```
/// use nuages_contrib::auth::hashers::{MD5PasswordHasher, PBKDF2PasswordHasher, PasswordHashers};
///
/// let hashers = PasswordHashers::new(PBKDF2PasswordHasher::sha256().iterations(1000)).with(MD5PasswordHasher);
/// let encoded = hashers.make("open sesame")?;
/// assert_eq!(hashers.identify(&encoded)?.algorithm(), "pbkdf2_sha256");
/// assert!(hashers.verify(Some("open sesame"), &encoded)?.is_correct);
/// assert!(hashers.identify("bcrypt$$2b$12$salt").is_err(), "it is not among them");
/// # Ok::<(), nuages_contrib::auth::hashers::HasherError>(())
/// ```
#[derive(Clone)]
pub struct PasswordHashers {
    hashers: Arc<[Arc<dyn PasswordHasher>]>,
}

impl PasswordHashers {
    /// These hashers, the preferred one first.
    #[must_use]
    pub fn new(preferred: impl PasswordHasher) -> Self {
        let preferred: Arc<dyn PasswordHasher> = Arc::new(preferred);
        Self { hashers: [preferred].into() }
    }

    /// Also reads what this hasher has made.
    #[must_use]
    pub fn with(self, hasher: impl PasswordHasher) -> Self {
        let more: Arc<dyn PasswordHasher> = Arc::new(hasher);
        Self { hashers: self.hashers.iter().cloned().chain([more]).collect() }
    }

    /// The hashers of the setting PASSWORD_HASHERS: names of algorithms, or Django's dotted paths.
    ///
    /// # Errors
    /// A name that is none, or an empty list.
    pub fn from_settings(settings: &Settings) -> Result<Self, HasherError> {
        let hashers = settings.PASSWORD_HASHERS.iter().map(|name| built_in(name));
        let hashers: Arc<[_]> = hashers.collect::<Result<_, _>>()?;
        if hashers.is_empty() {
            return Err(HasherError::new(HasherErrorKind::UnknownAlgorithm, "PASSWORD_HASHERS is empty"));
        }
        Ok(Self { hashers })
    }

    /// The hasher of new passwords.
    ///
    /// # Errors
    /// If there is none; those that are made by this type's functions have one.
    pub fn preferred(&self) -> Result<&dyn PasswordHasher, HasherError> {
        self.hashers.first().map(|hasher| &**hasher).ok_or_else(|| HasherError::unknown("default"))
    }

    /// The hasher of an algorithm (`get_hasher`); `default` is the preferred one.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn get(&self, algorithm: &str) -> Result<&dyn PasswordHasher, HasherError> {
        if algorithm == "default" {
            return self.preferred();
        }
        let found = self.hashers.iter().rfind(|hasher| hasher.algorithm() == algorithm);
        found.map(|hasher| &**hasher).ok_or_else(|| HasherError::unknown(algorithm))
    }

    /// The hasher that has made this hash (`identify_hasher`).
    ///
    /// # Errors
    /// If there is none.
    pub fn identify(&self, encoded: &str) -> Result<&dyn PasswordHasher, HasherError> {
        let (length, algorithm) = (encoded.len(), encoded.split('$').next().unwrap_or_default());
        let algorithm = match encoded.split_once('$') {
            None if length == 32 => "unsalted_md5",
            Some(("md5", rest)) if length == 37 && rest.starts_with('$') => "unsalted_md5",
            Some(("sha1", rest)) if length == 46 && rest.starts_with('$') => "unsalted_sha1",
            _ => algorithm,
        };
        let known = self.hashers.iter().rfind(|hasher| hasher.algorithm() == algorithm);
        // The text may be a password that somebody has stored as it is: the error does not quote it.
        known.map(|hasher| &**hasher).ok_or_else(|| {
            HasherError::new(
                HasherErrorKind::UnknownAlgorithm,
                "the stored password is of no hasher in PASSWORD_HASHERS; add the one that has made it",
            )
        })
    }

    /// A hash with a random salt.
    ///
    /// # Errors
    /// A password that the hasher cannot take.
    pub fn make(&self, password: &str) -> Result<String, HasherError> {
        let hasher = self.preferred()?;
        hasher.encode(password, &hasher.salt())
    }

    /// Text that no password fits (`make_password(None)`).
    #[must_use]
    pub fn make_unusable() -> String {
        let random = get_random_string(UNUSABLE_PASSWORD_SUFFIX_LENGTH, RANDOM_STRING_CHARS);
        format!("{UNUSABLE_PASSWORD_PREFIX}{random}")
    }

    /// Checks a password (`verify_password`). What is no hash, is unusable or of an unknown algorithm is wrong, and takes
    /// as long as a right one, so that the time does not tell which users exist; `None` stands for no password.
    ///
    /// # Errors
    /// A hash that is malformed although its algorithm is known.
    pub fn verify(&self, password: Option<&str>, encoded: &str) -> Result<Verified, HasherError> {
        let preferred = self.preferred()?;
        let (Some(password), true, Ok(hasher)) =
            (password, is_password_usable(encoded), self.identify(encoded))
        else {
            self.make(&get_random_string(UNUSABLE_PASSWORD_SUFFIX_LENGTH, RANDOM_STRING_CHARS))?;
            return Ok(Verified { is_correct: false, must_update: false });
        };
        let hasher_changed = hasher.algorithm() != preferred.algorithm();
        let must_update = hasher_changed || preferred.must_update(encoded)?;
        let is_correct = hasher.verify(password, encoded)?;
        if !is_correct && !hasher_changed && must_update {
            hasher.harden_runtime(password, encoded)?;
        }
        Ok(Verified { is_correct, must_update })
    }
}

fn built_in(name: &str) -> Result<Arc<dyn PasswordHasher>, HasherError> {
    Ok(match name.strip_prefix("django.contrib.auth.hashers.").unwrap_or(name) {
        "pbkdf2_sha256" | "PBKDF2PasswordHasher" => Arc::new(PBKDF2PasswordHasher::sha256()),
        "pbkdf2_sha1" | "PBKDF2SHA1PasswordHasher" => Arc::new(PBKDF2PasswordHasher::sha1()),
        "argon2" | "Argon2PasswordHasher" => Arc::new(Argon2PasswordHasher::default()),
        "bcrypt_sha256" | "BCryptSHA256PasswordHasher" => Arc::new(BCryptPasswordHasher::sha256()),
        "bcrypt" | "BCryptPasswordHasher" => Arc::new(BCryptPasswordHasher::plain()),
        "scrypt" | "ScryptPasswordHasher" => Arc::new(ScryptPasswordHasher::default()),
        "md5" | "MD5PasswordHasher" => Arc::new(MD5PasswordHasher),
        _ => {
            return Err(HasherError::new(
                HasherErrorKind::UnknownAlgorithm,
                format!("PASSWORD_HASHERS names {name:?}, which is no hasher"),
            ));
        }
    })
}

impl fmt::Debug for PasswordHashers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.hashers.iter().map(|hasher| hasher.algorithm())).finish()
    }
}
