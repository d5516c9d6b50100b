use std::collections::BTreeMap;
use std::fmt;

use percent_encoding::percent_decode_str;

use crate::error::{CacheError, CacheErrorKind};
use crate::front::CacheFront;
use crate::open;
use crate::serializer::Serializer;
use crate::timeout::Timeout;

/// A kind of cache, by the names of [`parse`](CacheBackend::parse).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CacheBackend {
    /// In this process: [`LocmemCache`](crate::LocmemCache).
    Locmem,
    /// In files: [`FileCache`](crate::FileCache).
    File,
    /// In a table of the database; the feature `db`.
    Db,
    /// In Redis; the feature `redis`.
    Redis,
    /// In memcached; the feature `memcached`.
    Memcached,
    /// Nowhere: [`DummyCache`](crate::DummyCache).
    Dummy,
}

impl CacheBackend {
    /// A kind by its short name or by the dotted path of Django's class.
    ///
    /// ```
    /// use nuages_cache::CacheBackend;
    ///
    /// assert_eq!(CacheBackend::parse("redis")?, CacheBackend::Redis);
    /// assert_eq!(CacheBackend::parse("django.core.cache.backends.filebased.FileBasedCache")?, CacheBackend::File);
    /// # Ok::<_, nuages_cache::CacheError>(())
    /// ```
    ///
    /// # Errors
    /// `InvalidBackend`; the message lists the names.
    pub fn parse(name: &str) -> Result<CacheBackend, CacheError> {
        let path = name.strip_prefix("django.core.cache.backends.");
        Ok(match path.unwrap_or(name).to_ascii_lowercase().as_str() {
            "locmem" | "locmem.locmemcache" => CacheBackend::Locmem,
            "file" | "filebased.filebasedcache" => CacheBackend::File,
            "db" | "db.databasecache" => CacheBackend::Db,
            "redis" | "rediss" | "redis+unix" | "unix" | "redis+sentinel" | "rediss+sentinel"
            | "redis+cluster" | "rediss+cluster" | "redis.rediscache" => CacheBackend::Redis,
            "memcached" | "memcached.pymemcachecache" | "memcached.pylibmccache" => CacheBackend::Memcached,
            "dummy" | "dummy.dummycache" => CacheBackend::Dummy,
            _ => {
                return Err(invalid(
                    "this kind of cache is not known; there are locmem, file, db, redis, memcached and dummy",
                ));
            }
        })
    }
}

/// What one entry of Django's `CACHES` says: which backend, where, and its options.
///
/// ```
/// use nuages_cache::{CacheBackend, CacheConfig};
///
/// # let folder = std::env::temp_dir().join("nuages-cache-doc");
/// # let folder = folder.to_str().ok_or("no UTF-8")?;
/// let cache = CacheConfig::new(CacheBackend::File)
///     .location(folder)
///     .option("TIMEOUT", "60")?
///     .option("MAX_ENTRIES", "10000")?
///     .option("SERIALIZER", "pickle")? // Django's form, for a cache that a Django shares
///     .connect()?;
///
/// // The same as a URL, as CACHE_URL has it.
/// let url = format!("file://{folder}?timeout=60&max_entries=10000&serializer=pickle");
/// let same = CacheConfig::from_url(&url)?.connect()?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CacheConfig {
    pub(crate) backend: CacheBackend,
    pub(crate) locations: Vec<String>,
    pub(crate) max_entries: u64,
    pub(crate) cull_frequency: u64,
    pub(crate) serializer: Serializer,
    /// Those that only the backend understands, by their names in lower case.
    pub(crate) others: BTreeMap<String, String>,
    pub(crate) timeout: Timeout,
    pub(crate) key_prefix: String,
    pub(crate) version: i64,
}

impl CacheConfig {
    /// A cache of this kind with Django's defaults: 300 s, no prefix, version 1, 300 entries, a third of them culled.
    #[must_use]
    pub fn new(backend: CacheBackend) -> CacheConfig {
        CacheConfig {
            backend,
            locations: Vec::new(),
            max_entries: 300,
            cull_frequency: 3,
            serializer: Serializer::Json,
            others: BTreeMap::new(),
            timeout: Timeout::from(300),
            key_prefix: String::new(),
            version: 1,
        }
    }

