use std::time::Duration;

use bytes::Bytes;
use nuages_cache::{
    Cache, CacheError, CacheErrorKind, CacheFront, Cas, DEFAULT_TIMEOUT, DynCache, KeyPolicy, LocmemCache,
    Timeout, Token,
};
use serde::{Deserialize, Serialize};

fn cache() -> CacheFront {
    CacheFront::new(LocmemCache::new())
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Article {
    title: String,
    votes: i64,
}

#[tokio::test]
async fn typed_values() {
    let cache = cache();
    let article = Article { title: "ünï \u{1F980}".into(), votes: 1 << 40 };
    cache.set("a", &article, DEFAULT_TIMEOUT).await.unwrap();
    assert_eq!(cache.get("a").await.unwrap(), Some(article));
    cache.set("none", &None::<u8>, 60).await.unwrap();
    assert_eq!(cache.get::<Option<u8>>("none").await.unwrap(), Some(None), "a stored None is a value");
    let error = cache.get::<u8>("a").await.unwrap_err();
    assert_eq!(error.kind(), CacheErrorKind::Decode);
    assert!(!format!("{error:?}").contains("\u{1F980}"), "{error:?}");
    let unwritable = std::collections::HashMap::from([((1, 2), 3)]);
    assert_eq!(cache.set("b", &unwritable, 60).await.unwrap_err().kind(), CacheErrorKind::Encode);
}

#[tokio::test]
async fn as_django_does() {
    let cache = cache();
    assert!(cache.add("k", &1, 60).await.unwrap());
    assert!(!cache.add("k", &2, 60).await.unwrap());
    assert!(cache.has_key("k").await.unwrap());
    assert_eq!(cache.incr("k", 5).await.unwrap(), 6);
    assert_eq!(cache.decr("k", 10).await.unwrap(), -4);
    assert_eq!(cache.get::<i64>("k").await.unwrap(), Some(-4));
    assert_eq!(cache.incr("absent", 1).await.unwrap_err().kind(), CacheErrorKind::MissingKey);
    cache.set("text", "x", 60).await.unwrap();
    assert_eq!(cache.incr("text", 1).await.unwrap_err().kind(), CacheErrorKind::NotAnInteger);
    assert_eq!(cache.decr("k", i64::MIN).await.unwrap_err().kind(), CacheErrorKind::NotAnInteger);

    assert!(cache.set_many([("m1", 1), ("m2", 2)], 60).await.unwrap().is_empty());
    let many = cache.get_many::<i64>(["m1", "m2", "m3"]).await.unwrap();
    assert_eq!(many, [("m1".to_owned(), 1), ("m2".to_owned(), 2)].into());
    cache.delete_many(["m1", "m2", "m3"]).await.unwrap();
    assert!(cache.get_many::<i64>(["m1", "m2"]).await.unwrap().is_empty());

    assert!(cache.touch("k", None).await.unwrap());
    assert!(!cache.touch("absent", 60).await.unwrap());
    assert!(cache.delete("k").await.unwrap());
    assert!(!cache.delete("k").await.unwrap());
}

#[tokio::test]
async fn timeouts_in_all_their_forms() {
    let cache = cache();
    let week = chrono::TimeDelta::weeks(1);
    cache.set("a", &1, week).await.unwrap();
    cache.set("b", &1, Duration::from_millis(60_000)).await.unwrap();
    cache.set("c", &1, Timeout::Never).await.unwrap();
    cache.set("d", &1, Duration::MAX).await.unwrap();
    cache.set("e", &1, None).await.unwrap();
    cache.set("f", &1, i64::MAX).await.unwrap();
    for key in ["a", "b", "c", "d", "e", "f"] {
        assert!(cache.has_key(key).await.unwrap(), "{key}");
        cache.set(key, &1, 0).await.unwrap();
        assert!(!cache.has_key(key).await.unwrap(), "{key}");
    }
    cache.set("a", &1, -1).await.unwrap();
    cache.set("b", &1, -week).await.unwrap();
    cache.default_timeout(0).set("c", &1, DEFAULT_TIMEOUT).await.unwrap();
    for key in ["a", "b", "c"] {
        assert!(!cache.has_key(key).await.unwrap(), "{key}");
    }
}

#[tokio::test]
async fn prefixes_and_versions() {
    let one = cache();
    let other = one.key_prefix("other");
    one.set("k", "one", 60).await.unwrap();
    assert_eq!(other.get::<String>("k").await.unwrap(), None);
    assert_eq!(one.make_key("k"), ":1:k");
    assert_eq!(other.version(7).make_key("k"), "other:7:k");
    let hashed = one.key_function(|key, prefix, version| format!("{key}/{prefix}/{version}"));
    assert_eq!(hashed.make_key("k"), "k//1");

    assert_eq!(one.incr_version("k", 1).await.unwrap(), 2);
    assert_eq!(one.get::<String>("k").await.unwrap(), None);
    assert_eq!(one.version(2).get::<String>("k").await.unwrap().as_deref(), Some("one"));
    assert_eq!(one.version(2).decr_version("k", 2).await.unwrap(), 0);
    assert!(one.version(0).has_key("k").await.unwrap());
    assert_eq!(one.incr_version("k", 1).await.unwrap_err().kind(), CacheErrorKind::MissingKey);

    other.set("k", "x", 60).await.unwrap();
    one.clear().await.unwrap();
    assert!(!other.has_key("k").await.unwrap(), "clear takes everything, as in Django");
}

#[tokio::test]
async fn get_or_set_keeps_what_somebody_else_stored_meanwhile() {
    let cache = cache();
    let meanwhile = cache.clone();
    let value = cache
        .get_or_try_set::<i32, CacheError, _>(
            "k",
            || async move {
                meanwhile.set("k", &1, 60).await?;
                Ok(2)
            },
            60,
        )
        .await
        .unwrap();
    assert_eq!(value, 1);
    let failed = cache
        .get_or_try_set::<i32, CacheError, _>(
            "f",
            || async { Err(CacheError::new(CacheErrorKind::Other, "no value today")) },
            60,
        )
        .await;
    assert!(failed.is_err());
    assert!(!cache.has_key("f").await.unwrap());
    assert_eq!(cache.get_or_set("at once", || 3, 0).await.unwrap(), 3);
}

#[tokio::test]
async fn bytes_and_comparing() {
    let cache = cache().key_prefix("p");
    let (one, two) = (Bytes::from_static(b"1"), Bytes::from_static(b"2"));
    assert!(!cache.replace_bytes("k", one.clone(), Timeout::Never).await.unwrap());
    assert!(cache.add_bytes("k", one.clone(), Timeout::Never).await.unwrap());
    let (bytes, token) = cache.get_with_token("k").await.unwrap().unwrap();
    assert_eq!(bytes, one);
    let saved = cache.compare_and_set("k", &token, two.clone(), Timeout::Never).await.unwrap();
    assert_eq!(saved, Cas::Saved);
    let conflict = cache.compare_and_set("k", &token, one, Timeout::Never).await.unwrap();
    assert_eq!(conflict, Cas::Conflict(two.clone()));
    assert!(!format!("{token:?}{conflict:?}{cache:?}").contains('2'));
    cache.delete("k").await.unwrap();
    let gone = cache.compare_and_set("k", &Token::from(two.clone()), two, Timeout::Never).await.unwrap();
    assert_eq!(gone, Cas::Gone);
    assert!(cache.get_bytes("k").await.unwrap().is_none());
}

/// A backend as somebody else would write it: plain `async fn`, and particular about its keys.
struct Strict(LocmemCache);

impl Cache for Strict {
    fn key_policy(&self) -> KeyPolicy {
        KeyPolicy::Refuse
    }
    async fn get(&self, key: &str) -> Result<Option<Bytes>, CacheError> {
        self.0.get(key).await
    }
    async fn get_with_token(&self, key: &str) -> Result<Option<(Bytes, Token)>, CacheError> {
        self.0.get_with_token(key).await
    }
    async fn set(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<(), CacheError> {
        self.0.set(key, value, timeout).await
    }
    async fn add(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        self.0.add(key, value, timeout).await
    }
    async fn replace(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        self.0.replace(key, value, timeout).await
    }
    async fn compare_and_set(
        &self,
        key: &str,
        seen: &Token,
        value: Bytes,
        timeout: Timeout,
    ) -> Result<Cas, CacheError> {
        self.0.compare_and_set(key, seen, value, timeout).await
    }
    async fn touch(&self, key: &str, timeout: Timeout) -> Result<bool, CacheError> {
        self.0.touch(key, timeout).await
    }
    async fn delete(&self, key: &str) -> Result<bool, CacheError> {
        self.0.delete(key).await
    }
    async fn has_key(&self, key: &str) -> Result<bool, CacheError> {
        self.0.has_key(key).await
    }
    async fn incr(&self, key: &str, delta: i64) -> Result<i64, CacheError> {
        self.0.incr(key, delta).await
    }
    async fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, CacheError> {
        self.0.get_many(keys).await
    }
    async fn set_many(
        &self,
        entries: Vec<(String, Bytes)>,
        timeout: Timeout,
    ) -> Result<Vec<String>, CacheError> {
        // Refuses one key, to see it come back under the caller's name.
        let refused = entries.iter().map(|(key, _)| key.clone()).filter(|key| key.ends_with("bad")).collect();
        self.0.set_many(entries, timeout).await?;
        Ok(refused)
    }
    async fn delete_many(&self, keys: &[String]) -> Result<(), CacheError> {
        self.0.delete_many(keys).await
    }
    async fn clear(&self) -> Result<Option<bool>, CacheError> {
        self.0.clear().await
    }
}

#[tokio::test]
async fn keys_that_memcached_refuses() {
    let strict = CacheFront::new(Strict(LocmemCache::new()));
    let lenient = cache();
    for key in ["a b", "line\nbreak", "\u{7f}", &"x".repeat(248)] {
        let error = strict.set(key, &1, 60).await.unwrap_err();
        assert_eq!(error.kind(), CacheErrorKind::InvalidKey, "{key:?}");
        lenient.set(key, &1, 60).await.unwrap();
        assert_eq!(lenient.get::<i32>(key).await.unwrap(), Some(1), "{key:?}");
    }
    strict.set(&"x".repeat(247), &1, 60).await.unwrap();
    assert_eq!(strict.set_many([("good", 1), ("bad", 2)], 60).await.unwrap(), ["bad"]);
}

#[tokio::test]
async fn a_foreign_backend_passes_the_suite() {
    let cache: DynCache = Strict(LocmemCache::new()).into();
    nuages_cache::suite::check(&cache).await.unwrap();
}
