//! The end of the server (what case 423 asks of sessions): requests that run are answered, and what they saved is
//! there.

use std::time::Duration;

use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::client::{Kept, visit};
use crate::process::Process;

#[tokio::test(flavor = "multi_thread")]
async fn running_requests_are_answered_and_saved_before_the_end() {
    for engine in ["db", "file"] {
        let folder = TempDir::new().unwrap();
        let site = Process::start(engine, &folder).await;
        let address = site.address;
        // A connection that idles; it does not hold up the end.
        let mut idle = Kept::open(address, "").await.unwrap();
        assert_eq!(idle.get("/").await.unwrap().0, 200);
        let shared = visit(address, "/session/count/n/", "").await.cookie().unwrap();
        let mut running = JoinSet::new();
        for request in 0..20 {
            let shared = shared.clone();
            running.spawn(async move {
                // Half of them in one session, half in sessions of their own.
                let cookie = if request % 2 == 0 { shared.as_str() } else { "" };
                let reply = visit(address, &format!("/session/slow/400/r{request}/"), cookie).await;
                assert_eq!(reply.status(), 200, "{reply:?}");
                reply.cookie().unwrap()
            });
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        let (clean, log) = site.end().await;
        assert!(clean, "{engine}: {log}");
        let mut cookies = Vec::new();
        while let Some(cookie) = running.join_next().await {
            cookies.push(cookie.unwrap());
        }
        let site = Process::start(engine, &folder).await;
        let items = visit(site.address, "/session/items/", &shared).await;
        for request in (0..20).step_by(2) {
            assert!(items.body().contains(&format!("\"r{request}\":1")), "{engine}: {items:?}");
        }
        cookies.retain(|cookie| *cookie != shared);
        assert_eq!(cookies.len(), 10);
        for cookie in cookies {
            assert!(
                visit(site.address, "/session/items/", &cookie).await.body().ends_with(":1}"),
                "{engine}"
            );
        }
        assert!(site.end().await.0);
    }
}
