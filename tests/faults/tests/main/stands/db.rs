//! Sessions in a database on a server.

use nuages_db::Database;
use nuages_sessions::{Backends, SessionEngine};

use super::engine;
use super::remote::Remote;
use crate::fault::Fault;
use crate::operation::Operation;
use crate::stand::Stand;

pub(crate) struct Db<R> {
    title: &'static str,
    remote: R,
    engine: SessionEngine,
}

impl<R: Remote> Db<R> {
    pub(crate) async fn new(title: &'static str, remote: R) -> Db<R> {
        let engine = connect(&remote.url()).await;
        Db { title, remote, engine }
    }
}

async fn connect(url: &str) -> SessionEngine {
    let database = Database::connect(url).unwrap();
    database.migrate().await.unwrap();
    engine("db", None, &Backends { database: Some(database), ..Backends::default() })
}

impl<R: Remote> Stand for Db<R> {
    fn title(&self) -> &'static str {
        self.title
    }

    fn lacks(&self, _fault: Fault, _operation: Operation) -> Option<&'static str> {
        None
    }

    async fn prepare(&mut self, fault: Fault) {
        let before = self.remote.url();
        self.remote.prepare(fault);
        if self.remote.url() != before {
            self.engine = connect(&self.remote.url()).await;
        }
    }

    fn engine(&self) -> SessionEngine {
        self.engine.clone()
    }

    async fn witness(&self) -> SessionEngine {
        connect(&self.remote.direct()).await
    }

    async fn begin(&mut self, fault: Fault, _sessions: &[String]) {
        self.remote.begin(fault);
    }

    async fn end(&mut self, fault: Fault) {
        self.remote.end(fault);
    }

    fn connections(&self) -> Option<usize> {
        Some(self.remote.open())
    }
}
