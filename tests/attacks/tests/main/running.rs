//! The site on a server of this process.

use std::net::SocketAddr;
use std::path::Path;

use attacks::Record;
use nuages::prelude::*;
use nuages::server::{Address, Ended, Server};
use nuages_db::Database;
use nuages_sessions::SessionEngine;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) const SERVER_SIDE: [&str; 4] = ["db", "file", "cache", "cached_db"];
pub(crate) const SECRET_KEY: &str = "the-secret-key-of-the-site-under-attack";

/// A server with the site, real stores, and a folder for them.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) record: Record,
    pub(crate) folder: TempDir,
    /// The database, if an engine has opened it.
    pub(crate) database: Option<Database>,
    pub(crate) engine: SessionEngine,
    stop: oneshot::Sender<()>,
    server: JoinHandle<std::io::Result<Ended>>,
}

/// Settings for a session engine with its files in a folder.
pub(crate) fn settings(engine: &str, folder: &Path) -> Settings {
    let mut settings = Settings {
        SECRET_KEY: SECRET_KEY.into(),
        ALLOWED_HOSTS: vec!["a".into(), ".good.example".into()],
        SESSION_ENGINE: engine.into(),
        SESSION_FILE_PATH: Some(folder.display().to_string()),
        ..Settings::default()
    };
    settings.set_text("DATABASE_URL", &format!("sqlite:///{}/db.sqlite3", folder.display())).unwrap();
    settings
}

impl Running {
    pub(crate) async fn new(engine: &str) -> Self {
        Self::with(engine, |_| {}).await
    }

    /// With settings of the test's own.
    pub(crate) async fn with(engine: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let folder = TempDir::new().unwrap();
        let mut settings = settings(engine, folder.path());
        change(&mut settings);
        Self::serve(folder, settings, SessionMiddleware::new()).await
    }

    pub(crate) async fn serve(folder: TempDir, settings: Settings, sessions: SessionMiddleware) -> Self {
        let record = Record::default();
        let application = attacks::app(settings, sessions, record.clone()).build().unwrap();
        let shared = application.site().extensions();
        let database = shared.get::<Database>().cloned();
        if let Some(database) = &database {
            database.migrate().await.unwrap();
        }
        let engine = shared.get::<SessionEngine>().unwrap().clone();
        let bound = Server::new().bind("127.0.0.1:0".parse::<Address>().unwrap()).unwrap();
        let Address::Tcp(address) = *bound.local_addr() else { panic!("not a TCP server") };
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(bound.serve(application, async move {
            let _ = stopped.await;
        }));
        Self { address, record, folder, database, engine, stop, server }
    }

    /// How many sessions the store keeps.
    pub(crate) fn files(&self) -> usize {
        let names = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().starts_with("sessionid")).count()
    }

    /// Stops the server and waits for its end.
    pub(crate) async fn end(self) -> Ended {
        let _ = self.stop.send(());
        self.server.await.unwrap().unwrap()
    }
}
