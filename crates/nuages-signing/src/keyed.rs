//! HMAC under a key derived from a salt and a secret.

use blake2::{Blake2b512, Blake2s256};
use hmac::{
    Hmac, KeyInit, Mac, SimpleHmac,
    digest::{Digest, common::Key},
};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};
use zeroize::Zeroize;

use crate::Algorithm;

/// The longest output of any [`Algorithm`], in bytes.
pub(crate) const LONGEST: usize = 64;

/// The HMAC of `value` under the key `hash(key_salt + secret)` (`django.utils.crypto.salted_hmac`).
///
/// Give each use a `key_salt` of its own. Django's default algorithm here is SHA-1.
///
/// ```
/// use nuages_signing::{Algorithm, salted_hmac};
///
/// let mac = salted_hmac(b"salt", b"value", b"secret", Algorithm::Sha256);
/// assert_eq!(mac.len(), 32);
/// ```
#[must_use]
pub fn salted_hmac(
    key_salt: impl AsRef<[u8]>,
    value: impl AsRef<[u8]>,
    secret: impl AsRef<[u8]>,
    algorithm: Algorithm,
) -> Vec<u8> {
    Keyed::new(algorithm, &[key_salt.as_ref()], secret.as_ref()).mac(value.as_ref()).as_bytes().to_vec()
}

/// An HMAC that has taken in its key: two of the four blocks a short message costs are already paid.
#[derive(Clone)]
pub(crate) enum Keyed {
    Sha256(Hmac<Sha256>),
    // Rarer ones are boxed, so that the common one stays small.
    Md5(Box<Hmac<Md5>>),
    Sha1(Box<Hmac<Sha1>>),
    Sha224(Box<Hmac<Sha224>>),
    Sha384(Box<Hmac<Sha384>>),
    Sha512(Box<Hmac<Sha512>>),
    Sha3_224(Box<SimpleHmac<Sha3_224>>),
    Sha3_256(Box<SimpleHmac<Sha3_256>>),
    Sha3_384(Box<SimpleHmac<Sha3_384>>),
    Sha3_512(Box<SimpleHmac<Sha3_512>>),
    Blake2b(Box<SimpleHmac<Blake2b512>>),
    Blake2s(Box<SimpleHmac<Blake2s256>>),
}

impl Keyed {
    pub(crate) fn new(algorithm: Algorithm, salt: &[&[u8]], secret: &[u8]) -> Self {
        match algorithm {
            Algorithm::Md5 => Self::Md5(Box::new(derive::<Md5, _>(salt, secret))),
            Algorithm::Sha1 => Self::Sha1(Box::new(derive::<Sha1, _>(salt, secret))),
            Algorithm::Sha224 => Self::Sha224(Box::new(derive::<Sha224, _>(salt, secret))),
            Algorithm::Sha256 => Self::Sha256(derive::<Sha256, _>(salt, secret)),
            Algorithm::Sha384 => Self::Sha384(Box::new(derive::<Sha384, _>(salt, secret))),
            Algorithm::Sha512 => Self::Sha512(Box::new(derive::<Sha512, _>(salt, secret))),
            Algorithm::Sha3_224 => Self::Sha3_224(Box::new(derive::<Sha3_224, _>(salt, secret))),
            Algorithm::Sha3_256 => Self::Sha3_256(Box::new(derive::<Sha3_256, _>(salt, secret))),
            Algorithm::Sha3_384 => Self::Sha3_384(Box::new(derive::<Sha3_384, _>(salt, secret))),
            Algorithm::Sha3_512 => Self::Sha3_512(Box::new(derive::<Sha3_512, _>(salt, secret))),
            Algorithm::Blake2b => Self::Blake2b(Box::new(derive::<Blake2b512, _>(salt, secret))),
            Algorithm::Blake2s => Self::Blake2s(Box::new(derive::<Blake2s256, _>(salt, secret))),
        }
    }

    pub(crate) fn mac(&self, value: &[u8]) -> MacBytes {
        match self {
            Self::Md5(keyed) => finish(&**keyed, value),
            Self::Sha1(keyed) => finish(&**keyed, value),
            Self::Sha224(keyed) => finish(&**keyed, value),
            Self::Sha256(keyed) => finish(keyed, value),
            Self::Sha384(keyed) => finish(&**keyed, value),
            Self::Sha512(keyed) => finish(&**keyed, value),
            Self::Sha3_224(keyed) => finish(&**keyed, value),
            Self::Sha3_256(keyed) => finish(&**keyed, value),
            Self::Sha3_384(keyed) => finish(&**keyed, value),
            Self::Sha3_512(keyed) => finish(&**keyed, value),
            Self::Blake2b(keyed) => finish(&**keyed, value),
            Self::Blake2s(keyed) => finish(&**keyed, value),
        }
    }
}

