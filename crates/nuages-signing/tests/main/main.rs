//! The crate from outside: what Django and Python recorded, and the laws that hold for any input.

#![expect(clippy::unwrap_used, reason = "what fails in a function beside a test fails the test")]

mod json_vectors;
mod laws;
mod vectors;
