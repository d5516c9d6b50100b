//! Django's signing: signed, timestamped and compressed values under one secret key.
//!
//! A signed value is readable by everyone and writable by nobody without the key. The texts are those of
//! Django 5.2's `django.core.signing`: with the same `SECRET_KEY` and salt each side reads what the other wrote.
//!
//! ```
//! use nuages_signing::{BadSignature, Signer};
//!
//! let signer = Signer::new("my secret key");
//! let signed = signer.sign("hello");
//! assert_eq!(signer.unsign(&signed), Ok("hello"));
//! assert_eq!(signer.unsign("hello:forged"), Err(BadSignature::Mismatch));
//! ```
//!
//! - [`Signer`] signs text, [`TimestampSigner`] signs it with the time, and both sign any [`serde`] value.
//! - [`dumps`] and [`loads`] are the short form of the latter, with Django's default salt.
//! - [`SecretKeys`] is `SECRET_KEY` with its `SECRET_KEY_FALLBACKS`: old keys are read, the current one writes.
//! - [`json`] writes JSON exactly as Python does, since it is the text that gets signed.
//! - [`salted_hmac`], [`constant_time_compare`], [`get_random_string`] are those of `django.utils.crypto`.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod algorithm;
pub mod b62;
mod b64;
mod clock;
mod compare;
mod dumps;
mod error;
pub mod json;
mod keyed;
mod keys;
mod max_age;
mod payload;
mod random;
mod separator;
mod signer;
mod timestamp;

pub use algorithm::{Algorithm, InvalidAlgorithm};
pub use clock::Clock;
pub use compare::constant_time_compare;
pub use dumps::{DUMPS_SALT, dumps, loads};
pub use error::{BadSignature, BadTimestamp, DecodeError, SignatureExpired, SigningError};
pub use keyed::salted_hmac;
pub use keys::{SecretKey, SecretKeys};
pub use max_age::MaxAge;
pub use payload::{Compress, INFLATE_LIMIT};
pub use random::{RANDOM_STRING_CHARS, get_random_string};
pub use separator::SeparatorError;
pub use signer::Signer;
pub use timestamp::TimestampSigner;
