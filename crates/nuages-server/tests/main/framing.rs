//! Where a request ends: lengths, chunks and what is hidden behind them (cases 1 to 73).

use crate::client::{HIDDEN, Reply, get, send, send_all};
use crate::site::Site;

fn post(headers: &[u8], body: &[u8]) -> Vec<u8> {
    [b"POST /echo HTTP/1.1\r\nHost: a\r\n", headers, b"\r\n\r\n", body].concat()
}

/// Sends each row with a hidden request behind it; the hidden one must not run.
async fn tails(rows: Vec<(String, Vec<u8>)>) -> Vec<(String, Reply)> {
    let site = Site::patient();
    let rows: Vec<_> =
        rows.into_iter().map(|(case, bytes)| (case, [&bytes[..], HIDDEN.as_bytes()].concat())).collect();
    let replies = send_all(&site, &rows).await;
    assert_eq!(site.seen.times("/hidden"), 0, "{replies:#?}");
    assert_eq!(get(&site, "/").await.status(), Some(200));
    replies
}

async fn refused(rows: Vec<(String, Vec<u8>)>) {
    for (case, reply) in tails(rows).await {
        reply.assert_refused(&case);
    }
}

#[tokio::test]
async fn malformed_lengths_are_refused() {
    let lengths: [&[u8]; 15] = [
        b"+5",
        b"-5",
        b"0x5",
        b"1_0",
        b"1 0",
        b"5\x0b",
        b"\xa05",
        b"5abc",
        b"5.0",
        b"1e1",
        b"\"5\"",
        b"5;a",
        "５".as_bytes(),
        b"18446744073709551621",
        &[b'5'; 40],
    ];
    let mut rows: Vec<_> = lengths
        .iter()
        .enumerate()
        .map(|(i, length)| {
            let header = [b"Content-Length: ", *length].concat();
            (format!("case {}: {}", i + 1, length.escape_ascii()), post(&header, b"hello"))
        })
        .collect();
    for (case, headers) in [
        (16, "Content-Length: 5\r\nContent-Length: 6"),
        (17, "Content-Length: 5, 6"),
        (18, "Content-Length: \r\nContent-Length: 5"),
        (19, "Content-Length: 0\r\nContent-Length: 44"),
        (21, "Content-Length : 5"),
        (22, "Content-Length\t: 5"),
        (24, "Content-Length\0: 5"),
    ] {
        rows.push((format!("case {case}: {headers:?}"), post(headers.as_bytes(), b"hello")));
    }
    rows.push(("case 23: x85 before the colon".into(), post(b"Content-Length\x85: 5", b"hello")));
    refused(rows).await;
}

#[tokio::test]
async fn case_20_leading_zeros_are_decimal() {
    let site = Site::patient();
    let reply = send(&site, &post(b"Content-Length: 010\r\nConnection: close", b"0123456789")).await;
    assert_eq!((reply.status(), reply.body()), (Some(200), "0123456789"));
}

#[tokio::test]
async fn a_length_beside_chunks_ends_the_connection() {
    let body = b"0\r\n\r\n";
    let rows = vec![
        ("case 25".into(), post(b"Content-Length: 5\r\nTransfer-Encoding: chunked", body)),
        ("case 26".into(), post(b"Transfer-Encoding: chunked\r\nContent-Length: 5", body)),
    ];
    for (case, reply) in tails(rows).await {
        assert!(reply.closed && reply.statuses().len() == 1, "{case}: {reply:?}");
    }
}

#[tokio::test]
async fn other_transfer_codings_are_refused() {
    let codings: [&[u8]; 14] = [
        b"xchunked",
        b"chunked, identity",
        b"gzip",
        b"identity",
        b"\"chunked\"",
        b"chunked\0",
        b"\0chunked",
        b"\x0bchunked",
        b"chunked\x0b",
        b"chunked\xff",
        b"\x85chunked",
        b"chunked;q=1",
        b"chun ked",
        b"cow",
    ];
    let rows = codings
        .iter()
        .enumerate()
        .map(|(i, coding)| {
            let header = [b"Transfer-Encoding: ", *coding].concat();
            (format!("case {}: {}", i + 27, coding.escape_ascii()), post(&header, b"0\r\n\r\n"))
        })
        .collect();
    refused(rows).await;
}

