//! The server: from its configuration to its end.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Duration, Instant, sleep, timeout};

use crate::address::Address;
use crate::bind_error::BindError;
use crate::connection::Connection;
use crate::drain::Shared;
use crate::limits::Limits;
use crate::listener::{Acceptor, Listener, Sharing};
use crate::peer::Peer;
use crate::progress::Progress;
use crate::service::HttpService;
use crate::signals::Insist;
use crate::socket::Socket;
use crate::timeouts::Timeouts;

/// How long cut connections have to free what they hold.
const AFTER_CUT: Duration = Duration::from_secs(1);

/// A server's configuration.
///
/// ```
/// use std::convert::Infallible;
/// use std::time::Duration;
/// use bytes::Bytes;
/// use http_body_util::Full;
/// use nuages_server::{Address, Ended, Limits, RequestBody, Server, Timeouts, shutdown_signal};
///
/// # #[derive(Clone)] struct App;
/// # impl tower_service::Service<http::Request<RequestBody>> for App {
/// #     type Response = http::Response<Full<Bytes>>;
/// #     type Error = Infallible;
/// #     type Future = std::future::Ready<Result<Self::Response, Infallible>>;
/// #     fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
/// #         std::task::Poll::Ready(Ok(()))
/// #     }
/// #     fn call(&mut self, _: http::Request<RequestBody>) -> Self::Future {
/// #         std::future::ready(Ok(http::Response::new(Full::default())))
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let limits = Limits { body_bytes: Some(1_000_000), ..Limits::default() };
/// let timeouts = Timeouts { drain: Duration::from_secs(10), ..Timeouts::default() };
/// let server = Server::new().limits(limits).timeouts(timeouts);
/// let bound = server.bind("127.0.0.1:0".parse::<Address>()?)?;
/// println!("listening on {}", bound.local_addr());
/// # let shutdown_signal = || async {};
/// let ended = bound.serve(App, shutdown_signal()).await?;
/// assert_eq!(ended, Ended::Clean);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Server {
    limits: Limits,
    timeouts: Timeouts,
    backlog: u32,
    sharing: Sharing,
    peer_extension: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

impl Server {
    /// A server with the default [`Limits`] and [`Timeouts`].
    pub fn new() -> Self {
        Self {
            limits: Limits::default(),
            timeouts: Timeouts::default(),
            backlog: 4096,
            sharing: Sharing::Alone,
            peer_extension: true,
        }
    }

    /// Sets how much the server takes from a peer.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets how long the server waits for a peer.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets how many connections the kernel may hold for the server to accept. Default: 4096, of which Linux
    /// grants no more than `net.core.somaxconn`.
    pub fn backlog(mut self, connections: u32) -> Self {
        self.backlog = connections;
        self
    }

    /// Lets several servers listen on one TCP port, and the kernel deal out the connections (SO_REUSEPORT): for
    /// a runtime a core, or for a restart in which the new process listens before the old one ends.
    pub fn reuse_port(mut self) -> Self {
        self.sharing = Sharing::Port;
        self
    }

    /// Leaves the [`Peer`] extension out of the requests, which saves three small allocations each;
    /// [`RequestBody::peer`](crate::RequestBody::peer) tells the same.
    pub fn without_peer_extension(mut self) -> Self {
        self.peer_extension = false;
        self
    }

    /// Listens on an address. Needs no runtime.
    ///
    /// A unix socket's file is made, a stale one that nobody listens on replaced, and removed at the end.
    ///
    /// # Errors
    ///
    /// [`BindError`] names the address and tells the fix, for example another port for one in use.
    pub fn bind(self, address: impl Into<Address>) -> Result<Bound, BindError> {
        let address = address.into();
        let listener = Listener::bind(&address, self.backlog, self.sharing)?;
        let address = listener.address().map_err(|error| BindError::from_io(error, &address))?;
        Ok(Bound { server: self, listener, address })
    }
}

/// A server that listens, and does not answer yet.
///
/// ```
/// use nuages_server::{Address, Server};
///
/// let bound = Server::new().bind("127.0.0.1:0".parse::<Address>()?)?;
/// assert_ne!(bound.local_addr().to_string(), "127.0.0.1:0", "the system has chosen a port");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Bound {
    server: Server,
    listener: Listener,
    address: Address,
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All requests were answered.
    Clean,
    /// The deadline passed, or somebody insisted, and connections or detached requests were cut.
    Cut {
        /// How many.
        connections: usize,
    },
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clean => f.write_str("all requests were answered"),
            Self::Cut { connections } => write!(f, "{connections} connections were cut"),
        }
    }
}

impl Bound {
    /// Where the server listens, with the port that the system chose for port 0.
    pub fn local_addr(&self) -> &Address {
        &self.address
    }

