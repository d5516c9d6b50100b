//! The crate from outside: requests, responses, and the pure functions against Django's recorded answers.

#![expect(clippy::unwrap_used, reason = "what fails in a function beside a test fails the test")]

mod pure;
mod request;
mod response;
mod uploads;
