//! The tests of nuages-sessions that need stores.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod bench;
mod cached_db;
mod damage;
mod engines;
mod laws;
mod lifetime;
mod lock;
mod matrix;
mod operations;
mod outage;
mod play;
mod processes;
mod requests;
mod vectors;
