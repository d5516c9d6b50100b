//! What is damaged, forged or planted is an empty session and nothing worse.

use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};

use bytes::Bytes;
use chrono::{TimeDelta, Utc};
use nuages_cache::Timeout;
use nuages_sessions::{SessionEngine, SessionKey};
use nuages_signing::{Compress, TimestampSigner};

use crate::bench::Bench;

const SALT: &str = "django.contrib.sessions.SessionStore";

/// Texts that are no session of ours, though some are signed with our key.
fn damaged() -> Vec<(&'static str, Vec<u8>)> {
    let signer = TimestampSigner::new("conformance-secret-key").salt(SALT);
    let sign = |data: &[u8]| signer.sign_bytes(data, Compress::IfShorter).into_bytes();
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    vec![
        ("noise", b"\xff\xfe\x00not text".to_vec()),
        ("no signature", b"eyJhIjoxfQ".to_vec()),
        ("cut", sign(b"{\"a\":1}")[..20].to_vec()),
        ("bad base64", signer.sign("***").into_bytes()),
        ("bad zlib", signer.sign(".eyJhIjoxfQ").into_bytes()),
        ("NaN", sign(b"{\"a\":NaN}")),
        ("a list", sign(b"[1,2]")),
        ("a bomb", sign(&[b"{\"a\":\"", vec![b'x'; 11 << 20].as_slice(), b"\"}"].concat())),
        (
            "another salt",
            TimestampSigner::new("conformance-secret-key").salt("x").sign("eyJhIjoxfQ").into_bytes(),
        ),
        ("another key", TimestampSigner::new("other").salt(SALT).sign("eyJhIjoxfQ").into_bytes()),
        ("deep, unsigned", deep.into_bytes()),
    ]
}

/// Reads as empty, does not keep the key, and the next save goes elsewhere.
async fn assert_empty(engine: &SessionEngine, key: &SessionKey, what: &str) {
    let handle = engine.session(Some(key.as_str()));
    let session = handle.session().await.unwrap();
    assert!(session.items().is_empty(), "{what}");
    assert!(session.session_key().is_none(), "{what}: the key is not used again");
    session.set("new", 1).unwrap();
    session.save().await.unwrap();
    assert_ne!(session.session_key().as_ref(), Some(key), "{what}");
}

// Case 322.
#[tokio::test]
async fn damaged_rows_are_empty_sessions() {
    let bench = Bench::new("db").await;
    let table = bench.database.as_ref().unwrap().sessions();
    for (what, text) in damaged() {
        let Ok(text) = String::from_utf8(text) else { continue };
        let key = SessionKey::random();
        table.insert(key.as_str(), &text, Utc::now() + TimeDelta::hours(1)).await.unwrap();
        assert_empty(&bench.engine, &key, what).await;
    }
}

#[tokio::test]
async fn damaged_files_are_empty_sessions() {
    let bench = Bench::new("file").await;
    for (what, text) in damaged() {
        let key = SessionKey::random();
        std::fs::write(bench.folder.path().join(format!("sessionid{}", key.as_str())), text).unwrap();
        assert_empty(&bench.engine, &key, what).await;
    }
    let key = SessionKey::random();
    let huge = std::fs::File::create(bench.folder.path().join(format!("sessionid{}", key.as_str()))).unwrap();
    huge.set_len(1 << 30).unwrap();
    assert_empty(&bench.engine, &key, "1 GB").await;
}

#[tokio::test]
async fn damaged_entries_are_empty_sessions() {
    let bench = Bench::new("cache").await;
    let cache = bench.cache();
    // Without a signature well-formed JSON is a session, however deep it nests.
    for (what, text) in damaged().into_iter().filter(|(what, _)| *what != "deep, unsigned") {
        let key = SessionKey::random();
        let entry = format!("{}{}", nuages_sessions::CACHE_KEY_PREFIX, key.as_str());
        cache.set_bytes(&entry, Bytes::from(text), Timeout::Never).await.unwrap();
        assert_empty(&bench.engine, &key, what).await;
    }
}

