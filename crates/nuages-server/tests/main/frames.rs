//! HTTP/2 by hand-made frames: what no honest client sends (cases 371 to 391).

use std::time::Duration;

use nuages_server::Ended;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::{connect, get};
use crate::site::Site;

const LONG: Duration = Duration::from_secs(5);

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Literal fields without indexing and without Huffman codes.
pub(crate) fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            let length = text.len();
            if length < 127 {
                block.push(u8::try_from(length).unwrap());
            } else {
                block.push(127);
                let mut rest = length - 127;
                while rest >= 128 {
                    block.push(u8::try_from(rest % 128).unwrap() | 128);
                    rest /= 128;
                }
                block.push(u8::try_from(rest).unwrap());
            }
            block.extend_from_slice(text.as_bytes());
        }
    }
    block
}

pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;

pub(crate) async fn raw(site: &Site) -> TcpStream {
    let mut stream = connect(site).await;
    stream.write_all(&[PREFACE, &frame(SETTINGS, 0, 0, &[])].concat()).await.unwrap();
    stream
}

/// Reads frames until the server closes or is silent; kinds, streams and payloads.
pub(crate) async fn frames(stream: &mut TcpStream, quiet: Duration) -> (Vec<(u8, u32, Vec<u8>)>, bool) {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    let closed = loop {
        match timeout(quiet, stream.read(&mut chunk)).await {
            Ok(Ok(0) | Err(_)) => break true,
            Ok(Ok(n)) => bytes.extend_from_slice(&chunk[..n]),
            Err(_) => break false,
        }
    };
    let mut frames = Vec::new();
    let mut rest = &bytes[..];
    while rest.len() >= 9 {
        let length = u32::from_be_bytes([0, rest[0], rest[1], rest[2]]) as usize;
        let stream = u32::from_be_bytes([rest[5], rest[6], rest[7], rest[8]]);
        let Some(payload) = rest.get(9..9 + length) else { break };
        frames.push((rest[3], stream, payload.to_vec()));
        rest = &rest[9 + length..];
    }
    (frames, closed)
}

