use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{Cmd, Pipeline, Value};
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};

use super::endpoint::Endpoint;
use super::failure::{Failure, Stage};

/// The connection to one server: opened when it is first needed, shared by all requests, replaced when it breaks.
///
/// One attempt to connect is under way at a time, in a task of its own, and all who need it wait for it: a server
/// that is away gets no storm of attempts, and one that returns is found by the first of them.
#[derive(Clone)]
pub(super) struct Link(Arc<Shared>);

struct Shared {
    endpoint: Endpoint,
    connect_timeout: Duration,
    state: Mutex<State>,
}

enum State {
    Closed,
    Opening(watch::Receiver<Attempt>),
    Open(Line),
}

/// Nothing while it is under way.
type Attempt = Option<Result<Line, Failure>>;

#[derive(Clone)]
struct Line {
    connection: MultiplexedConnection,
    ended: Arc<AtomicBool>,
}

impl Line {
    fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    async fn call(&mut self, commands: &[Cmd]) -> redis::RedisResult<Vec<Value>> {
        if let [command] = commands {
            return Ok(vec![self.connection.send_packed_command(command).await?]);
        }
        let mut pipeline = Pipeline::with_capacity(commands.len());
        for command in commands {
            pipeline.add_command(command.clone());
        }
        self.connection.send_packed_commands(&pipeline, 0, commands.len()).await
    }
}

impl Link {
    pub(super) fn new(endpoint: Endpoint, connect_timeout: Duration) -> Link {
        Link(Arc::new(Shared { endpoint, connect_timeout, state: Mutex::new(State::Closed) }))
    }

    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    /// Whether there is a connection that is not known to be broken.
    pub(super) fn is_open(&self) -> bool {
        matches!(&*self.0.state(), State::Open(line) if !line.has_ended())
    }

    /// Sends `commands` in one go and returns an answer for each; the answers may be a server's errors.
    pub(super) async fn send(&self, commands: &[Cmd], deadline: Instant) -> Result<Vec<Value>, Failure> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let mut line = self.line(deadline).await?;
        match timeout_at(deadline, line.call(commands)).await {
            Ok(Ok(values)) if values.len() == commands.len() => Ok(values),
            Ok(Ok(_)) => Err(Failure::unexpected()),
            Ok(Err(error)) => {
                self.0.discard(&line);
                Err(Failure::from_connection(&error, Stage::Lost))
            }
            Err(_) => {
                // Perhaps the other end has vanished: the next request shall not wait for it as well.
                self.0.discard(&line);
                Err(Failure::late(Stage::Late))
            }
        }
    }

    async fn line(&self, deadline: Instant) -> Result<Line, Failure> {
        let mut attempt = match self.0.begin() {
            Ok(line) => return Ok(line),
            Err(attempt) => attempt,
        };
        match timeout_at(deadline, attempt.wait_for(Option::is_some)).await {
            Ok(Ok(attempt)) => attempt.clone().unwrap_or_else(|| Err(Failure::late(Stage::Unsent))),
            Ok(Err(_)) => {
                Err(Failure::unavailable(Stage::Unsent, "the runtime that connected to Redis has ended"))
            }
            Err(_) => Err(Failure::late(Stage::Unsent)),
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The open connection, or the attempt to make one, which is begun if there is none.
    fn begin(self: &Arc<Shared>) -> Result<Line, watch::Receiver<Attempt>> {
        let mut state = self.state();
        match &*state {
            State::Open(line) if !line.has_ended() => return Ok(line.clone()),
            // An attempt whose runtime was shut down has no sender any more.
            State::Opening(attempt) if attempt.has_changed().is_ok() => return Err(attempt.clone()),
            _ => {}
        }
        let (sender, attempt) = watch::channel(None);
        *state = State::Opening(attempt.clone());
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            let result = shared.open().await;
            let mut state = shared.state();
            *state = match &result {
                Ok(line) => State::Open(line.clone()),
                Err(_) => State::Closed,
            };
            sender.send_replace(Some(result));
        });
        Err(attempt)
    }

    async fn open(&self) -> Result<Line, Failure> {
        match timeout(self.connect_timeout, self.endpoint.connect()).await {
            Ok(Ok((connection, ended))) => Ok(Line { connection, ended }),
            Ok(Err(error)) => Err(Failure::from_connection(&error, Stage::Unsent)),
            Err(_) => Err(Failure::late(Stage::Unsent)),
        }
    }

    /// Takes a broken connection out of use, unless it has been replaced already.
    fn discard(&self, broken: &Line) {
        broken.ended.store(true, Ordering::Release);
        let mut state = self.state();
        if matches!(&*state, State::Open(line) if Arc::ptr_eq(&line.ended, &broken.ended)) {
            *state = State::Closed;
        }
    }
}
