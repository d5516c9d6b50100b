use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use redis::{Cmd, Value};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::address::Address;
use super::cluster::Cluster;
use super::failure::{Failure, Refusal, Stage};
use super::link::Link;
use super::reply;
use super::script::KeyScript;
use super::sentinel::Sentinel;
use super::slot::slot;

/// How many keys one command names, so that it does not hold up the server for everybody else.
const KEYS_A_COMMAND: usize = 500;
/// How many commands are under way in a Cluster for one call.
const COMMANDS_AT_ONCE: usize = 64;

/// The way to the server of a key.
#[derive(Clone)]
pub(super) enum Route {
    Server(Link),
    Sentinel(Arc<Sentinel>),
    Cluster(Arc<Cluster>),
}

/// Whether a command may be carried out twice without harm: what reads may, what writes may not, for between the
/// first time and the second somebody else may have written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    Safe,
    Never,
}

/// Commands whose keys have one slot each, if slots matter.
pub(super) type Keyed = Vec<(u16, Cmd)>;

impl Route {
    pub(super) fn new(address: &Address, connect_timeout: Duration) -> Route {
        match address.clone() {
            Address::Server(endpoint) => Route::Server(Link::new(endpoint, connect_timeout)),
            Address::Sentinel { sentinels, service, server } => {
                Route::Sentinel(Arc::new(Sentinel::new(sentinels, &service, server, connect_timeout)))
            }
            Address::Cluster(seeds) => Route::Cluster(Arc::new(Cluster::new(seeds, connect_timeout))),
        }
    }

    /// Runs a command that names `key`.
    pub(super) async fn run(
        &self,
        key: &str,
        command: Cmd,
        repeat: Repeat,
        deadline: Instant,
    ) -> Result<Value, Failure> {
        match self {
            Route::Cluster(cluster) => {
                cluster.run(slot(key.as_bytes()), &command, repeat == Repeat::Safe, deadline).await
            }
            _ => reply::one(self.send(&[command], repeat, deadline).await?),
        }
    }

    /// Runs a script on `key`, and tells the server the script if it has not seen it.
    pub(super) async fn run_script(
        &self,
        script: &KeyScript,
        key: &str,
        arguments: &[&[u8]],
        deadline: Instant,
    ) -> Result<Value, Failure> {
        match self.run(key, script.by_digest(key, arguments), Repeat::Never, deadline).await {
            Err(failure) if failure.stage == Stage::Refused(Refusal::NoScript) => {
                self.run(key, script.by_source(key, arguments), Repeat::Never, deadline).await
            }
            result => result,
        }
    }

    /// The positions of `keys`, grouped so that one command may name all keys of a group.
    pub(super) fn groups(&self, keys: &[String]) -> Vec<(u16, Vec<usize>)> {
        let mut slots: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
        for (position, key) in keys.iter().enumerate() {
            let slot = if matches!(self, Route::Cluster(_)) { slot(key.as_bytes()) } else { 0 };
            slots.entry(slot).or_default().push(position);
        }
        let chunks = slots.into_iter().flat_map(|(slot, positions)| {
            positions.chunks(KEYS_A_COMMAND).map(|chunk| (slot, chunk.to_vec())).collect::<Vec<_>>()
        });
        chunks.collect()
    }

    /// Runs many commands and returns their answers in order.
    pub(super) async fn run_all(
        &self,
        commands: Keyed,
        repeat: Repeat,
        deadline: Instant,
    ) -> Result<Vec<Value>, Failure> {
        let Route::Cluster(cluster) = self else {
            let commands: Vec<Cmd> = commands.into_iter().map(|(_, command)| command).collect();
            let values = self.send(&commands, repeat, deadline).await?;
            return values.into_iter().map(reply::checked).collect();
        };
        let mut answers = vec![Value::Nil; commands.len()];
        let mut waiting = commands.into_iter().enumerate();
        let mut running = JoinSet::new();
        loop {
            while running.len() < COMMANDS_AT_ONCE {
                let Some((position, (slot, command))) = waiting.next() else { break };
                let cluster = Arc::clone(cluster);
                running.spawn(async move {
                    (position, cluster.run(slot, &command, repeat == Repeat::Safe, deadline).await)
                });
            }
            let Some(done) = running.join_next().await else { return Ok(answers) };
            let (position, value) = done.map_err(|_| Failure::unexpected())?;
            if let Some(answer) = answers.get_mut(position) {
                *answer = value?;
            }
        }
    }

    /// Runs a command on every server that takes writes.
    pub(super) async fn run_on_masters(&self, command: Cmd, deadline: Instant) -> Result<(), Failure> {
        match self {
            Route::Cluster(cluster) => cluster.run_on_masters(&command, deadline).await,
            _ => reply::one(self.send(&[command], Repeat::Never, deadline).await?).map(drop),
        }
    }

    /// Sends to a single server, and once more where that is safe.
    async fn send(&self, commands: &[Cmd], repeat: Repeat, deadline: Instant) -> Result<Vec<Value>, Failure> {
        // Who has waited for long already for a server that cannot be reached leaves the second try to others.
        let hurry = Instant::now() + deadline.saturating_duration_since(Instant::now()) / 3;
        let failure = match self.send_once(commands, deadline).await {
            Ok(values) => return Ok(values),
            Err(failure) => failure,
        };
        let again = match failure.stage {
            Stage::Unsent => Instant::now() < hurry,
            Stage::Refused(Refusal::ReadOnly) => matches!(self, Route::Sentinel(_)),
            Stage::Lost => repeat == Repeat::Safe,
            Stage::Late | Stage::Refused(_) => false,
        };
        if again { self.send_once(commands, deadline).await } else { Err(failure) }
    }

    async fn send_once(&self, commands: &[Cmd], deadline: Instant) -> Result<Vec<Value>, Failure> {
        match self {
            Route::Server(link) => link.send(commands, deadline).await,
            Route::Sentinel(sentinel) => {
                let values = sentinel.master(deadline).await?.send(commands, deadline).await?;
                if let Some(Err(failure)) = values.first().cloned().map(reply::checked)
                    && failure.stage == Stage::Refused(Refusal::ReadOnly)
                {
                    // A master no longer: nothing was written, and the sentinels know the new one.
                    sentinel.forget();
                    return Err(failure);
                }
                Ok(values)
            }
            Route::Cluster(_) => Err(Failure::unexpected()),
        }
    }
}
