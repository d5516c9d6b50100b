//! The proxy misbehaves as it is told.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use test_servers::{Behaviour, Proxy, Redis};

fn connect(proxy: &Proxy) -> TcpStream {
    let stream = TcpStream::connect(proxy.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// Asks for a value of 100 bytes and gives what comes back before the connection closes or nothing more comes.
fn ask(stream: &mut TcpStream) -> Vec<u8> {
    stream.write_all(b"GET long\r\n").unwrap();
    let mut reply = Vec::new();
    let mut buffer = [0; 1024];
    while reply.len() < 108 {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(length) => reply.extend_from_slice(&buffer[..length]),
        }
    }
    reply
}

fn waits_for(what: impl Fn() -> bool) {
    let started = Instant::now();
    while !what() {
        assert!(started.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn each_behaviour_reaches_open_and_new_connections() {
    let redis = Redis::start();
    let value = "x".repeat(100);
    assert_eq!(redis.command(&["SET", "long", &value]), "OK");
    let whole = format!("$100\r\n{value}\r\n").into_bytes();
    let proxy = Proxy::to(redis.address());
    let mut open = connect(&proxy);
    assert_eq!(ask(&mut open), whole);

    proxy.set(Behaviour::CutMidReply(30));
    assert_eq!(ask(&mut open), whole[..30]);
    assert_eq!(ask(&mut connect(&proxy)), whole[..30]);
    proxy.set(Behaviour::Pass);

    let mut open = connect(&proxy);
    assert_eq!(ask(&mut open), whole);
    proxy.set(Behaviour::Slow(Duration::from_millis(200)));
    for stream in [&mut open, &mut connect(&proxy)] {
        let started = Instant::now();
        assert_eq!(ask(stream), whole);
        assert!(started.elapsed() >= Duration::from_millis(200));
    }

    proxy.set(Behaviour::Hang);
    let mut new = connect(&proxy);
    for stream in [&mut open, &mut new] {
        stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        assert_eq!(ask(stream), b"");
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    }
    proxy.set(Behaviour::Pass);
    for mut stream in [open, new] {
        let mut late = vec![0; whole.len()];
        stream.read_exact(&mut late).unwrap();
        assert_eq!(late, whole, "what was asked meanwhile is answered");
    }

    let mut open = connect(&proxy);
    assert_eq!(ask(&mut open), whole);
    proxy.set(Behaviour::Garbage);
    for stream in [&mut open, &mut connect(&proxy)] {
        stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        let reply = ask(stream);
        assert!(reply.len() >= 64 && !whole.starts_with(&reply), "{reply:?}");
    }

    proxy.set(Behaviour::Refused);
    assert_eq!(open.read(&mut [0; 4096]).unwrap_or(0), 0, "it is closed");
    assert!(TcpStream::connect(proxy.address()).is_err());
    proxy.set(Behaviour::Pass);
    assert_eq!(ask(&mut connect(&proxy)), whole);
}

#[test]
fn connections_are_counted() {
    let redis = Redis::start();
    let proxy = Proxy::to(redis.address());
    for behaviour in [Behaviour::Pass, Behaviour::Hang] {
        let before = proxy.accepted();
        proxy.set(behaviour);
        let streams: Vec<TcpStream> = (0..5).map(|_| connect(&proxy)).collect();
        waits_for(|| proxy.open() == 5 && proxy.accepted() == before + 5);
        drop(streams);
        waits_for(|| proxy.open() == 0);
    }
    redis.kill();
    proxy.set(Behaviour::Pass);
    assert_eq!(connect(&proxy).read(&mut [0]).unwrap_or(0), 0, "there is nobody behind it");
    waits_for(|| proxy.open() == 0);
}
