//! Django's cache framework: one interface, typed values, backends by URL.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! use std::time::Duration;
//! use nuages_cache::{CacheFront, DEFAULT_TIMEOUT, Timeout};
//!
//! let cache = CacheFront::connect("locmem://")?;
//! cache.set("greeting", "hello", Duration::from_secs(30)).await?;
//! assert_eq!(cache.get::<String>("greeting").await?.as_deref(), Some("hello"));
//!
//! cache.set("visits", &1, DEFAULT_TIMEOUT).await?; // 300 s
//! assert_eq!(cache.incr("visits", 1).await?, 2);
//! cache.touch("visits", Timeout::Never).await?;
//!
//! // Django's version= argument is a view on the same cache.
//! assert_eq!(cache.version(2).get::<u32>("visits").await?, None);
//! # Ok::<_, nuages_cache::CacheError>(()) }).unwrap();
//! ```
//!
//! [`CacheFront`] is what an application uses (Django's `cache`), [`Caches`] holds several by alias (Django's
//! `caches`), and [`Cache`] is what a backend implements; the [module about backends](backend) tells how.
//! Besides Django's operations every backend can replace a value only if it is there, and only if it is still
//! what was seen: that is what sessions are saved with.

pub mod backend;
mod caches;
mod config;
#[cfg(feature = "db")]
mod db;
mod dummy;
mod dyn_cache;
mod error;
mod file;
mod front;
mod integer;
mod key;
mod locmem;
#[cfg(feature = "memcached")]
mod memcached;
mod open;
pub mod pickle;
mod pickled;
#[cfg(feature = "redis")]
mod redis;
mod serializer;
pub mod suite;
mod timeout;

#[cfg(feature = "redis")]
pub use self::redis::RedisCache;
pub use backend::{Cache, Cas, KeyPolicy, Token};
pub use caches::{Caches, DEFAULT_CACHE_ALIAS};
pub use config::{CacheBackend, CacheConfig};
#[cfg(feature = "db")]
pub use db::DbCache;
pub use dummy::DummyCache;
pub use dyn_cache::DynCache;
pub use error::{CacheError, CacheErrorKind};
pub use file::FileCache;
pub use front::CacheFront;
pub use key::{MAX_KEY_LENGTH, default_key_function};
pub use locmem::LocmemCache;
#[cfg(feature = "memcached")]
pub use memcached::MemcachedCache;
pub use serializer::Serializer;
pub use timeout::{DEFAULT_TIMEOUT, DefaultTimeout, Timeout, TimeoutChoice};
