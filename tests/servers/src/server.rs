//! What all servers have in common: starting, ending, freezing.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::account::{self, Account};
use crate::port::Port;
use crate::process::Process;

/// A machine that is busy with other tests may take long.
const PATIENCE: Duration = Duration::from_secs(90);

type Launch = Box<dyn Fn() -> Command + Send + Sync>;
type Ready = Box<dyn Fn(u32) -> bool + Send + Sync>;

/// A private server. It ends when it is dropped, and its folder goes with it.
///
/// The methods take `&self`, so that a server can be shared by the threads of a test.
pub struct Server {
    name: &'static str,
    // Before the folder: the process ends before its files go.
    process: Mutex<Option<Process>>,
    launch: Launch,
    ready: Ready,
    end: Signal,
    port: Port,
    folder: TempDir,
}

/// A server's place, before it runs.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) port: Port,
    pub(crate) account: Option<Account>,
}

impl Place {
    /// A folder and a port; for root, the folder belongs to the first of these users.
    pub(crate) fn new(users: &[&str]) -> Place {
        let folder = tempfile::Builder::new().prefix("nuages-").tempdir();
        let folder = folder.unwrap_or_else(|e| panic!("cannot make a temporary folder: {e}"));
        let account = Account::of(users);
        account::give(folder.path(), account);
        Place { folder, port: Port::free(), account }
    }

    /// A path in the folder, as an option's text.
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }
}

impl Server {
    /// Starts what `launch` makes, and waits until `ready` says so of its process id.
    pub(crate) fn start(
        name: &'static str,
        place: Place,
        end: Signal,
        launch: impl Fn() -> Command + Send + Sync + 'static,
        ready: impl Fn(u32) -> bool + Send + Sync + 'static,
    ) -> Server {
        let Place { folder, port, account } = place;
        let folder_of_command = folder.path().to_owned();
        let launch = move || {
            let mut command = launch();
            account::run_as(&mut command, account);
            command.current_dir(&folder_of_command);
            command
        };
        let server = Server {
            name,
            process: Mutex::new(None),
            launch: Box::new(launch),
            ready: Box::new(ready),
            end,
            port,
            folder,
        };
        server.begin(&mut server.process());
        server
    }

    fn process(&self) -> MutexGuard<'_, Option<Process>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, slot: &mut Option<Process>) {
        let mut command = (self.launch)();
        let mut process = Process::spawn(&mut command, self.folder.path(), &self.log_path(), self.end);
        let started = Instant::now();
        while !(self.ready)(process.id()) {
            assert!(process.is_running(), "{} has ended at its start:\n{}", self.name, self.log());
            assert!(started.elapsed() < PATIENCE, "{} did not get ready:\n{}", self.name, self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(process.is_running(), "{} has ended at its start:\n{}", self.name, self.log());
        *slot = Some(process);
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.port.address()
    }

    /// The number of its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Its folder, with its data and its log.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What it has written to its log.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read(self.log_path())
            .map(|text| String::from_utf8_lossy(&text).into_owned())
            .unwrap_or_default()
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// A path as its process sees it, whose mounts may be its own.
    pub(crate) fn inside(&self, path: &Path) -> PathBuf {
        let id = self.process().as_ref().map(Process::id).unwrap_or_default();
        PathBuf::from(format!("/proc/{id}/root{}", path.display()))
    }

    /// Whether its process is there, frozen or not.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.process().as_mut().is_some_and(Process::is_running)
    }

    /// Ends it in good order, without waiting for its clients. Connections are refused from now on.
    pub fn stop(&self) {
        drop(self.process().take());
    }

    /// Ends it by SIGKILL, its children too.
    pub fn kill(&self) {
        if let Some(process) = self.process().take() {
            process.kill();
        }
    }

    /// Stops its clock by SIGSTOP: connections are accepted, and nothing is answered.
    pub fn freeze(&self) {
        if let Some(process) = self.process().as_mut() {
            process.freeze();
        }
    }

    /// Lets a frozen server go on.
    pub fn thaw(&self) {
        if let Some(process) = self.process().as_mut() {
            process.thaw();
        }
    }

    /// Starts it anew on the same port with the same data, after a stop if it runs, and waits until it is ready.
    pub fn restart(&self) {
        let mut slot = self.process();
        drop(slot.take());
        self.begin(&mut slot);
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("name", &self.name)
            .field("address", &self.address())
            .field("folder", &self.folder.path())
            .finish_non_exhaustive()
    }
}

pub(crate) fn make_folder(path: &Path) {
    std::fs::create_dir(path).unwrap_or_else(|e| panic!("cannot make {}: {e}", path.display()));
}

/// The server inside: `redis.kill()`, `postgres.address()`.
macro_rules! derefs_to_server {
    ($name:ident) => {
        impl std::ops::Deref for $name {
            type Target = crate::Server;

            fn deref(&self) -> &crate::Server {
                &self.server
            }
        }
    };
}
pub(crate) use derefs_to_server;
