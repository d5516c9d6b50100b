use chrono::{DateTime, TimeDelta, Utc};
use nuages_db::{CacheCas, CacheRow, CacheTable, DbErrorKind, Increment, Modified};

use crate::places::Place;
use crate::{later, now};

const TABLE: &str = "my_cache_table";

async fn tables() -> Vec<(CacheTable, Place)> {
    let mut tables = Vec::new();
    for place in Place::all() {
        let table = place.connect().cache(TABLE).unwrap();
        assert!(table.create().await.unwrap());
        assert!(!table.create().await.unwrap());
        tables.push((table, place));
    }
    tables
}

fn fields(row: Option<CacheRow>) -> Option<(String, DateTime<Utc>)> {
    row.map(|row| (row.value, row.expires))
}

#[tokio::test]
async fn every_operation() {
    for (table, _place) in tables().await {
        let new = later() + TimeDelta::microseconds(1);
        assert!(table.load("k", now()).await.unwrap().is_none());
        assert!(!table.replace("k", "x", later(), now()).await.unwrap());
        assert_eq!(table.compare_and_set("k", "", "x", later(), now()).await.unwrap(), CacheCas::Gone);
        assert_eq!(table.modify("k", now(), |_| panic!("no row")).await.unwrap(), Modified::Gone);
        assert_eq!(table.incr("k", 1, now()).await.unwrap(), Increment::Gone);
        assert!(!table.touch("k", later(), now()).await.unwrap());
        assert!(!table.delete("k", now()).await.unwrap());
        assert_eq!(table.count().await.unwrap(), 0);

        assert!(table.insert("k", "one", later(), now()).await.unwrap());
        assert!(!table.insert("k", "two", new, now()).await.unwrap());
        assert_eq!(fields(table.load("k", now()).await.unwrap()), Some(("one".into(), later())));
        table.upsert("k", "two", new).await.unwrap();
        table.upsert("other", "1", CacheRow::NEVER).await.unwrap();
        assert_eq!(fields(table.load("k", now()).await.unwrap()), Some(("two".into(), new)));
        assert_eq!(table.load("other", now()).await.unwrap().unwrap().expires, CacheRow::NEVER);
        assert_eq!(table.count().await.unwrap(), 2);

        let saved = table.compare_and_set("k", "two", "three", later(), now()).await.unwrap();
        assert_eq!(saved, CacheCas::Saved);
        let same = table.compare_and_set("k", "three", "three", later(), now()).await.unwrap();
        assert_eq!(same, CacheCas::Saved, "rows found count, not rows changed");
        for stale in ["two", "THREE", "three ", ""] {
            let conflict = table.compare_and_set("k", stale, "four", later(), now()).await.unwrap();
            assert_eq!(conflict, CacheCas::Conflict(CacheRow::new("three", later())));
        }
        assert!(table.replace("k", "four", new, now()).await.unwrap());
        assert!(table.touch("k", later(), now()).await.unwrap());
        assert!(table.touch("k", later(), now()).await.unwrap(), "found, though nothing changed");
        assert_eq!(fields(table.load("k", now()).await.unwrap()), Some(("four".into(), later())));
        assert!(table.delete("k", now()).await.unwrap());
        assert!(!table.delete("k", now()).await.unwrap());
        assert_eq!(table.clear().await.unwrap(), 1);
        assert_eq!(table.count().await.unwrap(), 0);
    }
}