#[tokio::test]
async fn malformed_requests_are_refused() {
    let path = (":path", "/");
    let [method, scheme, authority] = [(":method", "GET"), (":scheme", "http"), (":authority", "a")];
    let with = |field| vec![method, scheme, authority, path, field];
    let rows = [
        (371, with(("te", "gzip"))),
        (371, with(("connection", "close"))),
        (371, with(("transfer-encoding", "chunked"))),
        (371, with(("upgrade", "h2c"))),
        (372, with(("X-Upper", "b"))),
        (373, with(("x-a", "b\r\nx-b: c"))),
        (374, with(("x-a", "b\0c"))),
        (375, with(("x:a", "b"))),
        (375, with(("x a", "b"))),
        (376, with((":path", "/again"))),
        (376, with((":method", "POST"))),
        (376, with((":authority", "b"))),
        (377, vec![method, scheme, authority]),
        (377, vec![scheme, authority, path]),
        (377, vec![method, authority, path]),
        (378, vec![method, scheme, authority, ("x-a", "b"), path]),
        (379, with((":unknown", "b"))),
        (379, with((":status", "200"))),
        (380, vec![method, scheme, authority, (":path", "")]),
        (381, vec![method, scheme, authority, (":path", "/a\r\nb")]),
        (381, vec![method, scheme, authority, (":path", "/a b")]),
        (381, vec![method, scheme, authority, (":path", "a")]),
        (382, vec![method, scheme, (":authority", "a b"), path]),
        (382, vec![method, scheme, (":authority", "u@a"), path]),
        (382, vec![method, scheme, (":authority", "a:x"), path]),
        (382, vec![method, scheme, (":authority", ""), path]),
        (382, vec![method, scheme, path]),
        (382, vec![method, scheme, path, ("host", "a/b")]),
        (383, with(("host", "b"))),
        (383, with(("host", "a:80"))),
        (383, vec![method, scheme, authority, path, ("host", "a"), ("host", "a")]),
        (384, with(("content-length", "5"))),
        (384, with(("content-length", "+0"))),
        (385, vec![(":method", "CONNECT"), (":authority", "a:80")]),
        (385, vec![(":method", "CONNECT"), scheme, authority, path, (":protocol", "websocket")]),
    ];
    let site = Site::patient();
    for (case, fields) in rows {
        let mut stream = raw(&site).await;
        let bytes = frame(HEADERS, END_STREAM | END_HEADERS, 1, &block(&fields));
        stream.write_all(&bytes).await.unwrap();
        let (frames, closed) = frames(&mut stream, ms(40)).await;
        let reset = frames.iter().any(|(kind, stream, _)| *kind == RST_STREAM && *stream == 1);
        let gone = closed || frames.iter().any(|(kind, ..)| *kind == GOAWAY);
        let status = frames.iter().find(|(kind, ..)| *kind == HEADERS).map(|(.., block)| status(block));
        let refused = matches!(status, Some(400 | 501)) || (status.is_none() && (reset || gone));
        assert!(refused, "case {case}: {fields:?}: {frames:?}");
    }
    assert_eq!(site.seen.started(), 0);
    // As a check of the frames themselves: well-formed ones are served.
    for fields in [
        vec![method, scheme, authority, path],
        with(("te", "trailers")),
        with(("host", "a")),
        with(("host", "A")),
        vec![method, (":scheme", "https"), authority, path],
        vec![method, scheme, path, ("host", "a")],
    ] {
        let mut stream = raw(&site).await;
        let bytes = frame(HEADERS, END_STREAM | END_HEADERS, 1, &block(&fields));
        stream.write_all(&bytes).await.unwrap();
        let (frames, _) = frames(&mut stream, ms(40)).await;
        let status = frames.iter().find(|(kind, ..)| *kind == HEADERS).map(|(.., block)| status(block));
        assert_eq!(status, Some(200), "{fields:?}: {frames:?}");
    }
}

/// The status of a header block: an index of the static table, or a literal with the name of index 8.
fn status(block: &[u8]) -> u16 {
    match block[0] {
        0x88 => 200,
        0x89 => 204,
        0x8c => 400,
        0x8d => 404,
        0x8e => 500,
        0x48 | 0x08 => {
            let (huffman, length) = (block[1] & 128 != 0, usize::from(block[1] & 127));
            let text = &block[2..2 + length];
            match (huffman, text) {
                (false, text) => str::from_utf8(text).unwrap().parse().unwrap(),
                // 501, 431, 414, 413, 503 in Huffman's code: five or six bits a digit.
                (true, text) => digits(text),
            }
        }
        other => panic!("unexpected block {other:x}"),
    }
}

/// HPACK's Huffman codes of the digits (RFC 7541, appendix B).
fn digits(bytes: &[u8]) -> u16 {
    let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    let mut rest = &bits[..];
    let mut number = 0;
    'next: loop {
        for (digit, code) in
            ["00000", "00001", "00010", "011001", "011010", "011011", "011100", "011101", "011110", "011111"]
                .iter()
                .enumerate()
        {
            if let Some(after) = rest.strip_prefix(code) {
                number = number * 10 + u16::try_from(digit).unwrap();
                rest = after;
                continue 'next;
            }
        }
        return number;
    }
}

