//! Several processes on one SQLite file, one of them Python's `sqlite3` as Django uses it.
//!
//! The other processes are this test binary again, told by the environment to run the test below as a worker.

use std::process::{Child, Command, Stdio};

use nuages_db::{Cas, Database};

use crate::{File, later, now};

const URL: &str = "NUAGES_TEST_DATABASE";

/// What Django does: a connection that waits five seconds for a lock; a statement of its own in autocommit, and
/// a transaction that begins with a read, as `ATOMIC_REQUESTS` makes it, with `transaction_mode` IMMEDIATE.
const DJANGO: &str = r#"
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=5, isolation_level=None)
for number in range(150):
    key = f"python-{number}"
    connection.execute("INSERT INTO django_session VALUES (?, '1', '2099-01-01 00:00:00')", [key])
    connection.execute("BEGIN IMMEDIATE")
    (value,) = connection.execute("SELECT session_data FROM django_session WHERE session_key = 'n'").fetchone()
    connection.execute("UPDATE django_session SET session_data = ? WHERE session_key = 'n'", [str(int(value) + 1)])
    connection.execute("COMMIT")
"#;

fn worker(file: &File) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "processes::work_for_another_process", "--nocapture"])
        .env(URL, file.url())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// The worker: ten writers. Does nothing when it runs as a test among others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_for_another_process() {
    let Ok(url) = std::env::var(URL) else { return };
    let db = Database::connect(&url).unwrap();
    let tasks: Vec<_> = (0..10)
        .map(|task| {
            let table = db.sessions();
            tokio::spawn(async move {
                for number in 0..25 {
                    let key = format!("{}-{task}-{number}", std::process::id());
                    assert!(table.insert(&key, "0", later()).await.unwrap());
                    assert_eq!(table.compare_and_set(&key, "0", "1", later()).await.unwrap(), Cas::Saved);
                    let merge = table.merge_under_lock("n", |row| {
                        let number: u32 = row?.session_data.parse().ok()?;
                        Some(((number + 1).to_string(), later()))
                    });
                    merge.await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn forty_writers_in_four_processes_beside_python_see_no_locked_database() {
    let file = File::new();
    let db = file.migrated().await;
    db.sessions().insert("n", "0", later()).await.unwrap();
    let mut workers: Vec<Child> = (0..4).map(|_| worker(&file)).collect();
    let python = Command::new("python3").args(["-c", DJANGO, &file.path()]).spawn();
    workers.push(python.unwrap_or_else(|error| panic!("this test runs python3: {error}")));
    for mut worker in workers {
        assert!(worker.wait().unwrap().success(), "a writer met an error");
    }
    assert_eq!(db.sessions().load("n", now()).await.unwrap().unwrap().session_data, "1150");
    assert_eq!(file.sql("SELECT count(*) FROM django_session WHERE session_data = '1'"), "1150\n");
}
