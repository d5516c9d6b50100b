//! A fail-over under Sentinel.

use std::time::{Duration, Instant};

use nuages_cache::{Cache, Timeout};
use test_servers::{Redis, Sentinel};

use super::{bytes, connect};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_new_master_is_found() {
    let primary = Redis::start();
    let replica = Redis::replica_of(&primary);
    let sentinel = Sentinel::start(&primary);
    sentinel.wait_for_replicas(1);
    let cache = connect(&format!("redis+sentinel://{}/{}", sentinel.address(), sentinel.name()));
    cache.set("k", bytes("1"), Timeout::Never).await.unwrap();
    assert_eq!(primary.command(&["WAIT", "1", "5000"]), "1");
    primary.kill();
    let error = cache.set("k", bytes("2"), Timeout::Never).await.unwrap_err();
    assert!(error.is_outage(), "{error:?}");
    sentinel.wait_for_primary(&replica);
    let begun = Instant::now();
    while cache.set("k", bytes("2"), Timeout::Never).await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(1), "the new master was not found");
    }
    assert_eq!(replica.command(&["GET", "k"]), "2");

    // The old one comes back as a replica and is not written to.
    primary.restart();
    for _ in 0..20 {
        cache.incr("k", 1).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(replica.command(&["GET", "k"]), "22");
}
