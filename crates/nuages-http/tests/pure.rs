//! The tests of the pure functions as a binary of their own, until `main.rs` has them as a module.

#[path = "pure/mod.rs"]
mod pure;
