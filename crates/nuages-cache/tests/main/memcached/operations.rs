//! What the suite cannot see: what lies in memcached, its limits, and many at once.

use std::time::Duration;

use bytes::Bytes;
use nuages_cache::{Cache, CacheErrorKind, Cas, KeyPolicy, Timeout, Token};
use test_servers::Memcached;

use super::{bytes, connect};

#[tokio::test]
async fn what_lies_there() {
    let server = Memcached::start();
    let cache = connect(&server);
    cache.set("n", bytes("41"), Timeout::Never).await.unwrap();
    assert!(server.command("get n").starts_with("VALUE n 2 2\n41"));
    assert_eq!(cache.incr("n", 1).await.unwrap(), 42);
    cache.set("t", bytes("[1]"), Timeout::Never).await.unwrap();
    assert!(server.command("get t").starts_with("VALUE t 0 3"));
    let life = |key: &str| {
        let meta = server.command(&format!("mg {key} t"));
        meta.trim().rsplit_once('t').unwrap().1.parse::<i64>().unwrap()
    };
    assert_eq!(life("t"), -1);
    cache.set("t", bytes("x"), Timeout::from(100)).await.unwrap();
    assert!((98..=100).contains(&life("t")));
    // More than 30 days are an absolute time on the wire.
    assert!(cache.touch("t", Timeout::from(40 * 24 * 3600)).await.unwrap());
    assert!((40 * 24 * 3600 - 2..=40 * 24 * 3600).contains(&life("t")));
    // A life that no clock can hold.
    cache.set("t", bytes("x"), Timeout::After(Duration::MAX)).await.unwrap();
    assert_eq!(life("t"), -1);
}

#[tokio::test]
async fn counters_end_at_zero_and_lose_their_padding() {
    let server = Memcached::start();
    let cache = connect(&server);
    cache.set("n", bytes("10"), Timeout::Never).await.unwrap();
    assert_eq!(cache.incr("n", -1).await.unwrap(), 9);
    assert_eq!(cache.get("n").await.unwrap(), Some(bytes("9")));
    assert_eq!(cache.get_many(&["n".to_owned()]).await.unwrap(), [Some(bytes("9"))]);
    let (seen, token) = cache.get_with_token("n").await.unwrap().unwrap();
    assert_eq!(seen, bytes("9"));
    assert_eq!(cache.compare_and_set("n", &token, bytes("8"), Timeout::Never).await.unwrap(), Cas::Saved);
    assert_eq!(cache.incr("n", i64::MIN).await.unwrap(), 0);
    cache.set("n", Bytes::from(i64::MAX.to_string()), Timeout::Never).await.unwrap();
    assert_eq!(cache.incr("n", 1).await.unwrap_err().kind(), CacheErrorKind::NotAnInteger);
    assert_eq!(cache.get("n").await.unwrap(), Some(Bytes::from(i64::MAX.to_string())), "taken back");
}

#[tokio::test]
async fn values_that_are_too_large() {
    let server = Memcached::start();
    let cache = connect(&server);
    let (large, old) = (Bytes::from(vec![b'x'; 1 << 20]), bytes("old"));
    let error = cache.set("k", large.clone(), Timeout::Never).await.unwrap_err();
    assert_eq!(error.kind(), CacheErrorKind::Encode, "{error:?}");
    cache.set("k", old.clone(), Timeout::Never).await.unwrap();
    let seen = Token::from(old.clone());
    let error = cache.compare_and_set("k", &seen, large.clone(), Timeout::Never).await.unwrap_err();
    assert_eq!(error.kind(), CacheErrorKind::Encode, "{error:?}");
    assert_eq!(cache.get("k").await.unwrap(), Some(old), "what was there still is");
    let entries = vec![("a".to_owned(), bytes("1")), ("b".to_owned(), large), ("c".to_owned(), bytes("3"))];
    assert_eq!(cache.set_many(entries, Timeout::Never).await.unwrap(), ["b"]);
    let keys = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
    assert_eq!(cache.get_many(&keys).await.unwrap(), [Some(bytes("1")), None, Some(bytes("3"))]);

    let server = Memcached::with_options(&["-I", "4m"]);
    let cache = connect(&server);
    let large = Bytes::from((0..3 << 20).map(|number: u32| number.to_le_bytes()[0]).collect::<Vec<u8>>());
    cache.set("k", large.clone(), Timeout::Never).await.unwrap();
    assert_eq!(cache.get("k").await.unwrap(), Some(large));
}

