use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::backend::{Cas, KeyPolicy, Token};
use crate::config::CacheConfig;
use crate::dyn_cache::DynCache;
use crate::error::{CacheError, CacheErrorKind};
use crate::key::{self, default_key_function};
use crate::serializer::Serializer;
use crate::timeout::{Timeout, TimeoutChoice};

type KeyFunction = dyn Fn(&str, &str, i64) -> String + Send + Sync;

/// A cache as an application uses it: Django's `django.core.cache.cache`.
///
/// Values are anything that serde can write; they are stored as JSON, or as Django stores them: see [`Serializer`]. Keys are completed by Django's
/// `KEY_PREFIX`, `VERSION` and `KEY_FUNCTION`. Cheap to clone.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// use nuages_cache::{CacheFront, DEFAULT_TIMEOUT};
///
/// let cache = CacheFront::connect("locmem://")?;
/// cache.set("visits", &1, 30).await?; // for 30 seconds
/// assert_eq!(cache.incr("visits", 1).await?, 2);
/// assert_eq!(cache.get::<u32>("visits").await?, Some(2));
/// assert!(!cache.add("visits", &0, DEFAULT_TIMEOUT).await?, "there is one");
/// assert!(cache.delete("visits").await? && !cache.has_key("visits").await?);
///
/// cache.set_many([("a", 1), ("b", 2)], DEFAULT_TIMEOUT).await?;
/// assert_eq!(cache.get_many::<u32>(["a", "b", "c"]).await?.len(), 2);
/// assert_eq!(cache.version(2).get::<u32>("a").await?, None, "another version has keys of its own");
/// # Ok::<_, nuages_cache::CacheError>(()) }).unwrap();
/// ```
#[derive(Clone)]
#[doc(alias = "django.core.cache")]
#[doc(alias = "BaseCache")]
pub struct CacheFront {
    backend: DynCache,
    prefix: Arc<str>,
    version: i64,
    timeout: Timeout,
    key_function: Arc<KeyFunction>,
    serializer: Serializer,
}

/// Making one, and views on it.
impl CacheFront {
    /// A front on `backend` with Django's defaults: no prefix, version 1, values live for 300 s.
    #[must_use]
    pub fn new(backend: impl Into<DynCache>) -> CacheFront {
        CacheFront {
            backend: backend.into(),
            prefix: Arc::from(""),
            version: 1,
            timeout: Timeout::from(300),
            key_function: Arc::new(default_key_function),
            serializer: Serializer::Json,
        }
    }

    /// Opens the cache that `url` names, such as `locmem://?max_entries=10000&timeout=none`.
    ///
    /// [`CacheConfig::from_url`] lists the URLs. One in the database is opened by [`CacheConfig::connect_with`].
    ///
    /// # Errors
    /// `InvalidBackend`; the message does not show the URL, which may hold a password.
    pub fn connect(url: &str) -> Result<CacheFront, CacheError> {
        CacheConfig::from_url(url)?.connect()
    }

    /// The same cache with another `KEY_PREFIX`.
    #[must_use]
    pub fn key_prefix(&self, prefix: &str) -> CacheFront {
        CacheFront { prefix: Arc::from(prefix), ..self.clone() }
    }

    /// The same cache with another `VERSION`; in one call, Django's argument `version=`.
    #[must_use]
    pub fn version(&self, version: i64) -> CacheFront {
        CacheFront { version, ..self.clone() }
    }

    /// The same cache with another `TIMEOUT`, used where [`DEFAULT_TIMEOUT`](crate::DEFAULT_TIMEOUT) is given.
    #[must_use]
    pub fn default_timeout(&self, timeout: impl Into<Timeout>) -> CacheFront {
        CacheFront { timeout: timeout.into(), ..self.clone() }
    }

    /// The same cache with another `KEY_FUNCTION`, called with key, prefix and version.
    #[must_use]
    pub fn key_function(
        &self,
        function: impl Fn(&str, &str, i64) -> String + Send + Sync + 'static,
    ) -> CacheFront {
        CacheFront { key_function: Arc::new(function), ..self.clone() }
    }

    /// The same cache with another form of values. What was stored in the other form cannot be read any more.
    #[must_use]
    pub fn with_serializer(&self, serializer: Serializer) -> CacheFront {
        CacheFront { serializer, ..self.clone() }
    }

    /// The form of values, [`Serializer::Json`] unless it was changed.
    #[must_use]
    pub fn serializer(&self) -> Serializer {
        self.serializer
    }

    /// The backend underneath, which takes complete keys.
    #[must_use]
    pub fn backend(&self) -> &DynCache {
        &self.backend
    }

    /// The complete key as the backend sees it.
    #[must_use]
    pub fn make_key(&self, key: &str) -> String {
        (self.key_function)(key, &self.prefix, self.version)
    }

