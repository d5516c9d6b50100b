//! What the modules promise, from outside.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(feature = "auth")]
mod passwords;
