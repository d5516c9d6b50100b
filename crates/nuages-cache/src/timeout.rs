use std::time::Duration;

/// How long a value lives.
///
/// ```
/// use nuages_cache::Timeout;
/// use std::time::Duration;
///
/// assert_eq!(Timeout::from(60), Timeout::After(Duration::from_secs(60)));
/// assert_eq!(Timeout::from(-1), Timeout::After(Duration::ZERO)); // expires at once, as in Django
/// assert_eq!(Timeout::from(None), Timeout::Never); // Django's timeout=None
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// The value does not expire.
    Never,
    /// The value expires after this time; zero means at once, so that nothing is kept.
    After(Duration),
}

impl Timeout {
    /// Whether a value stored with it has expired already.
    #[must_use]
    pub fn is_at_once(self) -> bool {
        self == Timeout::After(Duration::ZERO)
    }
}

impl From<Duration> for Timeout {
    fn from(duration: Duration) -> Timeout {
        Timeout::After(duration)
    }
}

/// Seconds; zero or less expires at once.
impl From<i64> for Timeout {
    fn from(seconds: i64) -> Timeout {
        Timeout::After(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
    }
}

/// Less than nothing expires at once.
impl From<chrono::TimeDelta> for Timeout {
    fn from(delta: chrono::TimeDelta) -> Timeout {
        Timeout::After(delta.to_std().unwrap_or(Duration::ZERO))
    }
}

/// Seconds; `None` never expires.
impl From<Option<i64>> for Timeout {
    fn from(seconds: Option<i64>) -> Timeout {
        seconds.map_or(Timeout::Never, Timeout::from)
    }
}

/// Stands for the cache's own timeout (`TIMEOUT`, 300 s) where a timeout is asked for.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// use nuages_cache::{CacheFront, DefaultTimeout};
///
/// let cache = CacheFront::connect("locmem://")?;
/// cache.set("visits", &1, DefaultTimeout).await?;
/// assert_eq!(cache.get::<u32>("visits").await?, Some(1));
/// # Ok::<_, nuages_cache::CacheError>(()) }).unwrap();
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DefaultTimeout;

/// Django's `DEFAULT_TIMEOUT`: the cache's own timeout.
pub const DEFAULT_TIMEOUT: DefaultTimeout = DefaultTimeout;

/// What the methods of [`CacheFront`](crate::CacheFront) take as a timeout: [`DEFAULT_TIMEOUT`], a [`Timeout`],
/// a [`Duration`], a `TimeDelta`, seconds, or `None` for never.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// use std::time::Duration;
/// use nuages_cache::{CacheFront, DEFAULT_TIMEOUT};
///
/// let cache = CacheFront::connect("locmem://")?;
/// cache.set("a", &1, DEFAULT_TIMEOUT).await?;
/// cache.set("b", &2, Duration::from_secs(60)).await?;
/// cache.set("c", &3, None).await?; // never ends
/// assert_eq!(cache.get::<u32>("c").await?, Some(3));
/// # Ok::<_, nuages_cache::CacheError>(()) }).unwrap();
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TimeoutChoice(Option<Timeout>);

impl TimeoutChoice {
    pub(crate) fn or(self, default: Timeout) -> Timeout {
        self.0.unwrap_or(default)
    }
}

impl From<DefaultTimeout> for TimeoutChoice {
    fn from(_: DefaultTimeout) -> TimeoutChoice {
        TimeoutChoice(None)
    }
}

macro_rules! choice_from {
    ($($kind:ty),*) => {$(
        impl From<$kind> for TimeoutChoice {
            fn from(value: $kind) -> TimeoutChoice {
                TimeoutChoice(Some(value.into()))
            }
        }
    )*};
}

choice_from!(Timeout, Duration, i64, chrono::TimeDelta, Option<i64>);
