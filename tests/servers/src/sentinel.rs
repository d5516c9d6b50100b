//! A Redis Sentinel.

use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::account;
use crate::program::find;
use crate::redis::Redis;
use crate::resp;
use crate::server::{Place, Server, derefs_to_server};

/// The name under which it watches the primary.
const NAME: &str = "primary";

/// A sentinel that watches a primary and makes a replica the primary when that one is away for a second.
///
/// ```no_run
/// use test_servers::{Redis, Sentinel};
///
/// let primary = Redis::start();
/// let replica = Redis::replica_of(&primary);
/// let sentinel = Sentinel::start(&primary);
/// sentinel.wait_for_replicas(1);
/// primary.kill();
/// sentinel.wait_for_primary(&replica);
/// ```
#[derive(Debug)]
pub struct Sentinel {
    server: Server,
    socket: std::path::PathBuf,
}

derefs_to_server!(Sentinel);

impl Sentinel {
    /// Watches `primary`; it finds the replicas by itself.
    #[must_use]
    pub fn start(primary: &Redis) -> Sentinel {
        let program = find("redis-server", "redis-server");
        let place = Place::new(&["redis", "nobody"]);
        let socket = place.folder.path().join("socket");
        let configuration = place.folder.path().join("sentinel.conf");
        let text = format!(
            "bind 127.0.0.1\nport {}\nunixsocket {}\nunixsocketperm 777\ndir {}\n\
             sentinel monitor {NAME} 127.0.0.1 {} 1\n\
             sentinel down-after-milliseconds {NAME} 1000\n\
             sentinel failover-timeout {NAME} 5000\n",
            place.port.number(),
            socket.display(),
            place.folder.path().display(),
            primary.port()
        );
        std::fs::write(&configuration, text)
            .unwrap_or_else(|e| panic!("cannot write {}: {e}", configuration.display()));
        // It keeps what it has learnt in there.
        account::give(&configuration, place.account);
        let launch = move || {
            let mut command = Command::new(&program);
            command.arg(&configuration).arg("--sentinel");
            command
        };
        let asked = socket.clone();
        let ready = move |pid| {
            resp::ask(&asked, None, &["INFO", "server"])
                .is_ok_and(|info| info.contains(&format!("process_id:{pid}\r")))
        };
        let server = Server::start("redis-server --sentinel", place, Signal::TERM, launch, ready);
        Sentinel { server, socket }
    }

    /// The name under which it knows the primary: what a client asks it for.
    #[must_use]
    pub fn name(&self) -> &'static str {
        NAME
    }

    /// `redis://127.0.0.1:PORT/` of the sentinel itself.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port())
    }

    /// Sends one command and gives the reply as text, as [`Redis::command`] does.
    #[must_use = "an error is a reply too"]
    pub fn command(&self, command: &[&str]) -> String {
        resp::ask(&self.socket, None, command).unwrap_or_else(|e| {
            panic!("the sentinel does not answer {:?}: {e}\n{}", command.first(), self.log())
        })
    }

    /// Waits until it knows of so many replicas: before that it can make none of them the primary.
    pub fn wait_for_replicas(&self, count: usize) {
        self.wait(|| {
            let replicas = self.command(&["SENTINEL", "REPLICAS", NAME]);
            replicas.lines().filter(|line| *line == "runid").count() >= count
        });
    }

    /// Waits until this server is the primary.
    pub fn wait_for_primary(&self, server: &Redis) {
        let address = format!("127.0.0.1\n{}", server.port());
        self.wait(|| {
            self.command(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME]) == address
                && server.command(&["INFO", "replication"]).contains("role:master")
        });
    }

    fn wait(&self, done: impl Fn() -> bool) {
        let started = Instant::now();
        while !done() {
            assert!(started.elapsed() < Duration::from_secs(60), "the sentinel takes long:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
