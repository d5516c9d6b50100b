//! Values with a signature.

use std::{borrow::Cow, fmt, sync::OnceLock};

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Algorithm, BadSignature, Compress, INFLATE_LIMIT, SecretKey, SecretKeys, SeparatorError, SigningError,
    b64,
    compare::constant_time_compare,
    json::{self, JsonError},
    keyed::{Keyed, LONGEST, MacBytes},
    payload, separator,
};

/// Signs text and checks what was signed (`django.core.signing.Signer`).
///
/// The keys are derived at the first use and kept: make a signer once and share it.
///
/// ```
/// use nuages_signing::{Compress, Signer};
///
/// let signer = Signer::new("key").salt("my.purpose");
/// let signed = signer.sign("hello");
/// assert_eq!(signer.unsign(&signed), Ok("hello"));
/// assert!(Signer::new("key").salt("another").unsign(&signed).is_err());
///
/// let signed = signer.sign_object(&("pen", 3), Compress::No)?;
/// assert_eq!(signer.unsign_object::<(String, u32)>(&signed)?, ("pen".to_owned(), 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Signer {
    keys: SecretKeys,
    salt: Cow<'static, str>,
    separator: Cow<'static, str>,
    algorithm: Algorithm,
    inflate_limit: usize,
    current: OnceLock<Keyed>,
    older: OnceLock<Vec<Keyed>>,
}

impl Signer {
    /// A signer with the salt `django.core.signing.Signer`, the separator `:` and SHA-256.
    ///
    /// An empty key signs as it is, and protects nothing: [`SecretKeys::is_empty`] is for the settings to refuse.
    pub fn new(keys: impl Into<SecretKeys>) -> Self {
        Self::with_salt(keys.into(), "django.core.signing.Signer")
    }

    pub(crate) fn with_salt(keys: SecretKeys, salt: &'static str) -> Self {
        Self {
            keys,
            salt: Cow::Borrowed(salt),
            separator: Cow::Borrowed(":"),
            algorithm: Algorithm::default(),
            inflate_limit: INFLATE_LIMIT,
            current: OnceLock::new(),
            older: OnceLock::new(),
        }
    }

    /// Sets the salt: a name for the purpose, so that a value signed for another one is refused.
    /// An empty salt leaves the default, as in Django.
    #[must_use]
    pub fn salt(mut self, salt: impl Into<String>) -> Self {
        let salt = salt.into();
        if !salt.is_empty() {
            self.salt = Cow::Owned(salt);
            self.forget_derived();
        }
        self
    }

    /// Sets the text between value and signature.
    ///
    /// # Errors
    ///
    /// [`SeparatorError`] if the text is empty or could be part of a signature.
    pub fn sep(mut self, separator: &str) -> Result<Self, SeparatorError> {
        separator::check(separator)?;
        self.separator = Cow::Owned(separator.to_owned());
        Ok(self)
    }

