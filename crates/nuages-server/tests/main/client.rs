//! A client that sends exactly the bytes it is given.

use std::time::Duration;

use nuages_server::Address;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::site::Site;

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) text: String,
    /// Whether the server closed the connection.
    pub(crate) closed: bool,
}

impl Reply {
    /// The status codes of all answers; an interim answer is none.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        let mut statuses = Vec::new();
        for part in self.text.split("HTTP/1.").skip(1) {
            let status = part.get(2..5).and_then(|status| status.parse().ok());
            statuses.extend(status.filter(|status: &u16| *status != 100));
        }
        statuses
    }

    pub(crate) fn status(&self) -> Option<u16> {
        self.statuses().first().copied()
    }

    pub(crate) fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }

    /// Refused: at most one answer, of a status that says so, and then the end.
    #[track_caller]
    pub(crate) fn assert_refused(&self, case: &str) {
        let statuses = self.statuses();
        assert!(self.closed, "{case}: still open after {self:?}");
        assert!(statuses.len() <= 1, "{case}: {self:?}");
        for status in statuses {
            assert!(matches!(status, 400..=499 | 501 | 505), "{case}: {self:?}");
        }
    }
}

pub(crate) async fn connect(site: &Site) -> TcpStream {
    let Address::Tcp(address) = &site.address else { panic!("not a TCP site") };
    TcpStream::connect(address).await.unwrap()
}

/// Reads until the server closes or is silent for `quiet`.
pub(crate) async fn read(stream: &mut TcpStream, quiet: Duration) -> Reply {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 64 * 1024];
    let closed = loop {
        match timeout(quiet, stream.read(&mut chunk)).await {
            Ok(Ok(0) | Err(_)) => break true,
            Ok(Ok(n)) => bytes.extend_from_slice(&chunk[..n]),
            Err(_) => break false,
        }
    };
    Reply { text: String::from_utf8_lossy(&bytes).into_owned(), closed }
}

/// Sends and reads, on a connection of its own. A server that closes early is no error.
pub(crate) async fn send(site: &Site, bytes: &[u8]) -> Reply {
    let mut stream = connect(site).await;
    let _ = stream.write_all(bytes).await;
    read(&mut stream, Duration::from_millis(300)).await
}

/// Runs all rows of a table at once.
pub(crate) async fn send_all(site: &Site, rows: &[(String, Vec<u8>)]) -> Vec<(String, Reply)> {
    let tasks: Vec<_> = rows
        .iter()
        .map(|(case, bytes)| {
            let (case, bytes, address) = (case.clone(), bytes.clone(), site.address.clone());
            tokio::spawn(async move {
                let Address::Tcp(address) = address else { panic!("not a TCP site") };
                let mut stream = TcpStream::connect(address).await.unwrap();
                let _ = stream.write_all(&bytes).await;
                (case, read(&mut stream, Duration::from_millis(300)).await)
            })
        })
        .collect();
    let mut replies = Vec::new();
    for task in tasks {
        replies.push(task.await.unwrap());
    }
    replies
}

/// A GET of a path, on a connection of its own.
pub(crate) async fn get(site: &Site, path: &str) -> Reply {
    send(site, format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes()).await
}

/// The request that must never run, hidden behind another one.
pub(crate) const HIDDEN: &str = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
