//! memcached: one server or several, among which keys are spread as pymemcache spreads them.
//!
//! The client is our own, for the text protocol: no crate offers flags, cas and deadlines on unix sockets too.

mod command;
mod connection;
mod expiry;
mod failure;
mod murmur3;
mod native;
mod operations;
mod pool;
mod reply;
mod ring;
mod server;

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use self::pool::Pool;
use self::ring::Ring;
use self::server::Server;
use crate::error::{CacheError, CacheErrorKind};
use crate::serializer::Serializer;

/// The deadline of an operation unless another is set.
const SOCKET_TIMEOUT: Duration = Duration::from_secs(2);
/// The longest that a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// The longest deadline: a clock cannot say everything.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 3600);
/// How many connections there are to a server unless another number is set.
const MAX_POOL_SIZE: NonZeroUsize = NonZeroUsize::MIN.saturating_add(15);

/// A cache in memcached (`django.core.cache.backends.memcached.PyMemcacheCache`).
///
/// Several servers share the keys as pymemcache's `HashClient` shares them out, so that Django finds them. A server
/// that is away keeps its keys, and they are errors until it is back: pymemcache gives them to the other servers,
/// which brings back what was deleted meanwhile.
///
/// Integers are stored as text, with which memcached counts, from 0 up: what would fall below stays 0. What memcached
/// calls a second is the unit of timeouts, and what is less than one is none. Its clock may end in 2038: what should live
/// longer is then gone at once, for Django too. Values above the server's limit (1 MiB unless started with `-I`) are an
/// error of kind `Encode`.
///
/// As a URL it is `memcached://host:11211,host2:11211`, or `memcached:///path` for a socket, with the options
/// `socket_timeout`, the deadline of an operation in seconds (2), `socket_connect_timeout` (half of it, 1 at most) and
/// `max_pool_size`.
///
/// A server has up to 16 connections, made when they are needed. If one breaks, what reads is tried again on another;
/// what writes is tried again only if it never left. A server that does not answer is an error of kind `TimedOut` or
/// `Unavailable` within the deadline.
///
/// ```
/// use nuages_cache::{CacheFront, MemcachedCache};
///
/// let cache = CacheFront::new(MemcachedCache::new(["127.0.0.1:11211", "/run/memcached.sock"])?);
/// assert!(MemcachedCache::new(["127.0.0.1:port"]).is_err());
/// # Ok::<_, nuages_cache::CacheError>(())
/// ```
#[derive(Clone)]
pub struct MemcachedCache {
    servers: Vec<Server>,
    serializer: Serializer,
    socket_timeout: Duration,
    connect_timeout: Option<Duration>,
    max_pool_size: NonZeroUsize,
    ring: Ring,
    pools: Arc<[Arc<Pool>]>,
}

impl MemcachedCache {
    /// The servers of Django's `LOCATION`: each is `host:port`, `host` (port 11211), `[address]:port`, or the path of
    /// a socket, with `unix:` before it or not. Every client must name them in the same way.
    ///
    /// # Errors
    /// `InvalidBackend` if one cannot be read or there is none.
    pub fn new<'a>(servers: impl IntoIterator<Item = &'a str>) -> Result<MemcachedCache, CacheError> {
        let mut known: Vec<Server> = Vec::new();
        for server in servers {
            let server = Server::parse(server.trim())?;
            if known.iter().all(|other| other.name != server.name) {
                known.push(server);
            }
        }
        if known.is_empty() {
            return Err(invalid("the LOCATION of a memcached names no server"));
        }
        let cache = MemcachedCache {
            ring: Ring::new(known.iter().map(|server| server.name.clone()).collect()),
            servers: known,
            serializer: Serializer::default(),
            socket_timeout: SOCKET_TIMEOUT,
            connect_timeout: None,
            max_pool_size: MAX_POOL_SIZE,
            pools: Arc::new([]),
        };
        Ok(cache.reopen())
    }

    /// The same with an option of a URL or of `CACHES`: ours, and those of pymemcache that mean something here.
    pub(crate) fn option(self, name: &str, value: &str) -> Result<MemcachedCache, CacheError> {
        let is_true = value.eq_ignore_ascii_case("true") || value == "1";
        match name {
            "socket_timeout" => Ok(self.socket_timeout(seconds(value)?)),
            "socket_connect_timeout" | "connect_timeout" => Ok(self.connect_timeout(seconds(value)?)),
            "max_pool_size" => {
                let count = value.parse().ok().and_then(NonZeroUsize::new);
                Ok(self
                    .max_pool_size(count.ok_or_else(|| invalid("max_pool_size is an integer, more than 0"))?))
            }
            "no_delay" | "use_pooling" | "allow_unicode_keys" if is_true => Ok(self),
            "no_delay" | "use_pooling" | "allow_unicode_keys" => {
                Err(invalid("no_delay, use_pooling and allow_unicode_keys are always true for memcached"))
            }
            "ignore_exc" if !is_true => Ok(self),
            "ignore_exc" => Err(invalid(
                "a memcached that is away is an error, never a missing value; leave ignore_exc out",
            )),
            _ => Err(invalid(
                "an option of a memcached is not known; there are socket_timeout, socket_connect_timeout and max_pool_size",
            )),
        }
    }

    /// The same for a front with this serializer. [`Serializer::Pickle`] stores what Django stores: text and bytes as
    /// they are, and all else but integers as pickles.
    #[must_use]
    pub fn serializer(mut self, serializer: Serializer) -> MemcachedCache {
        self.serializer = serializer;
        self
    }

    /// The same with another deadline for an operation, whatever it has to do: 2 s unless set, a day at most
    /// (pymemcache's `timeout`).
    #[must_use]
    pub fn socket_timeout(mut self, timeout: Duration) -> MemcachedCache {
        self.socket_timeout = timeout;
        self.reopen()
    }

    /// The same with another limit to the time that a connection may take: half the deadline and at most 1 s
    /// unless set.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> MemcachedCache {
        self.connect_timeout = Some(timeout);
        self.reopen()
    }

    /// The same with at most so many connections to each server: 16 unless set (pymemcache's `max_pool_size`). What
    /// finds none free waits for one, within its deadline.
    #[must_use]
    pub fn max_pool_size(mut self, count: NonZeroUsize) -> MemcachedCache {
        self.max_pool_size = count;
        self.reopen()
    }

    /// Pools as the configuration says, without any connection yet.
    fn reopen(mut self) -> MemcachedCache {
        self.socket_timeout = self.socket_timeout.min(LONGEST_TIMEOUT);
        let half = CONNECT_TIMEOUT.min(self.socket_timeout / 2);
        let connect = self.connect_timeout.unwrap_or(half).min(self.socket_timeout);
        let pool = |server: &Server| Arc::new(Pool::new(server.clone(), connect, self.max_pool_size));
        self.pools = self.servers.iter().map(pool).collect();
        self
    }
}

fn seconds(text: &str) -> Result<Duration, CacheError> {
    text.parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| invalid("socket_timeout and socket_connect_timeout are seconds, more than 0"))
}

fn invalid(message: &str) -> CacheError {
    CacheError::new(CacheErrorKind::InvalidBackend, message)
}

impl fmt::Debug for MemcachedCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemcachedCache")
            .field("servers", &self.servers.len())
            .field("serializer", &self.serializer)
            .field("socket_timeout", &self.socket_timeout)
            .finish_non_exhaustive()
    }
}
