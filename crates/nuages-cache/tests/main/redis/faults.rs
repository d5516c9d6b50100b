//! A Redis that is away, in every way: a typed error in time, and service when it is back.

use std::time::{Duration, Instant};

use nuages_cache::{Cache, CacheErrorKind, Timeout};
use test_servers::{Behaviour, Proxy, Redis, RedisCluster};

use super::{bytes, cluster_url, connect};
use crate::outage::{all_fail, late_requests_arrive, recovers};

const DEADLINE: Duration = Duration::from_millis(800);

#[tokio::test]
async fn faults_on_the_way() {
    let server = Redis::start();
    let proxy = Proxy::to(server.address());
    let cache = connect(&proxy.url(&server.url())).socket_timeout(DEADLINE);
    for behaviour in [Behaviour::Refused, Behaviour::Hang, Behaviour::CutMidReply(2), Behaviour::Garbage] {
        let fault = format!("{behaviour:?}");
        assert_eq!(server.command(&["SET", "kept", "kept"]), "OK");
        assert_eq!(cache.get("kept").await.unwrap(), Some(bytes("kept")));
        proxy.set(behaviour);
        all_fail(&cache.clone().into(), DEADLINE, &fault).await;
        assert_eq!(server.command(&["SET", "kept", "kept"]), "OK");
        proxy.set(Behaviour::Pass);
        recovers(&cache.clone().into(), &fault).await;
        late_requests_arrive(&proxy).await;
        assert_eq!(cache.get("kept").await.unwrap(), Some(bytes("kept")));
        // What was sent before is done, and nothing of it is answered to somebody else.
        for number in 0..50 {
            let key = format!("{fault}{number}");
            cache.set(&key, bytes(&key), Timeout::Never).await.unwrap();
            assert_eq!(cache.get(&key).await.unwrap(), Some(bytes(&key)));
        }
    }
    proxy.set(Behaviour::Slow(Duration::from_millis(400)));
    assert_eq!(cache.get("Hang1").await.unwrap(), Some(bytes("Hang1")), "slow is not away");
}

#[tokio::test]
async fn a_frozen_server() {
    let server = Redis::start();
    let cache = connect(&server.url()).socket_timeout(Duration::from_millis(600));
    cache.set("kept", bytes("kept"), Timeout::Never).await.unwrap();
    server.freeze();
    let begun = Instant::now();
    for _ in 0..3 {
        let error = cache.get("kept").await.unwrap_err();
        assert_eq!(error.kind(), CacheErrorKind::TimedOut, "{error:?}");
    }
    assert!(begun.elapsed() < Duration::from_millis(2200), "{:?}", begun.elapsed());
    server.thaw();
    recovers(&cache.clone().into(), "freezing").await;
    assert_eq!(cache.get("kept").await.unwrap(), Some(bytes("kept")));
}

#[tokio::test]
async fn killed_and_restarted() {
    let server = Redis::start();
    let cache = connect(&server.url());
    cache.set("kept", bytes("kept"), Timeout::Never).await.unwrap();
    for _ in 0..3 {
        server.kill();
        let error = cache.get("kept").await.unwrap_err();
        assert_eq!(error.kind(), CacheErrorKind::Unavailable, "{error:?}");
        server.restart();
        recovers(&cache.clone().into(), "a kill").await;
        assert_eq!(cache.get("kept").await.unwrap(), Some(bytes("kept")));
        // The connection died while nobody used it: the next write finds that out before it is sent.
        server.restart();
        tokio::time::sleep(Duration::from_millis(100)).await;
        cache.set("k", bytes("1"), Timeout::Never).await.unwrap();
    }
}

