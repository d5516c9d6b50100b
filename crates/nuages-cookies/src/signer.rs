//! Signed values of cookies.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use nuages_signing::{Clock, MaxAge, SecretKeys, SigningError, TimestampSigner};

/// How many signers are kept with their derived keys. Names and salts come from the program, so few are in use.
const KEPT_SIGNERS: usize = 64;

/// Signs the values of cookies and checks them: what stands behind Django's `set_signed_cookie` and
/// `get_signed_cookie`.
///
/// The key is `django.http.cookies` and the secret key, the salt is made of the cookie's name and the salt given, so a
/// value that was signed for one cookie is refused in another. Cloning is cheap and shares the derived keys.
///
/// ```
/// use nuages_cookies::{CookieSigner, SignedCookieError};
///
/// let signer = CookieSigner::new("secret");
/// let signed = signer.sign("cart", "", "42");
/// assert_eq!(signer.unsign("cart", "", &signed, Some(60.into()))?, "42");
/// assert_eq!(signer.unsign("other", "", &signed, None), Err(SignedCookieError::BadSignature));
/// # Ok::<(), SignedCookieError>(())
/// ```
#[derive(Clone)]
pub struct CookieSigner(Arc<Shared>);

struct Shared {
    keys: SecretKeys,
    legacy_salt_fallback: bool,
    clock: Clock,
    signers: RwLock<Vec<Arc<NamedSigner>>>,
}

struct NamedSigner {
    name: Box<str>,
    salt: Box<str>,
    signer: TimestampSigner,
}

impl CookieSigner {
    /// A signer for cookies under `SECRET_KEY` and `SECRET_KEY_FALLBACKS`; the legacy salt is not read, and the time is
    /// the system's.
    pub fn new(keys: impl Into<SecretKeys>) -> Self {
        let keys = keys.into();
        // An empty fallback would become a key that everybody knows.
        let older: Vec<_> = keys.older().iter().filter(|key| !key.is_empty()).cloned().collect();
        let keys = SecretKeys::new(keys.current().clone()).fallbacks(older).prefixed(b"django.http.cookies");
        Self::from_parts(keys, false, Clock::default())
    }

    /// Whether values that Django before 5.2.15 signed are read too: `SIGNED_COOKIE_LEGACY_SALT_FALLBACK`, off by
    /// default.
    ///
    /// Their salt runs name and salt together, so a value that was signed for the name `ab` and the salt `c` is also
    /// good for `a` and `bc` (CVE-2026-6873).
    #[must_use]
    pub fn legacy_salt_fallback(self, is_read: bool) -> Self {
        Self::from_parts(self.0.keys.clone(), is_read, self.0.clock.clone())
    }

    /// Sets where the time comes from.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self::from_parts(self.0.keys.clone(), self.0.legacy_salt_fallback, clock)
    }

    fn from_parts(keys: SecretKeys, legacy_salt_fallback: bool, clock: Clock) -> Self {
        Self(Arc::new(Shared { keys, legacy_salt_fallback, clock, signers: RwLock::default() }))
    }

    /// The signed value of the cookie called `name`.
    pub fn sign(&self, name: &str, salt: &str, value: &str) -> String {
        self.sign_at(name, salt, value, None)
    }

    /// As [`sign`](Self::sign), by another clock.
    pub(crate) fn sign_at(&self, name: &str, salt: &str, value: &str, clock: Option<&Clock>) -> String {
        let named = self.signer(name, salt);
        match clock {
            Some(clock) => named.signer.clone().clock(clock.clone()).sign(value),
            None => named.signer.sign(value),
        }
    }

    /// The value that was signed for the cookie called `name`, if it is not older than `max_age`.
    ///
    /// # Errors
    ///
    /// [`SignedCookieError::BadSignature`] if the text was not signed for this name and salt by one of the keys, and
    /// [`SignedCookieError::SignatureExpired`] if it was, too long ago.
    pub fn unsign(
        &self,
        name: &str,
        salt: &str,
        signed: &str,
        max_age: Option<MaxAge>,
    ) -> Result<String, SignedCookieError> {
        let named = self.signer(name, salt);
        let mut result = named.signer.unsign(signed, max_age);
        // An expired value was well signed, so it stays expired.
        if self.0.legacy_salt_fallback && matches!(result, Err(SigningError::BadSignature(_))) {
            result = self.timed(format!("{name}{salt}")).unsign(signed, max_age);
        }
        result.map(str::to_owned).map_err(|error| match error {
            SigningError::SignatureExpired(_) => SignedCookieError::SignatureExpired,
            _ => SignedCookieError::BadSignature,
        })
    }

    /// The signer of a name and a salt, whose keys are derived once.
    fn signer(&self, name: &str, salt: &str) -> Arc<NamedSigner> {
        let is_it = |named: &&Arc<NamedSigner>| *named.name == *name && *named.salt == *salt;
        let kept = self.0.signers.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(named) = kept.iter().find(is_it) {
            return Arc::clone(named);
        }
        drop(kept);
        let named = Arc::new(NamedSigner {
            name: name.into(),
            salt: salt.into(),
            // The length keeps name and salt apart; Python counts code points.
            signer: self.timed(format!("django.http.cookies.v2:{}:{salt}{name}", salt.chars().count())),
        });
        let mut kept = self.0.signers.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_SIGNERS {
            kept.clear();
        }
        kept.push(Arc::clone(&named));
        named
    }

    fn timed(&self, salt: String) -> TimestampSigner {
        TimestampSigner::new(self.0.keys.clone()).salt(salt).clock(self.0.clock.clone())
    }
}

impl fmt::Debug for CookieSigner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CookieSigner")
            .field("legacy_salt_fallback", &self.0.legacy_salt_fallback)
            .field("clock", &self.0.clock)
            .finish_non_exhaustive()
    }
}

/// Why there is no value of a signed cookie.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignedCookieError {
    /// The cookie did not come with the request: Python's `KeyError`.
    Missing,
    /// The value was not signed for this cookie and salt, or with another key.
    BadSignature,
    /// The value was well signed, longer ago than `max_age` allows.
    SignatureExpired,
}

impl fmt::Display for SignedCookieError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Missing => {
                "the signed cookie did not come with the request; give a default if it may be absent"
            }
            Self::BadSignature => {
                "the cookie was not signed for this name and salt with one of the secret keys"
            }
            Self::SignatureExpired => "the signed cookie is older than max_age allows",
        })
    }
}

impl std::error::Error for SignedCookieError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_salts_do_not_pile_up() {
        let signer = CookieSigner::new("secret");
        let first = signer.sign("s", "0", "v");
        for number in 0..1000 {
            signer.sign("s", &number.to_string(), "v");
        }
        assert!(signer.0.signers.read().unwrap().len() <= KEPT_SIGNERS);
        assert_eq!(signer.unsign("s", "0", &first, None).as_deref(), Ok("v"));
    }
}
