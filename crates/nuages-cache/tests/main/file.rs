use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::DateTime;
use nuages_cache::{
    Cache, CacheErrorKind, CacheFront, Cas, DEFAULT_TIMEOUT, FileCache, Serializer, Timeout, Token, suite,
};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn files(folder: &TempDir) -> Vec<String> {
    let names = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn passes_the_suite() {
    let folder = folder();
    suite::check(&FileCache::new(folder.path()).unwrap().into()).await.unwrap();
    let pickling = FileCache::new(folder.path()).unwrap().serializer(Serializer::Pickle);
    suite::check_shared(&pickling.into()).await.unwrap();
    assert!(files(&folder).is_empty(), "{:?}", files(&folder));
}

/// Names, ends and values as Django writes them.
#[tokio::test]
async fn files_of_django() {
    let vectors: serde_json::Value = serde_json::from_str(include_str!("../vectors/cache.json")).unwrap();
    let folder = folder();
    let clock = || DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    let backend = FileCache::new(folder.path()).unwrap().serializer(Serializer::Pickle).clock(clock);
    let cache = CacheFront::new(backend).with_serializer(Serializer::Pickle);
    for entry in vectors["file_entries"].as_array().unwrap() {
        let (key, value) = (entry["key"].as_str().unwrap(), &entry["value"]);
        let path = folder.path().join(entry["file_name"].as_str().unwrap());
        let expected = STANDARD.decode(entry["content_b64"].as_str().unwrap()).unwrap();
        fs::write(&path, &expected).unwrap();
        assert_eq!(&cache.get::<serde_json::Value>(key).await.unwrap().unwrap(), value);
        cache.set(key, value, 600).await.unwrap();
        let written = fs::read(&path).unwrap();
        // The same end, and the same pickle; zlib may compress in its own way.
        let inflate = |content: &[u8]| miniz_oxide::inflate::decompress_to_vec_zlib(&content[21..]).unwrap();
        assert_eq!(written[..21], expected[..21], "{key}");
        assert_eq!(inflate(&written), inflate(&expected), "{key}");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let path = folder.path().join(vectors["file_entries"][0]["file_name"].as_str().unwrap());
    assert_eq!(cache.incr("a", 41).await.unwrap(), 42);
    assert!(cache.touch("a", None).await.unwrap());
    assert_eq!(&fs::read(&path).unwrap()[..4], b"\x80\x05N.");
}

#[tokio::test]
async fn ends_by_the_wall_clock_and_goes() {
    let folder = folder();
    let now = Arc::new(AtomicI64::new(1_700_000_000));
    let clock = {
        let now = now.clone();
        move || DateTime::from_timestamp(now.load(Ordering::SeqCst), 0).unwrap()
    };
    let cache = FileCache::new(folder.path()).unwrap().clock(clock);
    cache.set("k", Bytes::from_static(b"1"), Timeout::from(10)).await.unwrap();
    now.fetch_add(9, Ordering::SeqCst);
    assert!(cache.has_key("k").await.unwrap());
    assert_eq!(cache.incr("k", 1).await.unwrap(), 2, "and keeps its end");
    now.fetch_add(1, Ordering::SeqCst);
    assert_eq!(files(&folder).len(), 1);
    assert!(!cache.has_key("k").await.unwrap());
    assert!(files(&folder).is_empty(), "a file whose time has passed goes when somebody comes upon it");
    assert!(!cache.touch("k", Timeout::from(10)).await.unwrap());
    assert!(!cache.replace("k", Bytes::new(), Timeout::from(10)).await.unwrap());
    let seen = Token::from(Bytes::from_static(b"2"));
    assert_eq!(cache.compare_and_set("k", &seen, Bytes::new(), Timeout::Never).await.unwrap(), Cas::Gone);
    assert!(cache.get("k").await.unwrap().is_none());
    assert!(cache.add("k", Bytes::from_static(b"3"), Timeout::from(10)).await.unwrap());
}

#[tokio::test]
async fn culls_what_is_over_and_then_at_random() {
    let folder = folder();
    let now = Arc::new(AtomicI64::new(1_700_000_000));
    let clock = {
        let now = now.clone();
        move || DateTime::from_timestamp(now.load(Ordering::SeqCst), 0).unwrap()
    };
    let cache = FileCache::new(folder.path()).unwrap().max_entries(30).clock(clock);
    for n in 0..30 {
        let timeout = if n < 10 { Timeout::from(5) } else { Timeout::Never };
        cache.set(&format!("k{n}"), Bytes::new(), timeout).await.unwrap();
    }
    assert_eq!(files(&folder).len(), 30);
    now.fetch_add(5, Ordering::SeqCst);
    cache.set("more", Bytes::new(), Timeout::Never).await.unwrap();
    assert_eq!(files(&folder).len(), 21, "the ten that are over went");
    for n in 0..200 {
        cache.add(&format!("n{n}"), Bytes::new(), Timeout::Never).await.unwrap();
        assert!(files(&folder).len() <= 30);
    }
    let cleared = cache.clone().max_entries(5).cull_frequency(0);
    cleared.set("last", Bytes::new(), Timeout::Never).await.unwrap();
    assert_eq!(files(&folder).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_loses_a_write_between_two_processes() {
    // Two caches on one folder share no mutex, as two processes do not: what keeps them apart is the lock on the file.
    let folder = folder();
    let caches = [FileCache::new(folder.path()).unwrap(), FileCache::new(folder.path()).unwrap()];
    let mut tasks = Vec::new();
    let added = Arc::new(AtomicI64::new(0));
    for task in 0..8 {
        let (cache, added) = (caches[task % 2].clone(), added.clone());
        tasks.push(tokio::spawn(async move {
            for n in 0..25 {
                if cache.add("n", Bytes::from_static(b"0"), Timeout::Never).await.unwrap() {
                    added.fetch_add(1, Ordering::SeqCst);
                }
                cache.incr("n", 1).await.unwrap();
                let key = format!("once{n}");
                if cache.add(&key, Bytes::new(), Timeout::Never).await.unwrap() {
                    added.fetch_add(1, Ordering::SeqCst);
                }
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(caches[0].get("n").await.unwrap().unwrap(), "200");
    assert_eq!(added.load(Ordering::SeqCst), 26);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_deleted_or_cleared_stays_away() {
    let folder = folder();
    let cache = FileCache::new(folder.path()).unwrap();
    for round in 0..60 {
        cache.set("k", Bytes::from_static(b"1"), Timeout::Never).await.unwrap();
        let writers: Vec<_> = (0..4)
            .map(|_| {
                let cache = cache.clone();
                tokio::spawn(async move {
                    if let Some((_, seen)) = cache.get_with_token("k").await.unwrap() {
                        cache
                            .compare_and_set("k", &seen, Bytes::from_static(b"2"), Timeout::Never)
                            .await
                            .unwrap();
                    }
                    cache.touch("k", Timeout::from(60)).await.unwrap();
                    cache.replace("k", Bytes::from_static(b"3"), Timeout::Never).await.unwrap();
                })
            })
            .collect();
        if round % 2 == 0 {
            cache.delete("k").await.unwrap();
        } else {
            cache.clear().await.unwrap();
        }
        for writer in writers {
            writer.await.unwrap();
        }
        assert!(cache.get("k").await.unwrap().is_none(), "round {round}");
    }
}

#[tokio::test]
async fn damaged_and_strange_files() {
    let folder = folder();
    let cache = FileCache::new(folder.path()).unwrap().deadline(Duration::from_secs(60));
    let front = CacheFront::new(cache.clone());
    front.set("k", "value", DEFAULT_TIMEOUT).await.unwrap();
    let path = folder.path().join(&files(&folder)[0]);
    let whole = fs::read(&path).unwrap();
    // Django takes an empty file for one whose time has passed.
    fs::write(&path, b"").unwrap();
    assert_eq!(front.get::<String>("k").await.unwrap(), None);
    for bad in [&whole[..10], &whole[..whole.len() - 3], b"cos\nsystem\n.", &[0xff; 100]] {
        fs::write(&path, bad).unwrap();
        let error = front.get::<String>("k").await.unwrap_err();
        assert_eq!(error.kind(), CacheErrorKind::Decode, "{error:?}");
        assert!(front.add("k", "again", DEFAULT_TIMEOUT).await.unwrap(), "and can be written again");
        assert_eq!(front.get::<String>("k").await.unwrap().as_deref(), Some("again"));
    }
    // A bomb: 100 MB of zeros in some kilobytes.
    let bomb = [b"\x80\x05N.".to_vec(), miniz_oxide::deflate::compress_to_vec_zlib(&vec![0; 100_000_000], 6)];
    fs::write(&path, bomb.concat()).unwrap();
    assert_eq!(front.get::<String>("k").await.unwrap_err().kind(), CacheErrorKind::Decode);
    fs::remove_file(&path).unwrap();
    let elsewhere = folder.path().join("elsewhere");
    fs::write(&elsewhere, &whole).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    assert!(front.get::<String>("k").await.is_err(), "a link is not followed");
    assert!(front.set("k", "x", DEFAULT_TIMEOUT).await.is_err());
    assert_eq!(fs::read(&elsewhere).unwrap(), whole);
}

#[tokio::test]
async fn the_folder_may_go_and_comes_back_private() {
    let folder = folder();
    let inner = folder.path().join("a/b");
    let cache = FileCache::new(&inner).unwrap();
    fs::remove_dir_all(folder.path().join("a")).unwrap();
    assert!(cache.get("k").await.unwrap().is_none());
    assert!(!cache.delete("k").await.unwrap());
    cache.clear().await.unwrap();
    cache.set("k", Bytes::from_static(b"1"), Timeout::Never).await.unwrap();
    assert_eq!(cache.get("k").await.unwrap().unwrap(), "1");
    for path in [inner.clone(), folder.path().join("a")] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o700);
    }
    let error = FileCache::new("/proc/nothing/here").unwrap_err();
    assert_eq!(error.kind(), CacheErrorKind::Other);
}

#[tokio::test]
async fn somebody_who_keeps_the_lock_costs_no_more_than_the_deadline() {
    let folder = folder();
    let cache = FileCache::new(folder.path()).unwrap().deadline(Duration::from_millis(200));
    cache.set("k", Bytes::from_static(b"1"), Timeout::Never).await.unwrap();
    let held = fs::File::open(folder.path().join(&files(&folder)[0])).unwrap();
    held.lock().unwrap();
    let start = std::time::Instant::now();
    let error = cache.incr("k", 1).await.unwrap_err();
    assert_eq!(error.kind(), CacheErrorKind::TimedOut);
    assert!(error.is_outage());
    assert!(start.elapsed() < Duration::from_secs(1));
    assert_eq!(cache.get("k").await.unwrap().unwrap(), "1", "reading needs no lock");
    drop(held);
    assert_eq!(cache.incr("k", 1).await.unwrap(), 2);
}

/// Set for the process that runs the test on a small disk.
const SMALL_DISK: &str = "NUAGES_TEST_SMALL_DISK";

#[test]
fn a_full_disk_is_an_error_and_loses_nothing() {
    let Some(folder) = std::env::var_os(SMALL_DISK) else {
        let folder = folder();
        let mut again = test_servers::small_disk(folder.path(), "256k");
        again
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "file::a_full_disk_is_an_error_and_loses_nothing"]);
        let output = again.env(SMALL_DISK, folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let cache = FileCache::new(&folder).unwrap();
        // What zlib cannot make smaller.
        let noise = |seed: u64| {
            let mut state = seed;
            let next = std::iter::repeat_with(move || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            });
            next.take(60_000).collect::<Bytes>()
        };
        cache.set("k", noise(1), Timeout::Never).await.unwrap();
        let mut failed = 0;
        for seed in 2..8 {
            let key = format!("k{seed}");
            match cache.set(&key, noise(seed), Timeout::Never).await {
                Ok(()) => assert_eq!(cache.get(&key).await.unwrap(), Some(noise(seed))),
                Err(error) => {
                    assert_eq!(error.kind(), CacheErrorKind::Unavailable, "{error:?}");
                    assert!(error.is_outage());
                    assert!(cache.get(&key).await.unwrap().is_none(), "no half of it");
                    failed += 1;
                }
            }
        }
        assert!(failed >= 2, "{failed}");
        let seen = Token::from(noise(1));
        let error = cache.compare_and_set("k", &seen, noise(9), Timeout::Never).await.unwrap_err();
        assert_eq!(error.kind(), CacheErrorKind::Unavailable);
        assert_eq!(cache.get("k").await.unwrap(), Some(noise(1)), "the old value is whole");
        assert!(!cache.add("k", noise(9), Timeout::Never).await.unwrap());
        // And with room again it goes on, without what was left unfinished.
        cache.clear().await.unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        cache.set("k", noise(10), Timeout::Never).await.unwrap();
    });
}

/// Beside a Django, a file that has ended and still lies there is what it is to Django.
#[tokio::test]
async fn ended_files_are_those_of_django() {
    for (serializer, shared) in [(Serializer::Json, false), (Serializer::Pickle, true)] {
        let folder = tempfile::tempdir().unwrap();
        let backend = FileCache::new(folder.path()).unwrap().serializer(serializer);
        let cache = CacheFront::new(backend).with_serializer(serializer);
        cache.set("k", "ended", 0).await.unwrap();
        assert_eq!(cache.delete("k").await.unwrap(), shared, "delete, {serializer:?}");
        cache.set("k", "ended", 0).await.unwrap();
        assert!(!cache.has_key("k").await.unwrap());
        assert!(!cache.delete("k").await.unwrap(), "looking has deleted it, {serializer:?}");
        cache.set("k", "ended", 0).await.unwrap();
        let touched = cache.touch("k", 60).await.map_err(|error| error.kind());
        let expected = if shared { Err(CacheErrorKind::MissingKey) } else { Ok(false) };
        assert_eq!(touched, expected, "touch, {serializer:?}");
        assert!(!cache.delete("k").await.unwrap(), "touching has deleted it, {serializer:?}");
    }
}
