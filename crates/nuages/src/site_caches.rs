//! The caches of a site: what `CACHES` and `CACHE_URL` say, opened.

use nuages_cache::{
    CacheBackend, CacheConfig, CacheError, CacheFront, Caches, DEFAULT_CACHE_ALIAS, DummyCache,
};
use nuages_db::Database;
use nuages_http::{CacheSetting, Settings, Site};

/// What a cache of the settings is called, for messages, and its configuration.
pub(crate) struct Configured {
    pub(crate) alias: String,
    /// The setting that names it.
    pub(crate) setting: String,
    pub(crate) config: CacheConfig,
}

/// Every cache of the settings, the default one first; or what is wrong.
pub(crate) fn configured(settings: &Settings) -> Result<Vec<Configured>, String> {
    let mut caches = Vec::new();
    if !settings.CACHES.contains_key(DEFAULT_CACHE_ALIAS) {
        caches.push(Configured {
            alias: DEFAULT_CACHE_ALIAS.to_owned(),
            setting: "CACHE_URL".to_owned(),
            config: of_url(settings).map_err(|error| format!("CACHE_URL: {error}"))?,
        });
    }
    for (alias, cache) in &settings.CACHES {
        let setting = format!("CACHES {alias}");
        let config = of_setting(cache).map_err(|error| format!("{setting}: {error}"))?;
        let place = if alias == DEFAULT_CACHE_ALIAS { 0 } else { caches.len() };
        caches.insert(place, Configured { alias: alias.clone(), setting, config });
    }
    Ok(caches)
}

/// CACHE_URL, and the settings beside it where they say something.
fn of_url(settings: &Settings) -> Result<CacheConfig, CacheError> {
    let mut config = CacheConfig::from_url(settings.CACHE_URL.as_str())?;
    if !settings.CACHE_KEY_PREFIX.is_empty() {
        config = config.option("KEY_PREFIX", &settings.CACHE_KEY_PREFIX)?;
    }
    if settings.CACHE_VERSION != 1 {
        config = config.option("VERSION", &settings.CACHE_VERSION.to_string())?;
    }
    match &settings.CACHE_SERIALIZER {
        Some(serializer) => config.option("SERIALIZER", serializer),
        None => Ok(config),
    }
}

fn of_setting(setting: &CacheSetting) -> Result<CacheConfig, CacheError> {
    let mut config = CacheConfig::new(CacheBackend::parse(&setting.BACKEND)?);
    for location in &setting.LOCATION {
        config = config.location(location.as_str());
    }
    for (name, value) in &setting.OPTIONS {
        config = config.option(name, value)?;
    }
    let timeout = setting.TIMEOUT.map_or_else(|| "none".to_owned(), |seconds| seconds.to_string());
    config
        .option("TIMEOUT", &timeout)?
        .option("KEY_PREFIX", &setting.KEY_PREFIX)?
        .option("VERSION", &setting.VERSION.to_string())
}

/// Opens them; one in the database shares the site's.
pub(crate) fn open(site: &Site) -> Result<Caches, String> {
    let mut opened: Option<Caches> = None;
    for Configured { alias, setting, config } in configured(site.settings())? {
        let front = if config.backend() == CacheBackend::Db {
            connect_with(site, &config)
        } else {
            config.connect().map_err(|error| with_source(&error))
        };
        let front = front.map_err(|message| format!("{setting}: {message}"))?;
        opened = Some(match opened {
            None => Caches::new(front),
            Some(caches) => caches.with(&alias, front),
        });
    }
    opened.ok_or_else(|| "there is no default cache".to_owned())
}

/// Caches that keep nothing, under the same names.
pub(crate) fn placeholders(settings: &Settings) -> Caches {
    let nothing = CacheFront::new(DummyCache::new());
    let aliases = settings.CACHES.keys();
    aliases.fold(Caches::new(nothing.clone()), |caches, alias| caches.with(alias, nothing.clone()))
}

fn connect_with(site: &Site, config: &CacheConfig) -> Result<CacheFront, String> {
    let shared = site.extensions();
    let database = match shared.get::<Database>() {
        Some(database) => database.clone(),
        None => {
            Database::connect(site.settings().DATABASE_URL.as_str()).map_err(|error| error.to_string())?
        }
    };
    let database = shared.get_or_insert_with(|| database);
    config.connect_with(database).map_err(|error| with_source(&error))
}

fn with_source(error: &CacheError) -> String {
    crate::error_chain::chain(error).to_string()
}

/// The tables of the caches in the database.
pub(crate) fn tables(settings: &Settings) -> Result<Vec<String>, String> {
    let mut tables: Vec<String> = configured(settings)?
        .into_iter()
        .filter(|cache| cache.config.backend() == CacheBackend::Db)
        .flat_map(|cache| cache.config.locations().to_vec())
        .collect();
    tables.sort();
    tables.dedup();
    Ok(tables)
}
