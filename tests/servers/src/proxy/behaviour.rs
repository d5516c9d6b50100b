//! What a proxy does to those who talk through it.

use std::time::Duration;

/// The ways in which a server can be away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// The server, as it is.
    Pass,
    /// Nobody listens, and connections that were open are closed.
    Refused,
    /// Connections are accepted, and nothing is answered. What was sent meanwhile is answered when this ends, as a
    /// server does that was stopped for a while.
    Hang,
    /// Requests reach the server; of what it answers on each connection from now on, only so many bytes come back, and
    /// then the connection closes.
    CutMidReply(u64),
    /// Requests do not reach the server, and what comes back is noise; on a new connection it comes unasked.
    Garbage,
    /// Each request waits so long before it reaches the server.
    Slow(Duration),
}
