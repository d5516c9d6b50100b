use std::io::{Seek, SeekFrom, Write};
use std::time::{Duration, Instant};

use nuages_db::{Database, DbErrorKind};

use crate::{File, later, now};

#[tokio::test]
async fn a_held_lock_stops_writes_by_the_deadline_and_reads_not_at_all() {
    let file = File::new();
    file.migrated().await.sessions().insert("k", "old", later()).await.unwrap();
    let db = Database::connect(&format!("{}?timeout=0.3", file.url())).unwrap();
    let table = db.sessions();
    let other = file.other();
    other.execute_batch("BEGIN IMMEDIATE; UPDATE django_session SET session_data = 'half'").unwrap();

    let start = Instant::now();
    assert_eq!(table.load("k", now()).await.unwrap().unwrap().session_data, "old");
    assert!(start.elapsed() < Duration::from_millis(200), "a read waited for a writer");
    let writes: Vec<_> = (0..40)
        .map(|_| {
            let table = table.clone();
            tokio::spawn(async move { table.update("k", "late", later()).await })
        })
        .collect();
    for write in writes {
        assert_eq!(write.await.unwrap().unwrap_err().kind(), DbErrorKind::TimedOut);
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());

    other.execute_batch("ROLLBACK").unwrap();
    assert!(!table.delete("none").await.unwrap(), "writing works again at once");
    let kept = table.load("k", now()).await.unwrap().unwrap().session_data;
    assert_eq!(kept, "old", "a write that was given up must not happen later");
}

#[tokio::test]
async fn a_lock_held_for_a_moment_is_waited_for() {
    let file = File::new();
    let db = file.migrated().await;
    let other = file.other();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let table = db.sessions();
    let waiting = tokio::spawn(async move { table.insert("k", "x", later()).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    other.execute_batch("COMMIT").unwrap();
    assert!(waiting.await.unwrap().unwrap());
}

#[tokio::test]
async fn an_exclusive_lock_stops_reads_by_the_deadline() {
    let file = File::new();
    let db = file.without_wal();
    db.migrate().await.unwrap();
    let other = file.other();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let start = Instant::now();
    assert_eq!(db.sessions().load("k", now()).await.unwrap_err().kind(), DbErrorKind::TimedOut);
    assert!(start.elapsed() < Duration::from_secs(2));
    other.execute_batch("COMMIT").unwrap();
    assert!(db.sessions().load("k", now()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_file_that_is_locked_from_the_start_is_an_error_by_the_deadline() {
    let file = File::new();
    let other = file.other();
    other.execute_batch("CREATE TABLE t (v); BEGIN EXCLUSIVE").unwrap();
    let start = Instant::now();
    let error = Database::connect(&format!("{}?timeout=0.2", file.url())).unwrap_err();
    assert_eq!(error.kind(), DbErrorKind::TimedOut);
    assert!(start.elapsed() < Duration::from_secs(2));
    other.execute_batch("COMMIT").unwrap();
    file.connect();
}

#[tokio::test]
async fn a_damaged_file_is_an_error_and_not_an_empty_answer() {
    let file = File::new();
    let db = file.migrated().await;
    for number in 0..500 {
        db.sessions().insert(&format!("{number:032}"), &"x".repeat(500), later()).await.unwrap();
    }
    db.close().await.unwrap();
    let mut raw = std::fs::OpenOptions::new().write(true).open(file.path()).unwrap();
    raw.seek(SeekFrom::Start(4_096)).unwrap();
    raw.write_all(&vec![0xA5; 100_000]).unwrap();
    drop(raw);
    let db = file.connect();
    let error = db.sessions().load(&format!("{:032}", 250), now()).await.unwrap_err();
    assert_eq!(error.kind(), DbErrorKind::Corrupt, "{error:?}");
}

#[tokio::test]
async fn the_queue_is_bounded_while_the_lock_is_held() {
    let file = File::new();
    let db = file.migrated().await.with_deadline(Duration::from_millis(500));
    let other = file.other();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let large = "x".repeat(8 << 20);
    let table = db.sessions();
    let writes: Vec<_> = (0..12)
        .map(|number| {
            let (table, large) = (table.clone(), large.clone());
            tokio::spawn(async move { table.insert(&number.to_string(), &large, later()).await })
        })
        .collect();
    let mut kinds = Vec::new();
    for write in writes {
        kinds.push(write.await.unwrap().unwrap_err().kind());
    }
    assert!(kinds.contains(&DbErrorKind::Overloaded), "{kinds:?}");
    assert!(kinds.contains(&DbErrorKind::TimedOut), "{kinds:?}");
    other.execute_batch("COMMIT").unwrap();
    assert!(table.insert("k", &large, later()).await.unwrap());
}
