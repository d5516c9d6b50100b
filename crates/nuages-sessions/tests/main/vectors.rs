//! Texts, keys, names and times as Django has recorded them.

use std::os::unix::fs::PermissionsExt;

use chrono::{DateTime, TimeZone, Utc};
use nuages_sessions::{Expiry, ExpiryArguments, SessionData, SessionKey, isoformat};
use nuages_signing::Clock;
use serde_json::Value;

use crate::bench::Bench;

fn recorded() -> Value {
    serde_json::from_str(include_str!("../vectors/sessions.json")).unwrap()
}

fn cases(name: &str) -> Vec<Value> {
    let cases = recorded()[name].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    cases
}

fn data(value: &Value) -> SessionData {
    SessionData::from_serialize(value).unwrap()
}

/// Is the text compressed? zlib's output may differ between its versions, what comes out of it may not.
fn exact(text: &str) -> bool {
    !text.starts_with('.')
}

#[tokio::test]
async fn texts_are_those_of_django() {
    for case in cases("encoded") {
        let at = Clock::at(case["at"].as_f64().unwrap());
        let (db, cookies) =
            (Bench::new("db").await.at(at.clone()), Bench::new("signed_cookies").await.at(at));
        let data = data(&case["data"]);
        let text = case["encoded"].as_str().unwrap();
        assert_eq!(db.decode(text), data);
        assert_eq!(cookies.decode(text), data, "the text is the same in all engines");
        let cookie = case["signed_cookie"].as_str().unwrap();
        let handle = cookies.session(Some(cookie));
        assert_eq!(handle.session().await.unwrap().items(), data);
        let ours = db.encode(&data).unwrap();
        // Django compresses short texts too; we leave them as they are.
        let short = data.to_json().unwrap().len() < 1024;
        assert_eq!(exact(&ours), exact(text) || short);
        if exact(text) {
            assert_eq!(ours, text);
            handle.save().await.unwrap();
            assert_eq!(handle.session_key().unwrap().as_str(), cookie);
        } else {
            assert_eq!(db.decode(&ours), data);
        }
    }
}

#[tokio::test]
async fn what_is_no_text_of_ours_is_an_empty_session() {
    let bench = Bench::new("db").await;
    for case in cases("decoded") {
        assert_eq!(
            bench.engine.decode(case["text"].as_str().unwrap()),
            data(&case["data"]),
            "{}",
            case["case"]
        );
    }
}

#[tokio::test]
async fn expiry_is_reckoned_as_in_django() {
    let bench = Bench::new("cache").await;
    let handle = bench.engine.session(None);
    let session = handle.session().await.unwrap();
    for case in cases("expiry") {
        let expiry = match &case["expiry"] {
            Value::String(text) => Expiry::At(DateTime::parse_from_rfc3339(text).unwrap()),
            value => value.as_i64().into(),
        };
        let modification = DateTime::parse_from_rfc3339(case["modification"].as_str().unwrap()).unwrap();
        let arguments = ExpiryArguments::new().modification(modification).expiry(expiry);
        assert_eq!(session.get_expiry_age_with(&arguments).unwrap(), case["age"], "{case}");
        assert_eq!(isoformat(session.get_expiry_date_with(&arguments).unwrap()), case["date"], "{case}");

        session.set("_session_expiry", &case["expiry"]).unwrap();
        let stored = ExpiryArguments::new().modification(modification);
        assert_eq!(session.get_expiry_age_with(&stored).unwrap(), case["age"], "{case}");
        assert_eq!(isoformat(session.get_expiry_date_with(&stored).unwrap()), case["date"], "{case}");
    }
}

#[tokio::test]
async fn files_have_the_names_and_texts_of_django() {
    for case in cases("files") {
        let bench = Bench::with("file", |settings| {
            settings.SESSION_COOKIE_NAME = case["cookie_name"].as_str().unwrap().to_owned();
        })
        .await;
        let engine = bench.at(Clock::at(case["at"].as_f64().unwrap()));
        let (key, path) = (
            case["session_key"].as_str().unwrap(),
            bench.folder.path().join(case["file_name"].as_str().unwrap()),
        );

        let handle = engine.session(Some(key));
        handle.session().await.unwrap();
        let ours = engine.session(Some(key));
        ours.clear();
        let session = ours.session().await.unwrap();
        session.update(case["data"].as_object().unwrap()).unwrap();
        session.save_new().await.unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), case["content"].as_str().unwrap());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(format!("0o{:o}", mode & 0o777), case["mode"].as_str().unwrap());

        // And Django's file is read.
        std::fs::write(&path, case["content"].as_str().unwrap()).unwrap();
        let theirs = bench.engine.session(Some(key));
        assert_eq!(theirs.session().await.unwrap().items(), data(&case["data"]));
    }
}

#[tokio::test]
async fn no_path_is_made_of_a_strange_key() {
    let bench = Bench::new("file").await;
    for case in cases("file_keys") {
        let handle = bench.engine.session(case["session_key"].as_str());
        assert_eq!(handle.save_new().await.unwrap_err().kind().django_name(), case["error"], "{case}");
        assert!(!handle.exists(None).await.unwrap());
        handle.session().await.unwrap();
        assert!(handle.session_key().is_none(), "not adopted");
    }
    assert_eq!(std::fs::read_dir(bench.folder.path()).unwrap().count(), 0);
}

#[test]
fn cache_entries_have_the_keys_of_django() {
    let case = cases("cache_keys").remove(0);
    let key = format!("{}{}", nuages_sessions::CACHE_KEY_PREFIX, case["session_key"].as_str().unwrap());
    assert_eq!(key, case["cache_key"].as_str().unwrap());
    let full = nuages_cache::CacheFront::new(nuages_cache::LocmemCache::new()).make_key(&key);
    assert_eq!(full, case["full_key"].as_str().unwrap());
    assert!(SessionKey::new(case["session_key"].as_str().unwrap()).unwrap().is_well_formed());
}

#[tokio::test]
async fn rows_are_those_of_django() {
    let row = &recorded()["database"]["row"];
    let bench = Bench::new("db").await;
    let engine = bench.at(Clock::at(row["at"].as_f64().unwrap()));
    let handle = engine.session(None);
    let session = handle.session().await.unwrap();
    session.update(row["data"].as_object().unwrap()).unwrap();
    session.save().await.unwrap();
    let key = handle.session_key().unwrap();
    let table = bench.database.as_ref().unwrap().sessions();
    let stored = table.load(key.as_str(), DateTime::UNIX_EPOCH).await.unwrap().unwrap();
    assert_eq!(stored.session_data, row["session_data"].as_str().unwrap());
    assert_eq!(stored.expire_date, Utc.with_ymd_and_hms(2023, 11, 28, 22, 13, 20).unwrap());
    assert_eq!(row["expire_date"], "2023-11-28 22:13:20");
}
