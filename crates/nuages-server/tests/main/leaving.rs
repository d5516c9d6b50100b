//! Clients that leave before their answer (case 318), and services that panic.

use std::time::Duration;

use nuages_server::Ended;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::bodies::wait_for;
use crate::client::{connect, get, read};
use crate::site::Site;

const LONG: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_half_closed_client_gets_its_answer() {
    let site = Site::patient();
    for path in ["/", "/sleep?100", "/slowly?3"] {
        let mut stream = connect(&site).await;
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let reply = read(&mut stream, LONG).await;
        assert!(reply.closed && reply.status() == Some(200), "{path}: {reply:?}");
    }
    let mut stream = connect(&site).await;
    stream.write_all(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello").await.unwrap();
    stream.shutdown().await.unwrap();
    assert_eq!(read(&mut stream, LONG).await.body(), "hello");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_outlives_its_client() {
    let site = Site::patient();
    for round in 0..200 {
        let mut stream = connect(&site).await;
        stream.write_all(b"GET /sleep?30 HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        wait_for(|| site.seen.started() == round + 1).await;
        if round % 2 == 0 {
            stream.set_zero_linger().unwrap();
        }
        drop(stream);
    }
    wait_for(|| site.seen.finished() == 200).await;
    assert_eq!((site.seen.times("/sleep"), site.seen.finished()), (200, 200));
    assert_eq!(site.end().await, Ended::Clean);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pipelining_client_that_resets_cuts_nothing() {
    let site = Site::patient();
    for round in 0..50 {
        let mut stream = connect(&site).await;
        // The answer to the first fails while the second runs.
        let requests =
            "GET /large?3000000 HTTP/1.1\r\nHost: a\r\n\r\nGET /sleep?20 HTTP/1.1\r\nHost: a\r\n\r\n";
        stream.write_all(requests.as_bytes()).await.unwrap();
        let mut chunk = vec![0; if round % 2 == 0 { 1 } else { 3_000_000 }];
        stream.read_exact(&mut chunk).await.unwrap();
        stream.set_zero_linger().unwrap();
        drop(stream);
    }
    wait_for(|| site.seen.started() == site.seen.finished() && site.seen.started() >= 50).await;
    assert_eq!(site.end().await, Ended::Clean);
}

#[tokio::test]
async fn a_panic_ends_its_connection_alone() {
    let site = Site::patient();
    let mut other = connect(&site).await;
    other.write_all(b"GET /sleep?100 HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let reply = get(&site, "/panic").await;
    assert!(reply.closed && reply.text.is_empty(), "{reply:?}");
    assert_eq!(read(&mut other, Duration::from_millis(300)).await.status(), Some(200));
    assert_eq!(get(&site, "/").await.status(), Some(200));
    assert_eq!(site.end().await, Ended::Clean);
}

#[tokio::test]
async fn the_peer_is_told() {
    let site = Site::patient();
    let mut stream = connect(&site).await;
    stream.write_all(b"GET /peer HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let reply = read(&mut stream, Duration::from_millis(100)).await;
    let (local, remote) = (stream.peer_addr().unwrap(), stream.local_addr().unwrap());
    assert_eq!(reply.body(), format!("Tcp {{ remote: {remote}, local: {local} }}"));
}