#[tokio::test]
async fn a_write_is_never_repeated() {
    let server = Redis::start();
    let proxy = Proxy::to(server.address());
    let cache = connect(&proxy.url(&server.url()));
    cache.set("n", bytes("0"), Timeout::Never).await.unwrap();
    cache.incr("n", 1).await.unwrap();
    let mut sent = 1;
    for _ in 0..10 {
        cache.get("n").await.unwrap();
        // The request is carried out, and the answer is lost.
        proxy.set(Behaviour::CutMidReply(0));
        let error = cache.incr("n", 1).await.unwrap_err();
        assert!(error.is_outage(), "{error:?}");
        sent += 1;
        proxy.set(Behaviour::Pass);
    }
    let now: i64 = server.command(&["GET", "n"]).parse().unwrap();
    assert_eq!(now, sent, "an increment was lost or came twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropped_futures_leave_the_connection_in_step() {
    let server = Redis::start();
    let proxy = Proxy::to(server.address());
    proxy.set(Behaviour::Slow(Duration::from_millis(2)));
    let cache = connect(&proxy.url(&server.url()));
    for number in 0..50 {
        cache.set(&format!("k{number}"), bytes(&number.to_string()), Timeout::Never).await.unwrap();
    }
    let accepted = proxy.accepted();
    for round in 0..500_u64 {
        let keys = ["k1".to_owned(), "k2".to_owned()];
        let dropped = tokio::time::timeout(Duration::from_micros(round * 17 % 4000), cache.get_many(&keys));
        drop(dropped.await);
        let number = round % 50;
        if round % 10 == 0 {
            assert_eq!(cache.get(&format!("k{number}")).await.unwrap(), Some(bytes(&number.to_string())));
        }
    }
    assert_eq!(proxy.accepted(), accepted, "one connection is enough");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_is_bounded() {
    let server = Redis::start();
    let cache = connect(&server.url()).socket_timeout(Duration::from_secs(1));
    cache.get("k").await.unwrap();
    server.freeze();
    let begun = Instant::now();
    let waiting: Vec<_> = (0..6000)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.get("k").await.unwrap_err().kind() })
        })
        .collect();
    let mut refused = 0;
    for task in waiting {
        match task.await.unwrap() {
            CacheErrorKind::Unavailable => refused += 1,
            kind => assert_eq!(kind, CacheErrorKind::TimedOut),
        }
    }
    assert!(refused >= 1000, "{refused} were refused");
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    server.thaw();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(cache.get("k").await.unwrap(), None);
}

