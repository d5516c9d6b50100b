//! Bodies and fields as the application sees them (cases 48, 68 to 73, 118 and 120); what the server refuses by itself
//! is tested in its crate.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::client::{HIDDEN, LONG, get, read, send};
use crate::running::Running;

fn post(path: &str, lines: &str, body: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n{body}")
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_whole_or_an_error() {
    let site = Running::new("cache").await;
    let chunked = "Transfer-Encoding: CHUNKED\r\nConnection: close";
    let underscore = "Transfer_Encoding: chunked\r\nContent-Length: 5\r\nConnection: close";
    for (case, lines, body, seen) in [
        (48, underscore, "0\r\n\r\n", "0\r\n\r\n"),
        (73, chunked, "2\r\nhi\r\n0\r\n\r\n", "hi"),
        (68, chunked, "2\r\nhi\r\n0\r\nX-Admin: 1\r\nHost: evil\r\n\r\n", "hi"),
    ] {
        let reply = send(site.address, post("/echo", lines, body)).await;
        assert_eq!((reply.status(), reply.body()), (200, seen), "case {case}");
    }
    // Case 71: the view is told that its body was cut, by reading it in any way.
    for (path, lines) in [
        ("/echo", "Content-Length: 100\r\n\r\na=1"),
        ("/form", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\na=1&b"),
        ("/echo", "Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n"),
    ] {
        let mut stream = TcpStream::connect(site.address).await.unwrap();
        let request = format!("POST {path} HTTP/1.1\r\nHost: a\r\n{lines}");
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        read(&mut stream, LONG).await.assert_refused(&format!("case 71: {path} {lines}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_behind_a_body_is_run() {
    let site = Running::new("cache").await;
    let hidden = HIDDEN.repeat(70 * 1024 / HIDDEN.len());
    let length = format!("Content-Length: {}\r\nConnection: close", hidden.len());
    for (case, path, status) in [(69, "/", 200), (70, "/missing", 404)] {
        let reply = send(site.address, post(path, &length, &hidden)).await;
        assert_eq!(reply.status(), status, "case {case}");
    }
    // Case 72.
    let reply =
        send(site.address, format!("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n{HIDDEN}"));
    assert_eq!(reply.await.status(), 200);
    assert_eq!(site.record.times("/hidden"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn case_118_an_underscore_is_no_hyphen() {
    let site = Running::new("cache").await;
    for (lines, user) in [
        ("X_Remote_User: admin\r\n", None),
        ("X-Remote-User: me\r\nX_Remote_User: admin\r\n", Some("me")),
        ("X_Remote_User: admin\r\nX-Remote-User: me\r\n", Some("me")),
        ("x_remote-User: admin\r\nX-Remote_User: admin\r\n", None),
    ] {
        let reply = get(site.address, "/meta", lines).await;
        let meta: serde_json::Value = serde_json::from_str(reply.body()).unwrap();
        assert_eq!(meta.get("HTTP_X_REMOTE_USER").and_then(|user| user.as_str()), user, "{lines}");
        assert_eq!(meta.get("X-Remote-User").and_then(|user| user.as_str()), user, "{lines}");
        assert!(!reply.body().contains("admin"), "{lines}: {}", reply.body());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_120_long_fields_take_no_time() {
    let site = Running::new("cache").await;
    let accept = format!("Accept: {}\r\n", "text/html;q=0.1,".repeat(250));
    let repeated = format!("{}{}", "X-Forwarded-For: 1.2.3.4\r\n".repeat(85), accept.repeat(4));
    let boundary = format!("Content-Type: multipart/form-data; boundary=\"{}\"\r\n", ";".repeat(14 * 1024));
    let form = format!("{boundary}Content-Length: 3\r\n\r\na=1");
    for (what, lines) in [("repeated fields", &repeated), ("quoted semicolons", &form)] {
        let started = Instant::now();
        for target in ["/meta", "/form"] {
            let reply = get(site.address, target, lines).await;
            assert!(reply.status() < 500, "{what}: {reply:?}");
        }
        assert!(started.elapsed() < Duration::from_millis(500), "{what}: {:?}", started.elapsed());
    }
}
