//! A store that is busy for a while (case 317, with the stores that there are): requests wait within bounds, get an
//! error or their answer, and nothing is held afterwards.

use std::time::{Duration, Instant};

use nuages::server::Ended;
use nuages_db::Database;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::client::{Kept, visit};
use crate::running::Running;
use crate::sessions::begin;

/// Holds the database's lock for writers from outside of the site, as another process may.
async fn hold(site: &Running, time: Duration) {
    let url = format!("sqlite:///{}/db.sqlite3", site.folder.path().display());
    let other = Database::connect(&url).unwrap();
    let held = other.with_deadline(Duration::from_secs(30)).sessions();
    held.merge_under_lock("nobody", move |_| {
        std::thread::sleep(time);
        None
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn case_317_a_busy_store_makes_nobody_wait_for_ever() {
    let site = Running::new("db").await;
    let cookie = begin(&site).await;
    let lock = async { hold(&site, Duration::from_millis(2600)).await };
    let crowd = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut requests = JoinSet::new();
        for client in 0..200_usize {
            let (address, cookie) = (site.address, cookie.clone());
            requests.spawn(async move {
                let mut kept = Kept::open(address, &cookie).await.unwrap();
                let mut statuses = Vec::new();
                for request in 0..5 {
                    let started = Instant::now();
                    let target = match client % 4 {
                        0 => "/",
                        1 => "/session/get/x/",
                        2 => "/session/set/x/y/",
                        // A client that does not wait.
                        _ => {
                            let mut stream = TcpStream::connect(address).await.unwrap();
                            let head = "GET /session/set/x/y/ HTTP/1.1\r\nHost: a\r\nCookie:";
                            stream.write_all(format!("{head} {cookie}\r\n\r\n").as_bytes()).await.unwrap();
                            tokio::time::sleep(Duration::from_millis(5)).await;
                            continue;
                        }
                    };
                    let (status, body) = kept.get(target).await.unwrap();
                    assert!(status == 200 || status == 503, "{target}: {status} {body}");
                    // Only what writes has to wait for the lock.
                    assert!(client % 4 == 2 || status == 200, "{target}: {status}");
                    assert!(started.elapsed() < Duration::from_secs(4), "{target}: {:?}", started.elapsed());
                    statuses.push((client % 4, request, status));
                }
                statuses
            });
        }
        requests.join_all().await.concat()
    };
    let ((), statuses) = tokio::join!(lock, crowd);
    let refused = statuses.iter().filter(|(_, _, status)| *status == 503).count();
    println!("{refused} of {} requests were refused", statuses.len());
    assert!(refused > 0, "the lock was felt");
    let started = Instant::now();
    while site.record.started() != site.record.finished() {
        assert!(started.elapsed() < Duration::from_secs(10), "requests have ended");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for _ in 0..20 {
        let started = Instant::now();
        assert_eq!(visit(site.address, "/session/count/after/", &cookie).await.status(), 200);
        assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    }
    assert_eq!(site.end().await, Ended::Clean);
}
