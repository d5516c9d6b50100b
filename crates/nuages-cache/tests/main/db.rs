use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use nuages_cache::pickle::Value;
use nuages_cache::{
    Cache, CacheConfig, CacheErrorKind, CacheFront, Cas, DbCache, Serializer, Timeout, Token, suite,
};
use nuages_db::{CacheRow, CacheTable, Database};
use tempfile::TempDir;
use test_servers::{MariaDb, Postgres};

async fn table() -> (TempDir, CacheTable) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:///{}/db.sqlite3", folder.path().display());
    let table = Database::connect(&url).unwrap().cache("my_cache_table").unwrap();
    assert!(table.create().await.unwrap());
    (folder, table)
}

#[tokio::test]
async fn passes_the_suite() {
    let (_folder, table) = table().await;
    suite::check(&DbCache::new(table.clone()).into()).await.unwrap();
    suite::check_shared(&DbCache::new(table.clone()).serializer(Serializer::Pickle).into()).await.unwrap();
    assert_eq!(table.count().await.unwrap(), 0);
}

#[tokio::test]
async fn passes_the_suite_on_postgresql() {
    let server = Postgres::start();
    on_a_server(&server.url()).await;
}

#[tokio::test]
async fn passes_the_suite_on_mariadb() {
    let server = MariaDb::start();
    on_a_server(&server.url()).await;
}

async fn on_a_server(url: &str) {
    let table = Database::connect(url).unwrap().cache("my_cache_table").unwrap();
    table.create().await.unwrap();
    suite::check(&DbCache::new(table.clone()).into()).await.unwrap();
    suite::check_shared(&DbCache::new(table.clone()).serializer(Serializer::Pickle).into()).await.unwrap();
}

/// The text of a row, as Django writes and reads it.
#[tokio::test]
async fn rows_of_django() {
    let vectors: serde_json::Value = serde_json::from_str(include_str!("../vectors/cache.json")).unwrap();
    let (_folder, table) = table().await;
    let cache = CacheFront::new(DbCache::new(table.clone()).serializer(Serializer::Pickle));
    let cache = cache.with_serializer(Serializer::Pickle);
    for entry in vectors["database_values"].as_array().unwrap() {
        let (value, stored) = (&entry["value"], entry["stored"].as_str().unwrap());
        table.upsert(":1:theirs", stored, CacheRow::NEVER).await.unwrap();
        assert_eq!(&cache.get::<serde_json::Value>("theirs").await.unwrap().unwrap(), value);
        cache.set("ours", value, 60).await.unwrap();
        let row = table.load(":1:ours", Utc::now()).await.unwrap().unwrap();
        assert_eq!(row.value, stored);
    }
}

#[tokio::test]
async fn an_integer_of_an_older_protocol_is_the_same_integer() {
    let (_folder, table) = table().await;
    let cache = DbCache::new(table.clone()).serializer(Serializer::Pickle);
    // pickle.dumps(7, 2)
    table.upsert("n", &STANDARD.encode(b"\x80\x02K\x07."), CacheRow::NEVER).await.unwrap();
    let (value, token) = cache.get_with_token("n").await.unwrap().unwrap();
    assert_eq!(value, "7");
    let saved = cache.compare_and_set("n", &token, Bytes::from_static(b"8"), Timeout::Never).await.unwrap();
    assert_eq!(saved, Cas::Saved);
    assert_eq!(cache.incr("n", 1).await.unwrap(), 9);
    let row = table.load("n", Utc::now()).await.unwrap().unwrap();
    assert!(Value::from_bytes(&STANDARD.decode(row.value).unwrap()).unwrap() == Value::Int(9));
}

#[tokio::test]
async fn ends_by_the_wall_clock() {
    let (_folder, table) = table().await;
    let now = Arc::new(AtomicI64::new(1_700_000_000));
    let clock = {
        let now = now.clone();
        move || DateTime::from_timestamp(now.load(Ordering::SeqCst), 0).unwrap()
    };
    let cache = DbCache::new(table).clock(clock);
    cache.set("k", Bytes::from_static(b"1"), Timeout::from(10)).await.unwrap();
    now.fetch_add(9, Ordering::SeqCst);
    assert_eq!(cache.incr("k", 1).await.unwrap(), 2, "and keeps its end");
    now.fetch_add(1, Ordering::SeqCst);
    assert!(!cache.has_key("k").await.unwrap());
    assert_eq!(cache.incr("k", 1).await.unwrap_err().kind(), CacheErrorKind::MissingKey);
    let seen = Token::from(Bytes::from_static(b"2"));
    assert_eq!(cache.compare_and_set("k", &seen, Bytes::new(), Timeout::Never).await.unwrap(), Cas::Gone);
    assert!(
        cache.add("k", Bytes::from_static(b"3"), Timeout::After(std::time::Duration::MAX)).await.unwrap()
    );
    now.fetch_add(1_000_000_000, Ordering::SeqCst);
    assert!(cache.has_key("k").await.unwrap());
}

