//! All integration tests of the crate, in one binary.

mod laws;
mod mistakes;
mod recorded;
