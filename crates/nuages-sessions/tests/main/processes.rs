//! Several processes on one store, and processes that are killed or run out of room.
//!
//! The other processes are this test binary again, told by the environment to run one of the tests below as a worker.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nuages_db::Database;
use nuages_http::Settings;
use nuages_sessions::{Backends, SessionEngine, SessionErrorKind};
use tempfile::TempDir;

const FOLDER: &str = "NUAGES_TEST_FOLDER";
const ENGINE: &str = "NUAGES_TEST_ENGINE";
const KEY: &str = "NUAGES_TEST_KEY";
const WORK: &str = "NUAGES_TEST_WORK";

async fn open(engine: &str, folder: &str) -> SessionEngine {
    let settings = Settings {
        SECRET_KEY: "key".into(),
        SESSION_ENGINE: engine.into(),
        SESSION_FILE_PATH: Some(folder.into()),
        ..Settings::default()
    };
    let mut backends = Backends::default();
    if engine == "db" {
        let database = Database::connect(&format!("sqlite:///{folder}/db.sqlite3")).unwrap();
        database.migrate().await.unwrap();
        backends.database = Some(database);
    }
    SessionEngine::from_settings(&settings, &backends).unwrap()
}

async fn new_session(engine: &SessionEngine) -> String {
    let handle = engine.session(None);
    let session = handle.session().await.unwrap();
    session.set("n", 0).unwrap();
    session.save().await.unwrap();
    session.session_key().unwrap().as_str().to_owned()
}

fn worker(work: &str, engine: &str, folder: &TempDir, key: &str, before: &str) -> Child {
    let binary = std::env::current_exe().unwrap();
    let script = format!("{before}exec \"$0\" --exact processes::work_for_another_process --nocapture");
    Command::new("sh")
        .args(["-c", &script])
        .arg(binary)
        .env(FOLDER, folder.path())
        .env(ENGINE, engine)
        .env(KEY, key)
        .env(WORK, work)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The numbers that a worker has printed.
fn acknowledged(child: &mut Child) -> Vec<u32> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("ack ")?.parse().ok()).collect()
}

/// The worker; does nothing when it runs as a test among others.
#[tokio::test]
async fn work_for_another_process() {
    let var = |name| std::env::var(name).ok();
    let (Some(folder), Some(engine), Some(key), Some(work)) = (var(FOLDER), var(ENGINE), var(KEY), var(WORK))
    else {
        return;
    };
    let engine = open(&engine, &folder).await;
    match work.as_str() {
        "count" | "count for ever" => {
            for n in 1..=(if work == "count" { 100 } else { 1_000_000 }) {
                let handle = engine.session(Some(&key));
                let session = handle.session().await.unwrap();
                session.set("padding", "x".repeat(n % 5000)).unwrap();
                let value = session.modify("n", |n: u32| n + 1).unwrap();
                handle.commit(true, 200).await.unwrap();
                println!("ack {value}");
            }
        }
        "fill" => {
            let handle = engine.session(Some(&key));
            let session = handle.session().await.unwrap();
            session.set("padding", nuages_signing::get_random_string(60_000, "")).unwrap();
            let error = handle.commit(true, 200).await.unwrap_err();
            assert_eq!(error.kind(), SessionErrorKind::Unavailable);
            println!("ack 1");
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn two_processes_count_rightly() {
    for name in ["file", "db"] {
        let folder = TempDir::new().unwrap();
        let engine = open(name, folder.path().to_str().unwrap()).await;
        let key = new_session(&engine).await;
        let mut workers: Vec<Child> = (0..2).map(|_| worker("count", name, &folder, &key, "")).collect();
        for worker in &mut workers {
            assert_eq!(acknowledged(worker).len(), 100, "{name}");
            assert!(worker.wait().unwrap().success());
        }
        let handle = engine.session(Some(&key));
        assert_eq!(handle.session().await.unwrap().get("n").unwrap(), Some(200), "{name}");
    }
}

// Case 313 of the attack list, in small.
#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    for name in ["file", "db"] {
        let folder = TempDir::new().unwrap();
        let path = folder.path().to_str().unwrap();
        let key = new_session(&open(name, path).await).await;
        for round in 0..4 {
            let mut child = worker("count for ever", name, &folder, &key, "");
            tokio::time::sleep(Duration::from_millis(150 + 37 * round)).await;
            child.kill().unwrap();
            child.wait().unwrap();
            let last = acknowledged(&mut child).last().copied().unwrap_or(0);
            let handle = open(name, path).await.session(Some(&key));
            let n: u32 = handle.session().await.unwrap().require("n").unwrap();
            assert!(n == last || n == last + 1 || last == 0, "{name}: {n} after {last}");
        }
    }
}

// Case 314: room for a part of the new value only. A limit on the size of files does what a full disk does.
#[tokio::test]
async fn a_full_disk_is_an_error_and_the_old_value_stays_whole() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().to_str().unwrap();
    let engine = open("file", path).await;
    let key = new_session(&engine).await;
    let mut child = worker("fill", "file", &folder, &key, "trap '' XFSZ; ulimit -f 16; ");
    assert_eq!(acknowledged(&mut child), [1], "the worker got its error");
    assert!(child.wait().unwrap().success());
    let handle = engine.session(Some(&key));
    assert_eq!(handle.session().await.unwrap().items().to_json().unwrap(), r#"{"n":0}"#);
    let names = std::fs::read_dir(path).unwrap().count();
    assert_eq!(names, 1, "nothing unfinished is left");
}
