//! A client that sends exactly the bytes it is given.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The request that must never run, hidden behind another one.
pub(crate) const HIDDEN: &str = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

/// Longer than any answer takes on a busy machine.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// What came back on a connection.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) text: String,
    /// Whether the server closed the connection.
    pub(crate) closed: bool,
}

impl Reply {
    /// The status codes of all answers; an interim answer is none.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        let codes = self.text.split("HTTP/1.").skip(1);
        codes.filter_map(|part| part.get(2..5)?.parse().ok()).filter(|status| *status != 100).collect()
    }

    /// The status of the only answer; 0 if there is none.
    #[track_caller]
    pub(crate) fn status(&self) -> u16 {
        let statuses = self.statuses();
        assert!(statuses.len() <= 1, "more than one answer: {self:?}");
        statuses.first().copied().unwrap_or(0)
    }

    pub(crate) fn head(&self) -> &str {
        self.text.split_once("\r\n\r\n").map_or(&self.text, |(head, _)| head)
    }

    pub(crate) fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }

    /// The values of a header, given in lower case.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        let lines = self.head().lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers(name).first().copied()
    }

    /// `name=value` of the first cookie set.
    pub(crate) fn cookie(&self) -> Option<String> {
        Some(self.header("set-cookie")?.split(';').next()?.to_owned())
    }

    /// Refused: at most one answer, of a status that says so, and then the end.
    #[track_caller]
    pub(crate) fn assert_refused(&self, case: &str) {
        assert!(self.closed, "{case}: still open after {self:?}");
        let statuses = self.statuses();
        let refused = |status: &u16| matches!(status, 400..=499 | 501 | 505);
        assert!(statuses.len() <= 1 && statuses.iter().all(refused), "{case}: {self:?}");
    }
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
pub(crate) async fn send(address: SocketAddr, bytes: impl AsRef<[u8]>) -> Reply {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let _ = stream.write_all(bytes.as_ref()).await;
    read(&mut stream, LONG).await
}

/// A GET on a connection of its own, with header lines of the caller's.
pub(crate) async fn get(address: SocketAddr, target: &str, lines: &str) -> Reply {
    let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{lines}\r\n");
    send(address, request).await
}

/// A GET with these cookies.
pub(crate) async fn visit(address: SocketAddr, target: &str, cookies: &str) -> Reply {
    let line = if cookies.is_empty() { String::new() } else { format!("Cookie: {cookies}\r\n") };
    get(address, target, &line).await
}

/// Percent-encodes everything but letters and digits.
pub(crate) fn quote(bytes: impl AsRef<[u8]>) -> String {
    let quote = |byte: &u8| {
        if byte.is_ascii_alphanumeric() { char::from(*byte).to_string() } else { format!("%{byte:02X}") }
    };
    bytes.as_ref().iter().map(quote).collect()
}

/// A connection that is kept and asked one thing after the other.
pub(crate) struct Kept {
    stream: TcpStream,
    cookies: String,
}

impl Kept {
    pub(crate) async fn open(address: SocketAddr, cookies: &str) -> Option<Self> {
        let stream = TcpStream::connect(address).await.ok()?;
        stream.set_nodelay(true).ok()?;
        Some(Self { stream, cookies: cookies.to_owned() })
    }

    /// The status and the body of the answer; none if the connection has broken.
    pub(crate) async fn get(&mut self, target: &str) -> Option<(u16, String)> {
        let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\nCookie: {}\r\n\r\n", self.cookies);
        self.stream.write_all(request.as_bytes()).await.ok()?;
        let mut bytes = Vec::new();
        let mut chunk = [0; 4096];
        loop {
            if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
                let length = head.split("content-length: ").nth(1)?.lines().next()?.parse::<usize>().ok()?;
                if let Some(body) = bytes.get(end + 4..end + 4 + length) {
                    let body = String::from_utf8_lossy(body).into_owned();
                    return Some((head.get(9..12)?.parse().ok()?, body));
                }
            }
            match timeout(LONG, self.stream.read(&mut chunk)).await.ok()? {
                Ok(0) | Err(_) => return None,
                Ok(n) => bytes.extend_from_slice(&chunk[..n]),
            }
        }
    }
}