    /// Sets the hash function.
    #[must_use]
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self.forget_derived();
        self
    }

    /// Sets the bytes that a compressed object may inflate to; [`INFLATE_LIMIT`] by default.
    #[must_use]
    pub fn inflate_limit(mut self, bytes: usize) -> Self {
        self.inflate_limit = bytes;
        self
    }

    /// The signature of a value under the current key: base64 without padding.
    pub fn signature(&self, value: &str) -> String {
        let mut signature = String::new();
        b64::push(&mut signature, self.current().mac(value.as_bytes()).as_bytes());
        signature
    }

    /// The value, the separator, and the signature.
    pub fn sign(&self, value: &str) -> String {
        let mut signed = String::with_capacity(value.len().saturating_add(self.overhead()));
        signed.push_str(value);
        self.finish(signed)
    }

    /// The value of a signed text, if its signature is good under the current or an older key.
    ///
    /// # Errors
    ///
    /// [`BadSignature`] if there is no separator or no key gives this signature.
    pub fn unsign<'a>(&self, signed: &'a str) -> Result<&'a str, BadSignature> {
        let (value, signature) = self.split(signed).ok_or(BadSignature::NoSeparator)?;
        let good = |keyed: &Keyed| matches(&keyed.mac(value.as_bytes()), signature);
        if good(self.current()) || self.older().iter().any(good) {
            Ok(value)
        } else {
            Err(BadSignature::Mismatch)
        }
    }

    /// Signs any value as URL-safe text: base64 of its JSON, as Python writes it.
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
    /// [`SigningError::BadSignature`], or [`SigningError::Decode`] if a well signed payload cannot be read.
    pub fn unsign_object<T: DeserializeOwned>(&self, signed: &str) -> Result<T, SigningError> {
        Ok(payload::from_json(&self.unsign_bytes(signed)?)?)
    }

    /// Signs bytes of any serializer as URL-safe text (`sign_object` with a `serializer` of your own).
    pub fn sign_bytes(&self, data: &[u8], compress: Compress) -> String {
        self.finish(self.payload(data, compress))
    }

    /// Reads what [`sign_bytes`](Self::sign_bytes) wrote.
    ///
    /// # Errors
    ///
    /// [`SigningError::BadSignature`], or [`SigningError::Decode`] if a well signed payload cannot be read.
    pub fn unsign_bytes(&self, signed: &str) -> Result<Vec<u8>, SigningError> {
        self.read_payload(self.unsign(signed)?)
    }

    /// What stands before and after the last separator.
    pub(crate) fn split<'a>(&self, text: &'a str) -> Option<(&'a str, &'a str)> {
        match self.separator() {
            // The usual one, without the set-up of a search for any text.
            ":" => text.rsplit_once(':'),
            separator => text.rsplit_once(separator),
        }
    }

    pub(crate) fn separator(&self) -> &str {
        &self.separator
    }

    /// The payload of `data`, with room for a time and a signature.
    pub(crate) fn payload(&self, data: &[u8], compress: Compress) -> String {
        // Base64 makes four characters of three bytes.
        let length = data.len().div_ceil(3).saturating_mul(4);
        let mut text = String::with_capacity(length.saturating_add(self.overhead()));
        payload::push(&mut text, data, compress);
        text
    }

    pub(crate) fn read_payload(&self, payload: &str) -> Result<Vec<u8>, SigningError> {
        Ok(payload::read(payload, self.inflate_limit)?)
    }

    /// Appends separator and signature.
    pub(crate) fn finish(&self, mut value: String) -> String {
        let mac = self.current().mac(value.as_bytes());
        value.push_str(self.separator());
        b64::push(&mut value, mac.as_bytes());
        value
    }

    /// Characters that signing adds at most: two separators, a time, and the longest signature.
    pub(crate) fn overhead(&self) -> usize {
        let signature = if self.algorithm == Algorithm::Sha256 { 43 } else { SIGNATURE };
        self.separator.len().saturating_mul(2).saturating_add(12).saturating_add(signature)
    }

    fn current(&self) -> &Keyed {
        self.current.get_or_init(|| self.derive(self.keys.current()))
    }

    fn older(&self) -> &[Keyed] {
        // An empty fallback stands for the current key in Django, and that one was tried.
        let keys = self.keys.older().iter().filter(|key| !key.is_empty());
        self.older.get_or_init(|| keys.map(|key| self.derive(key)).collect())
    }

    fn derive(&self, key: &SecretKey) -> Keyed {
        Keyed::new(self.algorithm, &[self.salt.as_bytes(), b"signer"], key.as_bytes())
    }

    fn forget_derived(&mut self) {
        self.current = OnceLock::new();
        self.older = OnceLock::new();
    }
}

/// The longest signature in characters.
const SIGNATURE: usize = LONGEST.div_ceil(3) * 4;

fn matches(mac: &MacBytes, signature: &str) -> bool {
    let mut buffer = [0_u8; SIGNATURE];
    b64::encode_into(mac.as_bytes(), &mut buffer)
        .is_some_and(|expected| constant_time_compare(expected, signature.as_bytes()))
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("salt", &self.salt)
            .field("sep", &self.separator)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_the_last_separator() {
        let signer = Signer::new("key").sep("::").unwrap();
        let signed = signer.sign("a:::b:");
        assert_eq!(signer.unsign(&signed), Ok("a:::b:"));
        assert_eq!(signer.unsign("a:b"), Err(BadSignature::NoSeparator));
    }

    #[test]
    fn options_after_a_signature_count() {
        let signer = Signer::new("key");
        let plain = signer.sign("v");
        let salted = signer.clone().salt("other").sign("v");
        let sha1 = signer.clone().algorithm(Algorithm::Sha1).sign("v");
        assert_eq!(salted, Signer::new("key").salt("other").sign("v"));
        assert_eq!(sha1.len(), "v:".len() + 27);
        assert_eq!(signer.clone().salt("").sign("v"), plain);
    }

    #[test]
    fn an_empty_fallback_opens_nothing() {
        let signed = Signer::new("").sign("v");
        let signer = Signer::new(SecretKeys::new("key").fallbacks(["", "old"]));
        assert_eq!(signer.unsign(&signed), Err(BadSignature::Mismatch));
        assert_eq!(signer.unsign(&Signer::new("old").sign("v")), Ok("v"));
    }

    #[test]
    fn debug_hides_the_key() {
        let signer = Signer::new("hush");
        signer.sign("v");
        let printed = format!("{signer:?}");
        assert!(printed.contains("django.core.signing.Signer") && !printed.contains("hush"), "{printed}");
    }
}
