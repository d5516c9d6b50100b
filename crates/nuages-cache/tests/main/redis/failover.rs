//! A replica takes over in a Cluster.

use std::time::{Duration, Instant};

use nuages_cache::{Cache, Timeout};
use test_servers::{Redis, RedisCluster};

use super::{bytes, cluster_url, connect};

/// A replica of one of the masters.
fn replica_of(cluster: &RedisCluster, master: &Redis) -> Redis {
    let replica = Redis::with_options(&[
        "--cluster-enabled",
        "yes",
        "--cluster-config-file",
        "nodes.conf",
        "--cluster-node-timeout",
        "3000",
        "--cluster-announce-ip",
        "127.0.0.1",
    ]);
    let port = cluster.nodes()[0].port().to_string();
    assert_eq!(replica.command(&["CLUSTER", "MEET", "127.0.0.1", &port]), "OK");
    let id = master.command(&["CLUSTER", "MYID"]);
    until("the replica knows its master", || replica.command(&["CLUSTER", "REPLICATE", &id]) == "OK");
    until("the replica is up to date", || {
        replica.command(&["INFO", "replication"]).contains("master_link_status:up")
    });
    until("the masters know the replica", || {
        let known =
            |node: &Redis| node.command(&["CLUSTER", "NODES"]).contains(&format!(":{}@", replica.port()));
        cluster.nodes().iter().all(known)
    });
    replica
}

fn until(what: &str, done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}: never");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_planned_change_loses_nothing() {
    let cluster = RedisCluster::start();
    let cache = connect(&cluster_url(&cluster));
    cache.set("n", bytes("0"), Timeout::Never).await.unwrap();
    let master = cluster.nodes().iter().find(|node| node.command(&["GET", "n"]) == "0").unwrap();
    let replica = replica_of(&cluster, master);
    let worker = tokio::spawn(async move {
        for _ in 0..600 {
            cache.incr("n", 1).await.unwrap();
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(replica.command(&["CLUSTER", "FAILOVER"]), "OK");
    until("the replica takes over", || replica.command(&["INFO", "replication"]).contains("role:master"));
    worker.await.unwrap();
    assert_eq!(replica.command(&["GET", "n"]), "600");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_takes_over_from_the_dead() {
    let cluster = RedisCluster::start();
    let cache = connect(&cluster_url(&cluster));
    cache.set("k", bytes("1"), Timeout::Never).await.unwrap();
    let master = cluster.nodes().iter().find(|node| node.command(&["GET", "k"]) == "1").unwrap();
    let replica = replica_of(&cluster, master);
    master.kill();
    let begun = Instant::now();
    while let Err(error) = cache.incr("k", 1).await {
        assert!(error.is_outage(), "{error:?}");
        assert!(begun.elapsed() < Duration::from_secs(30), "{error:?}");
    }
    assert_eq!(replica.command(&["GET", "k"]), "2");
    assert_eq!(cache.get("k").await.unwrap(), Some(bytes("2")));
}
