//! Where a server listens, and what it says when it cannot.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};
use std::time::Duration;

use nuages_server::{Address, BindErrorKind, Ended, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use crate::client::get;
use crate::site::{App, Site};

#[tokio::test]
async fn a_port_in_use_is_named_and_so_is_the_way_out() {
    let bound = Server::new().bind(tcp("127.0.0.1:0")).unwrap();
    let Address::Tcp(address) = *bound.local_addr() else { panic!() };
    let error = Server::new().bind(address).unwrap_err();
    let (port, other) = (address.port(), address.port().checked_add(1).unwrap_or(8000));
    assert_eq!(error.kind(), BindErrorKind::InUse);
    assert_eq!(error.address(), &Address::Tcp(address));
    assert_eq!(
        error.to_string(),
        format!(
            "127.0.0.1:{port} is already in use; stop the program that listens on port {port}, or choose another \
             port, for example `runserver {other}`"
        )
    );
    let by_name = Server::new().bind(format!("localhost:{port}").parse::<Address>().unwrap());
    if let Err(error) = by_name {
        assert!(error.to_string().starts_with(&format!("localhost:{port} is already in use;")), "{error}");
    }
}

fn tcp(address: &str) -> Address {
    address.parse().unwrap()
}

#[tokio::test]
async fn addresses_of_others_are_refused() {
    let error = Server::new().bind(tcp("192.0.2.1:0")).unwrap_err();
    assert_eq!(error.kind(), BindErrorKind::NotAvailable);
    assert!(error.to_string().starts_with("192.0.2.1:0 is not an address of this machine; use 127.0.0.1"));
    let error = Server::new().bind(tcp("name.invalid:0")).unwrap_err();
    assert_eq!(error.kind(), BindErrorKind::NotAvailable);
    let error = Server::new().bind(Address::Inherited).unwrap_err();
    assert_eq!(error.kind(), BindErrorKind::NothingInherited);
    assert!(
        error.to_string().starts_with("no socket was passed on; start the program by systemd"),
        "{error}"
    );
}

/// What a reloader does: it keeps the socket while those who answer on it come and go.
#[tokio::test]
async fn a_kept_socket_outlives_who_serves_on_it() {
    let kept = Server::new().bind(tcp("127.0.0.1:0")).unwrap();
    let Address::Tcp(address) = *kept.local_addr() else { panic!() };
    for _ in 0..2 {
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let serving =
            tokio::spawn(kept.try_clone().unwrap().serve(App::default(), async { drop(ended.await) }));
        let mut early = tokio::net::TcpStream::connect(address).await.unwrap();
        early.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut said = Vec::new();
        early.read_to_end(&mut said).await.unwrap();
        assert!(said.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&said));
        end.send(()).unwrap();
        assert_eq!(serving.await.unwrap().unwrap(), Ended::Clean);
        // Nobody serves now, and nobody is refused: the next round answers.
        let waits = tokio::net::TcpStream::connect(address).await;
        assert!(waits.is_ok(), "{waits:?}");
    }
}

#[tokio::test]
async fn a_host_name_is_looked_up() {
    let site = Site::serve(Server::new().bind("localhost:0".parse::<Address>().unwrap()).unwrap());
    assert_eq!(get(&site, "/").await.status(), Some(200));
}

#[tokio::test]
async fn a_port_can_be_shared() {
    let first = Server::new().reuse_port().bind(tcp("127.0.0.1:0")).unwrap();
    let second = Server::new().reuse_port().bind(first.local_addr().clone()).unwrap();
    let (first, second) = (Site::serve(first), Site::serve(second));
    for _ in 0..40 {
        assert_eq!(get(&first, "/").await.status(), Some(200));
    }
    let (a, b) = (first.seen.started(), second.seen.started());
    assert!(a + b == 40 && a > 0 && b > 0, "{a} and {b}");
}

async fn get_unix(path: &std::path::Path) -> String {
    let mut stream = UnixStream::connect(path).await.unwrap();
    stream.write_all(b"GET /peer HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn a_unix_socket_comes_and_goes() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("site.sock");
    let address = Address::Unix(path.clone());
    let site = Site::serve(Server::new().bind(address.clone()).unwrap());
    assert_eq!(site.address, address);
    assert!(get_unix(&path).await.ends_with("\r\n\r\nUnix"));

    // Somebody listens: neither taken nor removed.
    let error = Server::new().bind(address.clone()).unwrap_err();
    assert_eq!(error.kind(), BindErrorKind::InUse);
    let shown = path.display();
    assert_eq!(
        error.to_string(),
        format!(
            "unix:{shown} is already in use; stop the program that listens on it, or choose another path"
        )
    );
    assert!(get_unix(&path).await.ends_with("\r\n\r\nUnix"));
    assert_eq!(site.end().await, Ended::Clean);
    assert!(!path.exists(), "the file is still there");

    // A stale file of a server that was killed: std leaves it behind.
    drop(UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    let site = Site::serve(Server::new().bind(address.clone()).unwrap());
    assert!(get_unix(&path).await.ends_with("\r\n\r\nUnix"));
    // Another server's file is not ours to remove.
    std::fs::remove_file(&path).unwrap();
    let _other = UnixListener::bind(&path).unwrap();
    site.end().await;
    assert!(path.exists());

    // A file that is no socket stays.
    let file = directory.path().join("precious");
    std::fs::write(&file, "data").unwrap();
    let error = Server::new().bind(Address::Unix(file.clone())).unwrap_err();
    assert_eq!(error.kind(), BindErrorKind::NotASocket);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "data");
}

/// The child process of the test below: it serves on the socket that it was given.
#[tokio::test]
async fn child_that_inherits_a_socket() {
    if std::env::var_os("LISTEN_FDS").is_none() {
        return;
    }
    let bound = Server::new().bind(Address::Inherited).unwrap();
    let _ = bound.serve(App::default(), tokio::time::sleep(Duration::from_secs(20))).await;
}

#[tokio::test]
async fn a_socket_is_inherited() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut child = Command::new("sh")
        .args(["-c", "exec 3<&0 </dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\"", "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "listening::child_that_inherits_a_socket"])
        .stdin(OwnedFd::from(listener))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut text = String::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_string(&mut text)).await;
    child.kill().unwrap();
    child.wait().unwrap();
    read.expect("no answer").unwrap();
    assert!(text.ends_with("served"), "{text}");
}

#[test]
fn the_public_types_can_be_shared() {
    fn shared<T: Send + Sync + Unpin + std::fmt::Debug + 'static>() {}
    shared::<nuages_server::RequestBody>();
    shared::<nuages_server::BodyError>();
    shared::<nuages_server::BindError>();
    shared::<nuages_server::Bound>();
    shared::<Server>();
}
