//! Slow, silent and many peers (cases 354 to 369).

use std::time::{Duration, Instant};

use nuages_server::{Limits, Server, Timeouts};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::bodies::wait_for;
use crate::child::Child;
use crate::client::{connect, get, read, send};
use crate::site::{Site, short};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}
const LONG: Duration = Duration::from_secs(5);

/// Sends the bytes one by one, and tells what came and when the server closed.
async fn trickle(site: &Site, bytes: &[u8]) -> (String, Duration) {
    let stream = connect(site).await;
    let start = Instant::now();
    let (mut reading, mut writing) = stream.into_split();
    let bytes = bytes.to_vec();
    let writer = tokio::spawn(async move {
        for byte in bytes {
            if writing.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(ms(20)).await;
        }
        std::future::pending::<()>().await;
    });
    let mut text = Vec::new();
    let _ = timeout(LONG, reading.read_to_end(&mut text)).await.expect("never cut");
    writer.abort();
    (String::from_utf8_lossy(&text).into_owned(), start.elapsed())
}

#[tokio::test]
async fn slow_heads_are_cut() {
    let site = Site::hasty();
    let header = format!("GET / HTTP/1.1\r\nHost: a\r\nX-A: {}", "a".repeat(200));
    for (case, bytes, answer) in [
        ("354: a trickling header", header.as_bytes(), "HTTP/1.1 408 "),
        (
            "355: a trickling line",
            "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".as_bytes(),
            "HTTP/1.1 408 ",
        ),
        ("356: silence", b"", ""),
        ("357: half a preface", b"PRI * HT", "HTTP/1.1 408 "),
    ] {
        let (text, took) = trickle(&site, bytes).await;
        assert!(text.starts_with(answer), "case {case}: {text}");
        assert!(took >= ms(290) && took < ms(3000), "case {case}: {took:?}");
    }
    assert_eq!(site.seen.started(), 0);
}

#[tokio::test]
async fn case_361_idle_connections_are_closed() {
    let site = Site::hasty();
    let mut stream = connect(&site).await;
    for _ in 0..3 {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let reply = read(&mut stream, ms(200)).await;
        assert!(!reply.closed && reply.status() == Some(200), "{reply:?}");
    }
    let start = Instant::now();
    let reply = read(&mut stream, LONG).await;
    assert!(reply.closed && reply.text.is_empty(), "{reply:?}");
    assert!(start.elapsed() > ms(200) && start.elapsed() < ms(3000), "{:?}", start.elapsed());
    // The header of a later request has its time-out too.
    let mut stream = connect(&site).await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    read(&mut stream, ms(50)).await;
    let start = Instant::now();
    stream.write_all(b"GET / HT").await.unwrap();
    let reply = read(&mut stream, LONG).await;
    assert_eq!(reply.status(), Some(408));
    assert!(start.elapsed() > ms(290) && start.elapsed() < ms(3000), "{:?}", start.elapsed());
}

#[tokio::test]
async fn case_362_a_peer_that_never_reads_is_cut() {
    let never_read = async |path| {
        let site = Site::hasty();
        let mut stream = connect(&site).await;
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).await.unwrap();
        wait_for(|| site.seen.finished() == 1).await;
        // The server has let go when nothing keeps it from ending.
        tokio::time::sleep(ms(900)).await;
        let ended = timeout(ms(500), site.end()).await.expect("the peer still holds the server");
        assert_eq!(ended, nuages_server::Ended::Clean, "{path}");
        drop(stream);
    };
    tokio::join!(never_read("/endless"), never_read("/large?50000000"));
}

#[tokio::test]
async fn a_peer_that_reads_slowly_gets_everything() {
    let site = Site::hasty();
    let mut stream = connect(&site).await;
    let request = b"GET /large?24000000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut chunk = vec![0; 1_000_000];
    let mut total = 0;
    loop {
        let n = stream.read(&mut chunk).await.unwrap();
        if n == 0 {
            break;
        }
        total += n;
        // The whole takes longer than the time-outs of a write and of an idle connection.
        tokio::time::sleep(ms(60)).await;
    }
    assert!(total > 24_000_000, "{total}");
    let reply = get(&site, "/slowly?15").await;
    assert_eq!(reply.text.matches("piece").count(), 15, "{reply:?}");
}

