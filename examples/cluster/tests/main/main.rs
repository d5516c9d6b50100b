//! The whole cluster, a load on it, and processes that are killed meanwhile.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long members come and go; an hour's worth of kills is for `LONG_TESTS`.
fn seconds() -> u64 {
    if std::env::var_os("LONG_TESTS").is_some() { 120 } else { 8 }
}

#[test]
fn no_session_is_lost_while_processes_are_killed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("cluster");
    let port = ports();
    let cluster = Cluster::start(&data, port);
    let url = format!("http://127.0.0.1:{port}");
    let load = Command::new(env!("CARGO_BIN_EXE_load"))
        .args([data.as_os_str(), url.as_ref(), seconds().to_string().as_ref()])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&load.stdout);
    println!("{said}");
    assert!(load.status.success(), "{said}{}", cluster.logs());
    let errors = std::fs::read_to_string(data.join("nginx-access.log")).unwrap();
    let errors: Vec<&str> = errors.lines().filter(|line| line.contains("\" 5")).collect();
    assert!(errors.is_empty(), "a visitor saw: {errors:?}{}", cluster.logs());
}

struct Cluster<'a> {
    script: Child,
    folder: &'a Path,
}

impl<'a> Cluster<'a> {
    fn start(folder: &'a Path, port: u16) -> Cluster<'a> {
        // What runs as another user looks into it.
        let parent = folder.parent().unwrap();
        std::fs::set_permissions(parent, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let log = parent.join("cluster.log");
        let output = std::fs::File::create(&log).unwrap();
        let script = Command::new("bash")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/cluster.sh"))
            .arg(folder)
            .env("PORT", port.to_string())
            .env("SITE", env!("CARGO_BIN_EXE_cluster"))
            .stdin(Stdio::null())
            .stderr(output.try_clone().unwrap())
            .stdout(output)
            .spawn()
            .unwrap();
        let mut cluster = Cluster { script, folder };
        let started = Instant::now();
        while !std::fs::read_to_string(&log).unwrap().contains("three processes behind nginx") {
            let ended = cluster.script.try_wait().unwrap();
            assert!(ended.is_none(), "{}{}", std::fs::read_to_string(&log).unwrap(), cluster.logs());
            assert!(started.elapsed() < Duration::from_secs(90), "{}", cluster.logs());
            std::thread::sleep(Duration::from_millis(50));
        }
        cluster
    }

    fn logs(&self) -> String {
        let mut text = String::new();
        for entry in std::fs::read_dir(self.folder).into_iter().flatten().flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "log")
                && entry.file_name() != "nginx-access.log"
            {
                let log = std::fs::read_to_string(entry.path()).unwrap_or_default();
                let lines: Vec<&str> = log.lines().rev().take(8).collect();
                text.push_str(&format!("\n== {}\n", entry.path().display()));
                lines.iter().rev().for_each(|line| text.push_str(&format!("{line}\n")));
            }
        }
        text
    }
}

impl Drop for Cluster<'_> {
    fn drop(&mut self) {
        Command::new("kill").args(["-TERM", &self.script.id().to_string()]).status().ok();
        self.script.wait().ok();
    }
}

/// The first of five free ports in a row; Redis wants another one 10,000 above each of its own.
fn ports() -> u16 {
    for first in (11_000..20_000).step_by(5).skip(usize::try_from(std::process::id() % 1_000).unwrap()) {
        let own = first..first + 5;
        let bus = first + 10_002..first + 10_005;
        if own.chain(bus).all(|port| TcpListener::bind(("127.0.0.1", port)).is_ok()) {
            return first;
        }
    }
    panic!("no five free ports in a row");
}
