//! How long a session lives: SESSION_ABSOLUTE_AGE, and what is kept of its key.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nuages_sessions::{CookieChange, SessionEngine, SessionKey, suite};
use nuages_signing::Clock;

use crate::bench::{Bench, ENGINES, SERVER_SIDE};

fn at(bench: &Bench, start: DateTime<Utc>, seconds: i64) -> SessionEngine {
    bench.at(Clock::from(start + TimeDelta::seconds(seconds)))
}

/// Counts the visits; the value of the cookie, the number, and the seconds that the cookie lives.
async fn visit(engine: &SessionEngine, cookie: &str) -> (String, u32, i64) {
    let handle = engine.session(Some(cookie).filter(|cookie| !cookie.is_empty()));
    let session = handle.session().await.unwrap();
    let n = session.modify("n", |n: u32| n + 1).unwrap();
    assert_eq!(session.keys(), ["n"], "views see their own names only");
    let committed = handle.commit(!cookie.is_empty(), 200).await.unwrap();
    let CookieChange::Set { key, lifetime } = committed.cookie else { panic!("{committed:?}") };
    (key.as_str().to_owned(), n, lifetime.unwrap().0)
}

#[tokio::test]
async fn a_session_ends_however_active_it_is() {
    for name in ENGINES {
        let bench = Bench::with(name, |settings| settings.SESSION_ABSOLUTE_AGE = Some(100)).await;
        let start = Utc::now();
        let (mut cookie, first, age) = visit(&at(&bench, start, 0), "").await;
        assert!((1, 99..=100).0 == first && (99..=100).contains(&age), "{name}: {age}");
        for (seconds, visits) in [(40, 2), (80, 3), (98, 4)] {
            let (next, n, age) = visit(&at(&bench, start, seconds), &cookie).await;
            assert_eq!(n, visits, "{name} after {seconds} s");
            assert!((100 - seconds - 1..=100 - seconds).contains(&age), "{name} after {seconds} s: {age}");
            cookie = next;
        }
        let late = at(&bench, start, 101);
        assert!(late.session(Some(&cookie)).load().await.unwrap().is_empty(), "{name}");
        let (next, n, _) = visit(&late, &cookie).await;
        assert_eq!(n, 1, "{name}: a new one");
        assert_ne!(next, cookie, "{name}");
        assert!(late.session(Some(&cookie)).load().await.unwrap().is_empty(), "{name}: it stays ended");
    }
}

#[tokio::test]
async fn changing_its_key_does_not_make_a_session_younger_and_flush_begins_another() {
    for name in SERVER_SIDE {
        let bench = Bench::with(name, |settings| settings.SESSION_ABSOLUTE_AGE = Some(100)).await;
        let start = Utc::now();
        let (cookie, ..) = visit(&at(&bench, start, 0), "").await;
        let half = at(&bench, start, 60);
        let handle = half.session(Some(&cookie));
        handle.session().await.unwrap().cycle_key().unwrap();
        handle.commit(true, 200).await.unwrap();
        let cookie = handle.session_key().unwrap();
        let (_, n, age) = visit(&half, cookie.as_str()).await;
        assert!(n == 2 && age <= 40, "{name}: {n}, {age}");
        let handle = half.session(Some(cookie.as_str()));
        let session = handle.session().await.unwrap();
        session.flush();
        session.set("n", 0).unwrap();
        let committed = handle.commit(true, 200).await.unwrap();
        let CookieChange::Set { lifetime: Some((age, _)), .. } = committed.cookie else { panic!("{name}") };
        assert!(age > 40, "{name}: {age}");
    }
}

#[tokio::test]
async fn sessions_from_before_the_setting_count_from_the_first_look() {
    for name in ENGINES {
        let bench = Bench::new(name).await;
        let (cookie, ..) = visit(&bench.engine, "").await;
        let engine = bench.again(|settings| settings.SESSION_ABSOLUTE_AGE = Some(100));
        let handle = engine.session(Some(&cookie));
        assert_eq!(handle.session().await.unwrap().get("n").unwrap(), Some(1));
        assert!(handle.modified(), "{name}: its beginning is to be kept");
        handle.commit(true, 200).await.unwrap();
        let cookie = handle.session_key().unwrap();
        let again = engine.session(Some(cookie.as_str()));
        again.session().await.unwrap();
        assert!(!again.modified(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stores_that_know_hashes_only_pass_the_suite_and_open_nothing() {
    for name in SERVER_SIDE {
        let bench = Bench::with(name, |settings| settings.SESSION_HASH_KEYS = true).await;
        if let Err(violation) = suite::check(&bench.engine).await {
            panic!("{name}: {violation:?}");
        }
        let (cookie, ..) = visit(&bench.engine, "").await;
        assert_eq!(visit(&bench.engine, &cookie).await.1, 2, "{name}");
        let plain = bench.again(|settings| settings.SESSION_HASH_KEYS = false);
        assert!(
            !plain.session(Some(&cookie)).exists(None).await.unwrap(),
            "{name}: the key is not in the store"
        );
        if name == "file" {
            let stored =
                std::fs::read_dir(bench.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
            for file in stored.map(|name| name.into_string().unwrap()) {
                let Some(stored) = file.strip_prefix("sessionid") else { continue };
                let key = SessionKey::new(stored).unwrap();
                assert!(
                    bench.engine.session(Some(key.as_str())).load().await.unwrap().is_empty(),
                    "no cookie"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_server_may_sweep_by_itself() {
    for name in ["db", "cached_db", "file"] {
        let bench = Bench::new(name).await;
        let handle = bench.engine.session(None);
        let session = handle.session().await.unwrap();
        session.set_expiry(TimeDelta::hours(-1)).unwrap();
        session.save().await.unwrap();
        let key = session.session_key().unwrap();
        let expired = bench.engine.session(Some(key.as_str()));
        assert!(expired.exists(None).await.unwrap());
        let engine = bench.engine.clone();
        let sweeper = tokio::spawn(async move { engine.sweep_every(Duration::ZERO).await });
        tokio::time::sleep(Duration::from_millis(1600)).await;
        assert!(!expired.exists(None).await.unwrap(), "{name}");
        sweeper.abort();
    }
}

#[tokio::test]
async fn clearing_counts_all_batches_and_takes_the_index_along() {
    let bench = Bench::with("db", |settings| settings.SESSION_INDEX = true).await;
    let database = bench.database.clone().unwrap();
    let index = database.session_index();
    index.create().await.unwrap();
    let (past, table) = (Utc::now() - TimeDelta::days(1), database.sessions());
    for number in 0..2_500 {
        let key = format!("expired{number:05}");
        assert!(table.insert(&key, "", past).await.unwrap());
        if number % 100 == 0 {
            index.upsert(&nuages_db::IndexEntry::new(key, "7", past)).await.unwrap();
        }
    }
    assert_eq!(bench.engine.clear_expired().await.unwrap(), 2_500);
    assert!(index.list(None, 100, 0).await.unwrap().is_empty());
    assert_eq!(bench.engine.clear_expired().await.unwrap(), 0);
}
