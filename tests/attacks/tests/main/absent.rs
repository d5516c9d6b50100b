//! A site that is started before its database, and outlives it.

use std::time::{Duration, Instant};

use tempfile::TempDir;
use test_servers::Postgres;

use crate::client::visit;
use crate::process::Process;

/// Django's path of the engine, for which the tables are not made anew.
const DB: &str = "django.contrib.sessions.backends.db";

#[tokio::test(flavor = "multi_thread")]
async fn a_site_starts_before_its_database_and_needs_no_restart_when_it_comes() {
    let (folder, server) = (TempDir::new().unwrap(), Postgres::start());
    let url = format!("DATABASE_URL={}", server.url());
    let before = Process::start_with("db", &folder, &[&url, "RUST_LOG=off"]).await;
    let cookie = visit(before.address, "/session/grow/a/", "").await.cookie().unwrap();
    before.kill().await;

    server.stop();
    let site = Process::start_with(DB, &folder, &[&url, "RUST_LOG=off"]).await;
    for _ in 0..2 {
        assert_eq!(visit(site.address, "/", &cookie).await.status(), 200, "a page without a session");
        let reply = visit(site.address, "/session/grow/a/", &cookie).await;
        assert_eq!(reply.status(), 503, "{reply:?}");
        assert!(reply.header("retry-after").is_some(), "{reply:?}");
        assert_eq!(reply.header("set-cookie"), None, "nobody is logged out");

        server.restart();
        let start = Instant::now();
        while visit(site.address, "/session/whole/a/", &cookie).await.status() != 200 {
            assert!(start.elapsed() < Duration::from_secs(1), "the database is back, and the site is not");
        }
        assert_eq!(visit(site.address, "/session/whole/a/", &cookie).await.body(), "1");
        server.stop();
    }
}