#[tokio::test]
async fn culls() {
    let (_folder, table) = table().await;
    let cache = DbCache::new(table.clone()).max_entries(30);
    for n in 0..200 {
        cache.set(&format!("k{n:03}"), Bytes::new(), Timeout::Never).await.unwrap();
    }
    assert!((20..=33).contains(&table.count().await.unwrap()));
    assert!(cache.has_key("k199").await.unwrap());
    let cleared = cache.clone().max_entries(5).cull_frequency(0);
    for n in 0..8 {
        cleared.set(&format!("n{n}"), Bytes::new(), Timeout::Never).await.unwrap();
    }
    assert!(table.count().await.unwrap() <= 8);
}

#[tokio::test]
async fn by_its_url() {
    let database = Database::connect("sqlite:///:memory:").unwrap();
    let config = CacheConfig::from_url("db://my_cache_table?serializer=pickle&max_entries=5").unwrap();
    let message = config.connect().unwrap_err().to_string();
    assert!(message.contains("connect_with"), "{message}");
    let cache = config.connect_with(&database).unwrap();
    assert_eq!(cache.serializer(), Serializer::Pickle);
    // An outage is none: it is a table that somebody has to make.
    let error = cache.get::<u8>("k").await.unwrap_err();
    assert!(!error.is_outage());
    assert!(format!("{error:?}").contains("createcachetable"), "{error:?}");
    database.cache("my_cache_table").unwrap().create().await.unwrap();
    cache.set("k", &1, 60).await.unwrap();
    assert_eq!(cache.get::<u8>("k").await.unwrap(), Some(1));
    for url in ["db://", "db://a.b", "db://table?unknown=1"] {
        let error = CacheConfig::from_url(url).unwrap().connect_with(&database).unwrap_err();
        assert_eq!(error.kind(), CacheErrorKind::InvalidBackend, "{url}");
    }
}

/// Beside a Django, what has ended and still lies there is what it is to Django.
#[tokio::test]
async fn ended_rows_are_those_of_django() {
    let (_folder, table) = table().await;
    for (serializer, shared) in [(Serializer::Json, false), (Serializer::Pickle, true)] {
        let cache =
            CacheFront::new(DbCache::new(table.clone()).serializer(serializer)).with_serializer(serializer);
        cache.set("k", "ended", 0).await.unwrap();
        assert_eq!(cache.delete("k").await.unwrap(), shared, "delete, {serializer:?}");
        cache.set("k", "ended", 0).await.unwrap();
        assert_eq!(cache.touch("k", 60).await.unwrap(), shared, "touch, {serializer:?}");
        assert_eq!(cache.get::<String>("k").await.unwrap().is_some(), shared, "touched, {serializer:?}");
        cache.set("k", "ended", 0).await.unwrap();
        assert_eq!(cache.get::<String>("k").await.unwrap(), None);
        assert!(!cache.delete("k").await.unwrap(), "reading has deleted it, {serializer:?}");
    }
}

/// What is replaced by nothing leaves no row that `delete` could count.
#[tokio::test]
async fn a_comparison_that_ends_a_value_leaves_nothing() {
    let (_folder, table) = table().await;
    for serializer in [Serializer::Json, Serializer::Pickle] {
        let cache = DbCache::new(table.clone()).serializer(serializer);
        cache.set("k", Bytes::from_static(b"1"), Timeout::Never).await.unwrap();
        let seen = Token::from(Bytes::from_static(b"1"));
        let outcome = cache.compare_and_set("k", &seen, Bytes::new(), Timeout::from(0)).await.unwrap();
        assert_eq!((outcome, table.count().await.unwrap()), (Cas::Saved, 0), "{serializer:?}");
        assert!(!cache.delete("k").await.unwrap(), "{serializer:?}");
    }
}
