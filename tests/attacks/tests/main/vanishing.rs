//! Uploads that go on for long, and clients that vanish in the midst of one (case 230).

use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::client::{LONG, visit};
use crate::long::times;
use crate::process::Process;
use crate::uploads::post;

const HEAD: &str = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n";
const TAIL: &str = "\r\n--b--\r\n";

/// The head of a request with a file of so many bytes.
fn request(size: usize) -> String {
    let length = HEAD.len() + size + TAIL.len();
    format!(
        "POST /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\n\
         Content-Length: {length}\r\n\r\n{HEAD}"
    )
}

fn uploads(site: &Process, folder: &TempDir) -> usize {
    site.files(folder.path()).iter().filter(|(name, _)| name.ends_with(".upload")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn case_230_clients_that_vanish_leave_no_file_and_no_descriptor() {
    const AT_ONCE: usize = 50;
    let folder = TempDir::new().unwrap();
    let site = Process::start_with("cache", &folder, &["RUST_LOG=off"]).await;
    assert_eq!(visit(site.address, "/", "").await.status(), 200);
    let descriptors = site.descriptors();
    let mut seen = 0;
    for round in 0..times(4, 20) {
        let mut clients = JoinSet::new();
        for client in 0..AT_ONCE {
            let address = site.address;
            clients.spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(request(8 << 20).as_bytes()).await.unwrap();
                stream.write_all(&vec![b'x'; 300_000 + 1000 * client]).await.unwrap();
                stream
            });
        }
        let streams = clients.join_all().await;
        let started = Instant::now();
        while uploads(&site, &folder) < AT_ONCE && started.elapsed() < LONG {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        seen += uploads(&site, &folder);
        for (client, stream) in streams.into_iter().enumerate() {
            if (round + client) % 2 == 0 {
                stream.set_zero_linger().unwrap();
            }
        }
    }
    assert!(seen > 0, "there were files to be left");
    // A moment on a machine that has nothing else to do.
    let started = Instant::now();
    while uploads(&site, &folder) > 0 || site.descriptors() > descriptors {
        assert!(
            started.elapsed() < LONG,
            "{} files, {} descriptors instead of {descriptors}",
            uploads(&site, &folder),
            site.descriptors()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(visit(site.address, "/", "").await.status(), 200);
    assert!(site.end().await.0);
}

/// 1 GiB in the long tier.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_upload_streams_to_the_disk() {
    let folder = TempDir::new().unwrap();
    let site = Process::start_with("cache", &folder, &["RUST_LOG=off"]).await;
    let small = format!("{HEAD}x{TAIL}");
    let reply = post(site.address, "/upload", "multipart/form-data; boundary=b", small.as_bytes()).await;
    assert_eq!(reply.status(), 200);
    let before = site.memory(false);
    let size = times(64, 1024) << 20;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(request(size).as_bytes()).await.unwrap();
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..size >> 20 {
        stream.write_all(&piece).await.unwrap();
    }
    stream.write_all(TAIL.as_bytes()).await.unwrap();
    let mut answer = String::new();
    tokio::time::timeout(3 * LONG, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.contains(&format!("\"on_disk\": 1, \"bytes\": {size}")), "{answer}");
    let grown = site.memory(true).saturating_sub(before);
    println!("{} MiB were uploaded with {grown} KiB more memory", size >> 20);
    assert!(grown < 24 << 10, "{grown} KiB");
    assert_eq!(uploads(&site, &folder), 0);
    assert!(site.end().await.0);
}
