//! QueryDict, encodings and the pure functions of the HTTP layer: against recorded answers of Django, and by laws.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed helper fails its test")]

mod encodings;
mod headers;
mod laws;
mod query;
mod text;
mod urls;

use std::sync::LazyLock;

use serde_json::Value;

/// What record_django_pure.py recorded.
static DJANGO: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../vectors/django_pure.json")).expect("the file is JSON")
});

/// Plays every recorded case of a function, each an input and an outcome: `{"value"}` or `{"error"}`.
#[track_caller]
fn play(function: &str, call: impl Fn(&Value) -> Value) {
    let cases = DJANGO[function].as_array().expect("the function was recorded");
    assert!(!cases.is_empty());
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let (input, expected) = (&case[0], &case[1]);
            let answer = call(input);
            (answer != *expected).then(|| format!("{input}\n  Django {expected}\n  nuages {answer}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{function}: {} of {} cases\n{}",
        wrong.len(),
        cases.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
}

fn value(value: impl Into<Value>) -> Value {
    serde_json::json!({ "value": value.into() })
}

fn error(name: &str) -> Value {
    // The reference calls every failed codec by one name.
    let name = if name.starts_with("Unicode") { "DecodeError" } else { name };
    serde_json::json!({ "error": name })
}

fn string(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().expect("an array").iter().map(string).collect()
}

fn base64(value: &Value) -> Vec<u8> {
    nuages_http::urlsafe_base64::urlsafe_base64_decode(string(value)).expect("base64")
}