#[tokio::test]
async fn out_of_memory() {
    let server = Memcached::with_options(&["-M", "-m", "8"]);
    let cache = connect(&server);
    let mut error = None;
    for number in 0..400 {
        let value = vec![b'x'; 100_000].into();
        if let Err(failure) = cache.set(&format!("k{number}"), value, Timeout::Never).await {
            error = Some(failure);
            break;
        }
    }
    let error = error.unwrap();
    assert_eq!(error.kind(), CacheErrorKind::Unavailable, "{error:?}");
    assert!(cache.get("k0").await.unwrap().is_some());
}

#[tokio::test]
async fn no_key_is_a_command() {
    let server = Memcached::start();
    let cache = connect(&server);
    assert_eq!(cache.key_policy(), KeyPolicy::Refuse);
    cache.set("kept", bytes("1"), Timeout::Never).await.unwrap();
    for key in ["", "a b", "a\r\nflush_all", "k 0 0 1\r\nx\r\ndelete kept", "\x7f"] {
        let owned = vec![key.to_owned()];
        let one = bytes("1");
        for kind in [
            cache.get(key).await.unwrap_err(),
            cache.set(key, one.clone(), Timeout::Never).await.unwrap_err(),
            cache.delete(key).await.unwrap_err(),
            cache.incr(key, 1).await.unwrap_err(),
            cache.get_many(&owned).await.unwrap_err(),
            cache.delete_many(&owned).await.unwrap_err(),
            cache.set_many(vec![(key.to_owned(), one.clone())], Timeout::Never).await.unwrap_err(),
        ] {
            assert_eq!(kind.kind(), CacheErrorKind::InvalidKey, "{key:?}");
        }
    }
    let value = bytes("x\r\nflush_all\r\nEND\r\n");
    cache.set("v", value.clone(), Timeout::Never).await.unwrap();
    assert_eq!(cache.get("v").await.unwrap(), Some(value));
    assert!(cache.has_key("kept").await.unwrap());
}

#[tokio::test]
async fn many_keys() {
    let server = Memcached::start();
    let cache = connect(&server);
    let long = "x".repeat(200);
    let entries: Vec<_> =
        (0..2_500).map(|number| (format!("{long}{number}"), Bytes::from(vec![b'v'; number]))).collect();
    assert!(cache.set_many(entries.clone(), Timeout::from(60)).await.unwrap().is_empty());
    let mut keys: Vec<String> = entries.iter().map(|(key, _)| key.clone()).collect();
    keys.insert(7, "absent".to_owned());
    keys.push(keys[3].clone());
    let values = cache.get_many(&keys).await.unwrap();
    assert_eq!(values[7], None);
    assert_eq!(values[2501], values[3]);
    for ((_, expected), value) in entries.iter().zip(values.iter().take(7).chain(&values[8..])) {
        assert_eq!(value.as_ref(), Some(expected));
    }
    cache.delete_many(&keys).await.unwrap();
    assert!(cache.get_many(&keys).await.unwrap().iter().all(Option::is_none));
    assert!(cache.get_many(&[]).await.unwrap().is_empty());
    cache.delete_many(&[]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_changes_from_ten_tasks() {
    let server = Memcached::start();
    let cache = connect(&server);
    cache.set("n", bytes("0"), Timeout::Never).await.unwrap();
    cache.set("incr", bytes("0"), Timeout::Never).await.unwrap();
    let tasks: Vec<_> = (0..10)
        .map(|task| {
            let cache = connect(&server);
            tokio::spawn(async move {
                for _ in 0..100 {
                    cache.incr("incr", 1).await.unwrap();
                    loop {
                        let (seen, token) = cache.get_with_token("n").await.unwrap().unwrap();
                        // By the number and by the bytes.
                        let token = if task % 2 == 0 { token } else { Token::from(seen.clone()) };
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_deleted_stays_away() {
    let server = Memcached::start();
    let (cache, other) = (connect(&server), connect(&server));
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
