//! The attack list and the races, against the whole stack: a real server, real stores, raw sockets.
//!
//! Tests and their rows carry the number of their case in the project's list of attacks; `README.md` has the whole list.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests stand outside of test functions"
)]

mod absent;
mod broken;
mod cases;
mod client;
mod clocks;
mod cookies;
mod crowd;
mod csrf;
mod errors;
mod framing;
mod full_disk;
mod hosts;
mod killing;
mod leaving;
mod logs;
mod long;
mod page_cache;
mod panics;
mod paths;
mod process;
mod protected;
mod races;
mod redirects;
mod running;
mod sessions;
mod signing;
mod static_files;
mod stopping;
mod uploads;
mod vanishing;
mod watched;
