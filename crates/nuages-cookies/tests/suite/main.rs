//! The tests of nuages-cookies: recorded answers of Django, the attack list, and laws.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed helper fails its test")]

mod attacks;
mod calls;
mod laws;
mod reading;
mod rules;
mod signed;
mod writing;

use serde_json::Value;

/// A recorded file, with the rows of one section.
fn rows<'a>(file: &'a Value, section: &str) -> &'a Vec<Value> {
    let rows = file[section].as_array().unwrap();
    assert!(!rows.is_empty());
    rows
}

/// A vector file of this crate.
macro_rules! vectors {
    ($name:literal) => {
        serde_json::from_str::<serde_json::Value>(include_str!(concat!("../vectors/", $name, ".json")))
            .unwrap()
    };
}
use vectors;