#[tokio::test]
async fn odd_codings_never_run_the_tail() {
    let rows = [
        (41, "Transfer-Encoding: chunked, chunked"),
        (42, "Transfer-Encoding: ,chunked"),
        (43, "Transfer-Encoding: "),
        (44, "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
        (45, "Transfer-Encoding:\r\n chunked"),
        (46, "Transfer-\r\nEncoding: chunked"),
    ]
    .map(|(case, headers)| {
        // Read by its coding, the body is a chunk that holds a request; read as nothing, it is a request.
        let body = format!("{:x}\r\n{HIDDEN}\r\n0\r\n\r\n", HIDDEN.len());
        (case, format!("case {case}: {headers:?}"), post(headers.as_bytes(), body.as_bytes()))
    });
    let site = Site::patient();
    for (case, name, bytes) in rows {
        let reply = send(&site, &bytes).await;
        assert!(reply.statuses().len() <= 1, "{name}: {reply:?}");
        // What is decoded as chunked, and comes alone, is an ordinary request.
        assert!(reply.closed || reply.status() == Some(200), "{name}: {reply:?}");
        assert_eq!(site.seen.times("/hidden"), 0, "case {case}");
    }
}

#[tokio::test]
async fn codings_of_other_names_and_versions() {
    let old = b"POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    refused(vec![("case 47: chunks on HTTP/1.0".into(), old.to_vec())]).await;

    let site = Site::patient();
    let underscore =
        post(b"Transfer_Encoding: chunked\r\nContent-Length: 5\r\nConnection: close", b"0\r\n\r\n");
    let reply = send(&site, &underscore).await;
    assert_eq!((reply.status(), reply.body()), (Some(200), "0\r\n\r\n"), "case 48");
    let upper = post(b"Transfer-Encoding: CHUNKED\r\nConnection: close", b"2\r\nhi\r\n0\r\n\r\n");
    let reply = send(&site, &upper).await;
    assert_eq!((reply.status(), reply.body()), (Some(200), "hi"), "case 73");
}

#[tokio::test]
async fn malformed_chunks_are_refused() {
    let bodies: [&[u8]; 17] = [
        b"0x5\r\nhello\r\n0\r\n\r\n",
        b"0_5\r\nhello\r\n0\r\n\r\n",
        b"+5\r\nhello\r\n0\r\n\r\n",
        b"-5\r\nhello\r\n0\r\n\r\n",
        b"\r\nhello\r\n0\r\n\r\n",
        b"zz\r\nhello\r\n0\r\n\r\n",
        b"ffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        b"fffffffffffffffe\r\nhello\r\n0\r\n\r\n",
        b"10000000000000005\r\nhello\r\n0\r\n\r\n",
        b"5\0\r\nhello\r\n0\r\n\r\n",
        b"  5\r\nhello\r\n0\r\n\r\n",
        b"5\r\r;a\r\nhello\r\n0\r\n\r\n",
        b"5\rXhello\r\n0\r\n\r\n",
        b"5;a\nhello\r\n0\r\n\r\n",
        b"5\r\nhello0\r\n\r\n",
        b"5\r\nhello world\r\n0\r\n\r\n",
        b"5\r\nhello\r\n0\r\ngarbage\r\n\r\n",
    ];
    let rows = bodies
        .iter()
        .enumerate()
        .map(|(i, body)| {
            (format!("case {}: {}", i + 49, body.escape_ascii()), post(b"Transfer-Encoding: chunked", body))
        })
        .collect();
    for (case, reply) in tails(rows).await {
        println!("{case} -> {:?} {:?}", reply.statuses(), reply.body());
        // A size of nearly 2^64 is well-formed: the body goes on and on, and only a time-out ends it.
        let endless = case.starts_with("case 55:") || case.starts_with("case 56:");
        if endless && !reply.closed {
            assert_eq!(reply.text, "", "{case}");
        } else {
            reply.assert_refused(&case);
        }
    }
}

#[tokio::test]
async fn chunk_extensions_and_trailers_are_bounded() {
    let site = Site::patient();
    let extension =
        [b"5;".to_vec(), vec![b'a'; 4 * 1024 * 1024], b"\r\nhello\r\n0\r\n\r\n".to_vec()].concat();
    send(&site, &post(b"Transfer-Encoding: chunked", &extension)).await.assert_refused("case 66");
    let trailers =
        [b"5\r\nhello\r\n0\r\n".to_vec(), b"x-a: b\r\n".repeat(512 * 1024), b"\r\n".to_vec()].concat();
    send(&site, &post(b"Transfer-Encoding: chunked", &trailers)).await.assert_refused("case 67");
}

#[tokio::test]
async fn case_68_trailers_are_no_headers() {
    let site = Site::patient();
    let body = b"2\r\nhi\r\n0\r\nX-Admin: 1\r\nHost: evil\r\n\r\n";
    let reply = send(&site, &post(b"Transfer-Encoding: chunked\r\nConnection: close", body)).await;
    assert_eq!((reply.status(), reply.body()), (Some(200), "hi"));
}

#[tokio::test]
async fn unread_bodies_are_never_run() {
    let site = Site::patient();
    for (case, head) in [(69, "GET /"), (70, "POST /missing")] {
        let body = HIDDEN.repeat(70 * 1024 / HIDDEN.len());
        let head = format!("{head} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", body.len());
        let reply = send(&site, (head + &body).as_bytes()).await;
        assert_eq!(reply.statuses(), [200], "case {case}");
        assert_eq!(site.seen.times("/hidden"), 0, "case {case}");
    }
    let small = format!("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{HIDDEN}", HIDDEN.len());
    assert_eq!(send(&site, small.as_bytes()).await.statuses(), [200], "case 69");
    assert_eq!(site.seen.times("/hidden"), 0, "case 69");
}

#[tokio::test]
async fn case_72_nothing_runs_after_a_close() {
    let site = Site::patient();
    let requests = format!("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n{HIDDEN}");
    let reply = send(&site, requests.as_bytes()).await;
    assert!(reply.closed && reply.statuses() == [200], "{reply:?}");
    assert_eq!(site.seen.times("/hidden"), 0);
}
