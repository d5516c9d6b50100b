use chrono::{DateTime, TimeDelta, Utc};
use nuages_db::{Cas, Database, DbErrorKind, Merged, SessionRow};

use crate::places::Place;
use crate::{File, later, now};

async fn databases() -> Vec<(Database, Place)> {
    let mut databases = Vec::new();
    for place in Place::all() {
        databases.push((place.migrated().await, place));
    }
    databases
}

fn fields(row: Option<SessionRow>) -> Option<(String, DateTime<Utc>)> {
    row.map(|row| (row.session_data, row.expire_date))
}

#[tokio::test]
async fn every_operation() {
    for (db, place) in databases().await {
        let table = db.sessions();
        let new = later() + TimeDelta::microseconds(1);
        assert!(table.load("k", now()).await.unwrap().is_none());
        assert!(!table.exists("k").await.unwrap());
        assert!(!table.update("k", "x", later()).await.unwrap());
        assert_eq!(table.compare_and_set("k", "", "x", later()).await.unwrap(), Cas::Gone);
        assert!(!table.delete("k").await.unwrap());
        assert!(!table.exists("k").await.unwrap(), "{}", place.name);

        assert!(table.insert("k", "one", later()).await.unwrap());
        assert!(!table.insert("k", "two", new).await.unwrap());
        assert!(table.exists("k").await.unwrap());
        assert_eq!(fields(table.load("k", now()).await.unwrap()), Some(("one".into(), later())));

        assert_eq!(table.compare_and_set("k", "one", "two", new).await.unwrap(), Cas::Saved);
        let same = table.compare_and_set("k", "two", "two", new).await.unwrap();
        assert_eq!(same, Cas::Saved, "rows found count, not rows changed");
        assert!(table.update("k", "two", new).await.unwrap(), "found, though nothing changed");
        let Cas::Conflict(row) = table.compare_and_set("k", "one", "three", later()).await.unwrap() else {
            panic!("no conflict")
        };
        assert_eq!(fields(Some(row)), Some(("two".into(), new)));
        assert_eq!(table.compare_and_set("k", "TWO", "x", new).await.unwrap(), conflict(&db).await);

        assert!(table.update("k", "four", later()).await.unwrap());
        assert_eq!(fields(table.load("k", now()).await.unwrap()), Some(("four".into(), later())));
        assert!(table.delete("k").await.unwrap());
        assert!(!table.update("k", "five", later()).await.unwrap());
        assert!(!table.exists("k").await.unwrap());
    }
}

async fn conflict(db: &Database) -> Cas {
    Cas::Conflict(db.sessions().load("k", now()).await.unwrap().unwrap())
}

