//! How a body ends that does not end as promised (cases 55, 71 and 358 to 360), and what a body tells.

use std::time::{Duration, Instant};

use nuages_server::{Limits, Server};
use tokio::io::AsyncWriteExt;

use crate::client::{connect, read, send};
use crate::site::{Site, short};

const LONG: Duration = Duration::from_secs(5);

#[tokio::test]
async fn case_71_a_cut_body_is_an_error() {
    let site = Site::patient();
    for head in ["Content-Length: 100\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"] {
        let mut stream = connect(&site).await;
        let request = format!("POST /echo HTTP/1.1\r\nHost: a\r\n{head}");
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let reply = read(&mut stream, LONG).await;
        assert_eq!((reply.status(), reply.body(), reply.closed), (Some(400), "Cut", true), "{head}");
    }
    // Nobody is there to be told, but the application is.
    let mut stream = connect(&site).await;
    stream.write_all(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhello").await.unwrap();
    drop(stream);
    wait_for(|| site.seen.finished() == 3).await;
}

pub(crate) async fn wait_for(mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < LONG, "waited in vain");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn the_length_is_known_before_the_body() {
    let site = Site::patient();
    for (fields, length) in [
        ("Content-Length: 5\r\n\r\nhello", "Some(5)"),
        ("Content-Length: 0\r\n\r\n", "Some(0)"),
        ("\r\n", "Some(0)"),
        ("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "None"),
    ] {
        let request = format!("POST /length HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}");
        assert_eq!(send(&site, request.as_bytes()).await.body(), length, "{fields}");
    }
}

#[tokio::test]
async fn expected_bodies_are_asked_for() {
    let site = Site::patient();
    let mut stream = connect(&site).await;
    let head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let reply = read(&mut stream, Duration::from_millis(100)).await;
    assert_eq!(reply.text, "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hello").await.unwrap();
    assert_eq!(read(&mut stream, LONG).await.body(), "hello");
}

/// Sends a head and then pieces with a pause before each; how it ended and when.
async fn trickle(
    head: &str,
    piece: &[u8],
    pause: Duration,
    pieces: usize,
) -> (crate::client::Reply, Duration) {
    let site = Site::hasty();
    let stream = connect(&site).await;
    let start = Instant::now();
    let (mut reading, mut writing) = stream.into_split();
    writing.write_all(head.as_bytes()).await.unwrap();
    let piece = piece.to_vec();
    let writer = tokio::spawn(async move {
        for _ in 0..pieces {
            tokio::time::sleep(pause).await;
            if writing.write_all(&piece).await.is_err() {
                return;
            }
        }
        std::future::pending::<()>().await;
    });
    let mut text = Vec::new();
    let read = tokio::io::AsyncReadExt::read_to_end(&mut reading, &mut text);
    let closed = tokio::time::timeout(LONG, read).await.is_ok();
    writer.abort();
    (crate::client::Reply { text: String::from_utf8_lossy(&text).into_owned(), closed }, start.elapsed())
}

#[tokio::test]
async fn slow_bodies_are_cut_with_408() {
    const LENGTH: &str = "Content-Length: 100000\r\n\r\n";
    const CHUNKS: &str = "Transfer-Encoding: chunked\r\n\r\n";
    let ms = Duration::from_millis;
    let rows = [
        ("358: stalled at once", LENGTH, &b""[..], ms(0), 0, 300),
        ("358: stalled", LENGTH, b"hello", ms(50), 3, 450),
        ("358: stalled chunk", CHUNKS, b"5\r\nhello\r\n", ms(50), 3, 450),
        ("359: a byte now and then", LENGTH, b"a", ms(20), 1000, 500),
        ("360: chunks of a byte", CHUNKS, b"1\r\na\r\n", ms(20), 1000, 500),
        ("55: a chunk of 2^64-1 bytes", CHUNKS, b"ffffffffffffffff\r\nhello\r\n", ms(0), 1, 300),
    ];
    let rows = rows.map(|(case, fields, piece, pause, pieces, least)| {
        tokio::spawn(async move {
            let head = format!("POST /echo HTTP/1.1\r\nHost: a\r\n{fields}");
            let (reply, took) = trickle(&head, piece, pause, pieces).await;
            assert_eq!((reply.status(), reply.body()), (Some(408), "TimedOut"), "case {case}: {reply:?}");
            assert!(reply.closed, "case {case}");
            assert!(took >= ms(least) && took < ms(least + 2000), "case {case}: {took:?}");
        })
    });
    for row in rows {
        row.await.unwrap();
    }
}

#[tokio::test]
async fn a_body_read_by_another_task_is_watched_as_well() {
    let head = "POST /elsewhere HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n";
    let (reply, took) = trickle(head, b"a", Duration::from_millis(100), 2).await;
    assert_eq!(reply.body(), "Err(TimedOut)", "{reply:?}");
    assert!(took < Duration::from_millis(1500), "{took:?}");
    let site = Site::hasty();
    let request = format!("{head}0123456789");
    assert_eq!(send(&site, request.as_bytes()).await.body(), "Ok(b\"0123456789\")");
}

#[tokio::test]
async fn the_application_may_take_its_time() {
    // Longer than every time-out: none of them counts while the application works.
    let site = Site::hasty();
    let slow = async |fields| {
        let mut stream = connect(&site).await;
        let request = format!("POST /sleep?900 HTTP/1.1\r\nHost: a\r\n{fields}\r\nhello");
        stream.write_all(request.as_bytes()).await.unwrap();
        let reply = read(&mut stream, LONG).await;
        assert_eq!((reply.status(), reply.body()), (Some(200), "slept"), "{fields}");
    };
    tokio::join!(slow("Content-Length: 5\r\n"), slow("Content-Length: 5000\r\n"));
}

#[tokio::test]
async fn a_steady_body_may_take_longer_than_the_stall() {
    let site = Site::start(Server::new().timeouts(short()).limits(Limits::default()));
    let mut stream = connect(&site).await;
    let head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_millis(80)).await;
        stream.write_all(&[b'a'; 200]).await.unwrap();
    }
    let reply = read(&mut stream, LONG).await;
    assert_eq!((reply.status(), reply.body().len()), (Some(200), 2000));
}
