//! Private servers for tests.
//!
//! Each runs on a loopback port of its own, with its data in a temporary folder, and ends when its value is dropped
//! or the test's process dies, however that happens. Nothing that runs on the machine already is used or disturbed.
//!
//! | type | server | Debian package |
//! | --- | --- | --- |
//! | [`Redis`], [`RedisCluster`], [`Sentinel`] | redis-server | `redis-server` |
//! | [`Memcached`] | memcached | `memcached` |
//! | [`Postgres`] | postgres | `postgresql` |
//! | [`MariaDb`] | mariadbd | `mariadb-server` |
//!
//! Every one of them derefs to [`Server`], which can stop, kill, freeze and restart it. It works as root, where the
//! servers that refuse root run as their packages' users, and as anybody else.
//!
//! A [`Proxy`] in front of one misbehaves as it is told.
//!
//! ```
//! use test_servers::Redis;
//!
//! let redis = Redis::start();
//! assert!(redis.url().starts_with("redis://127.0.0.1:"));
//! assert_eq!(redis.command(&["SET", "a", "1"]), "OK");
//! redis.restart();
//! ```
//!
//! # Panics
//!
//! Everything here is for tests, so what goes wrong panics and says why: a program that is not installed names the
//! package that has it.
#![expect(
    clippy::panic,
    clippy::expect_used,
    reason = "for tests: a server that does not start ends the test"
)]

mod account;
mod certificates;
mod mariadb;
mod memcached;
mod port;
mod postgres;
mod process;
mod program;
mod proxy;
mod redis;
mod redis_cluster;
mod resp;
mod sentinel;
mod server;
mod small_disk;
mod template;
mod watch;

pub use certificates::Certificates;
pub use mariadb::MariaDb;
pub use memcached::Memcached;
pub use postgres::Postgres;
pub use proxy::{Behaviour, Proxy};
pub use redis::Redis;
pub use redis_cluster::RedisCluster;
pub use sentinel::Sentinel;
pub use server::Server;
pub use small_disk::{empty_disk, fill_disk, small_disk};
