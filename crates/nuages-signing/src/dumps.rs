//! The short forms: one object, one signed text.

use serde::{Serialize, de::DeserializeOwned};

use crate::{Compress, MaxAge, SecretKeys, SigningError, TimestampSigner, json::JsonError};

/// The salt of [`dumps`] and [`loads`].
pub const DUMPS_SALT: &str = "django.core.signing";

/// Signs any value as URL-safe text that carries its time (`django.core.signing.dumps`).
///
/// For another salt, algorithm or clock use [`TimestampSigner::sign_object`] with [`DUMPS_SALT`] or a salt of your own.
///
/// ```
/// use nuages_signing::{Compress, dumps, loads};
///
/// let text = dumps(&["a", "b"], "key", Compress::No)?;
/// assert!(text.starts_with("WyJhIiwiYiJd:"));
/// let value: Vec<String> = loads(&text, "key", Some(60.into()))?;
/// assert_eq!(value, ["a", "b"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`JsonError`] if the value cannot be written as JSON.
pub fn dumps<T: Serialize + ?Sized>(
    value: &T,
    keys: impl Into<SecretKeys>,
    compress: Compress,
) -> Result<String, JsonError> {
    TimestampSigner::new(keys).salt(DUMPS_SALT).sign_object(value, compress)
}

/// Reads what [`dumps`] wrote, if its signature is good and not older than `max_age`
/// (`django.core.signing.loads`).
///
/// # Errors
///
/// As [`TimestampSigner::unsign_object`].
pub fn loads<T: DeserializeOwned>(
    signed: &str,
    keys: impl Into<SecretKeys>,
    max_age: Option<MaxAge>,
) -> Result<T, SigningError> {
    TimestampSigner::new(keys).salt(DUMPS_SALT).unsign_object(signed, max_age)
}
