//! A cache that is particular about its keys, as memcached.

use bytes::Bytes;
use nuages::cache::{Cache, CacheError, Cas, KeyPolicy, LocmemCache, Timeout, Token};

#[derive(Default)]
pub(crate) struct StrictCache(LocmemCache);

impl Cache for StrictCache {
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
        self.0.set_many(entries, timeout).await
    }
    async fn delete_many(&self, keys: &[String]) -> Result<(), CacheError> {
        self.0.delete_many(keys).await
    }
    async fn clear(&self) -> Result<Option<bool>, CacheError> {
        self.0.clear().await
    }
}
