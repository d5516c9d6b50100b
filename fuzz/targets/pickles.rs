//! Django's pickles in caches: only plain data comes out, and what came out can be written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_cache::pickle::{Value, from_bytes};

fuzz_target!(|data: &[u8]| {
    let Ok(value) = Value::from_bytes(data) else { return };
    let _typed = from_bytes::<serde_json::Value>(data);
    let written = value.to_bytes().expect("what was read can be written");
    let again = Value::from_bytes(&written).expect("what was written can be read");
    assert_eq!(format!("{value:?}"), format!("{again:?}"));
});
