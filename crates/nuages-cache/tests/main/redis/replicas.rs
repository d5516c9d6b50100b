//! Several LOCATIONs: the first is written, the others are read.

use std::time::Duration;

use nuages_cache::{Cache, CacheErrorKind, RedisCache, Timeout};
use test_servers::Redis;

use super::{bytes, connect};

#[tokio::test]
async fn reads_go_to_the_others() {
    let (first, second, third) = (Redis::start(), Redis::start(), Redis::start());
    let urls = [first.url(), second.url(), third.url()];
    let cache = RedisCache::with_replicas(urls.iter().map(String::as_str)).unwrap();
    assert_eq!(second.command(&["SET", "k", "second"]), "OK");
    assert_eq!(third.command(&["SET", "k", "third"]), "OK");
    cache.set("k", bytes("first"), Timeout::Never).await.unwrap();
    let mut read = std::collections::BTreeSet::new();
    for _ in 0..100 {
        read.insert(cache.get("k").await.unwrap().unwrap());
    }
    assert_eq!(read.into_iter().collect::<Vec<_>>(), [bytes("second"), bytes("third")]);
    // What is compared on the first is read from it.
    assert_eq!(cache.get_with_token("k").await.unwrap().unwrap().0, bytes("first"));
    assert_eq!(second.command(&["GET", "k"]), "second");
}

#[tokio::test]
async fn a_real_replica_follows_and_its_absence_is_made_up_for() {
    let first = Redis::start();
    let replica = Redis::replica_of(&first);
    let cache = RedisCache::with_replicas([first.url().as_str(), replica.url().as_str()]).unwrap();
    cache.set("k", bytes("1"), Timeout::Never).await.unwrap();
    let mut value = None;
    for _ in 0..200 {
        value = cache.get("k").await.unwrap();
        if value.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(value, Some(bytes("1")));
    replica.kill();
    assert_eq!(cache.get("k").await.unwrap(), Some(bytes("1")));
    replica.restart();
    replica.freeze();
    let begun = std::time::Instant::now();
    assert_eq!(cache.get("k").await.unwrap(), Some(bytes("1")));
    assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
    // And the next ones do not wait for it.
    let begun = std::time::Instant::now();
    for _ in 0..20 {
        assert_eq!(cache.get("k").await.unwrap(), Some(bytes("1")));
    }
    assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
    replica.thaw();
}

#[tokio::test]
async fn a_replica_takes_no_writes() {
    let first = Redis::start();
    let replica = Redis::replica_of(&first);
    let error = connect(&replica.url()).set("k", bytes("1"), Timeout::Never).await.unwrap_err();
    assert_eq!(error.kind(), CacheErrorKind::Unavailable);
    assert!(error.to_string().contains("replica"), "{error}");
    let error = connect(&replica.url())
        .incr("k", 1)
        .await
        .map_or_else(|error| error.kind(), |_| CacheErrorKind::Other);
    assert!(matches!(error, CacheErrorKind::Unavailable | CacheErrorKind::MissingKey), "{error:?}");
}
