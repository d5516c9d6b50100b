use chrono::TimeDelta;
use nuages_db::{DbErrorKind, IndexEntry, SessionIndex};

use crate::places::Place;
use crate::{later, now};

async fn indexes() -> Vec<(SessionIndex, Place)> {
    let mut indexes = Vec::new();
    for place in Place::all() {
        let index = place.migrated().await.session_index();
        assert!(index.create().await.unwrap(), "{}", place.name);
        assert!(!index.create().await.unwrap(), "{}", place.name);
        indexes.push((index, place));
    }
    indexes
}

fn keys(entries: Vec<IndexEntry>) -> Vec<String> {
    entries.into_iter().map(|entry| entry.session_key).collect()
}

#[tokio::test]
async fn every_operation() {
    for (index, place) in indexes().await {
        let name = place.name;
        assert!(index.get("a").await.unwrap().is_none());
        assert!(!index.touch("a", now(), "", "").await.unwrap());
        assert!(!index.rename("a", "b").await.unwrap());
        assert!(!index.delete("a").await.unwrap());
        assert!(index.list(None, 10, 0).await.unwrap().is_empty());
        assert!(index.delete_of_user("7").await.unwrap().is_empty());

        let entry = IndexEntry::new("a", "7", now()).client("2001:db8::1", "Mozilla/5.0 \u{1F980}");
        index.upsert(&entry).await.unwrap();
        assert_eq!(index.get("a").await.unwrap(), Some(entry.clone()), "{name}");
        let second = now() + TimeDelta::seconds(1);
        index.upsert(&IndexEntry::new("a", "8", second)).await.unwrap();
        let found = index.get("a").await.unwrap().unwrap();
        assert_eq!((found.user_id.as_str(), found.created, found.last_seen), ("8", now(), second), "{name}");
        assert_eq!(found.age(later()), TimeDelta::weeks(2));

        assert!(index.touch("a", later(), "192.0.2.1", &"ü".repeat(1_000)).await.unwrap());
        assert!(
            index.touch("a", later(), "192.0.2.1", &"ü".repeat(1_000)).await.unwrap(),
            "found, not changed"
        );
        let found = index.get("a").await.unwrap().unwrap();
        assert_eq!(
            (found.last_seen, found.ip.as_str(), found.agent),
            (later(), "192.0.2.1", "ü".repeat(255))
        );

        assert!(index.rename("a", "A").await.unwrap(), "{name}");
        assert!(index.get("a").await.unwrap().is_none(), "{name}");
        assert_eq!(index.get("A").await.unwrap().unwrap().created, now());
        index.upsert(&IndexEntry::new("a", "8", now())).await.unwrap();
        assert_eq!(index.rename("a", "A").await.unwrap_err().kind(), DbErrorKind::Other);
        assert!(index.delete("A").await.unwrap());
        assert!(index.get("a").await.unwrap().is_some(), "{name}: keys are compared byte for byte");
    }
}

#[tokio::test]
async fn lists_and_logouts() {
    for (index, place) in indexes().await {
        for number in 0..7 {
            let user = if number % 2 == 0 { "even" } else { "odd" };
            let at = now() + TimeDelta::minutes(number);
            index.upsert(&IndexEntry::new(format!("k{number}"), user, at)).await.unwrap();
        }
        let list = async |user, limit, offset| keys(index.list(user, limit, offset).await.unwrap());
        assert_eq!(list(None, 3, 0).await, ["k6", "k5", "k4"], "{}", place.name);
        assert_eq!(list(None, 3, 6).await, ["k0"]);
        assert_eq!(list(Some("odd"), 10, 0).await, ["k5", "k3", "k1"]);
        assert_eq!(list(Some("odd"), 1, 1).await, ["k3"]);
        assert!(list(Some("ODD"), 10, 0).await.is_empty(), "{}", place.name);
        assert!(list(None, 0, 0).await.is_empty());

        assert_eq!(index.created_before(now() + TimeDelta::minutes(2), 10).await.unwrap(), ["k0", "k1"]);
        assert_eq!(index.created_before(later(), 1).await.unwrap(), ["k0"]);
        let mut ended = index.delete_of_user("odd").await.unwrap();
        ended.sort();
        assert_eq!(ended, ["k1", "k3", "k5"]);
        assert!(index.keys_of_user("odd").await.unwrap().is_empty());
        assert_eq!(list(None, 10, 0).await, ["k6", "k4", "k2", "k0"]);
    }
}

#[tokio::test]
async fn cleaning() {
    for (index, place) in indexes().await {
        let sessions = place.connect().sessions();
        // A database in memory belongs to its handle.
        let alone = place.name == "memory";
        for number in 0..6 {
            let key = format!("k{number}");
            index.upsert(&IndexEntry::new(&key, "7", now() + TimeDelta::minutes(number))).await.unwrap();
            if number % 2 == 0 && !alone {
                sessions.insert(&key, "x", later()).await.unwrap();
            }
        }
        if !alone {
            let minute_three = now() + TimeDelta::minutes(3);
            assert_eq!(index.clear_orphans(minute_three).await.unwrap(), 1, "{}", place.name);
            assert_eq!(index.clear_orphans(later()).await.unwrap(), 2);
            assert_eq!(keys(index.list(None, 10, 0).await.unwrap()), ["k4", "k2", "k0"]);
        }
        let left = if alone { 2 } else { 1 };
        assert_eq!(index.clear_unseen(now() + TimeDelta::minutes(2)).await.unwrap(), left);
        assert_eq!(index.clear_unseen(later()).await.unwrap(), if alone { 4 } else { 2 });
        assert!(index.list(None, 10, 0).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn without_the_table_and_without_a_leak() {
    for place in Place::all() {
        let index = place.migrated().await.session_index();
        let error = index.list(None, 1, 0).await.unwrap_err();
        assert_eq!(error.kind(), DbErrorKind::MissingTable);
        assert!(error.to_string().contains("turn the session index on"), "{error}");
    }
    assert!(!format!("{:?}", IndexEntry::new("topsecret", "7", now())).contains("topsecret"));
}
