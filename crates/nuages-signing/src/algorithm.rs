//! The hash functions a signer can use.

use std::{error, fmt, str::FromStr};

/// A hash function by its `hashlib` name, every one that Django's signers accept; SHA-256 unless told otherwise, as in Django's `Signer`.
///
/// The algorithm is the signer's and never the token's: nothing in a signed value can choose it.
///
/// ```
/// use nuages_signing::Algorithm;
///
/// assert_eq!("sha512".parse(), Ok(Algorithm::Sha512));
/// assert_eq!(Algorithm::default().name(), "sha256");
/// assert!("whatever".parse::<Algorithm>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// `md5`: for values signed long ago.
    Md5,
    /// `sha1`: the default of Django's `salted_hmac`.
    Sha1,
    /// `sha224`
    Sha224,
    /// `sha256`: the default of Django's `Signer`.
    #[default]
    Sha256,
    /// `sha384`
    Sha384,
    /// `sha512`
    Sha512,
    /// `sha3_224`
    Sha3_224,
    /// `sha3_256`
    Sha3_256,
    /// `sha3_384`
    Sha3_384,
    /// `sha3_512`
    Sha3_512,
    /// `blake2b` with its full 64 bytes.
    Blake2b,
    /// `blake2s` with its full 32 bytes.
    Blake2s,
}

impl Algorithm {
    const ALL: [Self; 12] = [
        Self::Md5,
        Self::Sha1,
        Self::Sha224,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
        Self::Sha3_224,
        Self::Sha3_256,
        Self::Sha3_384,
        Self::Sha3_512,
        Self::Blake2b,
        Self::Blake2s,
    ];

    /// The name that Python's `hashlib` has for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha224 => "sha224",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
            Self::Sha3_224 => "sha3_224",
            Self::Sha3_256 => "sha3_256",
            Self::Sha3_384 => "sha3_384",
            Self::Sha3_512 => "sha3_512",
            Self::Blake2b => "blake2b",
            Self::Blake2s => "blake2s",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = InvalidAlgorithm;

    /// Reads a `hashlib` name. Case counts, as it does in Python.
    fn from_str(name: &str) -> Result<Self, InvalidAlgorithm> {
        let known = Self::ALL.into_iter().find(|algorithm| algorithm.name() == name);
        known.ok_or_else(|| InvalidAlgorithm { name: name.to_owned() })
    }
}

/// The name is not one of a hash function (`django.utils.crypto.InvalidAlgorithm`).
///
/// ```
/// use nuages_signing::{Algorithm, InvalidAlgorithm};
///
/// let error: InvalidAlgorithm = "SHA-256".parse::<Algorithm>().unwrap_err();
/// assert!(error.to_string().starts_with("\"SHA-256\" is not a known hash algorithm; use one of md5, sha1"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidAlgorithm {
    name: String,
}

impl fmt::Display for InvalidAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a known hash algorithm; use one of", self.name)?;
        for (index, algorithm) in Algorithm::ALL.iter().enumerate() {
            write!(f, "{} {algorithm}", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl error::Error for InvalidAlgorithm {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.name().parse(), Ok(algorithm));
        }
    }

    #[test]
    fn unknown_names_are_refused() {
        for name in ["", "SHA256", "sha3-256", "sha512_256", "new", "whatever", "shake_128"] {
            let error = name.parse::<Algorithm>().unwrap_err();
            assert!(error.to_string().contains(name) && error.to_string().contains("sha256"), "{error}");
        }
    }
}