#[tokio::test]
async fn expiry_is_judged_where_a_time_is_given() {
    for (db, _place) in databases().await {
        let table = db.sessions();
        table.insert("k", "data", later()).await.unwrap();
        let tick = TimeDelta::microseconds(1);
        assert!(table.load("k", later() - tick).await.unwrap().is_some());
        assert!(table.load("k", later()).await.unwrap().is_none());
        assert!(table.load("k", later() + tick).await.unwrap().is_none());
        assert!(table.exists("k").await.unwrap(), "an expired row still holds its key");
        assert!(!table.insert("k", "x", later()).await.unwrap());
        table.update("k", "data", later() + tick).await.unwrap();
        assert!(table.load("k", later()).await.unwrap().is_some());
        table.update("k", "data", DateTime::<Utc>::MAX_UTC).await.unwrap();
        assert!(table.load("k", later()).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn clear_expired_counts_and_keeps_the_living() {
    for (db, _place) in databases().await {
        let table = db.sessions();
        let mut inserts = Vec::new();
        for number in 0..2_503 {
            let expires = if number < 3 { later() } else { now() - TimeDelta::seconds(number) };
            let table = table.clone();
            inserts.push(tokio::spawn(async move { table.insert(&number.to_string(), "x", expires).await }));
        }
        for insert in inserts {
            assert!(insert.await.unwrap().unwrap());
        }
        assert_eq!(table.clear_expired(now()).await.unwrap(), 2_500);
        assert_eq!(table.clear_expired(now()).await.unwrap(), 0);
        assert!(table.exists("0").await.unwrap());
        assert_eq!(table.clear_expired(later()).await.unwrap(), 0, "the moment itself is not past");
    }
}

#[tokio::test]
async fn merge_under_lock() {
    for (db, place) in databases().await {
        let table = db.sessions();
        let gone = table.merge_under_lock("k", |row| {
            assert!(row.is_none());
            Some(("revived".into(), later()))
        });
        assert_eq!(gone.await.unwrap(), Merged::Gone);
        assert!(!table.exists("k").await.unwrap());

        table.insert("k", "a", later()).await.unwrap();
        let saved = table.merge_under_lock("k", |row| Some((row?.session_data + "b", later())));
        assert_eq!(saved.await.unwrap(), Merged::Saved);
        assert_eq!(table.merge_under_lock("k", |_| None).await.unwrap(), Merged::Unchanged);
        let error = table.merge_under_lock("k", |_| panic!("in a merge")).await.unwrap_err();
        assert_eq!(error.kind(), DbErrorKind::Other, "{}", place.name);
        assert_eq!(table.load("k", now()).await.unwrap().unwrap().session_data, "ab");
        assert!(table.update("k", "c", later()).await.unwrap(), "the writer outlives a panic");
    }
}

#[tokio::test]
async fn any_text_is_a_value() {
    let long = "é".repeat(200_000);
    for (db, place) in databases().await {
        let table = db.sessions();
        for text in
            ["", "'; DROP TABLE django_session; --", "?1 $1 ?", "%_\\", "\u{1F980}", " x ", long.as_str()]
        {
            let shown = text.get(..10).unwrap_or(text);
            assert!(table.insert("k", text, later()).await.unwrap(), "{} {shown}", place.name);
            let row = table.load("k", now()).await.unwrap().unwrap();
            assert_eq!(row.session_data, text, "{}", place.name);
            assert_eq!(table.compare_and_set("k", text, "x", later()).await.unwrap(), Cas::Saved);
            assert!(table.delete("k").await.unwrap());
        }
    }
}

#[tokio::test]
async fn any_short_text_is_a_key() {
    for (db, place) in databases().await {
        let table = db.sessions();
        for key in ["", "'; DROP TABLE x; --", "%_\\", "?1 $1 ?", "\u{1F980}"] {
            assert!(table.insert(key, key, later()).await.unwrap(), "{} {key}", place.name);
            assert!(table.exists(key).await.unwrap());
            assert!(table.update(key, "x", later()).await.unwrap());
            assert!(table.delete(key).await.unwrap());
        }
    }
}

/// MySQL's usual collation takes these for one key.
#[tokio::test]
async fn keys_are_compared_byte_for_byte() {
    for (db, place) in databases().await {
        let table = db.sessions();
        table.insert("key", "value", later()).await.unwrap();
        for other in ["KEY", "kéy", "key ", "Key"] {
            let name = place.name;
            assert!(table.load(other, now()).await.unwrap().is_none(), "{name} {other}");
            assert!(!table.exists(other).await.unwrap(), "{name} {other}");
            assert!(!table.update(other, "x", later()).await.unwrap(), "{name} {other}");
            assert_eq!(table.compare_and_set(other, "value", "x", later()).await.unwrap(), Cas::Gone);
            let merged = table.merge_under_lock(other, |_| Some(("x".into(), later())));
            assert_eq!(merged.await.unwrap(), Merged::Gone, "{name} {other}");
            assert!(!table.delete(other).await.unwrap(), "{name} {other}");
        }
        for stale in ["VALUE", "valué", "value "] {
            let Cas::Conflict(row) = table.compare_and_set("key", stale, "x", later()).await.unwrap() else {
                panic!("{} took {stale} for the value", place.name)
            };
            assert_eq!(row.session_data, "value");
        }
    }
}

/// SQLite holds all of it; PostgreSQL has no NUL in a text, and a server's column has 40 characters.
#[tokio::test]
async fn what_does_not_fit_is_an_error_and_nothing_is_cut() {
    let long = "k".repeat(41);
    for place in Place::shared().into_iter().filter(|place| place.file.is_none()) {
        let db = place.migrated().await;
        let table = db.sessions();
        let error = table.insert(&long, "x", later()).await.unwrap_err();
        assert_eq!(error.kind(), DbErrorKind::InvalidValue, "{error:?}");
        assert!(!format!("{error:?}").contains("kkk"), "{error:?}");
        assert!(!table.exists(&long).await.unwrap());
        assert!(!table.exists(&long[1..]).await.unwrap());
        if place.name == "postgres" {
            let error = table.insert("k", "a\0b", later()).await.unwrap_err();
            assert_eq!(error.kind(), DbErrorKind::InvalidValue, "{error:?}");
        }
        assert!(table.insert("k", "x", later()).await.unwrap(), "the connection is still good");
    }
}

#[tokio::test]
async fn a_row_is_deleted_if_it_is_what_was_seen() {
    for (db, place) in databases().await {
        let table = db.sessions();
        table.insert("k", "new", later()).await.unwrap();
        let Cas::Conflict(row) = table.compare_and_delete("k", "old").await.unwrap() else { panic!() };
        assert_eq!(row.session_data, "new", "{}", place.name);
        // As bytes: no collation takes one letter for another.
        assert!(matches!(table.compare_and_delete("k", "NEW").await, Ok(Cas::Conflict(_))), "{}", place.name);
        assert_eq!(table.compare_and_delete("k", "new").await.unwrap(), Cas::Saved, "{}", place.name);
        assert_eq!(table.compare_and_delete("k", "new").await.unwrap(), Cas::Gone, "{}", place.name);
        assert!(!table.exists("k").await.unwrap(), "{}", place.name);
    }
}

#[tokio::test]
async fn times_beyond_pythons_are_its_last() {
    for (db, place) in databases().await {
        let table = db.sessions();
        let last = "9999-12-31 23:59:59.999999 UTC";
        for (time, stored) in
            [(DateTime::<Utc>::MAX_UTC, last), (DateTime::<Utc>::MIN_UTC, "0001-01-01 00:00:00 UTC")]
        {
            table.insert("k", "x", time).await.unwrap();
            let Cas::Conflict(row) = table.compare_and_set("k", "y", "z", time).await.unwrap() else {
                panic!()
            };
            assert_eq!(row.expire_date.to_string(), stored, "{}", place.name);
            table.delete("k").await.unwrap();
        }
    }
}

#[tokio::test]
async fn rows_as_others_write_them() {
    let file = File::new();
    let db = file.migrated().await;
    let other = file.other();
    let write = |data: &dyn rusqlite::ToSql, date: &str| {
        other
            .execute(
                "INSERT OR REPLACE INTO django_session VALUES ('k', ?1, ?2)",
                rusqlite::params![data, date],
            )
            .unwrap();
    };
    for date in ["2023-11-28 22:13:20", "2023-11-28T22:13:20Z", "2023-11-28 23:13:20.000+01:00"] {
        write(&"x", date);
        assert_eq!(db.sessions().load("k", now()).await.unwrap().unwrap().expire_date, later(), "{date}");
    }
    write(&"x", "tomorrow");
    assert_eq!(db.sessions().load("k", now()).await.unwrap_err().kind(), DbErrorKind::InvalidValue);
    write(&b"\xff\xfe".as_slice(), "2023-11-28 22:13:20");
    assert_eq!(db.sessions().load("k", now()).await.unwrap_err().kind(), DbErrorKind::InvalidValue);
    assert!(db.sessions().delete("k").await.unwrap());
}

#[tokio::test]
async fn debug_shows_no_session() {
    let db = Database::connect("sqlite:///:memory:").unwrap();
    db.migrate().await.unwrap();
    let table = db.sessions();
    table.insert("topsecretkey", "topsecretdata", later()).await.unwrap();
    let row = table.load("topsecretkey", now()).await.unwrap();
    let cas = table.compare_and_set("topsecretkey", "other", "x", later()).await.unwrap();
    let shown = format!("{row:?} {cas:?} {db:?} {table:?}");
    assert!(!shown.contains("topsecret"), "{shown}");
}
