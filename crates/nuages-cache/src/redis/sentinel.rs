use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redis::{Value, cmd};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::endpoint::Endpoint;
use super::failure::{Failure, Refusal, Stage};
use super::link::Link;
use super::reply;

/// A master that Sentinel may replace by another.
pub(super) struct Sentinel {
    sentinels: Vec<Link>,
    service: Arc<str>,
    server: Endpoint,
    connect_timeout: Duration,
    master: Mutex<Option<Link>>,
    /// One search at a time.
    search: tokio::sync::Mutex<()>,
}

impl Sentinel {
    pub(super) fn new(
        sentinels: Vec<Endpoint>,
        service: &str,
        server: Endpoint,
        connect_timeout: Duration,
    ) -> Sentinel {
        Sentinel {
            sentinels: sentinels.into_iter().map(|sentinel| Link::new(sentinel, connect_timeout)).collect(),
            service: Arc::from(service),
            server,
            connect_timeout,
            master: Mutex::new(None),
            search: tokio::sync::Mutex::new(()),
        }
    }

    /// The master of now. A server whose connection broke is asked for its role again before it is used: it may
    /// have come back as a replica of another.
    pub(super) async fn master(&self, deadline: Instant) -> Result<Link, Failure> {
        if let Some(master) = self.known() {
            return Ok(master);
        }
        let Ok(_search) = tokio::time::timeout_at(deadline, self.search.lock()).await else {
            return Err(Failure::late(Stage::Unsent));
        };
        if let Some(master) = self.known() {
            return Ok(master);
        }
        // Whoever has time left may search again; nobody shall search for longer than a connection may take.
        let deadline = deadline.min(Instant::now() + self.connect_timeout);
        let master = self.search(deadline).await?;
        *self.master.lock().unwrap_or_else(PoisonError::into_inner) = Some(master.clone());
        Ok(master)
    }

    /// Forgets a master that turned out to be none.
    pub(super) fn forget(&self) {
        *self.master.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn known(&self) -> Option<Link> {
        self.master.lock().unwrap_or_else(PoisonError::into_inner).clone().filter(Link::is_open)
    }

    /// Asks all sentinels at once and believes the first whose master says of itself that it is one.
    async fn search(&self, deadline: Instant) -> Result<Link, Failure> {
        let mut answers = JoinSet::new();
        for sentinel in self.sentinels.clone() {
            let (service, server) = (Arc::clone(&self.service), self.server.clone());
            let connect_timeout = self.connect_timeout;
            answers.spawn(async move {
                let (host, port) = named(&sentinel, &service, deadline).await?;
                let master = Link::new(server.at(&host, port), connect_timeout);
                if is_master(&master, deadline).await? { Ok(master) } else { Err(demoted()) }
            });
        }
        let mut failure = None;
        while let Some(answer) = answers.join_next().await {
            match answer {
                Ok(Ok(master)) => return Ok(master),
                Ok(Err(reason)) => failure = Some(reason),
                Err(_) => {}
            }
        }
        // Whatever went wrong, the request has not been sent.
        Err(failure.unwrap_or_else(demoted).unsent())
    }
}

fn demoted() -> Failure {
    Failure::unavailable(
        Stage::Refused(Refusal::Passing),
        "the sentinels know no master of this service; check its name, or wait for the fail-over",
    )
}

async fn named(sentinel: &Link, service: &str, deadline: Instant) -> Result<(String, u16), Failure> {
    let mut question = cmd("SENTINEL");
    question.arg("get-master-addr-by-name").arg(service);
    match reply::one(sentinel.send(&[question], deadline).await?)? {
        Value::Array(parts) => match parts.as_slice() {
            [host, port] => reply::text(host)
                .zip(reply::text(port).and_then(|port| port.parse().ok()))
                .ok_or_else(Failure::unexpected),
            _ => Err(Failure::unexpected()),
        },
        Value::Nil => Err(demoted()),
        _ => Err(Failure::unexpected()),
    }
}

async fn is_master(server: &Link, deadline: Instant) -> Result<bool, Failure> {
    match reply::one(server.send(&[cmd("ROLE")], deadline).await?)? {
        Value::Array(parts) => Ok(parts.first().and_then(reply::text).as_deref() == Some("master")),
        _ => Err(Failure::unexpected()),
    }
}
