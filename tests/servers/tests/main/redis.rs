//! Redis in all its forms.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use test_servers::{Redis, RedisCluster, Sentinel};

use crate::{listens, processes_of};

#[test]
fn it_comes_back_with_what_it_held() {
    let redis = Redis::start();
    assert_eq!(redis.url(), format!("redis://127.0.0.1:{}/0", redis.port()));
    for value in ["1", "2"] {
        assert_eq!(redis.command(&["SET", "a", value]), "OK");
        if value == "1" {
            redis.stop()
        } else {
            redis.kill()
        }
        assert!(!redis.is_running() && !listens(redis.address()));
        redis.restart();
        assert_eq!(redis.command(&["GET", "a"]), value);
    }
    let (address, folder) = (redis.address(), redis.folder().to_owned());
    drop(redis);
    assert!(!listens(address) && !folder.exists());
    assert_eq!(processes_of(&folder), 0);
}

#[test]
fn a_frozen_server_accepts_and_does_not_answer() {
    let redis = Redis::start();
    let mut stream = TcpStream::connect(redis.address()).unwrap();
    redis.freeze();
    stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    stream.write_all(b"PING\r\n").unwrap();
    let mut reply = [0; 7];
    assert!(stream.read_exact(&mut reply).is_err());
    assert!(listens(redis.address()) && redis.is_running());
    redis.thaw();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.read_exact(&mut reply).unwrap();
    assert_eq!(&reply, b"+PONG\r\n");
    redis.freeze();
    drop(redis);
}

#[test]
fn with_a_password_nobody_else_gets_in() {
    let redis = Redis::with_password("secret");
    assert_eq!(redis.command(&["PING"]), "PONG");
    assert!(redis.url().starts_with("redis://:secret@127.0.0.1:"));
    assert!(redis.socket_url().starts_with("unix://:secret@/"));
    let mut stream = TcpStream::connect(redis.address()).unwrap();
    stream.write_all(b"PING\r\n").unwrap();
    let mut reply = [0; 7];
    stream.read_exact(&mut reply).unwrap();
    assert_eq!(&reply, b"-NOAUTH");
}

#[test]
fn with_tls_its_certificate_is_the_authoritys() {
    let redis = Redis::with_tls();
    assert!(redis.url().starts_with("rediss://127.0.0.1:"));
    let authority = redis.certificates().unwrap().authority();
    let mut client = Command::new("openssl");
    client.args(["s_client", "-quiet", "-verify_return_error", "-verify_ip", "127.0.0.1", "-CAfile"]);
    client.arg(authority).args(["-connect", &redis.address().to_string()]);
    let mut client =
        client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    client.stdin.as_mut().unwrap().write_all(b"PING\r\n").unwrap();
    let mut reply = [0; 7];
    client.stdout.as_mut().unwrap().read_exact(&mut reply).unwrap();
    client.kill().unwrap();
    client.wait().unwrap();
    assert_eq!(&reply, b"+PONG\r\n");
}

#[test]
fn a_replica_follows_and_refuses_writes() {
    let primary = Redis::with_password("secret");
    let replica = Redis::replica_of(&primary);
    assert_eq!(primary.command(&["SET", "a", "1"]), "OK");
    assert_eq!(primary.command(&["WAIT", "1", "10000"]), "1");
    assert_eq!(replica.command(&["GET", "a"]), "1");
    assert!(replica.command(&["SET", "a", "2"]).starts_with("-READONLY"));
}

#[test]
fn a_cluster_shares_the_keys_and_survives_a_restart() {
    let cluster = RedisCluster::start();
    assert_eq!(cluster.urls().len(), 3);
    assert!(cluster.urls().contains(&cluster.url()));
    let (mut kept, mut moved) = (0, 0);
    for key in 0..100 {
        let reply = cluster.nodes()[0].command(&["SET", &key.to_string(), "1"]);
        if reply == "OK" {
            kept += 1;
        } else {
            assert!(reply.starts_with("-MOVED ") && reply.contains(" 127.0.0.1:"), "{reply}");
            moved += 1;
        }
    }
    assert!(kept > 10 && moved > 10, "{kept}, {moved}");
    cluster.nodes()[0].kill();
    cluster.nodes()[0].restart();
    cluster.wait();
    assert_eq!(cluster.nodes()[0].command(&["DBSIZE"]), kept.to_string());
}

#[test]
fn a_sentinel_makes_the_replica_the_primary() {
    let primary = Redis::start();
    let replica = Redis::replica_of(&primary);
    let sentinel = Sentinel::start(&primary);
    sentinel.wait_for_replicas(1);
    sentinel.wait_for_primary(&primary);
    primary.kill();
    sentinel.wait_for_primary(&replica);
    assert_eq!(replica.command(&["SET", "a", "1"]), "OK");
}