#[tokio::test]
async fn what_has_expired_is_gone_for_everybody() {
    for (table, _place) in tables().await {
        let past = now();
        table.upsert("k", "old", past).await.unwrap();
        assert!(table.load("k", past - TimeDelta::microseconds(1)).await.unwrap().is_some());
        assert!(table.load("k", past).await.unwrap().is_none());
        assert_eq!(table.load_many(&["k"], past).await.unwrap(), [None]);
        assert!(!table.replace("k", "x", later(), past).await.unwrap());
        assert_eq!(table.compare_and_set("k", "old", "x", later(), past).await.unwrap(), CacheCas::Gone);
        assert_eq!(table.modify("k", past, |_| panic!("expired")).await.unwrap(), Modified::Gone);
        assert_eq!(table.incr("k", 1, past).await.unwrap(), Increment::Gone);
        assert!(!table.touch("k", later(), past).await.unwrap());
        assert!(table.revive("k", later()).await.unwrap());
        assert_eq!(fields(table.load("k", past).await.unwrap()), Some(("old".into(), later())));
        assert!(!table.revive("K", later()).await.unwrap());
        assert!(table.revive("k", past).await.unwrap());
        assert!(table.insert("k", "new", past, past).await.unwrap(), "an expired row holds no key");
        assert!(!table.delete("k", past).await.unwrap());
        assert_eq!(table.count().await.unwrap(), 0, "deleting takes an expired row away all the same");
    }
}

