use bytes::Bytes;

use crate::backend::{Cache, Cas, KeyPolicy, Token};
use crate::error::CacheError;
use crate::integer;
use crate::timeout::Timeout;

/// A cache that keeps nothing, for development (Django's `dummy`).
///
/// Keys are checked as elsewhere. [`add`](Cache::add) says that it stored, as Django's does.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use nuages_cache::CacheFront;
///
/// let cache = CacheFront::connect("dummy://")?;
/// cache.set("k", &1, 60).await?;
/// assert_eq!(cache.get::<i32>("k").await?, None);
/// assert_eq!(cache.get_or_set("k", || 2, 60).await?, 2);
/// # Ok::<_, nuages_cache::CacheError>(()) }).unwrap();
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct DummyCache(());

impl DummyCache {
    /// The cache.
    #[must_use]
    pub fn new() -> DummyCache {
        DummyCache(())
    }
}

impl Cache for DummyCache {
    fn key_policy(&self) -> KeyPolicy {
        KeyPolicy::Warn
    }

    async fn get(&self, _key: &str) -> Result<Option<Bytes>, CacheError> {
        Ok(None)
    }

    async fn get_with_token(&self, _key: &str) -> Result<Option<(Bytes, Token)>, CacheError> {
        Ok(None)
    }

    async fn set(&self, _key: &str, _value: Bytes, _timeout: Timeout) -> Result<(), CacheError> {
        Ok(())
    }

    async fn add(&self, _key: &str, _value: Bytes, _timeout: Timeout) -> Result<bool, CacheError> {
        Ok(true)
    }

    async fn replace(&self, _key: &str, _value: Bytes, _timeout: Timeout) -> Result<bool, CacheError> {
        Ok(false)
    }

    async fn compare_and_set(
        &self,
        _key: &str,
        _seen: &Token,
        _value: Bytes,
        _timeout: Timeout,
    ) -> Result<Cas, CacheError> {
        Ok(Cas::Gone)
    }

    async fn touch(&self, _key: &str, _timeout: Timeout) -> Result<bool, CacheError> {
        Ok(false)
    }

    async fn delete(&self, _key: &str) -> Result<bool, CacheError> {
        Ok(false)
    }

    async fn has_key(&self, _key: &str) -> Result<bool, CacheError> {
        Ok(false)
    }

    async fn incr(&self, _key: &str, _delta: i64) -> Result<i64, CacheError> {
        Err(integer::missing())
    }

    async fn get_many(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, CacheError> {
        Ok(vec![None; keys.len()])
    }

    async fn set_many(
        &self,
        _entries: Vec<(String, Bytes)>,
        _timeout: Timeout,
    ) -> Result<Vec<String>, CacheError> {
        Ok(Vec::new())
    }

    async fn delete_many(&self, _keys: &[String]) -> Result<(), CacheError> {
        Ok(())
    }

    async fn clear(&self) -> Result<Option<bool>, CacheError> {
        Ok(None)
    }
}
