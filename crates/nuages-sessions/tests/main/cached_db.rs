//! The cache in front of the rows: what it answers, and what happens when it is away.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{TimeDelta, Utc};
use nuages_cache::{
    Cache, CacheError, CacheErrorKind, CacheFront, Cas, KeyPolicy, LocmemCache, Serializer, Timeout, Token,
};
use nuages_db::Database;
use nuages_sessions::{
    CACHED_DB_KEY_PREFIX, CachedDbStore, SessionCodec, SessionConfig, SessionEngine, SessionErrorKind, suite,
};
use tempfile::TempDir;

const UP: u8 = 0;
const REFUSES: u8 = 1;
const HANGS: u8 = 2;

/// A cache that can be switched off.
#[derive(Clone)]
struct Switched {
    cache: LocmemCache,
    state: Arc<AtomicU8>,
    asked: Arc<AtomicUsize>,
    longest: Arc<std::sync::Mutex<Duration>>,
}

impl Switched {
    async fn pass(&self) -> Result<(), CacheError> {
        self.asked.fetch_add(1, SeqCst);
        match self.state.load(SeqCst) {
            REFUSES => Err(CacheError::new(CacheErrorKind::Unavailable, "connection refused")),
            HANGS => std::future::pending().await,
            _ => Ok(()),
        }
    }

    fn note(&self, timeout: Timeout) {
        let Timeout::After(time) = timeout else { panic!("an entry for ever") };
        let mut longest = self.longest.lock().unwrap();
        *longest = time.max(*longest);
    }
}

impl Cache for Switched {
    fn key_policy(&self) -> KeyPolicy {
        KeyPolicy::Refuse
    }
    async fn get(&self, key: &str) -> Result<Option<Bytes>, CacheError> {
        self.pass().await?;
        self.cache.get(key).await
    }
    async fn get_with_token(&self, key: &str) -> Result<Option<(Bytes, Token)>, CacheError> {
        self.pass().await?;
        self.cache.get_with_token(key).await
    }
    async fn set(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<(), CacheError> {
        self.pass().await?;
        self.cache.set(key, value, timeout).await
    }
    async fn add(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        self.pass().await?;
        self.cache.add(key, value, timeout).await
    }
    async fn replace(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        self.pass().await?;
        self.cache.replace(key, value, timeout).await
    }
    async fn compare_and_set(
        &self,
        key: &str,
        seen: &Token,
        value: Bytes,
        timeout: Timeout,
    ) -> Result<Cas, CacheError> {
        self.pass().await?;
        self.note(timeout);
        self.cache.compare_and_set(key, seen, value, timeout).await
    }
    async fn touch(&self, key: &str, timeout: Timeout) -> Result<bool, CacheError> {
        self.pass().await?;
        self.cache.touch(key, timeout).await
    }
    async fn delete(&self, key: &str) -> Result<bool, CacheError> {
        self.pass().await?;
        self.cache.delete(key).await
    }
    async fn has_key(&self, key: &str) -> Result<bool, CacheError> {
        self.pass().await?;
        self.cache.has_key(key).await
    }
    async fn incr(&self, key: &str, delta: i64) -> Result<i64, CacheError> {
        self.pass().await?;
        self.cache.incr(key, delta).await
    }
    async fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, CacheError> {
        self.pass().await?;
        self.cache.get_many(keys).await
    }
    async fn set_many(
        &self,
        entries: Vec<(String, Bytes)>,
        timeout: Timeout,
    ) -> Result<Vec<String>, CacheError> {
        self.pass().await?;
        self.cache.set_many(entries, timeout).await
    }
    async fn delete_many(&self, keys: &[String]) -> Result<(), CacheError> {
        self.pass().await?;
        self.cache.delete_many(keys).await
    }
    async fn clear(&self) -> Result<Option<bool>, CacheError> {
        self.pass().await?;
        self.cache.clear().await
    }
}

struct Bench {
    cache: Switched,
    front: CacheFront,
    database: Database,
    engine: SessionEngine,
    _folder: TempDir,
}

impl Bench {
    async fn new(serializer: Serializer) -> Self {
        let folder = TempDir::new().unwrap();
        let database =
            Database::connect(&format!("sqlite:///{}/db.sqlite3", folder.path().display())).unwrap();
        database.migrate().await.unwrap();
        let cache = Switched {
            cache: LocmemCache::new().max_entries(100_000),
            state: Arc::default(),
            asked: Arc::default(),
            longest: Arc::default(),
        };
        let front = CacheFront::new(cache.clone()).with_serializer(serializer);
        let engine = Self::open(&database, &front);
        Self { cache, front, database, engine, _folder: folder }
    }

