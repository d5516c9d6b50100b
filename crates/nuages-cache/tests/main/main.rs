//! The whole crate from outside: the front, the form of values, and the backends, with locmem against a model.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[cfg(feature = "db")]
mod db;
mod file;
mod front;
mod locmem;
#[cfg(feature = "memcached")]
mod memcached;
mod model;
#[cfg(any(feature = "memcached", feature = "redis"))]
mod outage;
mod pickle;
#[cfg(feature = "redis")]
mod redis;
mod serializer;
