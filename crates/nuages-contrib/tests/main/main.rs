//! The tests of nuages-contrib.

#![expect(clippy::unwrap_used, reason = "what fails in a function beside a test fails the test")]

mod collecting;
mod message_laws;
mod messages;
mod passwords;
mod serving;