    /// The complete key, refused if the backend cannot hold it; the log warns if memcached could not.
    ///
    /// # Errors
    /// `InvalidKey`.
    pub fn make_and_validate_key(&self, key: &str) -> Result<String, CacheError> {
        let key = self.make_key(key);
        if let Err(error) = key::check(&key) {
            match self.backend.key_policy() {
                KeyPolicy::Refuse => return Err(error),
                KeyPolicy::Warn => tracing::warn!(target: "nuages.cache", "{error}"),
            }
        }
        Ok(key)
    }
}

/// Typed values. Each method fails with `InvalidKey` for a key that the backend cannot hold, with `Encode` or
/// `Decode` for a value that the serializer or the type cannot hold, and with the backend's own errors.
#[expect(clippy::missing_errors_doc, reason = "the errors that all methods share stand above")]
impl CacheFront {
    /// The value of `key`, if there is one.
    pub async fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, CacheError> {
        self.get_bytes(key).await?.map(|bytes| self.serializer.loads(&bytes)).transpose()
    }

    /// Stores a value, whatever was there.
    pub async fn set<T: Serialize + ?Sized>(
        &self,
        key: &str,
        value: &T,
        timeout: impl Into<TimeoutChoice>,
    ) -> Result<(), CacheError> {
        self.set_bytes(key, self.serializer.dumps(value)?, timeout.into().or(self.timeout)).await
    }

    /// Stores a value if there is none; says whether it did.
    pub async fn add<T: Serialize + ?Sized>(
        &self,
        key: &str,
        value: &T,
        timeout: impl Into<TimeoutChoice>,
    ) -> Result<bool, CacheError> {
        self.add_bytes(key, self.serializer.dumps(value)?, timeout.into().or(self.timeout)).await
    }

    /// The value of `key`, or what `default` computes, which is then stored.
    ///
    /// If somebody else stored a value meanwhile, theirs is returned.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let cache = nuages_cache::CacheFront::connect("locmem://")?;
    /// assert_eq!(cache.get_or_set("n", || 1, 60).await?, 1);
    /// assert_eq!(cache.get_or_set("n", || 2, 60).await?, 1);
    /// # Ok::<_, nuages_cache::CacheError>(()) }).unwrap();
    /// ```
    pub async fn get_or_set<T: Serialize + DeserializeOwned>(
        &self,
        key: &str,
        default: impl FnOnce() -> T,
        timeout: impl Into<TimeoutChoice>,
    ) -> Result<T, CacheError> {
        match self.get(key).await? {
            Some(value) => Ok(value),
            None => self.add_and_get(key, default(), timeout.into()).await,
        }
    }

    /// [`get_or_set`](CacheFront::get_or_set) with a default that has to be awaited and may fail.
    pub async fn get_or_try_set<T, E, F>(
        &self,
        key: &str,
        default: impl FnOnce() -> F,
        timeout: impl Into<TimeoutChoice>,
    ) -> Result<T, E>
    where
        T: Serialize + DeserializeOwned,
        F: Future<Output = Result<T, E>>,
        E: From<CacheError>,
    {
        match self.get(key).await? {
            Some(value) => Ok(value),
            None => Ok(self.add_and_get(key, default().await?, timeout.into()).await?),
        }
    }

    async fn add_and_get<T: Serialize + DeserializeOwned>(
        &self,
        key: &str,
        value: T,
        timeout: TimeoutChoice,
    ) -> Result<T, CacheError> {
        if self.add(key, &value, timeout).await? {
            return Ok(value);
        }
        Ok(self.get(key).await?.unwrap_or(value))
    }

