//! The site as a process of its own, run as `runserver` runs any application.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;

use crate::running::SECRET_KEY;

const SITE: &str = env!("CARGO_BIN_EXE_site");

/// A running process of the site; it is killed when this is dropped.
pub(crate) struct Process {
    pub(crate) address: SocketAddr,
    child: Child,
    out: BufReader<ChildStdout>,
    log: JoinHandle<String>,
}

/// The environment of a site with its files in a folder.
fn environment(engine: &str, folder: &Path) -> Vec<String> {
    let folder = folder.display();
    vec![
        format!("PATH={}", std::env::var("PATH").unwrap_or_default()),
        format!("SECRET_KEY={SECRET_KEY}"),
        format!("DATABASE_URL=sqlite:///{folder}/db.sqlite3"),
        "NUAGES_ALLOWED_HOSTS=a".to_owned(),
        format!("NUAGES_SESSION_ENGINE={engine}"),
        format!("NUAGES_SESSION_FILE_PATH={folder}"),
        format!("NUAGES_FILE_UPLOAD_TEMP_DIR={folder}"),
    ]
}

impl Process {
    /// Starts the site, its tables made.
    pub(crate) async fn start(engine: &str, folder: &TempDir) -> Self {
        Self::start_with(engine, folder, &["RUST_LOG=warn"]).await
    }

    /// The same with more variables, which count over the usual ones.
    pub(crate) async fn start_with(engine: &str, folder: &TempDir, variables: &[&str]) -> Self {
        let command = || {
            let mut command = Command::new("env");
            command.arg("-i").args(environment(engine, folder.path())).args(variables).arg(SITE);
            command.current_dir(folder.path()).stdin(Stdio::null());
            command
        };
        if engine == "db" {
            assert!(command().arg("migrate").stdout(Stdio::null()).status().await.unwrap().success());
        }
        Self::run(command()).await
    }

    /// Starts the site in a file system that has room for so much, seen by this process alone. Mounting needs root, or
    /// the right to make a user namespace.
    pub(crate) async fn start_cramped(engine: &str, folder: &TempDir, size: &str) -> Self {
        let may = async |arguments: &[&str]| {
            let (program, rest) = arguments.split_first().unwrap();
            let tried =
                Command::new(program).args(rest).args(["mount", "-t", "tmpfs", "none", "/mnt"]).output();
            tried.await.is_ok_and(|output| output.status.success())
        };
        let ways: [&[&str]; 3] = [&["unshare", "-m"], &["unshare", "-rm"], &["sudo", "-n", "unshare", "-m"]];
        let mut way = None;
        for candidate in ways {
            if way.is_none() && may(candidate).await {
                way = Some(candidate);
            }
        }
        let Some((program, rest)) = way.and_then(<[&str]>::split_first) else {
            panic!(
                "this test mounts a small tmpfs: run it as root, or allow user namespaces \
                 (sysctl kernel.apparmor_restrict_unprivileged_userns=0), or sudo without a password"
            );
        };
        let script = "mount -t tmpfs -o size=$1 none \"$2\" && cd \"$2\" && shift 2 && \
                      { [ \"$1\" != db ] || env -i \"${@:2}\" migrate; } && shift && exec env -i \"$@\" runserver 127.0.0.1:0";
        let mut command = Command::new(program);
        command.args(rest).args(["bash", "-c", script, "bash", size]).arg(folder.path()).arg(engine);
        command.args(environment(engine, folder.path())).args(["RUST_LOG=off", SITE]).stdin(Stdio::null());
        Self::listen(command).await
    }

    async fn run(mut command: Command) -> Self {
        command.args(["runserver", "127.0.0.1:0"]);
        Self::listen(command).await
    }

    async fn listen(mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut errors = child.stderr.take().unwrap();
        let log = tokio::spawn(async move {
            let mut text = Vec::new();
            errors.read_to_end(&mut text).await.unwrap();
            String::from_utf8_lossy(&text).into_owned()
        });
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while out.read_line(&mut line).await.unwrap() > 0 {
            let address =
                line.split_once("http://").and_then(|(_, rest)| rest.split('/').next()?.parse().ok());
            if let Some(address) = address {
                return Self { address, child, out, log };
            }
            line.clear();
        }
        panic!("the site did not start: {}", log.await.unwrap());
    }

    /// SIGKILL.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    pub(crate) async fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().await.unwrap().success());
    }

    /// SIGTERM: whether it ended well, and what it has written to its log and to its output.
    pub(crate) async fn end(mut self) -> (bool, String) {
        self.signal("TERM").await;
        let status = self.child.wait().await.unwrap();
        let mut text = self.log.await.unwrap();
        self.out.read_to_string(&mut text).await.unwrap();
        (status.success(), text)
    }

    /// How many descriptors it has open.
    pub(crate) fn descriptors(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id().unwrap())).unwrap().count()
    }

    /// Its resident memory in KiB: now, or the most since this was asked last.
    pub(crate) fn memory(&self, most: bool) -> u64 {
        let process = format!("/proc/{}", self.child.id().unwrap());
        let status = std::fs::read_to_string(format!("{process}/status")).unwrap();
        let name = if most { "VmHWM:" } else { "VmRSS:" };
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        // Begins a new count.
        std::fs::write(format!("{process}/clear_refs"), "5").unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// A folder as the process sees it, whose mounts may be its own: names and sizes.
    pub(crate) fn files(&self, folder: &Path) -> Vec<(String, u64)> {
        let seen = format!("/proc/{}/root{}", self.child.id().unwrap(), folder.display());
        let entries = std::fs::read_dir(seen).unwrap().map(Result::unwrap);
        // One may be removed meanwhile.
        let sizes = entries.filter_map(|entry| Some((entry.file_name(), entry.metadata().ok()?.len())));
        let mut files: Vec<_> =
            sizes.map(|(name, size)| (name.to_string_lossy().into_owned(), size)).collect();
        files.sort();
        files
    }
}