#[tokio::test]
async fn others_are_served_while_many_are_slow() {
    let site = Site::patient();
    let mut rude = Vec::new();
    for i in 0..500 {
        let mut stream = connect(&site).await;
        let start: &[u8] = match i {
            0..200 => b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ",
            200..400 => b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf",
            _ => b"",
        };
        stream.write_all(start).await.unwrap();
        rude.push(stream);
    }
    let start = Instant::now();
    let mut stream = connect(&site).await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let mut byte = [0; 1];
    stream.read_exact(&mut byte).await.unwrap();
    assert!(start.elapsed() < ms(200), "cases 363 to 365: {:?}", start.elapsed());
}

#[tokio::test]
async fn rude_ends_do_no_harm() {
    let site = Site::patient();
    for i in 0..500 {
        let mut stream = connect(&site).await;
        match i % 3 {
            // Case 366: leave in the middle.
            0 => stream
                .write_all(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
                .await
                .unwrap(),
            // Case 367: reset.
            1 => {
                stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
                stream.set_zero_linger().unwrap();
            }
            // Case 368: say nothing at all.
            _ => {}
        }
    }
    assert_eq!(get(&site, "/").await.status(), Some(200));
    assert_eq!(site.end().await, nuages_server::Ended::Clean);
}

#[tokio::test]
async fn case_369_pipelined_requests_wait_for_a_reader() {
    let site = Site::hasty();
    let mut stream = connect(&site).await;
    let requests = "GET /large?2000 HTTP/1.1\r\nHost: a\r\n\r\n".repeat(400_000);
    let sent = timeout(LONG, stream.write_all(requests.as_bytes())).await.expect("never cut");
    assert!(sent.is_err());
    let served = site.seen.started();
    assert!(served < 10_000, "{served} requests served that nobody reads");
    assert_eq!(get(&site, "/").await.status(), Some(200));
    // With a reader, all are answered in order.
    let requests = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000);
    assert_eq!(send(&site, requests.as_bytes()).await.statuses().len(), 1000);
}

#[tokio::test]
async fn connections_above_the_limit_wait_and_idle_ones_make_room() {
    let timeouts = Timeouts { first_byte: ms(600), keep_alive: LONG, ..short() };
    let limits = Limits { connections: 3, ..Limits::default() };
    let site = Site::start(Server::new().timeouts(timeouts).limits(limits));
    let mut silent = Vec::new();
    for _ in 0..3 {
        silent.push(connect(&site).await);
    }
    tokio::time::sleep(ms(50)).await;
    let start = Instant::now();
    let mut waiting = connect(&site).await;
    waiting.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    assert_eq!(read_status(&mut waiting).await, 200);
    assert!(start.elapsed() > ms(300), "was not kept waiting: {:?}", start.elapsed());
    // Three idle keep-alive connections: a fourth client does not wait for their time-out.
    let mut idle = vec![waiting];
    for _ in 0..2 {
        let mut stream = connect(&site).await;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        assert_eq!(read_status(&mut stream).await, 200);
        idle.push(stream);
    }
    let start = Instant::now();
    assert_eq!(get_status(&site).await, 200);
    assert!(start.elapsed() < ms(3000), "{:?}", start.elapsed());
}

async fn read_status(stream: &mut TcpStream) -> u16 {
    let mut head = [0; 12];
    timeout(LONG, stream.read_exact(&mut head)).await.expect("no answer").unwrap();
    str::from_utf8(&head[9..]).unwrap().parse().unwrap()
}

async fn get_status(site: &Site) -> u16 {
    let mut stream = connect(site).await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    read_status(&mut stream).await
}

/// The processor time that a process has used, in hundredths of a second.
fn ticks(id: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let fields: Vec<_> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[tokio::test]
async fn case_370_without_file_descriptors_the_server_waits() {
    let (mut child, address) = Child::start("ulimit -n 40;");
    let mut rude = Vec::new();
    for _ in 0..80 {
        rude.push(TcpStream::connect(&address).await.unwrap());
    }
    let mut waiting = TcpStream::connect(&address).await.unwrap();
    waiting.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let before = ticks(child.id());
    tokio::time::sleep(ms(700)).await;
    let used = ticks(child.id()) - before;
    assert!(used < 20, "spins: {used} hundredths of a second in 0.7 s");
    drop(rude);
    let start = Instant::now();
    assert_eq!(read_status(&mut waiting).await, 200);
    assert!(start.elapsed() < ms(3000), "{:?}", start.elapsed());
    // Idle connections make room for new ones.
    let mut idle = vec![waiting];
    for _ in 0..60 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        assert_eq!(read_status(&mut stream).await, 200);
        idle.push(stream);
    }
    child.signal("TERM");
    assert_eq!(child.line_with("ended "), "Clean");
    assert!(child.wait());
}
