//! The Redis backend on real servers.

mod failover;
mod faults;
mod operations;
mod replicas;
mod sentinel;
mod servers;

use bytes::Bytes;
use nuages_cache::RedisCache;
use test_servers::RedisCluster;

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

fn cluster_url(cluster: &RedisCluster) -> String {
    let hosts: Vec<String> = cluster.nodes().iter().map(|node| node.address().to_string()).collect();
    format!("redis+cluster://{}", hosts.join(","))
}

fn connect(url: &str) -> RedisCache {
    RedisCache::new(url).unwrap()
}