    /// The cache of a URL, as `CACHE_URL` has it.
    ///
    /// | URL | Cache |
    /// |---|---|
    /// | `locmem://` | in this process |
    /// | `file:///var/cache/site` | in files of this folder |
    /// | `db://my_cache_table` | in a table of the database (feature `db`) |
    /// | `redis://host:6379/1`, `rediss://…` (TLS), `redis+unix:///run/redis.sock` | in Redis (feature `redis`) |
    /// | `redis+sentinel://host:26379,other/mymaster/1`, `redis+cluster://host:6379,other` | in its Sentinel's master or its Cluster |
    /// | `memcached://host:11211,other:11211` | in memcached (feature `memcached`) |
    /// | `dummy://` | nowhere |
    ///
    /// Options stand behind a question mark under the names that [`option`](CacheConfig::option) takes:
    /// `redis://localhost/1?timeout=none&key_prefix=site`.
    ///
    /// # Errors
    /// `InvalidBackend`; the message does not show the URL, which may hold a password.
    pub fn from_url(url: &str) -> Result<CacheConfig, CacheError> {
        let Some((scheme, rest)) = url.split_once("://") else {
            return Err(invalid("a cache URL starts with its kind, such as locmem://"));
        };
        let mut config = CacheConfig::new(CacheBackend::parse(scheme)?);
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        config = match config.backend {
            // Its name tells the caches of one process apart for Django; ours are apart anyway.
            CacheBackend::Locmem | CacheBackend::Dummy => config,
            CacheBackend::File => config.location(decoded(place)?),
            CacheBackend::Db => config.location(decoded(place.trim_end_matches('/'))?),
            CacheBackend::Memcached => config.location(place),
            // The scheme says how to reach the server.
            CacheBackend::Redis => config.location([scheme, "://", place].concat()),
        };
        for option in query.split('&').filter(|option| !option.is_empty()) {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            config = config.option(name, &decoded(value)?)?;
        }
        Ok(config)
    }

    /// The same with one more `LOCATION`: a folder, a table, the URL of a server. For Redis and memcached several may
    /// stand in one text, with a comma or semicolon between, as in Django.
    #[must_use]
    pub fn location(mut self, location: impl Into<String>) -> CacheConfig {
        let location = location.into();
        match self.backend {
            CacheBackend::Redis | CacheBackend::Memcached => {
                let is_redis = self.backend == CacheBackend::Redis;
                for server in location.split([',', ';']).map(str::trim).filter(|server| !server.is_empty()) {
                    match self.locations.last_mut() {
                        // One more host of a Sentinel or Cluster: a location of its own has a scheme.
                        Some(last) if is_redis && !server.contains("://") => {
                            last.push(',');
                            last.push_str(server);
                        }
                        _ => self.locations.push(server.to_owned()),
                    }
                }
            }
            _ => self.locations.push(location),
        }
        self
    }

    /// The same with an option, whose name may be in upper or lower case.
    ///
    /// Every backend takes `TIMEOUT` (seconds, or `none`), `KEY_PREFIX`, `VERSION` and `SERIALIZER` (`json` or
    /// `pickle`: [`Serializer`]); locmem, file and db take `MAX_ENTRIES`, file and db `CULL_FREQUENCY`. Others are kept
    /// for the backend, which refuses those that it does not know.
    ///
    /// # Errors
    /// `InvalidBackend` for a value that is none.
    pub fn option(mut self, name: &str, value: &str) -> Result<CacheConfig, CacheError> {
        match name.to_ascii_lowercase().as_str() {
            "timeout" if value.eq_ignore_ascii_case("none") => self.timeout = Timeout::Never,
            "timeout" => self.timeout = Timeout::from(integer::<i64>(value)?),
            "key_prefix" => value.clone_into(&mut self.key_prefix),
            "version" => self.version = integer(value)?,
            "max_entries" => self.max_entries = integer(value)?,
            "cull_frequency" => self.cull_frequency = integer(value)?,
            "serializer" if value.eq_ignore_ascii_case("json") => self.serializer = Serializer::Json,
            "serializer" if value.eq_ignore_ascii_case("pickle") => self.serializer = Serializer::Pickle,
            "serializer" => return Err(invalid("the option serializer of a cache is json or pickle")),
            other => {
                self.others.insert(other.to_owned(), value.to_owned());
            }
        }
        Ok(self)
    }

    /// Which kind of cache it is.
    #[must_use]
    pub fn backend(&self) -> CacheBackend {
        self.backend
    }

    /// Where it is; one may hold a password.
    #[must_use]
    pub fn locations(&self) -> &[String] {
        &self.locations
    }

    /// Opens the cache. A server is not asked before the cache is used.
    ///
    /// # Errors
    /// `InvalidBackend` for a location or an option that the backend cannot take, for a backend that this build has
    /// not, and for one in the database, which [`connect_with`](CacheConfig::connect_with) opens.
    pub fn connect(&self) -> Result<CacheFront, CacheError> {
        Ok(self.front(open::open(self)?))
    }

    /// Opens the cache, with the database that one of the kind [`Db`](CacheBackend::Db) lies in.
    ///
    /// # Errors
    /// As [`connect`](CacheConfig::connect).
    #[cfg(feature = "db")]
    pub fn connect_with(&self, database: &nuages_db::Database) -> Result<CacheFront, CacheError> {
        Ok(self.front(open::open_with(self, database)?))
    }

    fn front(&self, backend: crate::dyn_cache::DynCache) -> CacheFront {
        CacheFront::new(backend)
            .key_prefix(&self.key_prefix)
            .version(self.version)
            .default_timeout(self.timeout)
            .with_serializer(self.serializer)
    }

