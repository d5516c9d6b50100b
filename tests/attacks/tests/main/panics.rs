//! Panics in views and middleware (case 319): a 500 for that request alone, and nothing of it saved.

use tokio::task::JoinSet;

use crate::client::{Kept, Reply, get, visit};
use crate::running::{Running, SERVER_SIDE};
use crate::sessions::begin;

/// A page that says nothing of the inside.
#[track_caller]
fn assert_plain(reply: &Reply, what: &str) {
    assert_eq!(reply.status(), 500, "{what}: {reply:?}");
    assert_eq!(reply.headers("set-cookie"), [""; 0], "{what}");
    for word in ["the-text-of-a-panic", "the view has failed", ".rs", "panicked", "thread"] {
        assert!(!reply.text.contains(word), "{what}: {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_319_a_request_that_panics_saves_nothing() {
    for engine in SERVER_SIDE {
        let site = Running::new(engine).await;
        let cookie = begin(&site).await;
        for target in ["/panic", "/session/panic/x/", "/session/fail/x/"] {
            assert_plain(&visit(site.address, target, &cookie).await, target);
            assert_plain(&visit(site.address, target, "").await, target);
        }
        // A middleware inside of the session's: before the view, and after it has changed the session.
        for moment in ["before", "after"] {
            for target in ["/", "/session/count/n/", "/session/set/x/y/"] {
                let lines = format!("Cookie: {cookie}\r\nX-Bomb: {moment}\r\n");
                assert_plain(&get(site.address, target, &lines).await, moment);
            }
        }
        let items = visit(site.address, "/session/items/", &cookie).await;
        assert_eq!(items.body(), r#"{"n":1}"#, "{engine}: nothing was saved");
        if engine == "file" {
            assert_eq!(site.files(), 1);
        }
        assert_eq!(visit(site.address, "/session/count/n/", &cookie).await.body(), "2", "{engine}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_319_panics_leave_the_others_alone() {
    let site = Running::new("db").await;
    let cookie = begin(&site).await;
    let mut clients = JoinSet::new();
    for client in 0..10 {
        let (address, cookie) = (site.address, cookie.clone());
        clients.spawn(async move {
            let mut client_of_one = Kept::open(address, &cookie).await.unwrap();
            for _ in 0..20 {
                if client % 2 == 0 {
                    assert_plain(&visit(address, "/session/panic/x/", &cookie).await, "a panic");
                } else {
                    let answer = client_of_one.get("/session/count/counted/").await.unwrap();
                    assert_eq!(answer.0, 200, "{answer:?}");
                }
            }
        });
    }
    clients.join_all().await;
    let items = visit(site.address, "/session/items/", &cookie).await;
    assert_eq!(items.body(), r#"{"n":1,"counted":100}"#);
}
