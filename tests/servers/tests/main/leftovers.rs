//! A test's process that dies leaves nothing behind.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use test_servers::{MariaDb, Postgres, Redis};

use crate::processes_of;

const DIES: &str = "TEST_SERVERS_DIES";

/// Run by the other test in a process of its own.
#[test]
fn dies() {
    if std::env::var_os(DIES).is_some() {
        let (redis, postgres, mariadb) = (Redis::start(), Postgres::start(), MariaDb::start());
        redis.freeze();
        for folder in [redis.folder(), postgres.folder(), mariadb.folder()] {
            println!("folder {}", folder.display());
        }
        std::process::abort();
    }
}

#[test]
fn an_aborted_test_leaves_no_server_and_no_folder() {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "leftovers::dies", "--nocapture"]).env(DIES, "1");
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    // The harness's own words come first on the line.
    let folders: Vec<&str> =
        text.lines().filter_map(|line| line.split_once("folder ").map(|(_, path)| path)).collect();
    assert_eq!(folders.len(), 3, "{text}{}", String::from_utf8_lossy(&output.stderr));
    let started = Instant::now();
    let is_left = |folder: &&str| Path::new(folder).exists() || processes_of(Path::new(folder)) > 0;
    while folders.iter().any(is_left) {
        assert!(started.elapsed() < Duration::from_secs(30), "{:?}", folders.iter().find(|f| is_left(f)));
        std::thread::sleep(Duration::from_millis(20));
    }
}
