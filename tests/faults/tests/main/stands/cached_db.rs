//! Sessions in a database, with a cache before it; one of the two fails.

use std::time::Duration;

use nuages_cache::{CacheFront, Caches};
use nuages_db::Database;
use nuages_sessions::{Backends, SessionEngine};
use test_servers::Postgres;

use super::engine;
use super::remote::{DatabaseRemote, RedisRemote, Remote};
use crate::fault::Fault;
use crate::operation::Operation;
use crate::stand::Stand;

/// After the return of a cache another process may see an older entry for this long.
const SETTLING: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failing {
    Cache,
    Database,
}

pub(crate) struct CachedDb {
    failing: Failing,
    database: DatabaseRemote<Postgres>,
    cache: RedisRemote,
    engine: SessionEngine,
}

impl CachedDb {
    pub(crate) async fn new(failing: Failing) -> CachedDb {
        let (database, cache) = (DatabaseRemote::new(), RedisRemote::new());
        let engine = connect(&database.url(), &cache.url()).await;
        CachedDb { failing, database, cache, engine }
    }

    fn remote(&mut self) -> &mut dyn Remote {
        match self.failing {
            Failing::Cache => &mut self.cache,
            Failing::Database => &mut self.database,
        }
    }
}

async fn connect(database: &str, cache: &str) -> SessionEngine {
    let database = Database::connect(database).unwrap();
    database.migrate().await.unwrap();
    let caches = Caches::new(CacheFront::connect(cache).unwrap());
    let backends = Backends { database: Some(database), caches: Some(caches) };
    engine("cached_db", None, &backends)
}

impl Stand for CachedDb {
    fn title(&self) -> &'static str {
        match self.failing {
            Failing::Cache => "cached_db, its Redis",
            Failing::Database => "cached_db, its PostgreSQL",
        }
    }

    fn lacks(&self, _fault: Fault, _operation: Operation) -> Option<&'static str> {
        None
    }

    async fn prepare(&mut self, fault: Fault) {
        let before = self.database.url();
        self.remote().prepare(fault);
        if self.database.url() != before {
            self.engine = connect(&self.database.url(), &self.cache.url()).await;
        }
    }

    fn engine(&self) -> SessionEngine {
        self.engine.clone()
    }

    async fn witness(&self) -> SessionEngine {
        // Entries that could not be written while the cache was away are deleted when it is back.
        tokio::time::sleep(SETTLING).await;
        connect(&self.database.direct(), &self.cache.direct()).await
    }

    async fn begin(&mut self, fault: Fault, _sessions: &[String]) {
        self.remote().begin(fault);
    }

    async fn end(&mut self, fault: Fault) {
        self.remote().end(fault);
    }

    fn connections(&self) -> Option<usize> {
        Some(self.database.open() + self.cache.open())
    }
}
