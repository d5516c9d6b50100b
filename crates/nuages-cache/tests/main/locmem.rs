use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use nuages_cache::{Cache, Cas, LocmemCache, Timeout, Token};

/// A clock that stands still until it is told the time, in milliseconds.
fn stopped() -> (Arc<AtomicI64>, impl Fn() -> DateTime<Utc> + Send + Sync) {
    let time = Arc::new(AtomicI64::new(1_700_000_000_000));
    let read = Arc::clone(&time);
    (time, move || DateTime::from_timestamp_millis(read.load(Ordering::SeqCst)).unwrap())
}

fn bytes(number: u64) -> Bytes {
    Bytes::from(number.to_string())
}

#[tokio::test]
async fn expires_by_the_wall_clock() {
    let (time, clock) = stopped();
    let cache = LocmemCache::new().clock(clock);
    cache.set("k", bytes(1), Timeout::After(Duration::from_secs(10))).await.unwrap();
    cache.set("forever", bytes(1), Timeout::Never).await.unwrap();
    time.fetch_add(9_999, Ordering::SeqCst);
    assert!(cache.has_key("k").await.unwrap());
    time.fetch_add(1, Ordering::SeqCst);
    assert!(cache.get("k").await.unwrap().is_none());
    assert!(!cache.touch("k", Timeout::Never).await.unwrap(), "what has expired cannot be touched back");
    assert!(!cache.replace("k", bytes(2), Timeout::Never).await.unwrap());
    assert!(cache.incr("k", 1).await.is_err());
    let cas = cache.compare_and_set("k", &Token::from(bytes(1)), bytes(2), Timeout::Never).await.unwrap();
    assert_eq!(cas, Cas::Gone);
    assert!(!cache.delete("k").await.unwrap());
    assert!(cache.add("k", bytes(3), Timeout::Never).await.unwrap());
    time.fetch_add(1_000_000_000_000, Ordering::SeqCst);
    assert!(cache.has_key("forever").await.unwrap());
}

#[tokio::test]
async fn incr_keeps_the_timeout() {
    let (time, clock) = stopped();
    let cache = LocmemCache::new().clock(clock);
    cache.set("n", bytes(1), Timeout::After(Duration::from_secs(10))).await.unwrap();
    time.fetch_add(5_000, Ordering::SeqCst);
    cache.incr("n", 1).await.unwrap();
    time.fetch_add(5_000, Ordering::SeqCst);
    assert!(!cache.has_key("n").await.unwrap());
}

#[tokio::test]
async fn a_full_cache_drops_the_oldest_and_never_the_newest() {
    let cache = LocmemCache::new().max_entries(100);
    for number in 0..1_000u64 {
        cache.set(&number.to_string(), bytes(number), Timeout::Never).await.unwrap();
        assert!(cache.has_key(&number.to_string()).await.unwrap(), "{number} was turned away");
    }
    assert!(cache.entry_count() <= 100);
    for number in 900..1_000u64 {
        assert!(cache.has_key(&number.to_string()).await.unwrap(), "{number} was dropped");
    }
}

#[tokio::test]
async fn what_was_read_last_is_dropped_last() {
    let cache = LocmemCache::new().max_entries(3);
    for key in ["a", "b", "c"] {
        cache.set(key, bytes(1), Timeout::Never).await.unwrap();
    }
    cache.get("a").await.unwrap();
    cache.set("d", bytes(1), Timeout::Never).await.unwrap();
    assert!(cache.has_key("a").await.unwrap());
    assert!(!cache.has_key("b").await.unwrap());
}

#[tokio::test]
async fn a_large_cache_is_full_in_all_its_parts() {
    let cache = LocmemCache::new().max_entries(10_000);
    for number in 0..40_000u64 {
        cache.set(&number.to_string(), bytes(number), Timeout::Never).await.unwrap();
    }
    assert!((10_000..10_100).contains(&cache.entry_count()), "{}", cache.entry_count());
    cache.clear().await.unwrap();
    assert_eq!(cache.entry_count(), 0);
}

#[tokio::test]
async fn what_has_expired_leaves_when_it_is_asked_for() {
    let (time, clock) = stopped();
    let cache = LocmemCache::new().clock(clock);
    cache.set("k", bytes(1), Timeout::After(Duration::from_secs(10))).await.unwrap();
    time.fetch_add(10_000, Ordering::SeqCst);
    assert_eq!(cache.entry_count(), 1);
    assert!(cache.get("k").await.unwrap().is_none());
    assert_eq!(cache.entry_count(), 0);
}

#[tokio::test]
async fn three_hundred_by_default() {
    let cache = LocmemCache::new();
    for number in 0..400u64 {
        cache.set(&number.to_string(), bytes(number), Timeout::Never).await.unwrap();
    }
    assert_eq!(cache.entry_count(), 300);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_increments_from_sixteen_tasks() {
    let cache = LocmemCache::new();
    cache.set("n", bytes(0), Timeout::Never).await.unwrap();
    cache.set("incr", bytes(0), Timeout::Never).await.unwrap();
    let tasks: Vec<_> = (0..16)
        .map(|task| {
            let cache = cache.clone();
            tokio::spawn(async move {
                for _ in 0..if task < 8 { 62 } else { 63 } {
                    cache.incr("incr", 1).await.unwrap();
                    let (mut seen, _) = cache.get_with_token("n").await.unwrap().unwrap();
                    loop {
                        let next = bytes(std::str::from_utf8(&seen).unwrap().parse::<u64>().unwrap() + 1);
                        match cache.compare_and_set("n", &seen.into(), next, Timeout::Never).await.unwrap() {
                            Cas::Saved => break,
                            Cas::Conflict(now) => seen = now,
                            Cas::Gone => panic!("the value is gone"),
                        }
                    }
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(cache.get("n").await.unwrap(), Some(bytes(1_000)));
    assert_eq!(cache.get("incr").await.unwrap(), Some(bytes(1_000)));
}

/// Logout against writers: whatever the order, nothing is there afterwards.
#[test]
fn what_was_deleted_or_cleared_stays_away() {
    let cache = LocmemCache::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
    for round in 0..2_000 {
        let key = "s";
        runtime.block_on(async {
            cache.set(key, bytes(0), Timeout::Never).await.unwrap();
            let writers: Vec<_> = (0..4)
                .map(|task| {
                    let cache = cache.clone();
                    tokio::spawn(async move {
                        match task {
                            0 => drop(cache.replace(key, bytes(1), Timeout::Never).await.unwrap()),
                            1 => drop(cache.touch(key, Timeout::Never).await.unwrap()),
                            2 => drop(cache.incr(key, 1).await),
                            _ => {
                                let seen = Token::from(bytes(0));
                                cache.compare_and_set(key, &seen, bytes(2), Timeout::Never).await.unwrap();
                            }
                        }
                    })
                })
                .collect();
            if round % 2 == 0 {
                cache.delete(key).await.unwrap();
            } else {
                cache.clear().await.unwrap();
            }
            for writer in writers {
                writer.await.unwrap();
            }
            assert!(cache.get(key).await.unwrap().is_none(), "alive again in round {round}");
        });
    }
}
