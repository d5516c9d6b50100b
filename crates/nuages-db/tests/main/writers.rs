use std::time::Duration;

use nuages_db::{Cas, Database, Merged, SessionTable};

use crate::places::Place;
use crate::{File, later, now};

/// Adds one to the number in the row until nobody was in between.
async fn increment(table: &SessionTable, key: &str) -> u32 {
    let mut seen = table.load(key, now()).await.unwrap().unwrap().session_data;
    let mut conflicts = 0;
    loop {
        let next = (seen.parse::<u32>().unwrap() + 1).to_string();
        match table.compare_and_set(key, &seen, &next, later()).await.unwrap() {
            Cas::Saved => return conflicts,
            Cas::Conflict(row) => seen = row.session_data,
            Cas::Gone => panic!("the row is gone"),
        }
        conflicts += 1;
    }
}

async fn count(tables: Vec<SessionTable>, key: &'static str, each: u32) -> String {
    let tasks: Vec<_> = tables
        .iter()
        .cloned()
        .map(|table| {
            tokio::spawn(async move {
                for _ in 0..each {
                    increment(&table, key).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    tables[0].load(key, now()).await.unwrap().unwrap().session_data
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_increments_from_sixteen_tasks_and_two_handles() {
    for place in Place::shared() {
        let (one, two) = (place.migrated().await, place.connect());
        one.sessions().insert("n", "0", later()).await.unwrap();
        let tables =
            (0..16).map(|task| if task % 2 == 0 { one.sessions() } else { two.sessions() }).collect();
        assert_eq!(count(tables, "n", 63).await, "1008");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_increments_in_memory() {
    let db = Database::connect("sqlite:///:memory:").unwrap();
    db.migrate().await.unwrap();
    db.sessions().insert("n", "0", later()).await.unwrap();
    assert_eq!(count(vec![db.sessions(); 20], "n", 50).await, "1000");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn forty_writers_of_many_keys_on_two_handles() {
    for place in Place::shared() {
        let (one, two) = (place.migrated().await, place.connect());
        let tasks: Vec<_> = (0..40)
            .map(|task| {
                let table = if task % 2 == 0 { one.sessions() } else { two.sessions() };
                tokio::spawn(async move {
                    for number in 0..50 {
                        let key = format!("{task}-{number}");
                        assert!(table.insert(&key, "0", later()).await.unwrap());
                        assert!(table.update(&key, "1", later()).await.unwrap());
                        // Written means readable, at once and from everywhere.
                        assert_eq!(table.load(&key, now()).await.unwrap().unwrap().session_data, "1");
                        assert_eq!(table.compare_and_set(&key, "1", "2", later()).await.unwrap(), Cas::Saved);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(place.sql("SELECT count(*) FROM django_session WHERE session_data = '2'"), "2000\n");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn merges_lose_nothing_to_anybody() {
    for place in Place::shared() {
        let (one, two) = (place.migrated().await, place.connect());
        one.sessions().insert("n", "0", later()).await.unwrap();
        let tasks: Vec<_> = (0..16)
            .map(|task| {
                let table = if task % 2 == 0 { one.sessions() } else { two.sessions() };
                tokio::spawn(async move {
                    for _ in 0..25 {
                        if task < 8 {
                            increment(&table, "n").await;
                            continue;
                        }
                        let merged = table.merge_under_lock("n", |row| {
                            let number: u32 = row?.session_data.parse().unwrap();
                            Some(((number + 1).to_string(), later()))
                        });
                        assert_eq!(merged.await.unwrap(), Merged::Saved);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(one.sessions().load("n", now()).await.unwrap().unwrap().session_data, "400");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_deleted_stays_deleted() {
    for place in Place::shared() {
        let (one, two) = (place.migrated().await, place.connect());
        for round in 0..50 {
            one.sessions().insert("s", "0", later()).await.unwrap();
            let writers: Vec<_> = (0..6)
                .map(|task| {
                    let table = if task % 2 == 0 { one.sessions() } else { two.sessions() };
                    tokio::spawn(async move {
                        match task % 3 {
                            0 => {
                                table.compare_and_set("s", "0", "1", later()).await.unwrap();
                            }
                            1 => {
                                table.update("s", "2", later()).await.unwrap();
                            }
                            _ => {
                                table.merge_under_lock("s", |_| Some(("3".into(), later()))).await.unwrap();
                            }
                        }
                    })
                })
                .collect();
            let logout = if round % 2 == 0 { two.sessions() } else { one.sessions() };
            let existed = logout.delete("s").await.unwrap();
            for writer in writers {
                writer.await.unwrap();
            }
            assert!(existed);
            assert!(!one.sessions().exists("s").await.unwrap(), "alive again in round {round}");
        }
    }
}

#[tokio::test]
async fn a_dropped_write_still_happens() {
    for place in Place::all() {
        let db = place.migrated().await;
        let table = db.sessions();
        for number in 0..20 {
            let key = number.to_string();
            let insert = table.insert(&key, "x", later());
            // The wait is over before the answer can be there.
            let _ = tokio::time::timeout(Duration::ZERO, insert).await;
        }
        // Waits for what was handed over.
        db.close().await.unwrap();
        if place.name != "memory" {
            assert_eq!(place.sql("SELECT count(*) FROM django_session"), "20\n", "{}", place.name);
        }
    }
}

/// Without WAL readers and writers stand in each other's way; everybody must get through all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_wal() {
    let file = File::new();
    let db = file.without_wal().with_deadline(Duration::from_secs(20));
    db.migrate().await.unwrap();
    db.sessions().insert("n", "0", later()).await.unwrap();
    let tables = vec![db.sessions(); 10];
    assert_eq!(count(tables, "n", 10).await, "100");
}
