//! Three processes count in one session.
//!
//! The other processes are this test binary again, told by the environment where to count.

use std::process::{Child, Command, Stdio};

use nuages_sessions::SessionEngine;
use tokio::task::JoinSet;

use super::place::{At, Place};
use super::races::begin;

const KEY: &str = "NUAGES_TEST_MATRIX_KEY";
const TIMES: &str = "NUAGES_TEST_MATRIX_TIMES";

/// Requests of one process at a time.
const CLIENTS: u32 = 4;

/// A thousand increments are a thousand.
pub(super) async fn three_processes(place: &Place, engine: &SessionEngine) {
    let key = begin(engine).await;
    if place.is_shared() {
        let workers: Vec<Child> =
            [334, 333, 333].into_iter().map(|times| worker(place, &key, times)).collect();
        for worker in workers {
            let output = tokio::task::spawn_blocking(|| worker.wait_with_output().unwrap()).await.unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success() && text.contains("counted"), "{}: {text}", place.name);
        }
    } else {
        count(engine, &key, 1000).await;
    }
    let handle = engine.session(Some(&key));
    assert_eq!(handle.session().await.unwrap().get("n").unwrap(), Some(1000), "{}", place.name);
}

fn worker(place: &Place, key: &str, times: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "matrix::counting::count_for_another_process", "--nocapture"])
        .envs(place.environment())
        .env(KEY, key)
        .env(TIMES, times.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

async fn count(engine: &SessionEngine, key: &str, times: u32) {
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (engine, key) = (engine.clone(), key.to_owned());
        clients.spawn(async move {
            for _ in (client..times).step_by(CLIENTS as usize) {
                let handle = engine.session(Some(&key));
                handle.session().await.unwrap().modify("n", |n: u32| n + 1).unwrap();
                handle.commit(true, 200).await.unwrap();
            }
        });
    }
    while let Some(client) = clients.join_next().await {
        client.unwrap();
    }
}

/// The worker; does nothing when it runs as a test among others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn count_for_another_process() {
    let (Some(at), Ok(key), Ok(times)) = (At::told(), std::env::var(KEY), std::env::var(TIMES)) else {
        return;
    };
    count(&at.open().await, &key, times.parse().unwrap()).await;
    println!("counted");
}