    /// The values of those of `keys` that there are.
    pub async fn get_many<T: DeserializeOwned>(
        &self,
        keys: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<HashMap<String, T>, CacheError> {
        let mut names = Vec::new();
        let mut full = Vec::new();
        for key in keys {
            full.push(self.make_and_validate_key(key.as_ref())?);
            names.push(key.as_ref().to_owned());
        }
        let values = self.backend.get_many(&full).await?;
        let found = names.into_iter().zip(values).filter_map(|(name, value)| Some((name, value?)));
        found.map(|(name, value)| Ok((name, self.serializer.loads(&value)?))).collect()
    }

    /// Stores many values; returns the keys that could not be stored.
    pub async fn set_many<K: AsRef<str>, T: Serialize>(
        &self,
        entries: impl IntoIterator<Item = (K, T)>,
        timeout: impl Into<TimeoutChoice>,
    ) -> Result<Vec<String>, CacheError> {
        let mut names = HashMap::new();
        let mut full = Vec::new();
        for (key, value) in entries {
            let name = self.make_and_validate_key(key.as_ref())?;
            full.push((name.clone(), self.serializer.dumps(&value)?));
            names.insert(name, key.as_ref().to_owned());
        }
        let failed = self.backend.set_many(full, timeout.into().or(self.timeout)).await?;
        Ok(failed.into_iter().filter_map(|key| names.remove(&key)).collect())
    }

    /// Deletes many values, whether or not they are there.
    pub async fn delete_many(
        &self,
        keys: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<(), CacheError> {
        let full: Result<Vec<_>, _> =
            keys.into_iter().map(|key| self.make_and_validate_key(key.as_ref())).collect();
        self.backend.delete_many(&full?).await
    }

    /// Deletes a value; `false` if there was none.
    pub async fn delete(&self, key: &str) -> Result<bool, CacheError> {
        self.backend.delete(&self.make_and_validate_key(key)?).await
    }

    /// Whether there is a value.
    pub async fn has_key(&self, key: &str) -> Result<bool, CacheError> {
        self.backend.has_key(&self.make_and_validate_key(key)?).await
    }

    /// Gives a value a new timeout; `false` if there is none.
    pub async fn touch(&self, key: &str, timeout: impl Into<TimeoutChoice>) -> Result<bool, CacheError> {
        self.backend.touch(&self.make_and_validate_key(key)?, timeout.into().or(self.timeout)).await
    }

    /// Adds `delta` to an integer in one step and returns the sum; `MissingKey` if there is none.
    pub async fn incr(&self, key: &str, delta: i64) -> Result<i64, CacheError> {
        self.backend.incr(&self.make_and_validate_key(key)?, delta).await
    }

    /// Subtracts `delta` from an integer in one step and returns the difference; `MissingKey` if there is none.
    pub async fn decr(&self, key: &str, delta: i64) -> Result<i64, CacheError> {
        let delta = delta.checked_neg().ok_or_else(|| {
            CacheError::new(CacheErrorKind::NotAnInteger, "decr takes no delta of -2^63; use incr")
        })?;
        self.incr(key, delta).await
    }

    /// Deletes everything in the store, of every prefix and version. As in Django only Redis gives its word for it:
    /// `Some(true)`.
    pub async fn clear(&self) -> Result<Option<bool>, CacheError> {
        self.backend.clear().await
    }

    /// Moves a value to the version higher by `delta`, with the default timeout, and returns that version.
    pub async fn incr_version(&self, key: &str, delta: i64) -> Result<i64, CacheError> {
        let version = self.version.checked_add(delta).ok_or_else(|| {
            CacheError::new(CacheErrorKind::NotAnInteger, "a cache version is an integer of 64 bits")
        })?;
        let Some(value) = self.get_bytes(key).await? else {
            return Err(CacheError::new(
                CacheErrorKind::MissingKey,
                "there is no such key in the cache, so that its version cannot change",
            ));
        };
        self.version(version).set_bytes(key, value, self.timeout).await?;
        self.delete(key).await?;
        Ok(version)
    }

    /// Moves a value to the version lower by `delta`, with the default timeout, and returns that version.
    pub async fn decr_version(&self, key: &str, delta: i64) -> Result<i64, CacheError> {
        let delta = delta.checked_neg().ok_or_else(|| {
            CacheError::new(CacheErrorKind::NotAnInteger, "a cache version is an integer of 64 bits")
        })?;
        self.incr_version(key, delta).await
    }
}

/// Bytes, as the session engines store them. The methods fail as the typed ones do.
#[expect(clippy::missing_errors_doc, reason = "the errors that all methods share stand above")]
impl CacheFront {
    /// The bytes of `key`, if there are any.
    pub async fn get_bytes(&self, key: &str) -> Result<Option<Bytes>, CacheError> {
        self.backend.get(&self.make_and_validate_key(key)?).await
    }

    /// The bytes of `key`, and what [`compare_and_set`](CacheFront::compare_and_set) needs to replace them.
    pub async fn get_with_token(&self, key: &str) -> Result<Option<(Bytes, Token)>, CacheError> {
        self.backend.get_with_token(&self.make_and_validate_key(key)?).await
    }

    /// Stores bytes, whatever was there.
    pub async fn set_bytes(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<(), CacheError> {
        self.backend.set(&self.make_and_validate_key(key)?, value, timeout).await
    }

    /// Stores bytes if there are none; says whether it did.
    pub async fn add_bytes(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        self.backend.add(&self.make_and_validate_key(key)?, value, timeout).await
    }

    /// Stores bytes if there are some; says whether it did.
    pub async fn replace_bytes(&self, key: &str, value: Bytes, timeout: Timeout) -> Result<bool, CacheError> {
        self.backend.replace(&self.make_and_validate_key(key)?, value, timeout).await
    }

    /// Stores bytes if those that are there are still those that were seen.
    pub async fn compare_and_set(
        &self,
        key: &str,
        seen: &Token,
        value: Bytes,
        timeout: Timeout,
    ) -> Result<Cas, CacheError> {
        self.backend.compare_and_set(&self.make_and_validate_key(key)?, seen, value, timeout).await
    }
}

impl fmt::Debug for CacheFront {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheFront")
            .field("key_prefix", &self.prefix)
            .field("version", &self.version)
            .field("timeout", &self.timeout)
            .field("serializer", &self.serializer)
            .finish_non_exhaustive()
    }
}
