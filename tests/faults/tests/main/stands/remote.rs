//! Servers behind a proxy.

use std::time::Duration;

use rand::RngExt;
use test_servers::{Behaviour, MariaDb, Memcached, Postgres, Proxy, Redis, Server};

use crate::fault::Fault;

/// A little more than 1 s: what asks twice then clearly misses its deadline of 2 s.
const SLOW: Duration = Duration::from_millis(1050);

/// A server that can be put out of order.
pub(crate) trait Remote {
    /// Before the sessions of a row are made.
    fn prepare(&mut self, _fault: Fault) {}

    /// Its URL as the site knows it.
    fn url(&self) -> String;

    /// Its URL past the proxy.
    fn direct(&self) -> String;

    fn begin(&mut self, fault: Fault);

    fn end(&mut self, fault: Fault);

    /// Connections through the proxy.
    fn open(&self) -> usize;
}

/// What a proxy can do; `false` if the server has to do it.
fn disturb(proxy: &Proxy, fault: Fault) -> bool {
    proxy.set(match fault {
        Fault::Refused => Behaviour::Refused,
        Fault::Hang => Behaviour::Hang,
        // Less than the shortest reply of any of them.
        Fault::Cut => Behaviour::CutMidReply(rand::rng().random_range(0..4)),
        Fault::Garbage => Behaviour::Garbage,
        Fault::Slow => Behaviour::Slow(SLOW),
        Fault::Full | Fault::ReadOnly | Fault::Restarted => return false,
    });
    true
}

pub(crate) struct RedisRemote {
    server: Redis,
    proxy: Proxy,
}

impl RedisRemote {
    pub(crate) fn new() -> RedisRemote {
        let server = Redis::with_options(&["--maxmemory-policy", "noeviction"]);
        RedisRemote { proxy: Proxy::to(server.address()), server }
    }

    fn configure(&self, command: &[&str]) {
        assert_eq!(self.server.command(command), "OK");
    }
}

impl Remote for RedisRemote {
    fn url(&self) -> String {
        self.proxy.url(&self.server.url())
    }

    fn direct(&self) -> String {
        self.server.url()
    }

    fn begin(&mut self, fault: Fault) {
        if disturb(&self.proxy, fault) {
            return;
        }
        match fault {
            Fault::Full => self.configure(&["CONFIG", "SET", "maxmemory", "1"]),
            // A replica whose primary is away: what it has it still shows.
            Fault::ReadOnly => self.configure(&["REPLICAOF", "127.0.0.1", "1"]),
            _ => {
                self.server.kill();
                self.server.restart();
            }
        }
    }

    fn end(&mut self, fault: Fault) {
        match fault {
            Fault::Full => self.configure(&["CONFIG", "SET", "maxmemory", "0"]),
            Fault::ReadOnly => self.configure(&["REPLICAOF", "NO", "ONE"]),
            _ => self.proxy.set(Behaviour::Pass),
        }
    }

    fn open(&self) -> usize {
        self.proxy.open()
    }
}

pub(crate) struct MemcachedRemote {
    server: Memcached,
    proxy: Proxy,
}

impl MemcachedRemote {
    pub(crate) fn new() -> MemcachedRemote {
        let server = Memcached::start();
        MemcachedRemote { proxy: Proxy::to(server.address()), server }
    }
}

impl Remote for MemcachedRemote {
    fn url(&self) -> String {
        self.proxy.url(&self.server.url())
    }

    fn direct(&self) -> String {
        self.server.url()
    }

    fn begin(&mut self, fault: Fault) {
        if !disturb(&self.proxy, fault) {
            self.server.kill();
            self.server.restart();
        }
    }

    fn end(&mut self, _fault: Fault) {
        self.proxy.set(Behaviour::Pass);
    }

    fn open(&self) -> usize {
        self.proxy.open()
    }
}

/// What is different between the databases.
pub(crate) trait DatabaseServer: Sized {
    fn usual() -> Self;
    fn small() -> Self;
    fn url(&self) -> String;
    fn server(&self) -> &Server;
    fn fill(&self);
    fn empty(&self);
    fn set_read_only(&self, read_only: bool);
}

impl DatabaseServer for Postgres {
    fn usual() -> Self {
        Postgres::start()
    }

    fn small() -> Self {
        Postgres::with_small_disk("32m")
    }

    fn url(&self) -> String {
        self.url()
    }

    fn server(&self) -> &Server {
        self
    }

    fn fill(&self) {
        self.fill();
    }

    fn empty(&self) {
        self.empty();
    }

    fn set_read_only(&self, read_only: bool) {
        self.sql(&format!("ALTER SYSTEM SET default_transaction_read_only = {read_only}"));
        self.sql("SELECT pg_reload_conf()");
        // The processes of the connections hear of it a moment later.
        std::thread::sleep(Duration::from_millis(200));
    }
}

impl DatabaseServer for MariaDb {
    fn usual() -> Self {
        MariaDb::start()
    }

    fn small() -> Self {
        MariaDb::with_small_disk("32m")
    }

    fn url(&self) -> String {
        self.url()
    }

    fn server(&self) -> &Server {
        self
    }

    fn fill(&self) {
        self.fill();
    }

    fn empty(&self) {
        self.empty();
    }

    fn set_read_only(&self, read_only: bool) {
        self.sql(&format!("SET GLOBAL read_only = {read_only}"));
    }
}

/// A server on a usual disk, and for one row another one on a small disk.
pub(crate) struct DatabaseRemote<S> {
    usual: (S, Proxy),
    small: Option<(S, Proxy)>,
}

impl<S: DatabaseServer> DatabaseRemote<S> {
    pub(crate) fn new() -> DatabaseRemote<S> {
        DatabaseRemote { usual: with_proxy(S::usual()), small: None }
    }

    fn current(&self) -> &(S, Proxy) {
        self.small.as_ref().unwrap_or(&self.usual)
    }
}

fn with_proxy<S: DatabaseServer>(server: S) -> (S, Proxy) {
    let proxy = Proxy::to(server.server().address());
    (server, proxy)
}

impl<S: DatabaseServer> Remote for DatabaseRemote<S> {
    fn prepare(&mut self, fault: Fault) {
        self.small = (fault == Fault::Full).then(|| with_proxy(S::small()));
    }

    fn url(&self) -> String {
        let (server, proxy) = self.current();
        proxy.url(&server.url())
    }

    fn direct(&self) -> String {
        self.current().0.url()
    }

    fn begin(&mut self, fault: Fault) {
        let (server, proxy) = self.current();
        if disturb(proxy, fault) {
            return;
        }
        match fault {
            Fault::Full => server.fill(),
            Fault::ReadOnly => server.set_read_only(true),
            _ => {
                server.server().kill();
                server.server().restart();
                // A connection that was used a moment ago is not asked whether it is alive.
                std::thread::sleep(Duration::from_millis(300));
            }
        }
    }

    fn end(&mut self, fault: Fault) {
        let (server, proxy) = self.current();
        match fault {
            Fault::Full => server.empty(),
            Fault::ReadOnly => server.set_read_only(false),
            _ => proxy.set(Behaviour::Pass),
        }
    }

    fn open(&self) -> usize {
        self.current().1.open()
    }
}
