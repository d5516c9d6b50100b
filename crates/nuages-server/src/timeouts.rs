//! How long the server waits for a peer.

use std::time::Duration;

/// How long the server waits for a peer before it ends the connection.
///
/// The defaults keep a slow or rude peer from holding a connection for more than 35 seconds. Time that the
/// application needs is never counted.
///
/// ```
/// use nuages_server::Timeouts;
/// use std::time::Duration;
///
/// let timeouts = Timeouts { keep_alive: Duration::from_secs(5), ..Timeouts::default() };
/// assert_eq!(timeouts.header, Duration::from_secs(10));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// From the accepted connection to its first byte. Default: 10 seconds.
    pub first_byte: Duration,
    /// From the first byte of a request to the end of its header. Default: 10 seconds.
    pub header: Duration,
    /// The longest pause while a request body is being read. Default: 10 seconds.
    pub body_stall: Duration,
    /// The bytes a second that a request body must bring on average, 0 for no such rule. Default: 500.
    ///
    /// Counted over the time spent waiting for the peer, and only after [`body_grace`](Self::body_grace).
    pub body_rate: u32,
    /// How long a body may be slower than [`body_rate`](Self::body_rate). Default: 10 seconds.
    pub body_grace: Duration,
    /// How long a peer may refuse to take a single byte of an answer. Default: 20 seconds.
    pub write_stall: Duration,
    /// How long a connection may stay open between two requests. Default: 30 seconds.
    pub keep_alive: Duration,
    /// How long running requests may take after the server was told to end. Default: 30 seconds.
    pub drain: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(10),
            header: Duration::from_secs(10),
            body_stall: Duration::from_secs(10),
            body_rate: 500,
            body_grace: Duration::from_secs(10),
            write_stall: Duration::from_secs(20),
            keep_alive: Duration::from_secs(30),
            drain: Duration::from_secs(30),
        }
    }
}
