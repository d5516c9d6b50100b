//! Who is at the other end of a connection.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// The two ends of a connection; every request carries it as an extension.
///
/// ```
/// use nuages_server::Peer;
///
/// let peer = Peer::Tcp { remote: "192.0.2.7:50000".parse().unwrap(), local: "192.0.2.1:80".parse().unwrap() };
/// assert_eq!(peer.ip(), Some("192.0.2.7".parse().unwrap()));
/// assert_eq!(peer.to_string(), "192.0.2.7:50000");
/// assert_eq!(Peer::Unix.ip(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// A TCP connection.
    Tcp {
        /// The client's address.
        remote: SocketAddr,
        /// The address that the client connected to.
        local: SocketAddr,
    },
    /// A unix socket: a process of this machine.
    Unix,
}

impl Peer {
    /// The client's IP address, `None` on a unix socket.
    pub fn ip(&self) -> Option<IpAddr> {
        match self {
            Self::Tcp { remote, .. } => Some(remote.ip()),
            Self::Unix => None,
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { remote, .. } => remote.fmt(f),
            Self::Unix => f.write_str("unix"),
        }
    }
}