#[tokio::test]
async fn forged_cookies_are_empty_sessions() {
    let bench = Bench::new("signed_cookies").await;
    for (what, text) in damaged() {
        let Ok(text) = String::from_utf8(text) else { continue };
        let handle = bench.engine.session(Some(&text));
        let session = handle.session().await.unwrap();
        assert!(session.items().is_empty() && session.modified(), "{what}");
    }
}

// Case 323, as far as Django's format allows it: the row of another SECRET_KEY.
#[tokio::test]
async fn another_secret_key_reads_nothing_and_a_fallback_reads_all() {
    for engine in ["db", "file"] {
        let bench = Bench::new(engine).await;
        let handle = bench.engine.session(None);
        let session = handle.session().await.unwrap();
        session.set("a", 1).unwrap();
        session.save().await.unwrap();
        let key = session.session_key().unwrap();
        let rotated = bench.again(|settings| {
            settings.SECRET_KEY = "new".into();
            settings.SECRET_KEY_FALLBACKS = vec!["conformance-secret-key".into()];
        });
        let read = rotated.session(Some(key.as_str()));
        assert_eq!(read.session().await.unwrap().get("a").unwrap(), Some(1), "{engine}");
        let foreign = bench.again(|settings| settings.SECRET_KEY = "new".into());
        assert_empty(&foreign, &key, engine).await;
    }
}

// Case 324.
#[tokio::test]
async fn links_are_not_followed_and_files_are_private() {
    let bench = Bench::new("file").await;
    let handle = bench.engine.session(None);
    let session = handle.session().await.unwrap();
    session.set("a", 1).unwrap();
    session.save().await.unwrap();
    session.set("b", 2).unwrap();
    session.save().await.unwrap();
    let path = |key: &SessionKey| bench.folder.path().join(format!("sessionid{}", key.as_str()));
    let real = path(&session.session_key().unwrap());
    assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o600);

    let elsewhere = bench.folder.path().join("elsewhere");
    std::fs::copy(&real, &elsewhere).unwrap();
    let key = SessionKey::random();
    symlink(&elsewhere, path(&key)).unwrap();
    let before = std::fs::read(&elsewhere).unwrap();
    let planted = bench.engine.session(Some(key.as_str()));
    assert!(planted.session().await.unwrap().items().is_empty());
    let unread = bench.engine.session(Some(key.as_str()));
    unread.clear();
    unread.save().await.unwrap_err();
    assert!(!unread.exists(None).await.unwrap());
    assert_eq!(std::fs::read(&elsewhere).unwrap(), before, "nothing was written through the link");

    let fifo = SessionKey::random();
    std::fs::create_dir(path(&fifo)).unwrap();
    assert!(bench.engine.session(Some(fifo.as_str())).session().await.unwrap().items().is_empty());
}

#[tokio::test]
async fn placeholders_and_leftovers_of_django_are_understood() {
    let bench = Bench::new("file").await;
    let key = SessionKey::random();
    let path = bench.folder.path().join(format!("sessionid{}", key.as_str()));
    std::fs::File::create(&path).unwrap();
    let handle = bench.engine.session(Some(key.as_str()));
    let session = handle.session().await.unwrap();
    assert!(session.items().is_empty() && session.session_key().as_ref() == Some(&key));
    session.set("a", 1).unwrap();
    session.save().await.unwrap();

    let leftover = bench.folder.path().join(format!("sessionid{}_out_abcdefgh", key.as_str()));
    let mut file = std::fs::File::create(&leftover).unwrap();
    file.write_all(b"half").unwrap();
    bench.engine.clear_expired().await.unwrap();
    assert!(leftover.exists(), "it may be in the making");
    file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(7200)).unwrap();
    bench.engine.clear_expired().await.unwrap();
    assert!(!leftover.exists() && path.exists());
}

#[tokio::test]
async fn keys_and_values_never_show() {
    let bench = Bench::new("cache").await;
    let handle = bench.engine.session(None);
    let session = handle.session().await.unwrap();
    session.set("password", "hunter2").unwrap();
    session.save().await.unwrap();
    let key = session.session_key().unwrap();
    let error = session.get::<u32>("password").unwrap_err();
    let shown = format!("{handle:?} {session:?} {:?} {key:?} {error:?} {:?}", session.items(), bench.engine);
    assert!(!shown.contains("hunter2") && !shown.contains(key.as_str()), "{shown}");
}
