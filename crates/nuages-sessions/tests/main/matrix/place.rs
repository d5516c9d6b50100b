//! Where an engine stands, in a form that another process can be told.

use nuages_cache::{CacheConfig, CacheFront, Caches, LocmemCache};
use nuages_db::Database;
use nuages_http::Settings;
use nuages_sessions::{Backends, SessionEngine};
use tempfile::TempDir;

/// More sessions than a test makes.
const MOST: u64 = 100_000;

const ENGINE: &str = "NUAGES_TEST_MATRIX_ENGINE";
const DATABASE: &str = "NUAGES_TEST_MATRIX_DATABASE";
const CACHE: &str = "NUAGES_TEST_MATRIX_CACHE";
const FOLDER: &str = "NUAGES_TEST_MATRIX_FOLDER";

pub(super) struct Place {
    pub(super) name: &'static str,
    at: At,
    _folder: Option<TempDir>,
}

/// What another process has to know.
pub(super) struct At {
    engine: String,
    database: Option<String>,
    cache: Option<String>,
    folder: String,
}

impl Place {
    pub(super) fn new(name: &'static str, engine: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().to_str().unwrap().to_owned();
        let at = At { engine: engine.to_owned(), database: None, cache: None, folder: path };
        Self { name, at, _folder: Some(folder) }
    }

    pub(super) fn database(mut self, url: &str) -> Self {
        let file = format!("sqlite:///{}/db.sqlite3", self.at.folder);
        self.at.database = Some(if url == "sqlite://" { file } else { url.to_owned() });
        self
    }

    pub(super) fn cache(mut self, url: &str) -> Self {
        self.at.cache = Some(url.to_owned());
        self
    }

    /// Can several processes stand here?
    pub(super) fn is_shared(&self) -> bool {
        self.at.cache.as_ref().is_none_or(|cache| !cache.starts_with("locmem"))
    }

    /// Makes the tables.
    pub(super) async fn prepare(&self) {
        if let Some(database) = self.at.connect() {
            database.migrate().await.unwrap();
            if self.at.cache.as_ref().is_some_and(|cache| cache.starts_with("db:")) {
                database.cache("cache_table").unwrap().create().await.unwrap();
            }
        }
    }

    pub(super) async fn open(&self) -> SessionEngine {
        self.at.open().await
    }

    /// Engines on connections of their own; one where nobody else could reach the sessions.
    pub(super) async fn open_several(&self, count: usize) -> Vec<SessionEngine> {
        let first = self.open().await;
        let mut engines = vec![first.clone()];
        while engines.len() < count {
            engines.push(if self.is_shared() { self.open().await } else { first.clone() });
        }
        engines
    }

    /// The environment from which [`At::told`] reads it again.
    pub(super) fn environment(&self) -> Vec<(&'static str, String)> {
        let of = |name, value: &Option<String>| value.clone().map(|value| (name, value));
        let always = [(ENGINE, self.at.engine.clone()), (FOLDER, self.at.folder.clone())];
        always.into_iter().chain(of(DATABASE, &self.at.database)).chain(of(CACHE, &self.at.cache)).collect()
    }
}

impl At {
    pub(super) fn told() -> Option<Self> {
        let var = |name| std::env::var(name).ok();
        Some(Self { engine: var(ENGINE)?, folder: var(FOLDER)?, database: var(DATABASE), cache: var(CACHE) })
    }

    fn connect(&self) -> Option<Database> {
        self.database.as_ref().map(|url| Database::connect(url).unwrap())
    }

    pub(super) async fn open(&self) -> SessionEngine {
        let settings = Settings {
            SECRET_KEY: "key".into(),
            SESSION_ENGINE: self.engine.clone(),
            SESSION_FILE_PATH: Some(self.folder.clone()),
            SESSION_CACHE_ALIAS: "sessions".to_owned(),
            ..Settings::default()
        };
        let database = self.connect();
        let caches = self.cache.as_ref().map(|url| {
            let unused = CacheFront::new(LocmemCache::new());
            Caches::new(unused).with("sessions", self.front(url, database.as_ref()))
        });
        SessionEngine::from_settings(&settings, &Backends { database, caches }).unwrap()
    }

    fn front(&self, url: &str, database: Option<&Database>) -> CacheFront {
        let url = url.replacen("file://", &format!("file://{}/cache", self.folder), 1);
        let option = if url.contains('?') { "&" } else { "?" };
        let config = CacheConfig::from_url(&format!("{url}{option}max_entries={MOST}")).unwrap();
        match database {
            Some(database) => config.connect_with(database).unwrap(),
            None => config.connect().unwrap(),
        }
    }
}
