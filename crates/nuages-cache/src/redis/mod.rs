//! Redis: a server, several of which the others are read, a service of Sentinel, or a Cluster.

mod address;
mod cluster;
mod endpoint;
mod failure;
mod link;
mod operations;
mod replica;
mod reply;
mod route;
mod script;
mod sentinel;
mod slot;
mod slot_map;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use self::address::Address;
use self::failure::{Failure, Refusal, Stage};
use self::replica::Replica;
use self::route::Route;
use crate::error::{CacheError, CacheErrorKind};

/// How many operations wait for Redis at a time; what comes on top fails at once.
const MAX_WAITING: usize = 4096;
/// The deadline of an operation unless another is set.
const SOCKET_TIMEOUT: Duration = Duration::from_secs(2);
/// The longest that a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// The longest deadline: a clock cannot say everything.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 3600);

/// A cache in Redis (`django.core.cache.backends.redis.RedisCache`).
///
/// What it stores is what Django's stores: integers as text, so that Redis can count them, and everything else as
/// the front's serializer wrote it. Timeouts are kept to the millisecond.
///
/// | LOCATION | names |
/// | --- | --- |
/// | `redis://user:password@host:6379/0` | a server, and the number of its database |
/// | `rediss://host:6379/0` | the same by TLS; `?ssl_ca_certs=`, `ssl_certfile=` and `ssl_keyfile=` name PEM files |
/// | `redis+unix:///run/redis.sock?db=0` | a server by its socket (`unix://` too) |
/// | `redis+sentinel://:password@host:26379,host2/mymaster/0` | the master of a service, as Sentinel says; `?sentinel_password=` |
/// | `redis+cluster://:password@host:6379,host2` | a Cluster, by some of its nodes |
///
/// `rediss+sentinel://` and `rediss+cluster://` are encrypted. Every one takes `socket_timeout`, the deadline of an
/// operation in seconds (2), and `socket_connect_timeout` (half of it, 1 at most).
///
/// Connecting is left to the first operation, and one connection serves them all. If it breaks, what reads is tried
/// again on a new one; what writes is tried again only if it never left. A server that does not answer is an error
/// of kind `TimedOut` or `Unavailable` within the deadline.
///
/// ```
/// use nuages_cache::{CacheFront, RedisCache};
///
/// let cache = CacheFront::new(RedisCache::new("redis://:secret@127.0.0.1:6379/1?socket_timeout=0.5")?);
/// assert!(RedisCache::new("redis://127.0.0.1/not-a-number").is_err());
/// # Ok::<_, nuages_cache::CacheError>(())
/// ```
#[derive(Clone)]
pub struct RedisCache {
    first: Address,
    others: Vec<Address>,
    socket_timeout: Duration,
    connect_timeout: Option<Duration>,
    routes: Arc<Routes>,
}

struct Routes {
    first: Route,
    others: Vec<Replica>,
    waiting: Semaphore,
}

impl RedisCache {
    /// The Redis at `url`.
    ///
    /// # Errors
    /// `InvalidBackend` if the URL cannot be read or names a certificate that cannot; it is not shown.
    pub fn new(url: &str) -> Result<RedisCache, CacheError> {
        RedisCache::with_replicas([url])
    }

    /// Several servers, as a list in Django's `LOCATION`: the first takes all writes, and reads go to one of the
    /// others at random, and to the first if that one is out of order.
    ///
    /// A replica lags behind: what was just written may not be read yet. Compare-and-set reads from the first.
    ///
    /// # Errors
    /// `InvalidBackend` as for [`new`](RedisCache::new), and if there is none.
    pub fn with_replicas<'a>(urls: impl IntoIterator<Item = &'a str>) -> Result<RedisCache, CacheError> {
        RedisCache::with_options(urls, std::iter::empty())
    }

    /// Several servers, with options that hold for all of them, as in `CACHES`.
    pub(crate) fn with_options<'a>(
        urls: impl IntoIterator<Item = &'a str>,
        options: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    ) -> Result<RedisCache, CacheError> {
        let mut locations = Vec::new();
        for url in urls {
            locations.push(address::parse(url.trim(), options.clone())?);
        }
        let socket_timeout = locations.iter().find_map(|location| location.socket_timeout);
        let connect_timeout = locations.iter().find_map(|location| location.connect_timeout);
        let mut addresses = locations.into_iter().map(|location| location.address);
        let first = addresses.next().ok_or_else(|| {
            CacheError::new(CacheErrorKind::InvalidBackend, "the LOCATION of a Redis names no server")
        })?;
        let socket_timeout = socket_timeout.unwrap_or(SOCKET_TIMEOUT);
        Ok(RedisCache::open(first, addresses.collect(), socket_timeout, connect_timeout))
    }

    /// The same with another deadline for an operation, whatever it has to do: 2 s unless set, and a day at most.
    #[must_use]
    pub fn socket_timeout(self, timeout: Duration) -> RedisCache {
        RedisCache::open(self.first, self.others, timeout, self.connect_timeout)
    }

    /// The same with another limit to the time that a connection may take: half the deadline and at most 1 s
    /// unless set.
    #[must_use]
    pub fn connect_timeout(self, timeout: Duration) -> RedisCache {
        RedisCache::open(self.first, self.others, self.socket_timeout, Some(timeout))
    }

    fn open(
        first: Address,
        others: Vec<Address>,
        socket_timeout: Duration,
        connect_timeout: Option<Duration>,
    ) -> RedisCache {
        let socket_timeout = socket_timeout.min(LONGEST_TIMEOUT);
        let connect = connect_timeout.unwrap_or(CONNECT_TIMEOUT.min(socket_timeout / 2)).min(socket_timeout);
        let routes = Arc::new(Routes {
            first: Route::new(&first, connect),
            others: others.iter().map(|address| Replica::new(Route::new(address, connect))).collect(),
            waiting: Semaphore::new(MAX_WAITING),
        });
        RedisCache { first, others, socket_timeout, connect_timeout, routes }
    }

    /// An operation on the server that takes the writes.
    async fn write<'a, T, F>(
        &'a self,
        operation: impl FnOnce(&'a Route, Instant) -> F,
    ) -> Result<T, CacheError>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let _turn = self.turn()?;
        Ok(operation(&self.routes.first, Instant::now() + self.socket_timeout).await?)
    }

    /// An operation on a server that is read from: one of the others, if there are any.
    async fn read<'a, T, F>(&'a self, operation: impl Fn(&'a Route, Instant) -> F) -> Result<T, CacheError>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let _turn = self.turn()?;
        let now = Instant::now();
        let deadline = now + self.socket_timeout;
        if let Some(replica) = replica::choose(&self.routes.others) {
            match operation(replica.route(), now + self.socket_timeout / 2).await {
                Ok(value) => return Ok(value),
                Err(failure) if failure.stage == Stage::Refused(Refusal::Final) => return Err(failure.into()),
                Err(failure) => replica.rest(&failure.into()),
            }
        }
        Ok(operation(&self.routes.first, deadline).await?)
    }

    /// Waiting is bounded: a server that hangs shall not collect all requests of a site.
    fn turn(&self) -> Result<tokio::sync::SemaphorePermit<'_>, CacheError> {
        self.routes.waiting.try_acquire().map_err(|_| {
            CacheError::new(
                CacheErrorKind::Unavailable,
                "too many operations wait for Redis already; look at its load",
            )
        })
    }
}

/// Shows no address: a password is in it.
impl fmt::Debug for RedisCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisCache")
            .field("servers", &(1 + self.others.len()))
            .field("socket_timeout", &self.socket_timeout)
            .finish_non_exhaustive()
    }
}
