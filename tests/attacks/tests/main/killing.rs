//! The site is killed while it saves (case 313): what it has acknowledged is there, and nothing is torn.

use std::net::SocketAddr;
use std::time::Duration;

use rand::RngExt;
use tempfile::TempDir;

use crate::client::{Kept, visit};
use crate::long::times;
use crate::process::Process;

const WRITERS: usize = 8;

/// Numbers that were acknowledged: in a session of the writer's own, and under a name of its own in a shared one.
#[derive(Clone, Copy, Default)]
struct Acknowledged {
    own: u64,
    shared: u64,
}

/// Writes until the connection breaks.
async fn write(address: SocketAddr, own: String, shared: String, name: String) -> Acknowledged {
    let mut acknowledged = Acknowledged::default();
    let (Some(mut own), Some(mut shared)) =
        (Kept::open(address, &own).await, Kept::open(address, &shared).await)
    else {
        return acknowledged;
    };
    loop {
        let Some((status, n)) = own.get("/session/grow/own/").await else { return acknowledged };
        assert_eq!(status, 200, "{n}");
        acknowledged.own = n.parse().unwrap();
        let Some((status, n)) = shared.get(&format!("/session/grow/{name}/")).await else {
            return acknowledged;
        };
        assert_eq!(status, 200, "{n}");
        acknowledged.shared = n.parse().unwrap();
    }
}

/// The number that is there now, which must be the acknowledged one, or the next one if that was on its way.
async fn check(address: SocketAddr, name: &str, cookie: &str, before: u64) -> u64 {
    let reply = visit(address, &format!("/session/whole/{name}/"), cookie).await;
    assert_eq!(reply.status(), 200, "{reply:?}");
    let n: u64 = reply.body().parse().unwrap_or_else(|_| panic!("{name}: {:?} after {before}", reply.body()));
    assert!(n == before || n == before + 1, "{name}: {n} after {before}");
    n
}

async fn kill_again_and_again(engine: &str, rounds: usize) -> u64 {
    let folder = TempDir::new().unwrap();
    let mut site = Process::start(engine, &folder).await;
    let shared = visit(site.address, "/session/grow/all/", "").await.cookie().unwrap();
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let own = visit(site.address, "/session/grow/own/", "").await.cookie().unwrap();
        let name = format!("w{writer}");
        assert_eq!(visit(site.address, &format!("/session/grow/{name}/"), &shared).await.status(), 200);
        writers.push((own, name, Acknowledged { own: 1, shared: 1 }));
    }
    for _ in 0..rounds {
        let tasks: Vec<_> = writers
            .iter()
            .map(|(own, name, _)| {
                tokio::spawn(write(site.address, own.clone(), shared.clone(), name.clone()))
            })
            .collect();
        let life = rand::rng().random_range(10..150);
        tokio::time::sleep(Duration::from_millis(life)).await;
        site.kill().await;
        for (task, (_, _, acknowledged)) in tasks.into_iter().zip(&mut writers) {
            let new = task.await.unwrap();
            acknowledged.own = acknowledged.own.max(new.own);
            acknowledged.shared = acknowledged.shared.max(new.shared);
        }
        site = Process::start(engine, &folder).await;
        for (own, name, acknowledged) in &mut writers {
            acknowledged.own = check(site.address, "own", own, acknowledged.own).await;
            acknowledged.shared = check(site.address, name, &shared, acknowledged.shared).await;
        }
    }
    let (clean, log) = site.end().await;
    assert!(clean && !log.contains("corrupt"), "{log}");
    writers.iter().map(|(_, _, acknowledged)| acknowledged.own + acknowledged.shared).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn case_313_a_kill_tears_nothing_and_loses_nothing() {
    let rounds = times(10, 1000);
    let (file, db) = tokio::join!(kill_again_and_again("file", rounds), kill_again_and_again("db", rounds));
    println!("{rounds} kills each; writes that were acknowledged and are there: file {file}, db {db}");
    assert!(file > 2 * WRITERS as u64 && db > 2 * WRITERS as u64, "something was written: {file}, {db}");
}
