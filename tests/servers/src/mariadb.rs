//! A MariaDB server.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::process::Signal;

use crate::account::{self, Account};
use crate::program::{find, run};
use crate::server::{Place, Server, derefs_to_server, make_folder};
use crate::small_disk::{empty_disk, fill_disk, small_disk_of_user};
use crate::template::Template;

const PACKAGE: &str = "mariadb-server";
const USER: &str = "nuages";
const PASSWORD: &str = "secret";
const FIRST: &str = "nuages";

/// A small server. Each commit reaches the operating system, so a kill loses nothing.
const SETTINGS: &[&str] = &[
    "--innodb-log-file-size=8M",
    "--innodb-buffer-pool-size=16M",
    "--innodb-flush-log-at-trx-commit=2",
    "--innodb-flush-method=fsync",
    "--character-set-server=utf8mb4",
];

// Not configuration: the files of a fresh server.
static TEMPLATE: Template = Template::new();

/// A private MariaDB server. What it has acknowledged survives [`kill`](Server::kill).
///
/// ```no_run
/// let mariadb = test_servers::MariaDb::start();
/// assert_eq!(mariadb.sql("SELECT 1 + 1"), "2\n");
/// assert_ne!(mariadb.database(), mariadb.url());
/// ```
#[derive(Debug)]
pub struct MariaDb {
    server: Server,
    databases: AtomicU32,
}

derefs_to_server!(MariaDb);

impl MariaDb {
    /// A server with an empty database, and a user who may do everything with databases and nothing with the server.
    #[must_use]
    pub fn start() -> MariaDb {
        Self::with_options(&[])
    }

    /// A server with more options, as `mariadbd` takes them: `&["--max-connections=10"]`.
    #[must_use]
    pub fn with_options(options: &[&str]) -> MariaDb {
        let mariadb = Self::begin(options, None);
        mariadb.sql(&format!("CREATE DATABASE {FIRST}"));
        mariadb
    }

    /// A server whose first database is on a disk of this size, such as `32m`, that [`fill`](MariaDb::fill) fills; the
    /// rest is not. It cannot be restarted: the disk goes with its process.
    #[must_use]
    pub fn with_small_disk(size: &str) -> MariaDb {
        Self::begin(&[], Some(size))
    }

    /// A database is a folder.
    fn small_disk(&self) -> PathBuf {
        self.server.inside(&self.folder().join("data").join(FIRST))
    }

    /// Fills the small disk to its last byte.
    pub fn fill(&self) {
        fill_disk(&self.small_disk());
    }

    /// Gives the small disk its room again.
    pub fn empty(&self) {
        empty_disk(&self.small_disk());
    }

    fn begin(options: &[&str], small_disk: Option<&str>) -> MariaDb {
        let program = find("mariadbd", PACKAGE);
        let mut place = Place::new(&["mysql", "nobody"]);
        let data = place.folder.path().join("data");
        TEMPLATE.copy(&data, place.account, |folder| initialise(folder, place.account));
        let lock = place.path("pid");
        let mut arguments = vec![
            "--no-defaults".to_owned(),
            format!("--datadir={}", data.display()),
            format!("--socket={}", place.path("socket")),
            format!("--pid-file={lock}"),
            format!("--port={}", place.port.number()),
            "--bind-address=127.0.0.1".to_owned(),
            "--skip-name-resolve".to_owned(),
            "--performance-schema=OFF".to_owned(),
        ];
        arguments.extend(SETTINGS.iter().chain(options).map(|option| (*option).to_owned()));
        let small = data.join(FIRST);
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
        // It writes the file once it listens.
        let ready =
            move |pid: u32| std::fs::read_to_string(&lock).is_ok_and(|text| text.trim() == pid.to_string());
        let server = Server::start("mariadbd", place, Signal::TERM, launch, ready);
        let mariadb = MariaDb { server, databases: AtomicU32::new(0) };
        mariadb.sql(&format!(
            "CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}'; GRANT ALL ON `%`.* TO {USER}@'%'"
        ));
        mariadb
    }

    /// `mysql://nuages:secret@127.0.0.1:PORT/nuages`.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of(FIRST)
    }

    /// Makes a new, empty database and returns its URL.
    #[must_use]
    pub fn database(&self) -> String {
        let name = format!("{FIRST}_{}", self.databases.fetch_add(1, Ordering::Relaxed) + 1);
        self.sql(&format!("CREATE DATABASE {name}"));
        self.url_of(&name)
    }

    fn url_of(&self, database: &str) -> String {
        format!("mysql://{USER}:{PASSWORD}@{}/{database}", self.address())
    }

    /// Runs SQL as root, past any proxy; a row a line, tabs between the columns.
    pub fn sql(&self, sql: &str) -> String {
        self.query("", sql)
    }

    /// The same in the database of any URL of this server.
    pub fn sql_in(&self, url: &str, sql: &str) -> String {
        self.query(url.rsplit('/').next().unwrap_or(FIRST), sql)
    }

    fn query(&self, database: &str, sql: &str) -> String {
        let mut command = Command::new(find("mariadb", "mariadb-client"));
        command.args(["--no-defaults", "--batch", "--skip-column-names", "--user=root", "--socket"]);
        command.arg(self.folder().join("socket")).args(["--execute", sql]);
        if !database.is_empty() {
            command.arg(database);
        }
        run(&mut command)
    }
}

fn initialise(folder: &Path, account: Option<Account>) {
    let mut command = Command::new(find("mariadb-install-db", PACKAGE));
    command.args(["--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal"]);
    command.arg(format!("--datadir={}", folder.display())).args(SETTINGS).current_dir("/");
    run(account::run_as(&mut command, account));
}
