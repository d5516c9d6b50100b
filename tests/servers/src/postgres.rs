//! A PostgreSQL server.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::process::Signal;

use crate::account::{self, Account};
use crate::program::{find, run};
use crate::server::{Place, Server, derefs_to_server};
use crate::template::Template;

const PACKAGE: &str = "postgresql";
const USER: &str = "nuages";
const FIRST: &str = "nuages";

// Not configuration: the files of a fresh database cluster.
static TEMPLATE: Template = Template::new();

/// A private PostgreSQL server. What it has acknowledged survives [`kill`](Server::kill).
///
/// ```no_run
/// let postgres = test_servers::Postgres::start();
/// assert_eq!(postgres.sql("SELECT 1 + 1"), "2\n");
/// assert_ne!(postgres.database(), postgres.url());
/// ```
#[derive(Debug)]
pub struct Postgres {
    server: Server,
    databases: AtomicU32,
}

derefs_to_server!(Postgres);

impl Postgres {
    /// A server with an empty database, which belongs to a user without special rights.
    #[must_use]
    pub fn start() -> Postgres {
        Self::with_options(&[])
    }

    /// A server with more settings: `&["max_connections=10"]`.
    #[must_use]
    pub fn with_options(options: &[&str]) -> Postgres {
        let program = find("postgres", PACKAGE);
        let place = Place::new(&["postgres", "nobody"]);
        let data = place.folder.path().join("data");
        TEMPLATE.copy(&data, place.account, |folder| initialise(folder, place.account));
        let mut arguments = vec!["-D".to_owned(), data.display().to_string()];
        let folder = place.folder.path().display();
        let settings = [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={}", place.port.number()),
            format!("unix_socket_directories={folder}"),
            // What the operating system has is not lost when a process is killed.
            "fsync=off".to_owned(),
            "shared_buffers=16MB".to_owned(),
            "max_wal_size=128MB".to_owned(),
            "autovacuum=off".to_owned(),
        ];
        for setting in settings.into_iter().chain(options.iter().map(|option| (*option).to_owned())) {
            arguments.extend(["-c".to_owned(), setting]);
        }
        let launch = move || {
            let mut command = Command::new(&program);
            command.args(&arguments);
            command
        };
        let lock = data.join("postmaster.pid");
        let ready = move |pid: u32| {
            // The first line is the process, the eighth what it does.
            let text = std::fs::read_to_string(&lock).unwrap_or_default();
            let mut lines = text.lines();
            lines.next() == Some(&pid.to_string())
                && lines.nth(6).is_some_and(|state| state.trim() == "ready")
        };
        // SIGTERM would wait for the clients.
        let server = Server::start("postgres", place, Signal::INT, launch, ready);
        let postgres = Postgres { server, databases: AtomicU32::new(0) };
        postgres.query("postgres", "postgres", &format!("CREATE ROLE {USER} LOGIN CREATEDB"));
        postgres.create(FIRST);
        postgres
    }

    /// `postgres://nuages@127.0.0.1:PORT/nuages`.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of(FIRST)
    }

    /// Makes a new, empty database and returns its URL.
    #[must_use]
    pub fn database(&self) -> String {
        let name = format!("{FIRST}_{}", self.databases.fetch_add(1, Ordering::Relaxed) + 1);
        self.create(&name);
        self.url_of(&name)
    }

    fn url_of(&self, database: &str) -> String {
        format!("postgres://{USER}@{}/{database}", self.address())
    }

    fn create(&self, database: &str) {
        self.query("postgres", "postgres", &format!("CREATE DATABASE {database} OWNER {USER}"));
    }

    /// Runs SQL as the superuser in the database of [`url`](Postgres::url), past any proxy; a row a line, `|` between
    /// the columns.
    pub fn sql(&self, sql: &str) -> String {
        self.query("postgres", FIRST, sql)
    }

    /// The same in the database of any URL of this server.
    pub fn sql_in(&self, url: &str, sql: &str) -> String {
        self.query("postgres", url.rsplit('/').next().unwrap_or(FIRST), sql)
    }

    fn query(&self, user: &str, database: &str, sql: &str) -> String {
        let mut command = Command::new(find("psql", "postgresql-client"));
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", user, "-d", database, "-h"]);
        command.arg(self.folder()).args(["-p", &self.port().to_string(), "-c", sql]).current_dir("/");
        run(&mut command)
    }
}

fn initialise(folder: &Path, account: Option<Account>) {
    let mut command = Command::new(find("initdb", PACKAGE));
    command.arg("-D").arg(folder).current_dir("/");
    command.args(["--no-sync", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]);
    run(account::run_as(&mut command, account));
}
