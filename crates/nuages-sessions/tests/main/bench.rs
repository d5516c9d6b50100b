//! The five engines, each with fresh storage.

use nuages_cache::{CacheFront, Caches, LocmemCache};
use nuages_db::Database;
use nuages_http::Settings;
use nuages_sessions::{Backends, SessionCodec, SessionEngine};
use nuages_signing::Clock;
use tempfile::TempDir;

pub(crate) const ENGINES: [&str; 5] = ["db", "file", "cache", "cached_db", "signed_cookies"];
pub(crate) const SERVER_SIDE: [&str; 4] = ["db", "file", "cache", "cached_db"];

pub(crate) struct Bench {
    pub(crate) settings: Settings,
    pub(crate) engine: SessionEngine,
    pub(crate) database: Option<Database>,
    pub(crate) folder: TempDir,
    backends: Backends,
}

impl Bench {
    pub(crate) async fn new(engine: &str) -> Self {
        Self::with(engine, |_| {}).await
    }

    pub(crate) async fn with(engine: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let folder = TempDir::new().unwrap();
        let mut settings = Settings {
            SECRET_KEY: "conformance-secret-key".into(),
            SESSION_ENGINE: engine.to_owned(),
            SESSION_FILE_PATH: Some(folder.path().to_str().unwrap().to_owned()),
            ..Settings::default()
        };
        change(&mut settings);
        let database = if matches!(engine, "db" | "cached_db") {
            let path = folder.path().join("db.sqlite3");
            let database = Database::connect(&format!("sqlite:///{}", path.display())).unwrap();
            database.migrate().await.unwrap();
            Some(database)
        } else {
            None
        };
        let cache = LocmemCache::new().max_entries(100_000);
        let caches = Some(Caches::new(CacheFront::new(cache)));
        let backends = Backends { database: database.clone(), caches };
        let engine = SessionEngine::from_settings(&settings, &backends).unwrap();
        Self { settings, engine, database, folder, backends }
    }

    /// The cache of the engine `cache`.
    pub(crate) fn cache(&self) -> CacheFront {
        self.backends.caches.as_ref().unwrap().default_cache().clone()
    }

    /// The same storage at another time.
    pub(crate) fn at(&self, clock: Clock) -> SessionEngine {
        let codec = SessionCodec::new(self.settings.secret_keys()).clock(clock);
        SessionEngine::from_settings_with(&self.settings, &self.backends, codec).unwrap()
    }

    /// The same storage under other settings.
    pub(crate) fn again(&self, change: impl FnOnce(&mut Settings)) -> SessionEngine {
        let mut settings = self.settings.clone();
        change(&mut settings);
        SessionEngine::from_settings(&settings, &self.backends).unwrap()
    }
}
