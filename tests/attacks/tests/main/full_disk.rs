//! A disk without room for a new value (case 314): an error, and the old value stays whole.

use nuages_signing::get_random_string;
use tempfile::TempDir;

use crate::client::visit;
use crate::process::Process;

/// Text that no compression makes smaller.
fn noise(length: usize) -> String {
    get_random_string(length, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
}

#[tokio::test(flavor = "multi_thread")]
async fn case_314_a_full_disk_is_an_error_and_the_old_value_stays_whole() {
    let folder = TempDir::new().unwrap();
    // Four pages: one for a small session, and room for a part of a large one.
    let site = Process::start_cramped("file", &folder, "16k").await;
    let old = noise(1000);
    let reply = visit(site.address, &format!("/session/set/value/{old}/"), "").await;
    assert_eq!(reply.status(), 200, "{reply:?}");
    let cookie = reply.cookie().unwrap();
    let files = site.files(folder.path());
    assert_eq!(files.len(), 1);
    for length in [20_000, 14_000, 25_000] {
        let large = format!("/session/set/value/{}/", noise(length));
        for (cookies, what) in [(cookie.as_str(), "a larger value"), ("", "a new session")] {
            let reply = visit(site.address, &large, cookies).await;
            assert_eq!((reply.status(), reply.headers("set-cookie").len()), (503, 0), "{what} of {length}");
            assert_eq!(site.files(folder.path()), files, "{what} of {length}: the disk is as it was");
        }
        assert_eq!(visit(site.address, "/session/get/value/", &cookie).await.body(), old);
    }
    // What fits is still saved.
    assert_eq!(visit(site.address, "/session/set/other/text/", &cookie).await.status(), 200);
    assert_eq!(visit(site.address, "/session/get/other/", &cookie).await.body(), "text");
    assert_eq!(visit(site.address, "/session/get/value/", &cookie).await.body(), old);
    assert!(site.end().await.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn case_314_a_full_disk_beneath_a_database() {
    let folder = TempDir::new().unwrap();
    let site = Process::start_cramped("db", &folder, "512k").await;
    let mut acknowledged = Vec::new();
    for _ in 0..200 {
        let value = noise(10_000);
        let reply = visit(site.address, &format!("/session/set/value/{value}/"), "").await;
        match reply.status() {
            200 => acknowledged.push((reply.cookie().unwrap(), value)),
            status => {
                assert_eq!((status, reply.headers("set-cookie").len()), (503, 0), "{reply:?}");
                break;
            }
        }
    }
    assert!((2..200).contains(&acknowledged.len()), "{} were saved", acknowledged.len());
    for (cookie, value) in &acknowledged {
        let larger = visit(site.address, &format!("/session/set/value/{}/", noise(20_000)), cookie).await;
        assert!(matches!(larger.status(), 200 | 503), "{larger:?}");
        let kept = visit(site.address, "/session/get/value/", cookie).await;
        assert_eq!(kept.body() == value, larger.status() == 503, "one of the two, and whole");
    }
}
