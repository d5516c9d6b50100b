//! The server against raw sockets: what hyper refuses, what this crate refuses, and how both end.
//!
//! Rows of the tables carry the number of their case in the project's list of attacks.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the helpers of tests stand outside of test functions"
)]

mod bodies;
mod child;
mod client;
mod draining;
mod frames;
mod framing;
mod heads;
mod hosts;
mod http2;
mod leaving;
mod listening;
mod site;
mod slowness;
