//! The lock of a session.

use std::time::{Duration, Instant};

use nuages_sessions::{SessionEngine, SessionErrorKind};
use tokio::task::JoinSet;

use crate::bench::{Bench, SERVER_SIDE};

async fn begin(engine: &SessionEngine) -> String {
    let handle = engine.session(None);
    let session = handle.session().await.unwrap();
    session.set("n", 0).unwrap();
    session.save().await.unwrap();
    session.session_key().unwrap().as_str().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_at_a_time() {
    for name in SERVER_SIDE {
        let bench = Bench::new(name).await;
        let (key, mut tasks) = (begin(&bench.engine).await, JoinSet::new());
        for _ in 0..6 {
            let (engine, key) = (bench.engine.clone(), key.clone());
            tasks.spawn(async move {
                for _ in 0..4 {
                    let handle = engine.session(Some(&key));
                    let session = handle.session().await.unwrap();
                    let lock = session.lock().await.unwrap();
                    // Read and written apart, with others in between if there were any.
                    let n: u32 = session.require("n").unwrap();
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    session.set("n", n + 1).unwrap();
                    session.save().await.unwrap();
                    assert!(!lock.remaining().is_zero());
                    lock.unlock().await.unwrap();
                }
            });
        }
        while let Some(task) = tasks.join_next().await {
            task.unwrap();
        }
        let n: u32 = bench.engine.session(Some(&key)).session().await.unwrap().require("n").unwrap();
        assert_eq!(n, 24, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_ends_with_its_guard_or_with_its_lease() {
    for name in SERVER_SIDE {
        let bench = Bench::new(name).await;
        let key = begin(&bench.engine).await;
        let (one, two) = (bench.engine.session(Some(&key)), bench.engine.session(Some(&key)));
        let held = one.lock().await.unwrap();
        let start = Instant::now();
        let error = two.lock().wait(Duration::from_millis(80)).await.unwrap_err();
        assert_eq!(error.kind(), SessionErrorKind::Locked, "{name}");
        assert!(start.elapsed() < Duration::from_secs(2), "{name}");
        drop(held);
        drop(two.lock().wait(Duration::from_secs(5)).await.unwrap());

        // Whoever had it has died.
        let start = Instant::now();
        std::mem::forget(one.lock().lease(Duration::from_millis(200)).await.unwrap());
        let lock = two.lock().wait(Duration::from_secs(5)).await.unwrap();
        assert!(start.elapsed() >= Duration::from_millis(200), "{name}");
        lock.unlock().await.unwrap();
    }
}

#[tokio::test]
async fn a_session_is_read_again_under_its_lock() {
    let bench = Bench::new("db").await;
    let key = begin(&bench.engine).await;
    let (one, two) = (bench.engine.session(Some(&key)), bench.engine.session(Some(&key)));
    let session = one.session().await.unwrap();
    session.set("mine", 1).unwrap();
    let other = two.session().await.unwrap();
    other.set("n", 5).unwrap();
    other.save().await.unwrap();
    let lock = session.lock().await.unwrap();
    assert_eq!(session.get("n").unwrap(), Some(5));
    assert_eq!(session.get("mine").unwrap(), Some(1), "what was not saved yet is not lost");
    lock.unlock().await.unwrap();

    two.flush();
    two.commit(true, 200).await.unwrap();
    assert_eq!(session.lock().await.unwrap_err().kind(), SessionErrorKind::UpdateError, "it has ended");
}

#[tokio::test]
async fn a_session_without_a_key_is_alone() {
    let bench = Bench::new("file").await;
    let handle = bench.engine.session(None);
    handle.lock().await.unwrap().unlock().await.unwrap();
}

#[tokio::test]
async fn cookies_cannot_be_locked() {
    let bench = Bench::new("signed_cookies").await;
    let error = bench.engine.session(None).lock().await.unwrap_err();
    assert_eq!(error.kind(), SessionErrorKind::Unsupported);
    assert!(error.to_string().contains("SESSION_ENGINE"), "{error}");
}