/// Sends the same bytes again and again until the server ends the connection; how many went out.
async fn flood(site: &Site, start: &[u8], mut next: impl FnMut(u32) -> Vec<u8>, most: u32) -> (u32, bool) {
    let mut stream = raw(site).await;
    stream.write_all(start).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let reader = tokio::spawn(async move {
        let mut text = Vec::new();
        let _ = timeout(LONG, reading.read_to_end(&mut text)).await;
        text.windows(9).any(|head| head[3] == GOAWAY && head[..2] == [0, 0] && head[5..9] == [0; 4])
    });
    let mut sent = 0;
    while sent < most {
        let mut batch = Vec::new();
        for _ in 0..100 {
            batch.extend_from_slice(&next(sent));
            sent += 1;
        }
        if writing.write_all(&batch).await.is_err() {
            break;
        }
    }
    drop(writing);
    (sent, reader.await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_386_rapid_resets_end_the_connection() {
    let site = Site::patient();
    let fields =
        block(&[(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "/sleep?300")]);
    let (sent, goaway) = flood(
        &site,
        &[],
        |i| {
            let stream = i * 2 + 1;
            [
                frame(HEADERS, END_STREAM | END_HEADERS, stream, &fields),
                frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes()),
            ]
            .concat()
        },
        20_000,
    )
    .await;
    assert!(goaway, "{sent} streams and no GOAWAY");
    // What was started before is bounded by the streams of a connection, running and left.
    assert!(site.seen.started() <= 300, "{} started", site.seen.started());
    assert_eq!(get(&site, "/").await.status(), Some(200));
    assert_eq!(site.end().await, Ended::Clean);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_end_the_connection_or_cost_nothing() {
    let site = Site::patient();
    let piece = block(&[("x-a", &"b".repeat(10_000))]);
    let start = frame(HEADERS, END_STREAM, 1, &block(&[(":method", "GET")]));
    let (sent, goaway) = flood(&site, &start, |_| frame(CONTINUATION, 0, 1, &piece), 1200).await;
    assert!(goaway, "case 387: {sent} CONTINUATION frames of 10 KB");
    let (sent, _) = flood(&site, &[], |_| frame(SETTINGS, 0, 0, &[]), 10_000).await;
    println!("case 388: {sent} SETTINGS");
    let (sent, _) = flood(&site, &[], |_| frame(PING, 0, 0, &[0; 8]), 10_000).await;
    println!("case 389: {sent} PING");
    let fields = block(&[(":method", "POST"), (":scheme", "http"), (":authority", "a"), (":path", "/echo")]);
    let start = frame(HEADERS, END_HEADERS, 1, &fields);
    let (sent, goaway) = flood(&site, &start, |_| frame(0, 0, 1, &[]), 60_000).await;
    println!("case 390: {sent} empty DATA, GOAWAY: {goaway}");
    assert_eq!(get(&site, "/").await.status(), Some(200));
}

#[tokio::test]
async fn illegal_frames_end_the_connection() {
    let site = Site::patient();
    for (name, bytes) in [
        ("case 391: a field of the dynamic table that is not there", frame(HEADERS, 5, 1, &[0xff, 0x7f])),
        ("DATA on stream 0", frame(0, 0, 0, b"x")),
        ("DATA on an idle stream", frame(0, 0, 5, b"x")),
        ("HEADERS on an even stream", frame(HEADERS, 5, 2, &block(&[(":method", "GET")]))),
        ("a frame above the size", frame(0, 0, 1, &[0; 17_000])),
        ("RST_STREAM of three bytes", frame(RST_STREAM, 0, 1, &[0; 3])),
        ("SETTINGS of five bytes", frame(SETTINGS, 0, 0, &[0; 5])),
        ("PING of seven bytes", frame(PING, 0, 0, &[0; 7])),
        ("WINDOW_UPDATE of zero", frame(8, 0, 0, &[0; 4])),
        ("PUSH_PROMISE from a client", frame(5, 4, 1, &[0; 4])),
        ("CONTINUATION alone", frame(CONTINUATION, 4, 1, &[])),
    ] {
        let mut stream = raw(&site).await;
        stream.write_all(&bytes).await.unwrap();
        let (frames, closed) = frames(&mut stream, ms(1500)).await;
        assert!(closed || frames.iter().any(|(kind, ..)| *kind == GOAWAY), "{name}: {frames:?}");
    }
    assert_eq!(site.seen.started(), 0);
}
