//! Settings as a value.

use nuages::prelude::*;

// ANCHOR: settings
/// Settings are a plain struct: a program that needs no file makes them by itself.
pub fn settings_in_code() -> Settings {
    Settings {
        SECRET_KEY: "read from a vault, say".into(),
        ALLOWED_HOSTS: vec!["www.example.com".to_owned()],
        SESSION_ENGINE: "cached_db".to_owned(),
        SESSION_COOKIE_AGE: 3600,
        ..Settings::default()
    }
}
// ANCHOR_END: settings
