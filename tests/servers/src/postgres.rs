//! A PostgreSQL server.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::process::Signal;

use crate::account::{self, Account};
use crate::program::{find, run};
use crate::server::{Place, Server, derefs_to_server, make_folder};
use crate::small_disk::{empty_disk, fill_disk, small_disk_of_user};
use crate::template::Template;

const PACKAGE: &str = "postgresql";
const USER: &str = "nuages";
const FIRST: &str = "nuages";
const USERS: &[&str] = &["postgres", "nobody"];

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
    tablespace: &'static str,
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
        let postgres = Self::begin(options, None);
        postgres.create(FIRST);
        postgres
    }

    /// A server whose databases are on a disk of this size, such as `32m`, that [`fill`](Postgres::fill) fills; its log
    /// is not. It cannot be restarted: the disk goes with its process.
    #[must_use]
    pub fn with_small_disk(size: &str) -> Postgres {
        let mut postgres = Self::begin(&[], Some(size));
        let data = postgres.small_disk().join("data");
        make_folder(&data);
        account::give(&data, Account::of(USERS));
        let location = postgres.folder().join("small/data");
        postgres.query("postgres", &format!("CREATE TABLESPACE small LOCATION '{}'", location.display()));
        postgres.query("postgres", &format!("GRANT CREATE ON TABLESPACE small TO {USER}"));
        postgres.tablespace = "small";
        postgres.create(FIRST);
        postgres
    }

    fn small_disk(&self) -> PathBuf {
        self.server.inside(&self.folder().join("small"))
    }

    /// Fills the small disk to its last byte.
    pub fn fill(&self) {
        fill_disk(&self.small_disk());
    }

    /// Gives the small disk its room again.
    pub fn empty(&self) {
        empty_disk(&self.small_disk());
    }

    fn begin(options: &[&str], small_disk: Option<&str>) -> Postgres {
        let program = find("postgres", PACKAGE);
        let mut place = Place::new(USERS);
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
        let small = place.folder.path().join("small");
        let small_disk = small_disk.map(|size| {
            make_folder(&small);
            // It becomes that user once it has mounted.
            (size.to_owned(), place.account.take())
        });
        let launch = move || {
            let mut command = match &small_disk {
                Some((size, account)) => {
                    let mut command = small_disk_of_user(&small, size, *account);
                    command.arg(&program);
                    command
                }
                None => Command::new(&program),
            };
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
        let postgres = Postgres { server, databases: AtomicU32::new(0), tablespace: "pg_default" };
        postgres.query("postgres", &format!("CREATE ROLE {USER} LOGIN CREATEDB"));
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
        let tablespace = self.tablespace;
        self.query("postgres", &format!("CREATE DATABASE {database} OWNER {USER} TABLESPACE {tablespace}"));
    }

    /// Runs SQL as the superuser in the database of [`url`](Postgres::url), past any proxy; a row a line, `|` between
    /// the columns.
    pub fn sql(&self, sql: &str) -> String {
        self.query(FIRST, sql)
    }

    /// The same in the database of any URL of this server.
    pub fn sql_in(&self, url: &str, sql: &str) -> String {
        self.query(url.rsplit('/').next().unwrap_or(FIRST), sql)
    }

    fn query(&self, database: &str, sql: &str) -> String {
        let mut command = Command::new(find("psql", "postgresql-client"));
        command.args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "postgres",
            "-d",
            database,
            "-h",
        ]);
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