    /// Another process on the same table and cache.
    fn open(database: &Database, front: &CacheFront) -> SessionEngine {
        let codec = SessionCodec::new("key");
        let patience = Duration::from_millis(100);
        let store = CachedDbStore::with_patience(database.sessions(), front.clone(), codec.clone(), patience);
        SessionEngine::with_codec(store, SessionConfig::default(), codec)
    }

    fn switch(&self, state: u8) {
        self.cache.state.store(state, SeqCst);
    }

    async fn begin(&self) -> String {
        let handle = self.engine.session(None);
        let session = handle.session().await.unwrap();
        session.set("n", 0).unwrap();
        session.save().await.unwrap();
        session.session_key().unwrap().as_str().to_owned()
    }

    async fn read(&self, key: &str) -> Option<u32> {
        read(&self.engine, key).await
    }

    async fn write(&self, key: &str, n: u32) {
        let handle = self.engine.session(Some(key));
        handle.session().await.unwrap().set("n", n).unwrap();
        handle.commit(true, 200).await.unwrap();
    }

    async fn entry(&self, key: &str) -> Option<Bytes> {
        self.front.get_bytes(&[CACHED_DB_KEY_PREFIX, key].concat()).await.unwrap()
    }
}

async fn read(engine: &SessionEngine, key: &str) -> Option<u32> {
    engine.session(Some(key)).session().await.unwrap().get("n").unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn both_forms_pass_the_suite() {
    for serializer in [Serializer::Json, Serializer::Pickle] {
        let bench = Bench::new(serializer).await;
        if let Err(violation) = suite::check(&bench.engine).await {
            panic!("{serializer:?}: {violation:?}");
        }
    }
}

#[tokio::test]
async fn what_was_written_or_read_is_in_the_cache() {
    let bench = Bench::new(Serializer::Pickle).await;
    let key = bench.begin().await;
    // pickle.dumps({"n": 0}, 5)
    let pickle = b"\x80\x05\x95\n\0\0\0\0\0\0\0}\x94\x8c\x01n\x94K\0s.";
    assert_eq!(bench.entry(&key).await.as_deref(), Some(&pickle[..]));
    bench.front.clear().await.unwrap();
    assert_eq!(bench.read(&key).await, Some(0));
    assert_eq!(bench.entry(&key).await.as_deref(), Some(&pickle[..]), "filled by the read");
    bench.database.close().await.unwrap();
    assert_eq!(bench.read(&key).await, Some(0), "the rows are not asked");
}

#[tokio::test]
async fn no_entry_outlives_its_row() {
    let bench = Bench::new(Serializer::Json).await;
    let key = bench.begin().await;
    let handle = bench.engine.session(Some(&key));
    handle.session().await.unwrap().set_expiry(TimeDelta::seconds(30)).unwrap();
    handle.commit(true, 200).await.unwrap();
    *bench.cache.longest.lock().unwrap() = Duration::ZERO;
    bench.front.clear().await.unwrap();
    let start = Instant::now();
    bench.read(&key).await;
    let row = bench.database.sessions().load(&key, Utc::now()).await.unwrap().unwrap();
    let left = (row.expire_date - Utc::now()).to_std().unwrap() + start.elapsed();
    let longest = *bench.cache.longest.lock().unwrap();
    assert!(longest <= left && longest >= Duration::from_secs(28), "{longest:?} {left:?}");

    let handle = bench.engine.session(Some(&key));
    handle.session().await.unwrap().set_expiry(TimeDelta::milliseconds(700)).unwrap();
    handle.commit(true, 200).await.unwrap();
    assert_eq!(bench.entry(&key).await, None, "less than a second is not worth an entry");
}

#[tokio::test]
async fn a_cache_that_is_away_leaves_the_rows() {
    for state in [REFUSES, HANGS] {
        let bench = Bench::new(Serializer::Json).await;
        let key = bench.begin().await;
        let other = Bench::open(&bench.database, &bench.front);
        bench.switch(state);
        let start = Instant::now();
        assert_eq!(bench.read(&key).await, Some(0));
        let first = start.elapsed();
        assert_eq!(bench.read(&key).await, Some(0));
        bench.write(&key, 1).await;
        assert!(first < Duration::from_millis(400), "{state}: {first:?}");
        assert!(start.elapsed() < first + Duration::from_millis(300), "{state}: it is not asked each time");

        // A logout cannot reach the old entry, so it is not said to be done, and is not.
        let logout = bench.engine.session(Some(&key));
        logout.flush();
        let error = logout.commit(true, 200).await.unwrap_err();
        assert_eq!(error.kind(), SessionErrorKind::Unavailable);
        assert!(bench.engine.session(Some(&key)).exists(None).await.unwrap());

        bench.switch(UP);
        assert!(bench.entry(&key).await.is_some(), "the old entry is there still");
        assert_eq!(bench.read(&key).await, Some(1), "{state}: and is not believed");
        tokio::time::sleep(Duration::from_millis(1300)).await;
        assert_eq!(
            read(&other, &key).await,
            Some(1),
            "{state}: nor by others, as soon as it could be deleted"
        );
        assert_eq!(bench.read(&key).await, Some(1));
        let logout = bench.engine.session(Some(&key));
        logout.flush();
        logout.commit(true, 200).await.unwrap();
        assert_eq!((bench.read(&key).await, bench.entry(&key).await), (None, None), "{state}");
    }
}

#[tokio::test]
async fn the_cache_serves_again_after_an_outage() {
    let bench = Bench::new(Serializer::Json).await;
    let key = bench.begin().await;
    bench.switch(REFUSES);
    bench.write(&key, 1).await;
    bench.switch(UP);
    tokio::time::sleep(Duration::from_millis(1300)).await;
    bench.read(&key).await;
    let asked = bench.cache.asked.load(SeqCst);
    bench.database.close().await.unwrap();
    assert_eq!(bench.read(&key).await, Some(1));
    assert_eq!(bench.cache.asked.load(SeqCst), asked + 1, "one question");
}

#[tokio::test]
async fn what_is_no_session_in_the_cache_is_a_miss() {
    for serializer in [Serializer::Json, Serializer::Pickle] {
        let bench = Bench::new(serializer).await;
        let key = bench.begin().await;
        let name = [CACHED_DB_KEY_PREFIX, &key].concat();
        // The last one is a mark that somebody has left behind.
        for damaged in [&b"noise"[..], b"", b"[1]", b"\x80\x04N.", b"\x80\x04\x8c\x10abcdefghijklmnop0N."] {
            let life = Timeout::from(60);
            bench.front.set_bytes(&name, Bytes::copy_from_slice(damaged), life).await.unwrap();
            assert_eq!(bench.read(&key).await, Some(0), "{serializer:?} {damaged:?}");
            bench.write(&key, 0).await;
            assert_eq!(bench.read(&key).await, Some(0), "{serializer:?} {damaged:?}");
        }
    }
}
