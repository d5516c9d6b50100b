//! The public suite on every kind of server, and which server has a key.

use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use nuages_cache::{Cache, CacheErrorKind, CacheFront, MemcachedCache, Serializer, Timeout, suite};
use test_servers::Memcached;

use super::{bytes, connect};

async fn check(cache: MemcachedCache) {
    suite::check(&cache.into()).await.unwrap();
}

#[tokio::test]
async fn one_server() {
    let server = Memcached::start();
    check(connect(&server)).await;
    check(connect(&server).serializer(Serializer::Pickle)).await;
    suite::check(CacheFront::connect(&server.url()).unwrap().backend()).await.unwrap();
}

#[tokio::test]
async fn three_servers() {
    let servers = [Memcached::start(), Memcached::start(), Memcached::start()];
    let names: Vec<String> = servers.iter().map(|server| server.address().to_string()).collect();
    let url = format!("memcached://{}?socket_timeout=1.5", names.join(","));
    suite::check(CacheFront::connect(&url).unwrap().backend()).await.unwrap();
    let cache = MemcachedCache::new(names.iter().map(String::as_str)).unwrap();

    let keys: Vec<String> = (0..300).map(|number| format!("k{number}")).collect();
    let entries = keys.iter().map(|key| (key.clone(), bytes(key))).collect();
    assert!(cache.set_many(entries, Timeout::Never).await.unwrap().is_empty());
    let held = |server: &Memcached| {
        let stats = server.command("stats");
        let line = stats.lines().find_map(|line| line.strip_prefix("STAT curr_items ")).unwrap().to_owned();
        line.trim().parse::<usize>().unwrap()
    };
    let counts: Vec<usize> = servers.iter().map(held).collect();
    assert_eq!(counts.iter().sum::<usize>(), 300);
    assert!(counts.iter().all(|count| *count > 60), "{counts:?}");
    let values = cache.get_many(&keys).await.unwrap();
    assert_eq!(values, keys.iter().map(|key| Some(bytes(key))).collect::<Vec<_>>());
    // The order of the servers decides nothing.
    let reversed = MemcachedCache::new(names.iter().rev().map(String::as_str)).unwrap();
    for key in &keys {
        assert_eq!(reversed.get(key).await.unwrap(), Some(bytes(key)));
    }
    // A server that is away keeps its keys: they are not given to others, where old values could come back.
    servers[1].freeze();
    let quick = cache.clone().socket_timeout(Duration::from_millis(300));
    let mut failed = 0;
    for key in keys.iter().take(30) {
        match quick.get(key).await {
            Ok(value) => assert_eq!(value, Some(bytes(key))),
            Err(error) => {
                assert!(error.is_outage(), "{error:?}");
                failed += 1;
            }
        }
    }
    assert!(failed > 2, "{failed}");
    servers[1].thaw();
    cache.clear().await.unwrap();
    assert!(cache.get_many(&keys).await.unwrap().iter().all(Option::is_none));
}

#[test]
fn djangos_options() {
    let connect = |option: &str| CacheFront::connect(&format!("memcached://localhost?{option}"));
    for option in
        ["no_delay=true", "use_pooling=True", "max_pool_size=4", "connect_timeout=0.5", "ignore_exc=false"]
    {
        assert!(connect(option).is_ok(), "{option}");
    }
    for option in ["ignore_exc=true", "max_pool_size=0", "no_delay=false", "socket_timeout=x", "binary=true"]
    {
        assert_eq!(connect(option).unwrap_err().kind(), CacheErrorKind::InvalidBackend, "{option}");
    }
}

#[tokio::test]
async fn by_its_socket() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memcached.sock");
    let _server = OnSocket::start(&path);
    check(MemcachedCache::new([path.to_str().unwrap()]).unwrap()).await;
    check(MemcachedCache::new([format!("unix:{}", path.display()).as_str()]).unwrap()).await;
    let front = CacheFront::connect(&format!("memcached://{}", path.display())).unwrap();
    suite::check(front.backend()).await.unwrap();
}

/// A memcached without a port.
struct OnSocket(Child);

impl OnSocket {
    fn start(path: &Path) -> OnSocket {
        // Only root is asked for a user.
        let server = Command::new("memcached").arg("-s").arg(path).args(["-u", "root"]).spawn().unwrap();
        for _ in 0..500 {
            if UnixStream::connect(path).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        OnSocket(server)
    }
}

impl Drop for OnSocket {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}
