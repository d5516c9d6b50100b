//! Sessions in a cache on a server.

use nuages_cache::{CacheFront, Caches};
use nuages_sessions::{Backends, SessionEngine};

use super::engine;
use super::remote::Remote;
use crate::fault::Fault;
use crate::operation::Operation;
use crate::stand::Stand;

pub(crate) struct Cache<R> {
    title: &'static str,
    remote: R,
    engine: SessionEngine,
    /// It keeps nothing on a disk: it is never full, and a restart empties it.
    is_memory: bool,
}

impl<R: Remote> Cache<R> {
    pub(crate) fn new(title: &'static str, remote: R, is_memory: bool) -> Cache<R> {
        let engine = connect(&remote.url());
        Cache { title, remote, engine, is_memory }
    }
}

fn connect(url: &str) -> SessionEngine {
    let caches = Caches::new(CacheFront::connect(url).unwrap());
    engine("cache", None, &Backends { caches: Some(caches), ..Backends::default() })
}

impl<R: Remote> Stand for Cache<R> {
    fn title(&self) -> &'static str {
        self.title
    }

    fn lacks(&self, fault: Fault, operation: Operation) -> Option<&'static str> {
        match (fault, operation) {
            (Fault::Full, _) if self.is_memory => {
                Some("memcached is never full: it drops what was not used for the longest time")
            }
            (Fault::ReadOnly, _) if self.is_memory => Some("memcached cannot be read-only"),
            (_, Operation::Clear) => {
                Some("a cache ends its sessions by itself, so there is nothing to clear")
            }
            _ => None,
        }
    }

    fn engine(&self) -> SessionEngine {
        self.engine.clone()
    }

    async fn witness(&self) -> SessionEngine {
        connect(&self.remote.direct())
    }

    fn forgets(&self) -> bool {
        self.is_memory
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
