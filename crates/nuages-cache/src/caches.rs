use std::collections::BTreeMap;

use crate::error::{CacheError, CacheErrorKind};
use crate::front::CacheFront;

/// The alias of the cache that is used unless another is named.
pub const DEFAULT_CACHE_ALIAS: &str = "default";

/// The caches of a site by alias: Django's `CACHES` and `django.core.cache.caches`.
///
/// ```
/// use nuages_cache::{CacheFront, Caches};
///
/// let caches = Caches::new(CacheFront::connect("locmem://")?)
///     .with("sessions", CacheFront::connect("locmem://?max_entries=100000")?);
/// assert!(caches.get("sessions").is_ok());
/// assert_eq!(caches.iter().map(|(alias, _)| alias).collect::<Vec<_>>(), ["default", "sessions"]);
/// let error = caches.get("sesions").unwrap_err();
/// assert_eq!(error.to_string(), "there is no cache \"sesions\"; CACHES has default, sessions");
/// # Ok::<_, nuages_cache::CacheError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Caches {
    default: CacheFront,
    others: BTreeMap<String, CacheFront>,
}

impl Caches {
    /// Caches with a default one.
    #[must_use]
    pub fn new(default: CacheFront) -> Caches {
        Caches { default, others: BTreeMap::new() }
    }

    /// The same with another cache under `alias`.
    #[must_use]
    pub fn with(mut self, alias: &str, cache: CacheFront) -> Caches {
        if alias == DEFAULT_CACHE_ALIAS {
            self.default = cache;
        } else {
            self.others.insert(alias.to_owned(), cache);
        }
        self
    }

    /// The default cache: Django's `cache`.
    #[must_use]
    pub fn default_cache(&self) -> &CacheFront {
        &self.default
    }

    /// Every cache with its alias, the default one first: Django's `caches.all()`.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &CacheFront)> {
        let others = self.others.iter().map(|(alias, cache)| (alias.as_str(), cache));
        std::iter::once((DEFAULT_CACHE_ALIAS, &self.default)).chain(others)
    }

    /// The cache of `alias`: Django's `caches[alias]`.
    ///
    /// # Errors
    /// `InvalidBackend` if there is none; the message lists those that there are.
    pub fn get(&self, alias: &str) -> Result<&CacheFront, CacheError> {
        if alias == DEFAULT_CACHE_ALIAS {
            return Ok(&self.default);
        }
        self.others.get(alias).ok_or_else(|| {
            let known: Vec<&str> = self.iter().map(|(alias, _)| alias).collect();
            CacheError::new(
                CacheErrorKind::InvalidBackend,
                format!("there is no cache {alias:?}; CACHES has {}", known.join(", ")),
            )
        })
    }
}
