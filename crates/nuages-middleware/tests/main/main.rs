//! The chain and the built-in middleware, from outside.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod allocations;
mod builtin;
mod compression;
mod decorators;
mod onion;
mod stage;
