//! What the suite cannot see: what lies in Redis, how long it lives, and many at once.

use std::time::Duration;

use nuages_cache::{Cache, CacheErrorKind, Cas, Timeout, Token};
use test_servers::{Redis, RedisCluster};

use super::{bytes, cluster_url, connect};

#[tokio::test]
async fn lives_are_kept_to_the_millisecond() {
    let server = Redis::start();
    let cache = connect(&server.url());
    let life = |key: &str| server.command(&["PTTL", key]).parse::<i64>().unwrap();
    let brief = Timeout::After(Duration::from_millis(1500));
    cache.set("k", bytes("1"), brief).await.unwrap();
    assert!((1000..=1500).contains(&life("k")));
    cache.incr("k", 1).await.unwrap();
    assert!((900..=1500).contains(&life("k")), "incr keeps the timeout");
    assert!(cache.touch("k", Timeout::Never).await.unwrap());
    assert_eq!(life("k"), -1);
    assert!(cache.touch("k", Timeout::Never).await.unwrap(), "a second time it is there too");
    let seen = Token::from(bytes("2"));
    assert_eq!(cache.compare_and_set("k", &seen, bytes("3"), brief).await.unwrap(), Cas::Saved);
    assert!((1000..=1500).contains(&life("k")));
    assert!(cache.replace("k", bytes("4"), Timeout::Never).await.unwrap());
    assert_eq!(life("k"), -1);
    let forever = Timeout::After(Duration::MAX);
    cache.set("k", bytes("1"), forever).await.unwrap();
    assert!(cache.touch("k", forever).await.unwrap());
    assert!(cache.has_key("k").await.unwrap());
    cache.set("k", bytes("1"), Timeout::After(Duration::from_millis(20))).await.unwrap();
    tokio::time::sleep(Duration::from_millis(40)).await;
    assert_eq!(cache.get("k").await.unwrap(), None);
    assert!(!cache.touch("k", Timeout::Never).await.unwrap());
    let at_once = Timeout::After(Duration::ZERO);
    cache.set("k", bytes("1"), Timeout::Never).await.unwrap();
    let seen = Token::from(bytes("1"));
    assert_eq!(cache.compare_and_set("k", &seen, bytes(""), at_once).await.unwrap(), Cas::Saved);
    assert!(!cache.has_key("k").await.unwrap());
}

#[tokio::test]
async fn other_types_are_told_apart() {
    let server = Redis::start();
    let cache = connect(&server.url());
    assert_eq!(server.command(&["LPUSH", "list", "hunter2"]), "1");
    for error in [
        cache.get("list").await.unwrap_err(),
        cache.incr("list", 1).await.unwrap_err(),
        cache
            .compare_and_set("list", &Token::from(bytes("1")), bytes("2"), Timeout::Never)
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), CacheErrorKind::Other, "{error:?}");
        assert!(!format!("{error} {error:?}").contains("list"), "{error:?}");
    }
}

#[tokio::test]
async fn scripts_are_told_again() {
    let server = Redis::start();
    let cache = connect(&server.url());
    cache.set("k", bytes("1"), Timeout::Never).await.unwrap();
    for expected in 2..5 {
        assert_eq!(cache.incr("k", 1).await.unwrap(), expected);
        assert_eq!(server.command(&["SCRIPT", "FLUSH"]), "OK");
    }
}

#[tokio::test]
async fn many_keys() {
    let server = Redis::start();
    let cluster = RedisCluster::start();
    for cache in [connect(&server.url()), connect(&cluster_url(&cluster))] {
        let entries: Vec<_> =
            (0..2_500).map(|number| (format!("k{number}"), bytes(&number.to_string()))).collect();
        assert!(cache.set_many(entries.clone(), Timeout::from(60)).await.unwrap().is_empty());
        let mut keys: Vec<String> = entries.iter().map(|(key, _)| key.clone()).collect();
        keys.insert(7, "absent".to_owned());
        let values = cache.get_many(&keys).await.unwrap();
        for (key, value) in keys.iter().zip(values) {
            assert_eq!(value, key.strip_prefix('k').map(bytes), "{key}");
        }
        cache.delete_many(&keys).await.unwrap();
        assert!(cache.get_many(&keys).await.unwrap().iter().all(Option::is_none));
        assert!(cache.get_many(&[]).await.unwrap().is_empty());
        cache.delete_many(&[]).await.unwrap();
        assert!(cache.set_many(Vec::new(), Timeout::Never).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_cluster_is_cleared_everywhere() {
    let cluster = RedisCluster::start();
    let cache = connect(&cluster_url(&cluster));
    let entries: Vec<_> = (0..300).map(|number| (format!("k{number}"), bytes("1"))).collect();
    cache.set_many(entries, Timeout::Never).await.unwrap();
    assert!(cluster.nodes().iter().all(|node| node.command(&["DBSIZE"]) != "0"));
    cache.clear().await.unwrap();
    assert!(cluster.nodes().iter().all(|node| node.command(&["DBSIZE"]) == "0"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_changes_from_ten_tasks() {
    let server = Redis::start();
    let cluster = RedisCluster::start();
    for url in [server.url(), cluster_url(&cluster)] {
        let cache = connect(&url);
        cache.set("n", bytes("0"), Timeout::Never).await.unwrap();
        cache.set("incr", bytes("0"), Timeout::Never).await.unwrap();
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                // Each as a process of its own.
                let cache = connect(&url);
                tokio::spawn(async move {
                    for _ in 0..100 {
                        cache.incr("incr", 1).await.unwrap();
                        loop {
                            let (seen, token) = cache.get_with_token("n").await.unwrap().unwrap();
                            let next = std::str::from_utf8(&seen).unwrap().parse::<u64>().unwrap() + 1;
                            let next = bytes(&next.to_string());
                            match cache.compare_and_set("n", &token, next, Timeout::Never).await.unwrap() {
                                Cas::Saved => break,
                                Cas::Conflict(_) => {}
                                Cas::Gone => panic!("the value is gone"),
                            }
                        }
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(cache.get("n").await.unwrap(), Some(bytes("1000")));
        assert_eq!(cache.get("incr").await.unwrap(), Some(bytes("1000")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_deleted_stays_away() {
    let server = Redis::start();
    let (cache, other) = (connect(&server.url()), connect(&server.url()));
    for round in 0..100 {
        cache.set("s", bytes("0"), Timeout::Never).await.unwrap();
        let writers: Vec<_> = (0..5)
            .map(|writer| {
                let cache = if writer % 2 == 0 { cache.clone() } else { other.clone() };
                tokio::spawn(async move {
                    match writer {
                        0 => drop(cache.replace("s", bytes("1"), Timeout::from(60)).await.unwrap()),
                        1 => drop(cache.touch("s", Timeout::from(60)).await.unwrap()),
                        2 => drop(cache.incr("s", 1).await),
                        _ => {
                            let seen = Token::from(bytes("0"));
                            cache.compare_and_set("s", &seen, bytes("2"), Timeout::from(60)).await.unwrap();
                        }
                    }
                })
            })
            .collect();
        assert!(cache.delete("s").await.unwrap());
        for writer in writers {
            writer.await.unwrap();
        }
        assert_eq!(cache.get("s").await.unwrap(), None, "alive again in round {round}");
    }
}
