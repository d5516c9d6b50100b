//! The engines.

mod cache;
mod cached_db;
mod db;
mod file;
mod remote;
mod sqlite;

use nuages_http::Settings;
use nuages_sessions::{Backends, SessionEngine};

pub(crate) use cache::Cache;
pub(crate) use cached_db::{CachedDb, Failing};
pub(crate) use db::Db;
pub(crate) use file::File;
pub(crate) use remote::{DatabaseRemote, MemcachedRemote, RedisRemote};
pub(crate) use sqlite::Sqlite;

/// An engine by its name in the settings.
fn engine(name: &str, folder: Option<&std::path::Path>, backends: &Backends) -> SessionEngine {
    let settings = Settings {
        SECRET_KEY: "the key of the table of faults".into(),
        SESSION_ENGINE: name.into(),
        SESSION_FILE_PATH: folder.map(|folder| folder.display().to_string()),
        ..Settings::default()
    };
    SessionEngine::from_settings(&settings, backends).unwrap()
}
