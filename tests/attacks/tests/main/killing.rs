//! The site is killed while it saves (case 313), and its database server with it: what it has acknowledged is there, and
//! nothing is torn.

use std::net::SocketAddr;
use std::time::Duration;

use rand::RngExt;
use tempfile::TempDir;
use test_servers::Postgres;

use crate::client::{Kept, visit};
use crate::long::times;
use crate::process::Process;

const WRITERS: usize = 8;

/// In every so many rounds the server dies with the site.
const SERVER: usize = 5;

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

async fn kill_again_and_again(engine: &str, server: Option<Postgres>, rounds: usize) -> u64 {
    let folder = TempDir::new().unwrap();
    let mut variables = vec!["RUST_LOG=warn".to_owned()];
    variables.extend(server.as_ref().map(|server| format!("DATABASE_URL={}", server.url())));
    let variables: Vec<&str> = variables.iter().map(String::as_str).collect();
    let start = async || Process::start_with(engine, &folder, &variables).await;
    let mut site = start().await;
    let shared = visit(site.address, "/session/grow/all/", "").await.cookie().unwrap();
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let own = visit(site.address, "/session/grow/own/", "").await.cookie().unwrap();
        let name = format!("w{writer}");
        assert_eq!(visit(site.address, &format!("/session/grow/{name}/"), &shared).await.status(), 200);
        writers.push((own, name, Acknowledged { own: 1, shared: 1 }));
    }
    for round in 0..rounds {
        let tasks: Vec<_> = writers
            .iter()
            .map(|(own, name, _)| {
                tokio::spawn(write(site.address, own.clone(), shared.clone(), name.clone()))
            })
            .collect();
        let life = rand::rng().random_range(10..150);
        tokio::time::sleep(Duration::from_millis(life)).await;
        site.kill().await;
        if let Some(server) = server.as_ref().filter(|_| round % SERVER == 0) {
            server.kill();
            server.restart();
        }
        for (task, (_, _, acknowledged)) in tasks.into_iter().zip(&mut writers) {
            let new = task.await.unwrap();
            acknowledged.own = acknowledged.own.max(new.own);
            acknowledged.shared = acknowledged.shared.max(new.shared);
        }
        site = start().await;
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
    let (file, sqlite, postgres) = tokio::join!(
        kill_again_and_again("file", None, rounds),
        kill_again_and_again("db", None, rounds),
        kill_again_and_again("db", Some(Postgres::start()), rounds)
    );
    let acknowledged = [("file", file), ("SQLite", sqlite), ("PostgreSQL", postgres)];
    println!("{rounds} kills each; writes that were acknowledged and are there: {acknowledged:?}");
    for (engine, writes) in acknowledged {
        assert!(writes > 2 * WRITERS as u64, "something was written: {engine} {writes}");
    }
}
