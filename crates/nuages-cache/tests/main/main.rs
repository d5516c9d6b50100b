//! The whole crate from outside: the front, and locmem against a model and under many tasks.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod front;
mod locmem;
mod model;