fn derive<D: Digest, M: KeyInit>(salt: &[&[u8]], secret: &[u8]) -> M {
    let mut hash = D::new();
    for part in salt {
        hash.update(part);
    }
    hash.update(secret);
    let mut derived = hash.finalize();
    // HMAC pads a key with zeros up to the block, and no digest is longer than its own block.
    let mut key = Key::<M>::default();
    for (slot, byte) in key.iter_mut().zip(&derived) {
        *slot = *byte;
    }
    let keyed = M::new(&key);
    key.as_mut_slice().zeroize();
    derived.as_mut_slice().zeroize();
    keyed
}

fn finish<M: Mac + Clone>(keyed: &M, value: &[u8]) -> MacBytes {
    let output = keyed.clone().chain_update(value).finalize().into_bytes();
    let mut mac = MacBytes { bytes: [0; LONGEST], len: output.len().min(LONGEST) };
    for (slot, byte) in mac.bytes.iter_mut().zip(&output) {
        *slot = *byte;
    }
    mac
}

/// The output of an HMAC, on the stack.
pub(crate) struct MacBytes {
    bytes: [u8; LONGEST],
    len: usize,
}

impl MacBytes {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Recorded from Django: of "salt", "value" and "secret", and the first bytes with texts longer than any block.
    #[test]
    fn agrees_with_django() {
        let cases = [
            (Algorithm::Md5, "94d99eb4c58dd561afb508fa651ad83d", "3b9f11533d7bb141"),
            (Algorithm::Sha1, "a82be9ba6efe61405ee8d2e8a3781c37e103360a", "6167759964f0e016"),
            (
                Algorithm::Sha224,
                "dc5f88ee1dc51d5b28230e2a80bb2ee11f88b3a91696e6c275ef64d0",
                "1e4d3bb6151a0751",
            ),
            (
                Algorithm::Sha256,
                "debaddcd9ecbaab181289870baf8af49b0af0a7050d620d1a63f1e69bd87ceb8",
                "cc446e4680f29ce1",
            ),
            (
                Algorithm::Sha384,
                "bd7732b5241d24d57329103af40bf1b708510c16e0c981a6da8ea67c6c059465\
                 754b0cc1a11f8a18fa93720bede7be6e",
                "e7124fca8dd16b44",
            ),
            (
                Algorithm::Sha512,
                "8bce5eeb3926d0f90c727217746725e26de26d311eb6b34ceceb478f89acb51d\
                 02ba74ed0f9c4f5797b2ae5f020d4b22e7c1409a5ff1d968045026fdc1936e0e",
                "29a01aeacc5c1c3a",
            ),
            (
                Algorithm::Sha3_224,
                "441890d8bbfc0a77a1743c933ac5277bf5562692caf2f4ab0f4e92d1",
                "9d9b950fd2469f5b",
            ),
            (
                Algorithm::Sha3_256,
                "d128fc8172c05e37a2ab178e742fc40fb62c53fb3053622a415c786281888620",
                "df96ceb12d2c30b0",
            ),
            (
                Algorithm::Sha3_384,
                "b33e7af697cd2ed048e599893c8269c23a21c11a4e4a6cd6e7c392e9a72faf8b\
                 69244e169d27f8ff5d7f57735df624e8",
                "aa7486fef0185b75",
            ),
            (
                Algorithm::Sha3_512,
                "0a07af39729402553cc24b0c1b30c3c016e89ea1b1127d58b8958dc82aa34d0f\
                 feaa02cd4ad6341b65b7f1518e43ad66da080ed46beeab2d4a6ea7462eb54919",
                "751b58b419d2a32f",
            ),
            (
                Algorithm::Blake2b,
                "73e544c3cb6e49cf6e04bd6559377877c1244024203b0835513fc608addc021a\
                 715e92564c7c39f6be99f9536b353822b982411265a45026fce5860a7a125ddd",
                "aca281f11070153b",
            ),
            (
                Algorithm::Blake2s,
                "02311f75965f0ca32a8024783c7b6564ca1978099de4b3c0ccb14f2c1696c952",
                "4144ae4efd965bb2",
            ),
        ];
        let (salt, value) = ("s".repeat(300), "v".repeat(300));
        for (algorithm, short, long) in cases {
            assert_eq!(hex(&salted_hmac("salt", "value", "secret", algorithm)), short, "{algorithm}");
            assert!(hex(&salted_hmac(&salt, &value, "secret", algorithm)).starts_with(long), "{algorithm}");
        }
    }

    #[test]
    fn a_keyed_state_can_be_used_again() {
        let keyed = Keyed::new(Algorithm::Sha512, &[b"sa", b"lt"], b"secret");
        for value in [&b"one"[..], b"two", b"one"] {
            assert_eq!(keyed.mac(value).as_bytes(), salted_hmac("salt", value, "secret", Algorithm::Sha512));
        }
    }
}
