//! Signed texts and stored sessions: nobody without the key gets anything accepted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_sessions::SessionCodec;
use nuages_signing::{SecretKeys, Signer, TimestampSigner, loads};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let keys = SecretKeys::from("fuzz: a key that no input knows");
    assert!(loads::<serde_json::Value>(text, keys.clone(), None).is_err());
    assert!(Signer::new(keys.clone()).unsign(text).is_err());
    assert!(TimestampSigner::new(keys.clone()).unsign(text, None).is_err());
    let signer = Signer::new(keys.clone());
    assert_eq!(signer.unsign(&signer.sign(text)).ok(), Some(text));
    let _corrupt = SessionCodec::new(keys).decode(text);
});
