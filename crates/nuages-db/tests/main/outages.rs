//! Servers that stop, hang and come back; and clients that do not wait.

use std::time::{Duration, Instant};

use nuages_db::{Cas, DbErrorKind, Merged};
use tokio::task::JoinSet;

use crate::own::{A_SECOND, Own, migrated, recovered};
use crate::{later, now};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_hangs_ends_every_operation_by_the_deadline() {
    for server in Own::all() {
        let db = migrated(&server.url("timeout=0.5&max_connections=4")).await;
        db.sessions().insert("k", "old", later()).await.unwrap();
        server.freeze();
        let start = Instant::now();
        let mut tasks = JoinSet::new();
        for number in 0..20 {
            let table = db.sessions();
            tasks.spawn(async move {
                match number % 4 {
                    0 => table.load("k", now()).await.map(drop),
                    1 => table.insert("new", "x", later()).await.map(drop),
                    2 => table.compare_and_set("k", "old", "x", later()).await.map(drop),
                    _ => table.merge_under_lock("k", |_| None).await.map(drop),
                }
            });
        }
        while let Some(outcome) = tasks.join_next().await {
            let error = outcome.unwrap().unwrap_err();
            assert!(matches!(error.kind(), DbErrorKind::TimedOut | DbErrorKind::Overloaded), "{error:?}");
            assert!(error.is_outage());
        }
        assert!(start.elapsed() < Duration::from_millis(1_500), "{:?}", start.elapsed());
        server.thaw();
        assert!(recovered(&db).await < A_SECOND);
        assert_eq!(db.sessions().load("k", now()).await.unwrap().unwrap().session_data, "again");
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_an_error_at_once_and_back_within_a_second() {
    for server in Own::all() {
        let db = migrated(&server.url("")).await;
        db.sessions().insert("k", "old", later()).await.unwrap();
        server.stop();
        for _ in 0..3 {
            let start = Instant::now();
            for error in [
                db.sessions().load("k", now()).await.unwrap_err(),
                db.sessions().insert("k", "x", later()).await.unwrap_err(),
            ] {
                assert_eq!(error.kind(), DbErrorKind::Connect, "{error:?}");
                assert!(error.is_outage());
                let shown = format!("{error} {error:?}");
                assert!(!shown.contains("secret") && !shown.contains("://"), "{shown}");
            }
            assert!(start.elapsed() < A_SECOND, "{:?}", start.elapsed());
        }
        server.restart();
        assert!(recovered(&db).await < A_SECOND);

        // Restarted while nobody looked: the connections that lay idle are dead, and nobody notices.
        for _ in 0..2 {
            server.restart();
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert!(db.sessions().update("k", "x", later()).await.unwrap());
            server.restart();
            assert!(db.sessions().load("k", now()).await.unwrap().is_some());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_killed_server() {
    for server in Own::all() {
        let db = migrated(&server.url("timeout=1&max_connections=8")).await;
        db.sessions().insert("k", "old", later()).await.unwrap();
        for round in 0..3 {
            let mut tasks = JoinSet::new();
            for task in 0..8 {
                let table = db.sessions();
                tasks.spawn(async move {
                    let mut kept = Vec::new();
                    for number in 0..100_000 {
                        let key = format!("{round}-{task}-{number}");
                        if table.insert(&key, "0", later()).await.is_err() {
                            break;
                        }
                        kept.push((key.clone(), "0"));
                        match table.compare_and_set(&key, "0", "1", later()).await {
                            Ok(saved) => assert_eq!(saved, Cas::Saved),
                            // Done or not: nobody was told.
                            Err(_) => {
                                kept.pop();
                                break;
                            }
                        }
                        kept.pop();
                        kept.push((key, "1"));
                    }
                    kept
                });
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
            server.kill();
            let mut kept = Vec::new();
            while let Some(rows) = tasks.join_next().await {
                kept.extend(rows.unwrap());
            }
            assert!(kept.len() > 10, "{}", kept.len());
            server.restart();
            assert!(recovered(&db).await < A_SECOND);
            for (key, data) in kept {
                let row = db.sessions().load(&key, now()).await.unwrap();
                assert_eq!(row.map(|row| row.session_data).as_deref(), Some(data), "{key}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_somebody_holds_ends_by_the_deadline_on_both_sides() {
    for server in Own::all() {
        let db = migrated(&server.url("timeout=0.5&max_connections=3")).await;
        db.sessions().insert("k", "old", later()).await.unwrap();
        let (other, waiting) = (migrated(&server.url("timeout=5")).await, std::sync::mpsc::channel());
        let holder = tokio::spawn(async move {
            let table = other.sessions();
            let held = table.merge_under_lock("k", move |_| {
                waiting.0.send(()).unwrap();
                std::thread::sleep(Duration::from_secs(2));
                Some(("held".into(), later()))
            });
            held.await
        });
        tokio::task::block_in_place(|| waiting.1.recv().unwrap());
        let start = Instant::now();
        let mut tasks = JoinSet::new();
        for _ in 0..12 {
            let table = db.sessions();
            tasks.spawn(async move { table.update("k", "late", later()).await });
        }
        while let Some(outcome) = tasks.join_next().await {
            let error = outcome.unwrap().unwrap_err();
            assert!(matches!(error.kind(), DbErrorKind::TimedOut | DbErrorKind::Overloaded), "{error:?}");
        }
        assert!(start.elapsed() < Duration::from_millis(1_200), "{:?}", start.elapsed());
        assert_eq!(db.sessions().load("k", now()).await.unwrap().unwrap().session_data, "old");
        assert_eq!(holder.await.unwrap().unwrap(), Merged::Saved);
        // The statements that were given up here were given up there too: MariaDB counts locks in whole seconds.
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(server.running(), 0);
        let kept = db.sessions().load("k", now()).await.unwrap().unwrap().session_data;
        assert_eq!(kept, "held", "a write that was given up must not happen later");
        assert!(db.sessions().update("k", "new", later()).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_hang_up_leave_no_connection_behind() {
    for server in Own::all() {
        let db = migrated(&server.url("max_connections=3")).await;
        let mut aborted = 0;
        for round in 0..20 {
            let mut tasks = Vec::new();
            for task in 0..20 {
                let table = db.sessions();
                tasks.push(tokio::spawn(async move {
                    let key = format!("{round}-{task}");
                    table.insert(&key, "x", later()).await.unwrap();
                    table.merge_under_lock(&key, |_| Some(("y".into(), later()))).await.unwrap();
                }));
            }
            tokio::time::sleep(Duration::from_millis(round)).await;
            for task in &tasks {
                task.abort();
            }
            for task in tasks {
                aborted += usize::from(task.await.is_err());
            }
        }
        assert!(aborted > 20, "{aborted}");
        assert!(server.connections() <= 3, "{}", server.connections());
        // All three are still of use, at once.
        let (sender, held) = std::sync::mpsc::channel();
        let mut tasks = JoinSet::new();
        for task in 0..3 {
            let (table, sender) = (db.sessions(), sender.clone());
            tasks.spawn(async move {
                let key = format!("last-{task}");
                assert!(table.insert(&key, "x", later()).await.unwrap());
                let merge = table.merge_under_lock(&key, move |_| {
                    sender.send(()).unwrap();
                    Some(("y".into(), later()))
                });
                assert_eq!(merge.await.unwrap(), Merged::Saved);
            });
        }
        while let Some(outcome) = tasks.join_next().await {
            outcome.unwrap();
        }
        assert_eq!(held.try_iter().count(), 3);
        db.close().await.unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(server.connections(), 0);
        assert_eq!(db.sessions().load("k", now()).await.unwrap_err().kind(), DbErrorKind::Closed);
    }
}

#[tokio::test]
async fn idle_connections_are_closed() {
    for server in Own::all() {
        let db = migrated(&server.url("idle_timeout=0.3")).await;
        assert_eq!(server.connections(), 1);
        tokio::time::sleep(A_SECOND).await;
        assert_eq!(server.connections(), 0);
        assert!(db.sessions().insert("k", "x", later()).await.unwrap());
    }
}

/// What the server undoes because of others is tried again, all of it.
#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serialization_failures_are_tried_again() {
    let server = test_servers::Postgres::start();
    server.sql("ALTER ROLE nuages SET default_transaction_isolation = 'serializable'");
    let db = migrated(&server.url()).await.with_deadline(Duration::from_secs(20));
    db.sessions().insert("n", "0", later()).await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let table = db.sessions();
        tasks.spawn(async move {
            for _ in 0..15 {
                let merge = table.merge_under_lock("n", |row| {
                    let number: u32 = row?.session_data.parse().ok()?;
                    Some(((number + 1).to_string(), later()))
                });
                assert_eq!(merge.await.unwrap(), Merged::Saved);
            }
        });
    }
    while let Some(outcome) = tasks.join_next().await {
        outcome.unwrap();
    }
    assert_eq!(db.sessions().load("n", now()).await.unwrap().unwrap().session_data, "120");
}
