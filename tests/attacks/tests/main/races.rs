//! Requests that race for one session (cases 309 to 312): nothing that was acknowledged is lost, and what was ended
//! stays ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Instant;

use serde_json::Value;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::client::{Kept, Reply, visit};
use crate::long::times;
use crate::running::{Running, SERVER_SIDE};
use crate::sessions::begin;

async fn items(site: &Running, cookie: &str) -> Value {
    let reply = visit(site.address, "/session/items/", cookie).await;
    assert_eq!(reply.status(), 200, "{reply:?}");
    serde_json::from_str(reply.body()).unwrap()
}

async fn exists(site: &Running, cookie: &str) -> bool {
    let key = cookie.split_once('=').unwrap().1;
    site.engine.session(Some(key)).exists(None).await.unwrap()
}

/// Sends all targets at once, each from a connection of its own.
async fn together(site: &Running, cookie: &str, targets: &[String]) -> Vec<Reply> {
    let barrier = Arc::new(Barrier::new(targets.len()));
    let tasks: Vec<_> = targets
        .iter()
        .map(|target| {
            let (barrier, address) = (barrier.clone(), site.address);
            let (target, cookie) = (target.clone(), cookie.to_owned());
            tokio::spawn(async move {
                barrier.wait().await;
                visit(address, &target, &cookie).await
            })
        })
        .collect();
    let mut replies = Vec::new();
    for task in tasks {
        replies.push(task.await.unwrap());
    }
    replies
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_increments_by_sixteen_clients_are_a_thousand() {
    for engine in SERVER_SIDE {
        let site = Running::new(engine).await;
        let cookie = begin(&site).await;
        let (left, mut clients) = (Arc::new(AtomicUsize::new(1000)), JoinSet::new());
        let started = Instant::now();
        for _ in 0..16 {
            let (left, address, cookie) = (left.clone(), site.address, cookie.clone());
            clients.spawn(async move {
                let mut client = Kept::open(address, &cookie).await.unwrap();
                while left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok() {
                    let (status, body) = client.get("/session/count/thousand/").await.unwrap();
                    assert_eq!(status, 200, "{body}");
                }
            });
        }
        while let Some(client) = clients.join_next().await {
            client.unwrap();
        }
        assert_eq!(items(&site, &cookie).await["thousand"], 1000, "{engine}");
        println!("{engine}: 1,000 increments are 1,000, after {:?}", started.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_requests_that_set_different_keys_are_both_kept() {
    for engine in SERVER_SIDE {
        let site = Running::new(engine).await;
        let cookie = begin(&site).await;
        let targets = ["/session/slow/60/a/".to_owned(), "/session/slow/90/b/".to_owned()];
        for reply in together(&site, &cookie, &targets).await {
            assert_eq!(reply.status(), 200, "{engine}: {reply:?}");
        }
        let items = items(&site, &cookie).await;
        assert_eq!((&items["a"], &items["b"], &items["n"]), (&1.into(), &1.into(), &1.into()), "{engine}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_during_a_slow_request_is_final() {
    for engine in SERVER_SIDE {
        let site = Running::new(engine).await;
        let cookie = begin(&site).await;
        let slow = tokio::spawn({
            let (address, cookie) = (site.address, cookie.clone());
            async move { visit(address, "/session/slow/250/late/", &cookie).await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        assert_eq!(visit(site.address, "/session/flush/", &cookie).await.status(), 200, "{engine}");
        let slow = slow.await.unwrap();
        assert_eq!((slow.status(), slow.headers("set-cookie").len()), (400, 0), "{engine}: {slow:?}");
        assert!(!exists(&site, &cookie).await, "{engine}");
        assert_eq!(site.files(), 0, "{engine}: no file is left, whatever its name");
        assert_eq!(items(&site, &cookie).await, serde_json::json!({}), "{engine}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_309_forty_writers_of_one_key() {
    for engine in SERVER_SIDE {
        let site = Running::new(engine).await;
        let cookie = begin(&site).await;
        let targets: Vec<String> = (0..40).map(|writer| format!("/session/set/one/w{writer}/")).collect();
        for reply in together(&site, &cookie, &targets).await {
            assert_eq!(reply.status(), 200, "{engine}: {reply:?}");
        }
        let items = items(&site, &cookie).await;
        let value = items["one"].as_str().unwrap();
        assert!(targets.iter().any(|target| target.contains(&format!("/{value}/"))), "{engine}: {value}");
        assert_eq!(items.as_object().unwrap().len(), 2, "{engine}: {items}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_310_writers_do_not_bring_back_what_a_logout_has_ended() {
    for engine in SERVER_SIDE {
        let site = Running::new(engine).await;
        let mut interrupted = 0;
        for round in 0..times(12, 500) {
            let cookie = begin(&site).await;
            let mut targets: Vec<String> =
                (0..5).map(|writer| format!("/session/count/w{writer}/")).collect();
            targets.insert(round % 6, "/session/flush/".into());
            for reply in together(&site, &cookie, &targets).await {
                assert!(matches!(reply.status(), 200 | 400), "{engine}: {reply:?}");
                interrupted += usize::from(reply.status() == 400);
                // A writer that came after the logout has begun a session of its own, and an empty one.
                let new = reply.cookie().filter(|new| *new != cookie && !new.ends_with("\"\""));
                if let Some(new) = new {
                    assert_eq!(items(&site, &new).await["n"], Value::Null, "{engine}: {reply:?}");
                }
            }
            assert!(!exists(&site, &cookie).await, "{engine}: round {round}");
            assert_eq!(items(&site, &cookie).await, serde_json::json!({}), "{engine}");
        }
        println!("{engine}: {interrupted} writers were told");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_311_a_logout_ends_a_session_that_changes_its_key() {
    for engine in SERVER_SIDE {
        let site = Running::new(engine).await;
        for round in 0..times(20, 500) {
            let cookie = begin(&site).await;
            let mut targets =
                vec!["/session/cycle/".to_owned(), "/session/flush/".into(), "/session/cycle/".into()];
            targets.rotate_left(round % 3);
            let mut keys = vec![cookie.clone()];
            for reply in together(&site, &cookie, &targets).await {
                assert!(matches!(reply.status(), 200 | 400), "{engine}: {reply:?}");
                keys.extend(reply.cookie());
            }
            for key in keys {
                assert_eq!(items(&site, &key).await["n"], Value::Null, "{engine}: round {round}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_312_all_acknowledged_writes_of_eight_writers_are_there() {
    for engine in SERVER_SIDE {
        let site = Running::new(engine).await;
        let cookie = begin(&site).await;
        let (mut writers, started) = (JoinSet::new(), Instant::now());
        for writer in 0..8 {
            let (address, cookie) = (site.address, cookie.clone());
            writers.spawn(async move {
                let mut client = Kept::open(address, &cookie).await.unwrap();
                for write in 1..=200 {
                    let (status, body) = client.get(&format!("/session/count/w{writer}/")).await.unwrap();
                    assert_eq!((status, body), (200, write.to_string()), "nobody else writes this key");
                }
            });
        }
        while let Some(writer) = writers.join_next().await {
            writer.unwrap();
        }
        let items = items(&site, &cookie).await;
        for writer in 0..8 {
            assert_eq!(items[format!("w{writer}")], 200, "{engine}: {items}");
        }
        println!("{engine}: 1,600 acknowledged writes are there, after {:?}", started.elapsed());
    }
}