    /// Refuses options that nobody took.
    pub(crate) fn refuse_others(&self) -> Result<(), CacheError> {
        match self.others.keys().next() {
            None => Ok(()),
            Some(_) => Err(invalid(
                "an option of the cache is not known; it takes timeout, key_prefix, version, serializer, max_entries and \
                 cull_frequency",
            )),
        }
    }

    /// The one location of a backend that has one.
    pub(crate) fn only_location(&self, what: &str) -> Result<&str, CacheError> {
        match self.locations.as_slice() {
            [location] if !location.is_empty() => Ok(location),
            _ => Err(invalid(&format!("this kind of cache has one location: {what}"))),
        }
    }
}

/// Shows neither locations nor the backend's options: passwords may be among them.
impl fmt::Debug for CacheConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheConfig")
            .field("backend", &self.backend)
            .field("key_prefix", &self.key_prefix)
            .field("version", &self.version)
            .field("timeout", &self.timeout)
            .field("serializer", &self.serializer)
            .finish_non_exhaustive()
    }
}

fn decoded(text: &str) -> Result<String, CacheError> {
    let text = percent_decode_str(text).decode_utf8();
    Ok(text.map_err(|_| invalid("a cache URL has percent escapes that are not UTF-8"))?.into_owned())
}

fn integer<T: std::str::FromStr>(text: &str) -> Result<T, CacheError> {
    text.trim().parse().map_err(|_| {
        invalid("timeout, version, max_entries and cull_frequency of a cache are integers, and the last two not negative")
    })
}

pub(crate) fn invalid(message: &str) -> CacheError {
    CacheError::new(CacheErrorKind::InvalidBackend, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted() {
        let urls = [
            "locmem://",
            "LOCMEM://name",
            "locmem:///?timeout=-1",
            "locmem://?timeout=none&version=2&TIMEOUT=5",
            "dummy://",
            "dummy://?serializer=pickle&cull_frequency=0",
        ];
        for url in urls {
            assert!(CacheFront::connect(url).is_ok(), "{url}");
        }
        let front = CacheFront::connect("locmem://?key_prefix=a%20b&version=7&serializer=Pickle").unwrap();
        assert_eq!(front.make_key("k"), "a b:7:k");
        assert_eq!(front.serializer(), Serializer::Pickle);
    }

    #[test]
    fn locations() {
        let table: [(&str, &[&str]); 9] = [
            ("redis+sentinel://:p@a:1,b/main/0?timeout=1", &["redis+sentinel://:p@a:1,b/main/0"]),
            ("redis+cluster://a:1,b:2;c", &["redis+cluster://a:1,b:2,c"]),
            ("file:///a%20b/c", &["/a b/c"]),
            ("db://table", &["table"]),
            ("memcached://a:1,b:2;c:3", &["a:1", "b:2", "c:3"]),
            ("memcached:///run/m.sock?x=1", &["/run/m.sock"]),
            ("redis://:p%40ss@a:1/0", &["redis://:p%40ss@a:1/0"]),
            ("rediss://a/0,rediss://b/0?timeout=1", &["rediss://a/0", "rediss://b/0"]),
            ("redis+unix:///run/r.sock?db=2", &["redis+unix:///run/r.sock"]),
        ];
        for (url, expected) in table {
            let config = CacheConfig::from_url(url).unwrap();
            assert_eq!(config.locations(), expected, "{url}");
        }
        let config = CacheConfig::from_url("redis+unix:///run/r.sock?db=2&timeout=3").unwrap();
        assert_eq!(config.others, [("db".to_owned(), "2".to_owned())].into());
    }

    #[test]
    fn refused_without_showing_a_password() {
        let urls = [
            "",
            "locmem",
            "mysql://:hunter2@host",
            "locmem://?hunter2=1",
            "locmem://?timeout=hunter2",
            "locmem://?max_entries=-1",
            "locmem://?key_prefix=%ff",
            "locmem://?serializer=hunter2",
            "file://",
            "dummy://?hunter2=1",
        ];
        for url in urls {
            let error = CacheFront::connect(url).unwrap_err();
            assert_eq!(error.kind(), CacheErrorKind::InvalidBackend, "{url}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{url}");
        }
        let config = CacheConfig::from_url("redis://:hunter2@host?password=hunter2").unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn a_backend_that_this_build_has_not_names_its_feature() {
        let table =
            [("redis://localhost", "redis"), ("memcached://localhost", "memcached"), ("db://table", "db")];
        for (url, feature) in table {
            // With all features there is nothing to see here.
            if let Err(error) = CacheFront::connect(url) {
                let message = error.to_string();
                let expected = format!("feature \"{feature}\"");
                assert!(message.contains(&expected) || message.contains("connect_with"), "{message}");
            }
        }
    }
}
