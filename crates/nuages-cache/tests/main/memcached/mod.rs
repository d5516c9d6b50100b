//! The memcached backend on real servers.

mod faults;
mod operations;
mod servers;

use bytes::Bytes;
use nuages_cache::MemcachedCache;
use test_servers::Memcached;

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

fn connect(server: &Memcached) -> MemcachedCache {
    MemcachedCache::new([server.address().to_string().as_str()]).unwrap()
}
