//! A proxy that can be told to misbehave.

mod behaviour;
mod connection;
mod shared;

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

pub use behaviour::Behaviour;
use shared::Shared;

use crate::port::Port;

/// A TCP proxy on a loopback port, whose behaviour can be changed at any time, for the connections that are open too.
///
/// ```
/// use test_servers::{Behaviour, Memcached, Proxy};
///
/// let memcached = Memcached::start();
/// let proxy = Proxy::to(memcached.address());
/// assert!(std::net::TcpStream::connect(proxy.address()).is_ok());
/// proxy.set(Behaviour::Refused);
/// assert!(std::net::TcpStream::connect(proxy.address()).is_err());
/// assert_eq!(proxy.url(&memcached.url()), format!("memcached://{}", proxy.address()));
/// ```
pub struct Proxy {
    port: Port,
    shared: Arc<Shared>,
    listening: Mutex<Option<Listening>>,
}

struct Listening {
    ended: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Proxy {
    /// A proxy that passes everything on to this address.
    #[must_use]
    pub fn to(upstream: SocketAddr) -> Proxy {
        let proxy = Proxy {
            port: Port::free(),
            shared: Arc::new(Shared::new(upstream)),
            listening: Mutex::new(None),
        };
        proxy.listen();
        proxy
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.port.address()
    }

    /// The URL of the server behind it, with the proxy's address in it.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        let upstream = self.shared.upstream.to_string();
        assert!(url.contains(&upstream), "{url} is not a URL of {upstream}");
        url.replace(&upstream, &self.address().to_string())
    }

    /// Changes how it behaves. When this returns, nobody is served in the old way any more.
    pub fn set(&self, behaviour: Behaviour) {
        self.shared.change_to(behaviour);
        if behaviour == Behaviour::Refused {
            self.close();
        } else {
            self.listen();
        }
    }

    /// How many connections are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.shared.state().open.len()
    }

    /// How many connections were accepted since the proxy was made.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.shared.state().accepted
    }

    fn listen(&self) {
        let mut listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner);
        if listening.is_some() {
            return;
        }
        let listener = TcpListener::bind(self.address());
        let listener = listener.unwrap_or_else(|e| panic!("cannot listen on {}: {e}", self.address()));
        let ended = Arc::new(AtomicBool::new(false));
        let (shared, end) = (Arc::clone(&self.shared), Arc::clone(&ended));
        let thread = std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || connection::serve(&shared, client));
            }
        });
        *listening = Some(Listening { ended, thread });
    }

    /// Listens no more, and closes all connections.
    fn close(&self) {
        let listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Listening { ended, thread }) = listening {
            ended.store(true, Ordering::SeqCst);
            // It waits for a connection: here is one.
            TcpStream::connect(self.address()).ok();
            thread.join().ok();
        }
        self.shared.close_all();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.change_to(Behaviour::Refused);
        self.close();
    }
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proxy")
            .field("address", &self.address())
            .field("upstream", &self.shared.upstream)
            .field("behaviour", &self.shared.now().0)
            .finish_non_exhaustive()
    }
}