#[tokio::test]
async fn modify_and_incr() {
    for (table, _place) in tables().await {
        table.upsert("k", "a", later()).await.unwrap();
        let changed = table.modify("k", now(), |row| Some(CacheRow::new(row.value + "b", row.expires)));
        assert_eq!(changed.await.unwrap(), Modified::Saved(CacheRow::new("ab", later())));
        assert_eq!(table.modify("k", now(), |_| None).await.unwrap(), Modified::Unchanged);
        let error = table.modify("k", now(), |_| panic!("in a change")).await.unwrap_err();
        assert_eq!(error.kind(), DbErrorKind::Other);
        assert_eq!(fields(table.load("k", now()).await.unwrap()), Some(("ab".into(), later())));

        let cases = [
            ("1", 41, Increment::To(42)),
            ("-5", 3, Increment::To(-2)),
            ("0", i64::MIN, Increment::To(i64::MIN)),
            ("9223372036854775807", 1, Increment::Overflow),
            ("text", 1, Increment::NotANumber),
            ("1.5", 1, Increment::NotANumber),
        ];
        for (stored, delta, expected) in cases {
            table.upsert("n", stored, later()).await.unwrap();
            assert_eq!(table.incr("n", delta, now()).await.unwrap(), expected, "{stored} {delta}");
            let left = match expected {
                Increment::To(sum) => sum.to_string(),
                _ => stored.to_owned(),
            };
            assert_eq!(fields(table.load("n", now()).await.unwrap()), Some((left, later())));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn increments_by_many_are_all_counted() {
    for (table, place) in tables().await {
        table.upsert("n", "0", later()).await.unwrap();
        let tasks: Vec<_> = (0..16)
            .map(|_| {
                let table = table.clone();
                tokio::spawn(async move {
                    for _ in 0..25 {
                        assert!(matches!(table.incr("n", 1, now()).await.unwrap(), Increment::To(_)));
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(table.load("n", now()).await.unwrap().unwrap().value, "400", "{}", place.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_inserts_wins() {
    for (table, place) in tables().await {
        for round in 0..10 {
            // An expired row in the way makes no difference.
            if round % 2 == 0 {
                table.upsert(&format!("k{round}"), "old", now()).await.unwrap();
            }
            let tasks: Vec<_> = (0..8)
                .map(|task| {
                    let (table, key) = (table.clone(), format!("k{round}"));
                    tokio::spawn(async move {
                        table.insert(&key, &task.to_string(), later(), now()).await.unwrap()
                    })
                })
                .collect();
            let mut won = 0;
            for task in tasks {
                won += usize::from(task.await.unwrap());
            }
            assert_eq!(won, 1, "{}", place.name);
        }
    }
}

#[tokio::test]
async fn many_keys_at_once() {
    for (table, _place) in tables().await {
        let keys: Vec<String> = (0..700).map(|number| format!("k{number}")).collect();
        let rows = keys.iter().map(|key| (key.clone(), format!("v{key}"))).collect();
        table.upsert_many(rows, later()).await.unwrap();
        let mut wanted: Vec<&str> = keys.iter().rev().map(String::as_str).collect();
        wanted.insert(1, "missing");
        let found = table.load_many(&wanted, now()).await.unwrap();
        assert_eq!(found.len(), wanted.len());
        for (key, row) in wanted.iter().zip(found) {
            let expected = (*key != "missing").then(|| (format!("v{key}"), later()));
            assert_eq!(fields(row), expected, "{key}");
        }
        assert_eq!(table.delete_many(&wanted).await.unwrap(), 700);
        assert_eq!(table.delete_many(&wanted).await.unwrap(), 0);
        let none: [&str; 0] = [];
        assert_eq!(table.delete_many(&none).await.unwrap(), 0);
        assert!(table.load_many(&none, now()).await.unwrap().is_empty());
        table.upsert_many(vec![("d".into(), "1".into()), ("d".into(), "2".into())], later()).await.unwrap();
        assert_eq!(table.load("d", now()).await.unwrap().unwrap().value, "2");
    }
}

#[tokio::test]
async fn culling_is_djangos() {
    // (alive, expired, MAX_ENTRIES, CULL_FREQUENCY, deleted, first key left)
    let cases = [
        (5, 5, 10, 3, 0, Some("a000")),
        (5, 6, 10, 3, 6, Some("a000")),
        (12, 3, 10, 3, 7, Some("a004")),
        (12, 0, 10, 0, 12, None),
        (12, 0, 10, 1, 0, Some("a000")),
    ];
    for (table, place) in tables().await {
        for (alive, expired, most, frequency, deleted, first) in cases {
            table.clear().await.unwrap();
            for number in 0..alive {
                table.upsert(&format!("a{number:03}"), "x", later()).await.unwrap();
            }
            for number in 0..expired {
                table.upsert(&format!("e{number:03}"), "x", now() - TimeDelta::seconds(1)).await.unwrap();
            }
            let case = format!("{} {alive} {expired} {most} {frequency}", place.name);
            assert_eq!(table.cull(most, frequency, now()).await.unwrap(), deleted, "{case}");
            let mut left = None;
            for number in 0..alive {
                let key = format!("a{number:03}");
                if left.is_none() && table.load(&key, now()).await.unwrap().is_some() {
                    left = Some(key);
                }
            }
            assert_eq!(left.as_deref(), first, "{case}");
        }
    }
}

#[tokio::test]
async fn clear_expired_counts_and_keeps_the_living() {
    for (table, _place) in tables().await {
        let rows = |kind: char, count: u32| (0..count).map(move |n| (format!("{kind}{n}"), "x".to_owned()));
        table.upsert_many(rows('a', 3).collect(), later()).await.unwrap();
        table.upsert_many(rows('e', 2_500).collect(), now()).await.unwrap();
        assert_eq!(table.clear_expired(now()).await.unwrap(), 2_500);
        assert_eq!(table.clear_expired(now()).await.unwrap(), 0);
        assert_eq!(table.count().await.unwrap(), 3);
    }
}

#[tokio::test]
async fn names() {
    for place in Place::all() {
        let db = place.connect();
        for name in ["", "a\"b", "a`b", "a.b", "a\0b", "a%b", "a\\b", "x ", "a?1", &"x".repeat(64)] {
            assert_eq!(db.cache(name).unwrap_err().kind(), DbErrorKind::InvalidUrl, "{name}");
        }
        for name in ["order", "Größe 1", "a'; DROP TABLE x; --", &"x".repeat(55)] {
            let table = db.cache(name).unwrap();
            assert_eq!(table.name(), name);
            assert!(table.create().await.unwrap(), "{} {name}", place.name);
            assert!(!table.create().await.unwrap(), "{} {name}", place.name);
            table.upsert("k", "v", later()).await.unwrap();
            assert!(table.load("k", now()).await.unwrap().is_some());
        }
    }
}

#[tokio::test]
async fn before_it_is_made_the_error_tells_the_fix() {
    for place in Place::all() {
        let table = place.connect().cache(TABLE).unwrap();
        for error in [
            table.load("k", now()).await.unwrap_err(),
            table.upsert("k", "x", later()).await.unwrap_err(),
            table.count().await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), DbErrorKind::MissingTable, "{}", place.name);
            assert!(error.to_string().contains("my_cache_table is missing; run createcachetable"), "{error}");
        }
    }
}

/// MySQL's usual collation takes these for one key, so one may drive out another, as if the cache were full.
#[tokio::test]
async fn keys_are_compared_byte_for_byte() {
    for (table, place) in tables().await {
        let name = place.name;
        for other in ["KEY", "kéy", "key ", "Key"] {
            table.upsert("key", "value", later()).await.unwrap();
            assert!(table.load(other, now()).await.unwrap().is_none(), "{name} {other}");
            assert_eq!(table.load_many(&[other], now()).await.unwrap(), [None], "{name} {other}");
            assert!(!table.replace(other, "x", later(), now()).await.unwrap(), "{name} {other}");
            assert!(!table.touch(other, later(), now()).await.unwrap(), "{name} {other}");
            assert_eq!(table.incr(other, 1, now()).await.unwrap(), Increment::Gone, "{name} {other}");
            let saved = table.compare_and_set(other, "value", "x", later(), now()).await.unwrap();
            assert_eq!(saved, CacheCas::Gone, "{name} {other}");
            assert!(!table.delete(other, now()).await.unwrap(), "{name} {other}");
            assert_eq!(table.load("key", now()).await.unwrap().unwrap().value, "value", "{name} {other}");
            assert!(table.insert(other, "1", later(), now()).await.unwrap(), "{name} {other}");
            assert_eq!(table.load(other, now()).await.unwrap().unwrap().value, "1", "{name} {other}");
            table.upsert("key", "2", later()).await.unwrap();
            assert_eq!(table.load("key", now()).await.unwrap().unwrap().value, "2", "{name} {other}");
            table.clear().await.unwrap();
        }
    }
}

#[tokio::test]
async fn makes_what_django_makes_and_refuses_a_stranger() {
    let file = Place::file();
    let db = file.connect();
    db.cache(TABLE).unwrap().create().await.unwrap();
    let made = file.sql("SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid");
    let recorded: Vec<String> =
        serde_json::from_value(crate::recorded()["cache"]["sqlite_schema"].clone()).unwrap();
    assert_eq!(made, recorded.iter().map(|sql| format!("{sql};\n")).collect::<String>());
    for place in Place::all().into_iter().filter(|place| place.name != "memory") {
        place.sql("CREATE TABLE strange (id integer)");
        let table = place.connect().cache("strange").unwrap();
        for _ in 0..3 {
            let error = table.create().await.unwrap_err();
            assert!(error.to_string().contains("cache_key"), "{error}");
        }
        assert!(place.connect().cache(TABLE).is_ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_may_make_it_at_once() {
    for place in Place::shared() {
        let tasks: Vec<_> = (0..6)
            .map(|_| place.connect().cache(TABLE).unwrap())
            .map(|table| tokio::spawn(async move { table.create().await.unwrap() }))
            .collect();
        let mut made = 0;
        for task in tasks {
            made += usize::from(task.await.unwrap());
        }
        assert_eq!(made, 1, "{}", place.name);
    }
}

#[tokio::test]
async fn debug_shows_no_value() {
    for (table, _place) in tables().await {
        table.upsert("topsecretkey", "topsecretdata", later()).await.unwrap();
        let row = table.load("topsecretkey", now()).await.unwrap();
        let cas = table.compare_and_set("topsecretkey", "other", "x", later(), now()).await.unwrap();
        let same = table.modify("topsecretkey", now(), Some).await.unwrap();
        let shown = format!("{row:?} {cas:?} {same:?} {table:?}");
        assert!(!shown.contains("topsecret"), "{shown}");
    }
}
