//! From a configuration to a backend: one function for each kind.

use crate::config::{CacheBackend, CacheConfig, invalid};
use crate::dummy::DummyCache;
use crate::dyn_cache::DynCache;
use crate::error::CacheError;
use crate::file::FileCache;
use crate::locmem::LocmemCache;

pub(crate) fn open(config: &CacheConfig) -> Result<DynCache, CacheError> {
    match config.backend {
        CacheBackend::Locmem => locmem(config),
        CacheBackend::File => file(config),
        CacheBackend::Dummy => dummy(config),
        CacheBackend::Redis => redis(config),
        CacheBackend::Memcached => memcached(config),
        #[cfg(feature = "db")]
        CacheBackend::Db => Err(invalid(
            "a cache in the database is opened by CacheConfig::connect_with, which takes the database",
        )),
        #[cfg(not(feature = "db"))]
        CacheBackend::Db => Err(not_built("db")),
    }
}

#[cfg(feature = "db")]
pub(crate) fn open_with(
    config: &CacheConfig,
    database: &nuages_db::Database,
) -> Result<DynCache, CacheError> {
    if config.backend != CacheBackend::Db {
        return open(config);
    }
    config.refuse_others()?;
    let table = config.only_location("the name of its table, as in db://my_cache_table")?;
    let table = database
        .cache(table)
        .map_err(|error| invalid("the name of the cache's table cannot be used").with_source(error))?;
    let cache =
        crate::db::DbCache::new(table).max_entries(config.max_entries).cull_frequency(config.cull_frequency);
    Ok(cache.serializer(config.serializer).into())
}

fn locmem(config: &CacheConfig) -> Result<DynCache, CacheError> {
    config.refuse_others()?;
    Ok(LocmemCache::new().max_entries(config.max_entries).into())
}

fn dummy(config: &CacheConfig) -> Result<DynCache, CacheError> {
    config.refuse_others()?;
    Ok(DummyCache::new().into())
}

fn file(config: &CacheConfig) -> Result<DynCache, CacheError> {
    config.refuse_others()?;
    let folder = config.only_location("its folder, as in file:///var/cache/site")?;
    let cache = FileCache::new(folder)?.max_entries(config.max_entries).cull_frequency(config.cull_frequency);
    Ok(cache.serializer(config.serializer).into())
}

#[cfg(feature = "redis")]
fn redis(config: &CacheConfig) -> Result<DynCache, CacheError> {
    // What it stores is the front's form: there is nothing to tell it of the serializer.
    let options = config.others.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    Ok(crate::redis::RedisCache::with_options(config.locations.iter().map(String::as_str), options)?.into())
}

#[cfg(not(feature = "redis"))]
fn redis(_config: &CacheConfig) -> Result<DynCache, CacheError> {
    Err(not_built("redis"))
}

#[cfg(feature = "memcached")]
fn memcached(config: &CacheConfig) -> Result<DynCache, CacheError> {
    let mut cache = crate::memcached::MemcachedCache::new(config.locations.iter().map(String::as_str))?;
    for (name, value) in &config.others {
        cache = cache.option(name, value)?;
    }
    Ok(cache.serializer(config.serializer).into())
}

#[cfg(not(feature = "memcached"))]
fn memcached(_config: &CacheConfig) -> Result<DynCache, CacheError> {
    Err(not_built("memcached"))
}

#[cfg(not(all(feature = "db", feature = "memcached", feature = "redis")))]
fn not_built(feature: &str) -> CacheError {
    invalid(&format!(
        "this program was built without this kind of cache; add the feature {feature:?} of nuages in Cargo.toml"
    ))
}
