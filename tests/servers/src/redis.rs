//! A Redis server.

use std::path::PathBuf;
use std::process::Command;

use rustix::process::Signal;

use crate::certificates::Certificates;
use crate::program::find;
use crate::resp;
use crate::server::{Place, Server, derefs_to_server};

/// A private Redis server. What it holds survives [`stop`](Server::stop) and [`kill`](Server::kill): every write is
/// appended to a file before it is acknowledged.
///
/// ```
/// let redis = test_servers::Redis::start();
/// redis.command(&["SET", "name", "value"]);
/// redis.kill();
/// redis.restart();
/// assert_eq!(redis.command(&["GET", "name"]), "value");
/// ```
#[derive(Debug)]
pub struct Redis {
    server: Server,
    socket: PathBuf,
    password: Option<String>,
    certificates: Option<Certificates>,
}

derefs_to_server!(Redis);

impl Redis {
    /// A server without a password.
    #[must_use]
    pub fn start() -> Redis {
        Self::with_options(&[])
    }

    /// A server with more options, as `redis-server` takes them: `&["--maxmemory", "2mb"]`.
    #[must_use]
    pub fn with_options(options: &[&str]) -> Redis {
        Self::begin(options, None, None)
    }

    /// A server that asks for a password.
    #[must_use]
    pub fn with_password(password: &str) -> Redis {
        Self::begin(&["--requirepass", password], Some(password), None)
    }

    /// A server that speaks TLS alone, with a certificate for 127.0.0.1 and localhost.
    #[must_use]
    pub fn with_tls() -> Redis {
        Self::begin(&[], None, Some(Certificates::new()))
    }

    /// A replica of another server, connected and up to date. It refuses writes.
    #[must_use]
    pub fn replica_of(primary: &Redis) -> Redis {
        let port = primary.port().to_string();
        let mut options = vec!["--replicaof", "127.0.0.1", &port, "--repl-diskless-sync-delay", "0"];
        if let Some(password) = &primary.password {
            options.extend(["--masterauth", password]);
        }
        let replica = Self::begin(&options, None, None);
        let started = std::time::Instant::now();
        while !replica.command(&["INFO", "replication"]).contains("master_link_status:up") {
            assert!(started.elapsed().as_secs() < 60, "the replica did not connect:\n{}", replica.log());
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        replica
    }

    fn begin(options: &[&str], password: Option<&str>, certificates: Option<Certificates>) -> Redis {
        let program = find("redis-server", "redis-server");
        let place = Place::new(&["redis", "nobody"]);
        let socket = place.folder.path().join("socket");
        let port = place.port.number().to_string();
        let mut arguments: Vec<String> = Vec::new();
        let mut option = |name: &str, values: &[&str]| {
            arguments.push(format!("--{name}"));
            arguments.extend(values.iter().map(|value| (*value).to_owned()));
        };
        option("bind", &["127.0.0.1"]);
        option("unixsocket", &[&socket.display().to_string()]);
        option("unixsocketperm", &["777"]);
        option("dir", &[&place.folder.path().display().to_string()]);
        option("save", &[""]);
        option("appendonly", &["yes"]);
        option("appendfsync", &["no"]);
        option("databases", &["16"]);
        if let Some(certificates) = &certificates {
            certificates.copy_to(place.folder.path(), place.account);
            option("port", &["0"]);
            option("tls-port", &[&port]);
            option("tls-cert-file", &[&place.path("server.crt")]);
            option("tls-key-file", &[&place.path("server.key")]);
            option("tls-ca-cert-file", &[&place.path("ca.crt")]);
            option("tls-auth-clients", &["optional"]);
        } else {
            option("port", &[&port]);
        }
        arguments.extend(options.iter().map(|option| (*option).to_owned()));
        let launch = move || {
            let mut command = Command::new(&program);
            command.args(&arguments);
            command
        };
        let (asked, word) = (socket.clone(), password.map(str::to_owned));
        let ready = move |pid| {
            // While it still reads its file it answers with an error.
            resp::ask(&asked, word.as_deref(), &["INFO", "server"])
                .is_ok_and(|info| info.contains(&format!("process_id:{pid}\r")))
                && resp::ask(&asked, word.as_deref(), &["PING"]).is_ok_and(|pong| pong == "PONG")
        };
        let server = Server::start("redis-server", place, Signal::TERM, launch, ready);
        Redis { server, socket, password: password.map(str::to_owned), certificates }
    }

    /// `redis://127.0.0.1:PORT/0`, with the password if there is one; `rediss://…` with TLS.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.certificates.is_some() { "rediss" } else { "redis" };
        let password = self.password.as_ref().map(|word| format!(":{word}@")).unwrap_or_default();
        format!("{scheme}://{password}127.0.0.1:{}/0", self.port())
    }

    /// `unix:///PATH?db=0`, its socket as Django writes it, with the password if there is one.
    #[must_use]
    pub fn socket_url(&self) -> String {
        let password = self.password.as_ref().map(|word| format!(":{word}@")).unwrap_or_default();
        format!("unix://{password}{}?db=0", self.socket.display())
    }

    /// The certificates of a server with TLS, and of the authority that a client must trust.
    #[must_use]
    pub fn certificates(&self) -> Option<&Certificates> {
        self.certificates.as_ref()
    }

    /// Sends one command over the server's own socket, past any proxy, and gives the reply as text: the elements of an
    /// array in lines, an error with its `-`, nothing for a missing value.
    #[must_use = "an error is a reply too"]
    pub fn command(&self, command: &[&str]) -> String {
        resp::ask(&self.socket, self.password.as_deref(), command).unwrap_or_else(|e| {
            panic!("redis-server does not answer {:?}: {e}\n{}", command.first(), self.log())
        })
    }
}