#[tokio::test]
async fn out_of_memory() {
    let server = Redis::with_options(&["--maxmemory", "3mb", "--maxmemory-policy", "noeviction"]);
    let cache = connect(&server.url());
    cache.set("k", bytes("1"), Timeout::Never).await.unwrap();
    let mut error = None;
    for number in 0..100 {
        let value = vec![b'x'; 100_000].into();
        if let Err(failure) = cache.set(&format!("big{number}"), value, Timeout::Never).await {
            error = Some(failure);
            break;
        }
    }
    let error = error.unwrap();
    assert_eq!(error.kind(), CacheErrorKind::Unavailable);
    assert!(error.to_string().contains("out of memory"), "{error}");
    assert_eq!(cache.get("k").await.unwrap(), Some(bytes("1")));
    assert!(cache.delete("k").await.unwrap(), "deleting makes room");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_that_loses_a_node() {
    let cluster = RedisCluster::start();
    let cache = connect(&cluster_url(&cluster)).socket_timeout(DEADLINE);
    let keys: Vec<String> = (0..60).map(|number| format!("k{number}")).collect();
    let entries: Vec<_> = keys.iter().map(|key| (key.clone(), bytes(key))).collect();
    cache.set_many(entries, Timeout::Never).await.unwrap();
    cluster.nodes()[1].kill();
    let begun = Instant::now();
    let error = cache.get_many(&keys).await.unwrap_err();
    assert!(error.is_outage(), "{error:?}");
    assert!(begun.elapsed() < DEADLINE + Duration::from_millis(500), "{:?}", begun.elapsed());
    cluster.nodes()[1].restart();
    cluster.wait();
    let begun = Instant::now();
    while let Err(error) = cache.get_many(&keys).await {
        assert!(begun.elapsed() < Duration::from_secs(1), "{error:?}");
    }
    for key in &keys {
        assert_eq!(cache.get(key).await.unwrap(), Some(bytes(key)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_node_holds_up_its_own_keys_alone() {
    let cluster = RedisCluster::start();
    let cache = connect(&cluster_url(&cluster)).socket_timeout(DEADLINE);
    let keys: Vec<String> = (0..30).map(|number| format!("k{number}")).collect();
    for key in &keys {
        cache.set(key, bytes(key), Timeout::Never).await.unwrap();
    }
    let frozen = &cluster.nodes()[2];
    let is_there = |key: &&String| frozen.command(&["EXISTS", key.as_str()]) == "1";
    let (held, free): (Vec<&String>, Vec<&String>) = keys.iter().partition(is_there);
    assert!(!held.is_empty() && !free.is_empty());
    frozen.freeze();
    let begun = Instant::now();
    assert_eq!(cache.get(held[0]).await.unwrap_err().kind(), CacheErrorKind::TimedOut);
    assert!(begun.elapsed() < DEADLINE + Duration::from_millis(500), "{:?}", begun.elapsed());
    let begun = Instant::now();
    for key in free {
        assert_eq!(cache.get(key).await.unwrap(), Some(bytes(key)));
    }
    assert!(begun.elapsed() < DEADLINE, "{:?}", begun.elapsed());
    frozen.thaw();
    let begun = Instant::now();
    while let Err(error) = cache.get(held[0]).await {
        assert!(begun.elapsed() < Duration::from_secs(1), "{error:?}");
    }
}

#[tokio::test]
async fn deadlines_that_no_clock_can_say() {
    let server = Redis::start();
    for url in [format!("{}?socket_timeout=1e18", server.url()), server.url()] {
        let cache = connect(&url).socket_timeout(Duration::MAX).connect_timeout(Duration::MAX);
        cache.set("k", bytes("1"), Timeout::Never).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slots_move_under_load() {
    let cluster = RedisCluster::start();
    let url = cluster_url(&cluster);
    let cache = connect(&url);
    cache.set("n", bytes("0"), Timeout::Never).await.unwrap();
    let slot = cluster.nodes()[0].command(&["CLUSTER", "KEYSLOT", "n"]);
    let id = |node: usize| cluster.nodes()[node].command(&["CLUSTER", "MYID"]);
    let mut owner = (0..3).find(|node| cluster.nodes()[*node].command(&["GET", "n"]) == "0").unwrap();
    let worker = tokio::spawn(async move {
        for _ in 0..400 {
            cache.incr("n", 1).await.unwrap();
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    });
    while !worker.is_finished() {
        let to = (owner + 1) % 3;
        let (from_node, to_node) = (&cluster.nodes()[owner], &cluster.nodes()[to]);
        assert_eq!(to_node.command(&["CLUSTER", "SETSLOT", &slot, "IMPORTING", &id(owner)]), "OK");
        assert_eq!(from_node.command(&["CLUSTER", "SETSLOT", &slot, "MIGRATING", &id(to)]), "OK");
        tokio::time::sleep(Duration::from_millis(20)).await;
        let port = to_node.port().to_string();
        assert_eq!(from_node.command(&["MIGRATE", "127.0.0.1", &port, "n", "0", "1000"]), "OK");
        // In between, the old node sends everybody who asks for the key to the new one.
        tokio::time::sleep(Duration::from_millis(50)).await;
        for node in [to, owner, (to + 1) % 3] {
            assert_eq!(cluster.nodes()[node].command(&["CLUSTER", "SETSLOT", &slot, "NODE", &id(to)]), "OK");
        }
        owner = to;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    worker.await.unwrap();
    assert_eq!(connect(&url).get("n").await.unwrap(), Some(bytes("400")));
}
