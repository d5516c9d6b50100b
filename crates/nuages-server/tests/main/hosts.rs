//! Which host a request is for (cases 94 and 121 to 138).

use crate::client::{HIDDEN, send, send_all};
use crate::site::Site;

#[tokio::test]
async fn malformed_hosts_are_refused_before_the_service_runs() {
    let hosts: [(u32, &[u8]); 24] = [
        (121, b""),
        (122, b"Host: a\r\nHost: a\r\n"),
        (122, b"Host: a\r\nhost: b\r\n"),
        (123, b"Host: a b\r\n"),
        (124, b"Host: a/evil\r\n"),
        (125, b"Host: good@evil\r\n"),
        (126, b"Host: a#b\r\n"),
        (127, b"Host: a?b\r\n"),
        (128, b"Host: a\\b\r\n"),
        (129, b"Host: [::1\r\n"),
        (130, b"Host: a:x\r\n"),
        (131, b"Host: a:-80\r\n"),
        (132, b"Host: a,b\r\n"),
        (133, b"Host: a\0b\r\n"),
        (134, "Host: é.example\r\n".as_bytes()),
        (135, b"Host: \"a\"\r\n"),
        (136, b"Host: <script>\r\n"),
        (137, b"Host: a\tb\r\n"),
        (138, b"Host: %31\r\n"),
        (138, b"Host: a\x0bb\r\n"),
        (121, b"Host: \r\n"),
        (121, b"Host: :80\r\n"),
        (130, b"Host: a:99999\r\n"),
        (129, b"Host: ::1\r\n"),
    ];
    let site = Site::patient();
    let rows: Vec<_> = hosts
        .iter()
        .map(|(case, fields)| {
            let bytes = [b"GET / HTTP/1.1\r\n", *fields, b"\r\n", HIDDEN.as_bytes()].concat();
            (format!("case {case}: {}", fields.escape_ascii()), bytes)
        })
        .collect();
    for (case, reply) in send_all(&site, &rows).await {
        assert_eq!(reply.status(), Some(400), "{case}: {reply:?}");
        reply.assert_refused(&case);
    }
    assert_eq!(site.seen.started(), 0);
}

#[tokio::test]
async fn hosts_that_are_served() {
    let site = Site::patient();
    for (head, host, target) in [
        ("GET /headers?q HTTP/1.1\r\nHost: a:8000", "a:8000", "/headers?q"),
        ("GET /headers HTTP/1.1\r\nHost: [::1]:80", "[::1]:80", "/headers"),
        ("GET /headers HTTP/1.0", "", "/headers"),
        ("GET /headers HTTP/1.0\r\nHost: b", "b", "/headers"),
        // Case 94: the target's authority is the host, and its scheme is nobody's business.
        ("GET http://evil.example/headers?q HTTP/1.1\r\nHost: a", "evil.example", "/headers?q"),
        ("GET https://evil.example:81/headers HTTP/1.1\r\nHost: a", "evil.example:81", "/headers"),
        ("GET http://b/headers HTTP/1.0", "b", "/headers"),
    ] {
        let reply = send(&site, format!("{head}\r\nConnection: close\r\n\r\n").as_bytes()).await;
        assert_eq!(reply.status(), Some(200), "{head}: {reply:?}");
        assert!(reply.body().starts_with(&format!("target={target}\n")), "{head}: {reply:?}");
        let hosts: Vec<_> = reply.body().lines().filter_map(|line| line.strip_prefix("host=")).collect();
        assert_eq!(hosts.concat(), host, "{head}");
    }
}

#[tokio::test]
async fn case_94_absolute_targets_keep_the_rules() {
    let site = Site::patient();
    for head in [
        "GET http://a/ HTTP/1.1",
        "GET http://u@a/ HTTP/1.1\r\nHost: a",
        "GET http://u:p@a/ HTTP/1.1\r\nHost: a",
        "GET http://a/ HTTP/1.1\r\nHost: a b",
        "GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: a",
        "GET http://a:x/ HTTP/1.1\r\nHost: a",
        "GET http://%31/ HTTP/1.1\r\nHost: a",
        "GET http://a%2fb/ HTTP/1.1\r\nHost: a",
    ] {
        let reply = send(&site, format!("{head}\r\n\r\n").as_bytes()).await;
        assert_eq!(reply.status(), Some(400), "{head}: {reply:?}");
        reply.assert_refused(head);
    }
    assert_eq!(site.seen.started(), 0);
}
