//! The protected site on a server of this process; its messages (case 285) and its lengths (case 393).

use std::collections::BTreeSet;
use std::net::SocketAddr;

use nuages::prelude::*;
use nuages::server::{Address, Server};
use tempfile::TempDir;

use crate::client::{self, Reply, send};
use crate::running::settings;

/// A server with the site; it ends with the test.
pub(crate) struct Protected {
    pub(crate) address: SocketAddr,
    _folder: TempDir,
}

impl Protected {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With settings of the test's own.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = TempDir::new().unwrap();
        let mut settings = settings("cache", folder.path());
        change(&mut settings);
        let application = attacks::protected_app(settings).build().unwrap();
        let bound = Server::new().bind("127.0.0.1:0".parse::<Address>().unwrap()).unwrap();
        let Address::Tcp(address) = *bound.local_addr() else { panic!("not a TCP server") };
        tokio::spawn(bound.serve(application, std::future::pending::<()>()));
        Self { address, _folder: folder }
    }

    pub(crate) async fn get(&self, target: &str, lines: &str) -> Reply {
        client::get(self.address, target, lines).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_285_a_forged_cookie_shows_nothing() {
    let site = Protected::new().await;
    let added = site.get("/messages?add=hello", "").await;
    let cookie = added.cookie().unwrap();
    assert!(cookie.starts_with("messages="), "{added:?}");
    let shown = site.get("/messages", &format!("Cookie: {cookie}\r\n")).await;
    assert_eq!(shown.body(), "messages: hello");
    assert!(shown.header("set-cookie").unwrap().contains("Max-Age=0"), "shown once: {shown:?}");
    let (payload, signature) = cookie.rsplit_once(':').unwrap();
    for forged in [
        format!("{payload}:{}", signature.chars().rev().collect::<String>()),
        format!("{payload}x:{signature}"),
        "messages=W1siX19qc29uX21lc3NhZ2UiLDAsMjAsImV2aWwiLCIiXV0".to_owned(),
        "messages=[[\"__json_message\",1,20,\"<script>\"]]".to_owned(),
        "messages=.".to_owned(),
        format!("messages={}", "a:".repeat(3000)),
    ] {
        let reply = site.get("/messages", &format!("Cookie: {forged}\r\n")).await;
        assert_eq!((reply.status(), reply.body()), (200, "messages: "), "{forged}: {reply:?}");
    }
}

/// Of the same answer; where the length never varies, each letter guessed right of the secret makes it shorter by one.
#[tokio::test(flavor = "multi_thread")]
async fn case_393_lengths_of_compressed_answers_vary() {
    let site = Protected::new().await;
    let mut lengths = BTreeSet::new();
    for _ in 0..40 {
        let reply = site.get("/secret?q=secret=3f9", "Accept-Encoding: gzip\r\n").await;
        assert_eq!(reply.header("content-encoding"), Some("gzip"), "{reply:?}");
        lengths.insert(reply.header("content-length").unwrap().parse::<u32>().unwrap());
    }
    let spread = lengths.last().unwrap() - lengths.first().unwrap();
    assert!(lengths.len() > 15 && (30..=100).contains(&spread), "{lengths:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_a_stranger_is_not_taken() {
    let site = Protected::with(|settings| settings.TRUSTED_PROXIES = Vec::new()).await;
    let reply = site.get("/form", "X-Request-ID: forged\r\n").await;
    let id = reply.header("x-request-id").unwrap();
    assert!(id.len() == 24 && id != "forged", "{reply:?}");
    let site = Protected::new().await;
    for (given, kept) in [("from-the.proxy:1", true), ("with blank", false), ("", false), ("a\"b", false)] {
        let reply = send(
            site.address,
            format!("GET /form HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Request-ID: {given}\r\n\r\n"),
        )
        .await;
        assert_eq!(reply.header("x-request-id") == Some(given), kept, "{reply:?}");
    }
}
