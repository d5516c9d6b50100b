//! The tests of nuages-contrib.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod message_laws;
mod messages;
