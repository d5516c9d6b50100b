//! A memcached that is away, in every way: a typed error in time, and service when it is back.

use std::time::{Duration, Instant};

use nuages_cache::{Cache, CacheErrorKind, MemcachedCache, Timeout};
use test_servers::{Behaviour, Memcached, Proxy};

use super::{bytes, connect};
use crate::outage::{all_fail, late_requests_arrive, recovers};

const DEADLINE: Duration = Duration::from_millis(800);

fn through(proxy: &Proxy) -> MemcachedCache {
    MemcachedCache::new([proxy.address().to_string().as_str()]).unwrap().socket_timeout(DEADLINE)
}

#[tokio::test]
async fn faults_on_the_way() {
    let server = Memcached::start();
    let proxy = Proxy::to(server.address());
    let cache = through(&proxy);
    for behaviour in [Behaviour::Refused, Behaviour::Hang, Behaviour::CutMidReply(2), Behaviour::Garbage] {
        let fault = format!("{behaviour:?}");
        cache.set("k", bytes("1"), Timeout::Never).await.unwrap();
        proxy.set(behaviour);
        all_fail(&cache.clone().into(), DEADLINE, &fault).await;
        proxy.set(Behaviour::Pass);
        recovers(&cache.clone().into(), &fault).await;
        late_requests_arrive(&proxy).await;
        for number in 0..50 {
            let key = format!("{fault}{number}");
            cache.set(&key, bytes(&key), Timeout::Never).await.unwrap();
            assert_eq!(cache.get(&key).await.unwrap(), Some(bytes(&key)));
        }
    }
    proxy.set(Behaviour::Slow(Duration::from_millis(400)));
    cache.set("slow", bytes("1"), Timeout::Never).await.unwrap();
}

#[tokio::test]
async fn frozen_killed_and_restarted() {
    let server = Memcached::start();
    let cache = connect(&server).socket_timeout(DEADLINE);
    cache.set("k", bytes("1"), Timeout::Never).await.unwrap();
    server.freeze();
    // Its threads stop one after another.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let begun = Instant::now();
    assert_eq!(cache.get("k").await.unwrap_err().kind(), CacheErrorKind::TimedOut);
    assert!(begun.elapsed() < DEADLINE + Duration::from_millis(300));
    server.thaw();
    recovers(&cache.clone().into(), "freezing").await;
    assert_eq!(cache.get("k").await.unwrap(), Some(bytes("1")));
    for _ in 0..3 {
        server.kill();
        assert_eq!(cache.get("k").await.unwrap_err().kind(), CacheErrorKind::Unavailable);
        server.restart();
        recovers(&cache.clone().into(), "a kill").await;
        // The idle connections died with it: the next write finds that out before it is sent.
        server.restart();
        cache.set("k", bytes("1"), Timeout::Never).await.unwrap();
        assert_eq!(cache.get("k").await.unwrap(), Some(bytes("1")));
    }
}

#[tokio::test]
async fn a_write_is_never_repeated() {
    let server = Memcached::start();
    let proxy = Proxy::to(server.address());
    let cache = through(&proxy);
    cache.set("n", bytes("0"), Timeout::Never).await.unwrap();
    for _ in 0..10 {
        cache.get("n").await.unwrap();
        // The request is carried out, and the answer is lost.
        proxy.set(Behaviour::CutMidReply(0));
        assert!(cache.incr("n", 1).await.unwrap_err().is_outage());
        proxy.set(Behaviour::Pass);
    }
    assert_eq!(connect(&server).get("n").await.unwrap(), Some(bytes("10")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropped_futures_close_their_connection() {
    let server = Memcached::start();
    let proxy = Proxy::to(server.address());
    let cache = through(&proxy);
    for number in 0..50 {
        cache.set(&format!("k{number}"), bytes(&number.to_string()), Timeout::Never).await.unwrap();
    }
    proxy.set(Behaviour::Slow(Duration::from_millis(2)));
    for round in 0..500_u64 {
        let keys = ["k1".to_owned(), "k2".to_owned()];
        let wait = Duration::from_micros(round * 17 % 4000);
        if round % 2 == 0 {
            drop(tokio::time::timeout(wait, cache.get("k1")).await);
        } else {
            drop(tokio::time::timeout(wait, cache.get_many(&keys)).await);
        }
        if round % 10 == 0 {
            let number = round % 50;
            assert_eq!(cache.get(&format!("k{number}")).await.unwrap(), Some(bytes(&number.to_string())));
        }
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(proxy.open() <= 16, "{} connections", proxy.open());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_and_waiting_are_bounded() {
    let server = Memcached::start();
    let proxy = Proxy::to(server.address());
    let cache = through(&proxy);
    cache.set("k", bytes("1"), Timeout::Never).await.unwrap();
    proxy.set(Behaviour::Slow(Duration::from_millis(50)));
    let many = |count: usize| -> Vec<_> {
        (0..count)
            .map(|_| {
                let cache = cache.clone();
                tokio::spawn(async move { cache.get("k").await.map_err(|error| error.kind()) })
            })
            .collect()
    };
    for task in many(100) {
        assert_eq!(task.await.unwrap(), Ok(Some(bytes("1"))));
    }
    assert!(proxy.open() <= 16, "{} connections", proxy.open());
    let begun = Instant::now();
    let (mut refused, mut late) = (0, 0);
    for task in many(3000) {
        match task.await.unwrap() {
            Ok(_) => {}
            Err(CacheErrorKind::Unavailable) => refused += 1,
            Err(kind) => {
                assert_eq!(kind, CacheErrorKind::TimedOut);
                late += 1;
            }
        }
    }
    assert!(refused > 1000 && late > 100, "{refused} refused, {late} late");
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    proxy.set(Behaviour::Pass);
    recovers(&cache.clone().into(), "a rush").await;
}
