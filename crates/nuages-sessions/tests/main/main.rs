//! The tests of nuages-sessions that need stores.

mod bench;
mod engines;
mod operations;
mod play;
mod vectors;
