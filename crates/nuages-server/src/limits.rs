//! How much the server takes from a peer.

/// How much the server takes from a peer before it refuses.
///
/// ```
/// use nuages_server::Limits;
///
/// let limits = Limits { connections: 500, ..Limits::default() };
/// assert_eq!(limits.header_bytes, 64 * 1024);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections open at once; more wait in the kernel's queue. Default: 10,000.
    ///
    /// A request that still runs after its client left keeps its place until it ends.
    pub connections: usize,
    /// Bytes of a request line and its header fields, else 431. Default: 64 KiB; at least 8 KiB.
    ///
    /// On HTTP/1 this is also the size of the read and the write buffer.
    pub header_bytes: usize,
    /// Header fields of a request, else 431. Default: 100.
    ///
    /// Another number than the default costs one heap allocation a request on HTTP/1.
    pub header_count: usize,
    /// Bytes of the request target (path and query), else 414. Default: 32 KiB.
    pub target_bytes: usize,
    /// Bytes of a request body, else 413, or [`BodyErrorKind::TooLarge`](crate::BodyErrorKind::TooLarge) while
    /// it is read. Default: `None`, because the application has its own and smaller limits.
    pub body_bytes: Option<u64>,
    /// Requests open at once on one HTTP/2 connection. Default: 100.
    pub http2_streams: u32,
    /// Bytes of one HTTP/2 request body that may wait unread. Default: 64 KiB.
    pub http2_stream_window: u32,
    /// Bytes of all HTTP/2 request bodies of one connection that may wait unread. Default: 256 KiB.
    pub http2_connection_window: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            header_bytes: 64 * 1024,
            header_count: Self::STACK_HEADERS,
            target_bytes: 32 * 1024,
            body_bytes: None,
            http2_streams: 100,
            http2_stream_window: 64 * 1024,
            http2_connection_window: 256 * 1024,
        }
    }
}

impl Limits {
    /// The number of header fields that hyper parses without a heap allocation.
    pub(crate) const STACK_HEADERS: usize = 100;

    /// [`header_bytes`](Self::header_bytes), never less than hyper's smallest buffer.
    pub(crate) fn head(&self) -> usize {
        self.header_bytes.max(8 * 1024)
    }
}
