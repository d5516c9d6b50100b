//! What answers to errors tell (cases 394 to 404): nothing about the inside, nothing that a browser would run.

use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::client::{Reply, get, send};
use crate::process::Process;
use crate::static_files::Files;

/// A page that says nothing of the inside, and runs nothing.
#[track_caller]
fn assert_plain(reply: &Reply, status: u16, what: &str) {
    assert_eq!(reply.status(), status, "{what}: {reply:?}");
    for word in [
        "hunter2",
        "/srv/secret",
        "could not open",
        "panicked",
        ".rs",
        "src/",
        "<script>alert",
        "DEBUG",
        "SECRET_KEY",
        "Traceback",
        "expected value",
        "at line",
    ] {
        assert!(!reply.text.contains(word), "{what}: {word} in {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_394_to_400_answers_to_errors_tell_nothing() {
    let site = Files::new(false).await;
    let ask = async |head: &str| send(site.address, format!("{head}\r\nConnection: close\r\n\r\n")).await;
    assert_plain(&get(site.address, "/missing", "").await, 404, "394");
    let post = ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0").await;
    assert_plain(&post, 405, "395");
    assert_eq!(post.header("allow"), Some("GET"));
    assert_plain(&ask("GET / HTTP/1.1\r\nHost: <script>alert(1)</script>").await, 400, "396");
    assert_plain(&ask("GET / HTTP/1.1\r\nHost: stranger.example").await, 400, "396");
    assert_plain(&ask("GET <script>alert(1)</script> HTTP/1.1\r\nHost: a").await, 400, "397");
    let json = "POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{\"a\": hun";
    assert_plain(&send(site.address, json).await, 400, "398");
    assert_plain(&get(site.address, "/fails", "").await, 500, "399");
    for path in
        ["/<script>alert(1)</script>", "/%3Cscript%3Ealert(1)%3C/script%3E", "/static/%3Cscript%3Ealert(1)"]
    {
        let reply = get(site.address, path, "Accept: text/html\r\n").await;
        assert!(matches!(reply.status(), 400 | 404), "400: {reply:?}");
        assert_plain(&reply, reply.status(), "400");
    }
}

/// With DEBUG, and from this machine, there is more to read; what came from outside is still only text.
#[tokio::test(flavor = "multi_thread")]
async fn case_400_the_page_of_debug_mode_escapes_everything() {
    let site = Files::new(true).await;
    let path = "/%3Cscript%3Ealert(1)%3C/script%3E?%3Cscript%3Ealert(2)=%3Cimg%20onerror=alert(3)%3E";
    let lines = "Accept: text/html\r\nCookie: <script>alert(4)=<b>\r\nUser-Agent: <script>alert(5)</script>\r\nX-A: \"><i>\r\n";
    let reply = get(site.address, path, lines).await;
    assert_eq!(reply.status(), 404);
    assert!(reply.text.contains("DEBUG is on") && reply.text.contains("&lt;script&gt;alert(5)"), "{reply:?}");
    for tag in ["<script", "<img", "<b>", "<i>"] {
        assert!(!reply.body().contains(tag), "{tag}: {reply:?}");
    }
    // From elsewhere, by way of a proxy on this machine: nothing.
    let reply = get(site.address, path, "X-Forwarded-For: 192.0.2.1\r\n").await;
    assert!(!reply.text.contains("DEBUG"), "{reply:?}");
    assert_plain(
        &get(site.address, "/fails", "X-Forwarded-For: 192.0.2.1\r\n").await,
        500,
        "a proxy's client",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn case_401_three_hundred_failures_at_once() {
    let site = Files::new(false).await;
    let mut clients = JoinSet::new();
    for _ in 0..300 {
        let address = site.address;
        clients.spawn(async move { get(address, "/fails", "").await });
    }
    for reply in clients.join_all().await {
        assert_plain(&reply, 500, "401");
    }
    assert_eq!(get(site.address, "/", "").await.body(), "index");
}

#[tokio::test(flavor = "multi_thread")]
async fn case_404_nobody_forges_a_line_of_the_log() {
    let folder = TempDir::new().unwrap();
    let site = Process::start_with("cache", &folder, &["RUST_LOG=debug"]).await;
    let forged = "%0d%0aFORGED%1b[31mFORGED%0aFORGED%e2%80%a8%c2%9bFORGED";
    for request in [
        format!("GET /missing{forged} HTTP/1.1\r\nHost: a"),
        format!("GET /slug/x{forged}/ HTTP/1.1\r\nHost: a"),
        format!("GET /panic?x={forged} HTTP/1.1\r\nHost: a"),
        "GET / HTTP/1.1\r\nHost: a\tFORGED\x1b[31m".to_owned(),
        "GET / HTTP/1.1\r\nHost: FORGED%0d%0aFORGED".to_owned(),
        "FORGED\x1b[31m / HTTP/1.1\r\nHost: a".to_owned(),
        "FORGED / HTTP/1.1\r\nHost: a".to_owned(),
        "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: FORGED\x1b[31m\x0bFORGED".to_owned(),
        "GET / HTTP/1.1\r\nHost: a\r\nX-Request-ID: FORGED\x1b[31m".to_owned(),
        "GET /session/items/ HTTP/1.1\r\nHost: a\r\nCookie: sessionid=FORGED\x1b[31m%0aFORGED".to_owned(),
        "GET /redirect?to=javascript:%0d%0aFORGED%1b[31m HTTP/1.1\r\nHost: a".to_owned(),
    ] {
        send(site.address, format!("{request}\r\nConnection: close\r\n\r\n")).await;
    }
    let (clean, log) = site.end().await;
    assert!(clean && log.contains("/missing"), "{log}");
    assert!(!log.contains(['\u{1b}', '\u{9b}', '\r', '\u{b}', '\u{2028}']), "{log:?}");
    for line in log.lines().filter(|line| line.contains("FORGED")) {
        let begins = line.trim_start();
        assert!(!begins.starts_with("FORGED") && !begins.starts_with("[31m"), "{line}");
    }
}