    /// The same socket once more: whoever keeps one can serve on the other, end that, and serve again, and no client is
    /// refused in between. Meanwhile connections wait in the kernel's queue.
    ///
    /// The file of a unix socket lives as long as the first.
    ///
    /// ```
    /// use nuages_server::{Address, Server};
    ///
    /// let kept = Server::new().bind("127.0.0.1:0".parse::<Address>().unwrap())?;
    /// let served = kept.try_clone()?;
    /// assert_eq!(served.local_addr(), kept.local_addr());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The process has no file descriptor left.
    pub fn try_clone(&self) -> io::Result<Self> {
        let listener = self.listener.try_clone()?;
        Ok(Self { server: self.server.clone(), listener, address: self.address.clone() })
    }

    /// Answers requests until `shutdown` is ready, and then drains: the server stops listening, closes idle
    /// connections at once, lets running requests end ([`Timeouts::drain`]), and cuts the rest.
    ///
    /// What `shutdown` gives may cut the drain short: the value of
    /// [`shutdown_signal`](crate::shutdown_signal) does so at the second signal, `()` never.
    ///
    /// # Errors
    ///
    /// The runtime has no I/O driver.
    pub async fn serve<S, F>(self, service: S, shutdown: F) -> io::Result<Ended>
    where
        S: HttpService,
        F: Future<Output: Insist>,
    {
        let Server { limits, timeouts, peer_extension, .. } = self.server;
        let shared = Shared::new(limits, timeouts, peer_extension);
        let acceptor = Acceptor::new(self.listener)?;
        let open = |socket: Socket, peer: Peer, seat| {
            let progress = Progress::new(shared.clone(), seat, peer);
            tokio::spawn(Connection::new(socket, service.clone(), progress));
        };
        let mut shutdown = pin!(shutdown);
        let mut insist = loop {
            let next = async {
                let seat = seat(&shared).await;
                let (socket, peer) = accept(&acceptor, &shared).await;
                (socket, peer, seat)
            };
            match first(shutdown.as_mut(), pin!(next)).await {
                First::Left(insist) => break insist,
                First::Right((socket, peer, seat)) => open(socket, peer, seat),
            }
        };
        shared.start_drain();
        match acceptor.empty(self.server.backlog) {
            Ok(waiting) => {
                for (socket, peer) in waiting {
                    let Ok(seat) = shared.seats.clone().try_acquire_owned() else { break };
                    open(socket, peer, seat);
                }
            }
            Err(error) => tracing::warn!(%error, "connections in the queue were lost"),
        }
        Ok(drain(&shared, &mut insist).await)
    }
}

/// For a process that shall inherit the socket.
impl AsFd for Bound {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.listener.as_fd()
    }
}

async fn drain(shared: &Shared, insist: &mut impl Insist) -> Ended {
    let deadline = crate::pace::later(Instant::now(), shared.timeouts.drain);
    let insisted = poll_fn(|cx| insist.poll_insist(cx));
    if let First::Right(true) = first(pin!(insisted), pin!(shared.emptied_before(deadline))).await {
        return Ended::Clean;
    }
    let connections = shared.alive();
    if connections == 0 {
        return Ended::Clean;
    }
    tracing::warn!(connections, "cutting what still runs");
    shared.cut();
    shared.emptied_before(Instant::now() + AFTER_CUT).await;
    Ended::Cut { connections }
}

/// Waits for a free seat, and meanwhile asks idle connections for theirs.
async fn seat(shared: &Arc<Shared>) -> OwnedSemaphorePermit {
    if let Ok(seat) = shared.seats.clone().try_acquire_owned() {
        shared.has_room();
        return seat;
    }
    if shared.is_newly_full() {
        tracing::warn!(connections = shared.limits.connections, "all connections are taken; new ones wait");
    }
    loop {
        shared.shed();
        let free = shared.seats.clone().acquire_owned();
        if let Ok(Ok(seat)) = timeout(Duration::from_millis(500), free).await {
            return seat;
        }
    }
}

/// Accepts a connection. Without file descriptors it pauses: the queue would else be asked again at once.
async fn accept(acceptor: &Acceptor, shared: &Shared) -> (Socket, Peer) {
    let mut pause = Duration::from_millis(10);
    loop {
        match acceptor.accept().await {
            Ok(accepted) => return accepted,
            // The client left while it was in the queue.
            Err(error) if is_of_one_client(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection; waiting");
                shared.shed();
                sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(1));
            }
        }
    }
}

fn is_of_one_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::NotConnected
            | io::ErrorKind::Interrupted
            | io::ErrorKind::InvalidInput
    )
}

enum First<A, B> {
    Left(A),
    Right(B),
}

/// Whichever is ready first; the left one if both are.
async fn first<A: Future, B: Future>(mut a: Pin<&mut A>, mut b: Pin<&mut B>) -> First<A::Output, B::Output> {
    poll_fn(|cx| {
        if let Poll::Ready(a) = a.as_mut().poll(cx) {
            return Poll::Ready(First::Left(a));
        }
        b.as_mut().poll(cx).map(First::Right)
    })
    .await
}
