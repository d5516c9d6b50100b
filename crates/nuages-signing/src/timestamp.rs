//! Values with a time and a signature.

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Algorithm, BadTimestamp, Clock, Compress, MaxAge, SecretKeys, SeparatorError, SignatureExpired, Signer,
    SigningError,
    b62::{self, B62Error},
    json::{self, JsonError},
    payload,
};

/// Signs text together with the time, so that it can expire (`django.core.signing.TimestampSigner`).
///
/// ```
/// use nuages_signing::{Clock, Compress, SigningError, TimestampSigner};
///
/// let signer = TimestampSigner::new("key");
/// let signed = signer.clone().clock(Clock::at(1_700_000_000.0)).sign("hello");
/// assert_eq!(signer.unsign(&signed, None).unwrap(), "hello");
/// let expired = signer.unsign(&signed, Some(60.into()));
/// assert!(matches!(expired, Err(SigningError::SignatureExpired(_))));
///
/// let signed = signer.sign_object(&("pen", 3), Compress::No)?;
/// let cart: (String, u32) = signer.unsign_object(&signed, Some(60.into()))?;
/// assert_eq!(cart, ("pen".to_owned(), 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A time in the future has a negative age and is good, as in Django: only a holder of the key can write it.
#[derive(Clone, Debug)]
pub struct TimestampSigner {
    signer: Signer,
    clock: Clock,
}

impl TimestampSigner {
    /// A signer with the salt `django.core.signing.TimestampSigner`, the separator `:`, SHA-256 and the system's
    /// clock.
    pub fn new(keys: impl Into<SecretKeys>) -> Self {
        let signer = Signer::with_salt(keys.into(), "django.core.signing.TimestampSigner");
        Self { signer, clock: Clock::system() }
    }

    /// Sets the salt, as [`Signer::salt`].
    #[must_use]
    pub fn salt(self, salt: impl Into<String>) -> Self {
        Self { signer: self.signer.salt(salt), ..self }
    }

    /// Sets the separator, as [`Signer::sep`].
    ///
    /// # Errors
    ///
    /// [`SeparatorError`] if the text is empty or could be part of a signature.
    pub fn sep(self, separator: &str) -> Result<Self, SeparatorError> {
        Ok(Self { signer: self.signer.sep(separator)?, ..self })
    }

    /// Sets the hash function.
    #[must_use]
    pub fn algorithm(self, algorithm: Algorithm) -> Self {
        Self { signer: self.signer.algorithm(algorithm), ..self }
    }

    /// Sets the bytes that a compressed object may inflate to, as [`Signer::inflate_limit`].
    #[must_use]
    pub fn inflate_limit(self, bytes: usize) -> Self {
        Self { signer: self.signer.inflate_limit(bytes), ..self }
    }

    /// Sets where the time comes from.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The current time in whole seconds and base 62, as it is signed.
    pub fn timestamp(&self) -> String {
        b62::encode(self.now())
    }

    /// The value, the time and the signature, with separators between.
    pub fn sign(&self, value: &str) -> String {
        let mut text = String::with_capacity(value.len().saturating_add(self.signer.overhead()));
        text.push_str(value);
        self.finish(text)
    }

