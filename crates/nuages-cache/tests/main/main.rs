//! The whole crate from outside: the front, the form of values, and the backends, with locmem against a model.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod front;
mod locmem;
mod model;
mod pickle;
mod serializer;
