//! The graceful end (cases 423 and 424).

use std::time::{Duration, Instant};

use nuages_server::{Ended, Server, Timeouts};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::bodies::wait_for;
use crate::child::Child;
use crate::client::{connect, read};
use crate::site::{Site, short};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

const LONG: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_423_running_requests_end_and_idle_ones_go() {
    let mut site = Site::patient();
    let mut idle = Vec::new();
    for i in 0..100 {
        let mut stream = connect(&site).await;
        if i % 2 == 0 {
            stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
            assert!(!read(&mut stream, ms(10)).await.closed);
        }
        idle.push(stream);
    }
    let mut running = Vec::new();
    for _ in 0..100 {
        let mut stream = connect(&site).await;
        stream.write_all(b"GET /sleep?700 HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        running.push(stream);
    }
    wait_for(|| site.seen.started() == 150).await;
    let start = Instant::now();
    site.stop();
    for mut stream in idle {
        let reply = read(&mut stream, LONG).await;
        assert!(reply.closed && reply.text.is_empty(), "{reply:?}");
    }
    assert!(start.elapsed() < ms(300), "idle connections stayed for {:?}", start.elapsed());
    let nuages_server::Address::Tcp(address) = &site.address else { panic!() };
    assert!(TcpStream::connect(address).await.is_err(), "still accepts");
    for mut stream in running {
        let reply = read(&mut stream, LONG).await;
        assert!(reply.closed && reply.status() == Some(200), "{reply:?}");
        assert!(reply.text.contains("\r\nconnection: close\r\n"), "{reply:?}");
    }
    assert_eq!(site.end().await, Ended::Clean);
    assert!(start.elapsed() < ms(3000), "{:?}", start.elapsed());
}

#[tokio::test]
async fn what_is_in_the_queue_is_answered() {
    let site = Site::patient();
    let mut streams = Vec::new();
    let nuages_server::Address::Tcp(address) = site.address.clone() else { panic!() };
    // On one thread: the server has no chance to accept before it is told to end.
    for _ in 0..20 {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        std::io::Write::write_all(&mut stream, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        streams.push(stream);
    }
    assert_eq!(site.end().await, Ended::Clean);
    for mut stream in streams {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut stream, &mut text).unwrap();
        assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
    }
}

#[tokio::test]
async fn a_started_request_is_still_answered() {
    let mut site = Site::patient();
    let mut first = connect(&site).await;
    first.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let mut second = connect(&site).await;
    second.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    read(&mut second, ms(50)).await;
    second.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    tokio::time::sleep(ms(50)).await;
    site.stop();
    tokio::time::sleep(ms(50)).await;
    for stream in [&mut first, &mut second] {
        stream.write_all(b"Host: a\r\n\r\n").await.unwrap();
        let reply = read(stream, LONG).await;
        assert!(reply.closed && reply.status() == Some(200), "{reply:?}");
    }
    assert_eq!(site.end().await, Ended::Clean);
}

#[tokio::test]
async fn the_deadline_cuts_what_remains() {
    let mut site = Site::start(Server::new().timeouts(Timeouts { drain: ms(300), ..Timeouts::default() }));
    let mut slow = connect(&site).await;
    slow.write_all(b"GET /sleep?60000 HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let mut endless = connect(&site).await;
    endless.write_all(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let mut detached = connect(&site).await;
    let twice = "GET /sleep?1 HTTP/1.1\r\nHost: a\r\n\r\nGET /sleep?60000 HTTP/1.1\r\nHost: a\r\n\r\n";
    detached.write_all(twice.as_bytes()).await.unwrap();
    wait_for(|| site.seen.started() == 4).await;
    let start = Instant::now();
    site.stop();
    let ended = site.end().await;
    assert_eq!(ended, Ended::Cut { connections: 3 });
    assert!(start.elapsed() >= ms(290) && start.elapsed() < ms(3000), "{:?}", start.elapsed());
    assert!(read(&mut slow, LONG).await.text.is_empty());
}

#[tokio::test]
async fn the_drain_waits_for_requests_without_a_client() {
    // The write time-out cuts the connection of a pipelining client that does not read, while a request runs.
    let site = Site::start(Server::new().timeouts(Timeouts { drain: LONG, ..short() }));
    let mut stream = connect(&site).await;
    let path = "/sleep?1500";
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).await.unwrap();
    wait_for(|| site.seen.started() == 1).await;
    stream.set_zero_linger().unwrap();
    drop(stream);
    let seen = site.seen.clone();
    let start = Instant::now();
    assert_eq!(site.end().await, Ended::Clean);
    assert!(start.elapsed() > ms(1000), "{:?}", start.elapsed());
    assert_eq!(seen.finished(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_424_signals() {
    for (signals, ended) in [
        (&["TERM"][..], "Clean"),
        (&["INT"], "Clean"),
        (&["HUP", "TERM"], "Clean"),
        (&["TERM", "INT"], "Cut { connections: 1 }"),
        (&["INT", "HUP", "INT"], "Cut { connections: 1 }"),
    ] {
        let (mut child, address) = Child::start("");
        let mut stream = TcpStream::connect(address).await.unwrap();
        let sleep = if ended == "Clean" { 300 } else { 60_000 };
        stream.write_all(format!("GET /sleep?{sleep} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).await.unwrap();
        tokio::time::sleep(ms(100)).await;
        let start = Instant::now();
        for signal in signals {
            child.signal(signal);
            tokio::time::sleep(ms(50)).await;
        }
        let mut text = String::new();
        let _ = stream.read_to_string(&mut text).await;
        assert_eq!(text.contains("slept"), ended == "Clean", "{signals:?}: {text}");
        assert_eq!(child.line_with("ended "), ended, "{signals:?}");
        assert!(child.wait());
        assert!(start.elapsed() < ms(3000), "{signals:?}: {:?}", start.elapsed());
    }
}
