//! The request line and the header fields (cases 74 to 119).

use std::time::{Duration, Instant};

use nuages_server::Limits;

use crate::client::{get, send, send_all};
use crate::site::Site;

#[tokio::test]
async fn malformed_request_lines_are_refused() {
    let lines: [(u32, &[u8]); 26] = [
        (74, b"G@T / HTTP/1.1\r\n"),
        (75, b"G\0T / HTTP/1.1\r\n"),
        (76, b"GET HTTP/1.1\r\n"),
        (77, b"GET / HTTP/9.9\r\n"),
        (78, b"GET / HTTP/1.1x\r\n"),
        (79, b"GET / FOO/1.1\r\n"),
        (80, b"GET / HTTP/4294967297.1\r\n"),
        (81, b"GET /a b HTTP/1.1\r\n"),
        (82, b"GET /a\0b HTTP/1.1\r\n"),
        (83, b"GET /a\x7fb HTTP/1.1\r\n"),
        (84, b"GET /a\rb HTTP/1.1\r\n"),
        (85, b"GET /a\x01b HTTP/1.1\r\n"),
        (86, b"GET foo HTTP/1.1\r\n"),
        (87, b"GET ! HTTP/1.1\r\n"),
        (88, b"GET * HTTP/1.1\r\n"),
        (89, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n"),
        (90, b"SSH-2.0-OpenSSH_9.9\r\n"),
        (91, b"GET /\r\n"),
        (92, b"GET  / HTTP/1.1\r\n"),
        (93, b"get\t/ HTTP/1.1\r\n"),
        (86, b"GET a:80 HTTP/1.1\r\n"),
        (86, b"GET ?a=b HTTP/1.1\r\n"),
        (86, b"GET a/b HTTP/1.1\r\n"),
        (86, b"GET http:///path HTTP/1.1\r\n"),
        (86, b"GET mailto:a HTTP/1.1\r\n"),
        (93, b"GET / HTTP/1.1 \r\n"),
    ];
    let site = Site::patient();
    let rows: Vec<_> = lines
        .iter()
        .map(|(case, line)| {
            (format!("case {case}: {}", line.escape_ascii()), [*line, b"Host: a\r\n\r\n"].concat())
        })
        .collect();
    for (case, reply) in send_all(&site, &rows).await {
        reply.assert_refused(&case);
    }
    assert_eq!(site.seen.started(), 0);
}

#[tokio::test]
async fn upgrades_and_tunnels_are_not_offered() {
    let site = Site::patient();
    let upgrade = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\
                   HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n";
    assert_eq!(send(&site, upgrade.as_bytes()).await.statuses(), [200], "case 95");
    for target in ["a:80", "/", "http://a/", "*"] {
        let reply = send(&site, format!("CONNECT {target} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).await;
        reply.assert_refused("case 96");
    }
    assert_eq!(site.seen.started(), 1);
}

#[tokio::test]
async fn options_of_the_server_itself() {
    let site = Site::patient();
    let reply = send(&site, b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!((reply.status(), site.seen.started()), (Some(204), 0));
}

#[tokio::test]
async fn long_targets() {
    let site = Site::patient();
    for (case, bytes) in [(97, 64 * 1024), (97, 1024 * 1024), (97, 33 * 1024), (97, 40 * 1024)] {
        let request = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(bytes));
        let reply = send(&site, request.as_bytes()).await;
        assert_eq!(reply.status(), Some(414), "case {case}: {bytes}");
        reply.assert_refused("case 97");
    }
    assert_eq!(get(&site, &format!("/{}", "a".repeat(7900))).await.status(), Some(200), "case 98");
    // A second request on a connection is watched like the first.
    let two =
        format!("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(1 << 20));
    assert_eq!(send(&site, two.as_bytes()).await.statuses(), [200, 414], "case 97");
    // Not a line, but a body without one.
    let body = "b".repeat(1 << 20);
    let post = format!("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    assert_eq!(send(&site, post.as_bytes()).await.body().len(), 1 << 20);
}

#[tokio::test]
async fn malformed_fields_are_refused() {
    let fields: [(u32, &[u8]); 16] = [
        (99, b"X A: b"),
        (100, b"X(A): b"),
        (101, b"X[A]: b"),
        (102, b"X\0A: b"),
        (103, b"X\x01A: b"),
        (104, b"X\x7fA: b"),
        (105, b"X\xefA: b"),
        (106, b": b"),
        (107, b" X-A: b"),
        (108, b"X-A: b\0c"),
        (109, b"X-A: b\rc"),
        (110, b"X-A: b\x01c"),
        (110, b"X-A: b\x7fc"),
        (111, b"X-A: b\r\n fold"),
        (112, b"no colon"),
        (112, b"X-A"),
    ];
    let site = Site::patient();
    let rows: Vec<_> = fields
        .iter()
        .map(|(case, field)| {
            let bytes = [b"GET /headers HTTP/1.1\r\nHost: a\r\n", *field, b"\r\n\r\n"].concat();
            (format!("case {case}: {}", field.escape_ascii()), bytes)
        })
        .collect();
    for (case, reply) in send_all(&site, &rows).await {
        assert_eq!(reply.status(), Some(400), "{case}: {reply:?}");
        reply.assert_refused(&case);
    }
    assert_eq!(site.seen.started(), 0);
}

#[tokio::test]
async fn large_heads_are_refused_with_431() {
    let head = |fields: String| format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n").into_bytes();
    let field = |bytes: usize| format!("x-a: {}\r\n", "a".repeat(bytes));
    let rows = [
        ("case 113: one value of 128 KiB", head(field(128 * 1024))),
        ("case 114: a name of 70 KB", head(format!("{}: b\r\n", "x".repeat(70_000)))),
        ("case 115: 2000 fields", head("x-a: b\r\n".repeat(2000))),
        ("case 116: 10,000 fields", head("a:\r\n".repeat(10_000))),
        ("case 117: 1 MB in all", head(field(10_000).repeat(100))),
        ("case 117: a line without end", [head(String::new()), vec![]].concat()[..25].to_vec()),
        ("101 fields", head("x-a: b\r\n".repeat(100))),
        ("just above 64 KiB", head(field(64 * 1024 - 30))),
    ]
    .map(|(case, mut bytes)| {
        if case.ends_with("end") {
            bytes.extend_from_slice("x-a: ".as_bytes());
            bytes.extend_from_slice(&vec![b'a'; 1 << 20]);
        }
        (case.to_owned(), bytes)
    });
    let site = Site::patient();
    for (case, reply) in send_all(&site, &rows).await {
        assert_eq!(reply.status(), Some(431), "{case}: {reply:?}");
        reply.assert_refused(&case);
    }
    let rows = [
        ("100 fields".to_owned(), head("x-a: b\r\n".repeat(99))),
        ("just below 64 KiB".to_owned(), head(field(64 * 1024 - 60))),
    ];
    for (case, reply) in send_all(&site, &rows).await {
        assert_eq!(reply.status(), Some(200), "{case}");
    }
}

#[tokio::test]
async fn limits_can_be_set() {
    let site = Site::limited(Limits {
        header_bytes: 10 * 1024,
        header_count: 5,
        target_bytes: 100,
        body_bytes: Some(10),
        ..Limits::default()
    });
    let request = |head: &str, fields: &str, body: &str| {
        format!("{head} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}\r\n{body}").into_bytes()
    };
    for (bytes, status) in [
        (request("GET /", "", ""), 200),
        (request("GET /", "a: b\r\na: b\r\na: b\r\n", ""), 200),
        (request("GET /", "a: b\r\na: b\r\na: b\r\na: b\r\n", ""), 431),
        (request("GET /", &format!("a: {}\r\n", "b".repeat(10 * 1024)), ""), 431),
        (request(&format!("GET /{}", "a".repeat(99)), "", ""), 200),
        (request(&format!("GET /{}", "a".repeat(100)), "", ""), 414),
        (request("POST /echo", "Content-Length: 10\r\n", "0123456789"), 200),
        (request("POST /echo", "Content-Length: 11\r\n", "0123456789x"), 413),
        (request("POST /echo", "Transfer-Encoding: chunked\r\n", "a\r\n0123456789\r\n0\r\n\r\n"), 200),
        (request("POST /echo", "Transfer-Encoding: chunked\r\n", "b\r\n0123456789x\r\n0\r\n\r\n"), 413),
    ] {
        let reply = send(&site, &bytes).await;
        assert_eq!(reply.status(), Some(status), "{}: {reply:?}", bytes[..60].escape_ascii());
        assert!(reply.closed);
    }
}

#[tokio::test]
async fn case_119_repeated_fields_cost_nothing() {
    let site = Site::patient();
    let accept = format!("Accept: {}\r\n", "a/b;q=0.1,".repeat(1400)).repeat(4);
    let request = format!("GET / HTTP/1.1\r\nHost: a\r\n{}{accept}\r\n", "x-a: b\r\n".repeat(90));
    let start = Instant::now();
    let mut stream = crate::client::connect(&site).await;
    tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await.unwrap();
    let mut byte = [0; 1];
    tokio::io::AsyncReadExt::read_exact(&mut stream, &mut byte).await.unwrap();
    assert!(start.elapsed() < Duration::from_millis(200), "{:?}", start.elapsed());
}

#[tokio::test]
async fn case_118_field_names_are_handed_on_as_they_are() {
    let site = Site::patient();
    let reply =
        send(&site, b"GET /headers HTTP/1.1\r\nHost: a\r\nX_Remote_User: admin\r\nConnection: close\r\n\r\n");
    let reply = reply.await;
    assert!(
        reply.body().contains("x_remote_user=admin") && !reply.body().contains("x-remote-user"),
        "{reply:?}"
    );
}