    /// The value of a signed text, if its signature is good and not older than `max_age`.
    ///
    /// # Errors
    ///
    /// [`SigningError::BadSignature`] before anything else; then [`SigningError::BadTimestamp`] if a well signed
    /// text holds no time, and [`SigningError::SignatureExpired`] if it is older than `max_age`.
    pub fn unsign<'a>(&self, signed: &'a str, max_age: Option<MaxAge>) -> Result<&'a str, SigningError> {
        let timed = self.signer.unsign(signed)?;
        let (value, timestamp) = self.signer.split(timed).ok_or(BadTimestamp::Missing)?;
        let timestamp = b62::decode_f64(timestamp).map_err(|error| match error {
            B62Error::Empty => BadTimestamp::Empty,
            B62Error::Digit => BadTimestamp::Digit,
            B62Error::TooLarge => BadTimestamp::TooLarge,
        })?;
        let Some(max_age) = max_age else { return Ok(value) };
        if timestamp.is_infinite() {
            return Err(BadTimestamp::TooLarge.into());
        }
        let age = self.clock.now() - timestamp;
        if max_age.allows(age) {
            Ok(value)
        } else {
            Err(SignatureExpired { age, max_age: max_age.seconds() }.into())
        }
    }

    /// Signs any value with the time, as [`Signer::sign_object`].
    ///
    /// # Errors
    ///
    /// [`JsonError`] if the value cannot be written as JSON.
    pub fn sign_object<T: Serialize + ?Sized>(
        &self,
        value: &T,
        compress: Compress,
    ) -> Result<String, JsonError> {
        Ok(self.sign_bytes(json::to_string(value)?.as_bytes(), compress))
    }

    /// Reads what [`sign_object`](Self::sign_object) wrote.
    ///
    /// # Errors
    ///
    /// As [`unsign`](Self::unsign), or [`SigningError::Decode`] if a well signed payload cannot be read.
    pub fn unsign_object<T: DeserializeOwned>(
        &self,
        signed: &str,
        max_age: Option<MaxAge>,
    ) -> Result<T, SigningError> {
        Ok(payload::from_json(&self.unsign_bytes(signed, max_age)?)?)
    }

    /// Signs bytes of any serializer with the time, as [`Signer::sign_bytes`].
    pub fn sign_bytes(&self, data: &[u8], compress: Compress) -> String {
        self.finish(self.signer.payload(data, compress))
    }

    /// Reads what [`sign_bytes`](Self::sign_bytes) wrote.
    ///
    /// # Errors
    ///
    /// As [`unsign`](Self::unsign), or [`SigningError::Decode`] if a well signed payload cannot be read.
    pub fn unsign_bytes(&self, signed: &str, max_age: Option<MaxAge>) -> Result<Vec<u8>, SigningError> {
        self.signer.read_payload(self.unsign(signed, max_age)?)
    }

    fn finish(&self, mut text: String) -> String {
        text.push_str(self.signer.separator());
        b62::push(&mut text, self.now());
        self.signer.finish(text)
    }

    fn now(&self) -> i64 {
        // A cast cuts towards zero, as Python's int() does, and stays within bounds.
        self.clock.now() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a plain signer with our salt can make, and how Django answers.
    #[test]
    fn odd_timestamps_are_answered_as_in_django() {
        use BadTimestamp::{Digit, Empty, Missing, TooLarge};
        let signer = TimestampSigner::new("key").clock(Clock::at(1e9));
        let forge = Signer::new("key").salt("django.core.signing.TimestampSigner");
        let (long, huge) = ("z".repeat(60), "z".repeat(400));
        let cases = [
            ("v:", Some(Empty), Some(Empty)),
            ("v:!", Some(Digit), Some(Digit)),
            ("v:--1", Some(Digit), Some(Digit)),
            ("v:é", Some(Digit), Some(Digit)),
            ("no time", Some(Missing), Some(Missing)),
            (&format!("v:{long}"), None, None),
            (&format!("v:{huge}"), None, Some(TooLarge)),
            (&format!("v:-{huge}"), None, Some(TooLarge)),
        ];
        let kind = |result: Result<&str, SigningError>| match result {
            Ok("v") => None,
            Err(SigningError::BadTimestamp(kind)) => Some(kind),
            other => panic!("{other:?}"),
        };
        for (text, without_age, with_age) in cases {
            let signed = forge.sign(text);
            assert_eq!(kind(signer.unsign(&signed, None)), without_age, "{text}");
            assert_eq!(kind(signer.unsign(&signed, Some(10.into()))), with_age, "{text}");
        }
        for text in ["v:-", "v:0", "v:00", "v:-0", "v:-1"] {
            let signed = forge.sign(text);
            assert_eq!(signer.unsign(&signed, None).unwrap(), "v");
            let expired = signer.unsign(&signed, Some(10.into()));
            assert!(matches!(expired, Err(SigningError::SignatureExpired(_))), "{text} {expired:?}");
            assert_eq!(signer.unsign(&signed, Some(f64::INFINITY.into())).unwrap(), "v");
        }
    }

    #[test]
    fn odd_clocks_do_not_break_signing() {
        for (now, start) in [(-1.9, "v:-1:"), (0.9, "v:0:"), (f64::NAN, "v:0:"), (1e300, "v:AzL8n0Y58m7:")] {
            let signer = TimestampSigner::new("key").clock(Clock::at(now));
            let signed = signer.sign("v");
            assert!(signed.starts_with(start), "{signed}");
            assert_eq!(signer.unsign(&signed, None).unwrap(), "v");
        }
    }

    #[test]
    fn the_signature_is_checked_before_the_time() {
        let signer = TimestampSigner::new("key").clock(Clock::at(0.0));
        let signed = signer.sign("v");
        let later = signer.clock(Clock::at(1e9));
        assert!(matches!(
            later.unsign(&format!("{signed}x"), Some(1.into())),
            Err(SigningError::BadSignature(_))
        ));
        assert!(matches!(later.unsign(&signed, Some(1.into())), Err(SigningError::SignatureExpired(_))));
    }
}
