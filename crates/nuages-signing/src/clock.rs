//! Where a signer takes the time from.

use std::{
    fmt,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use chrono::{DateTime, Utc};

/// The source of the current time, in seconds since 1970-01-01 UTC; the system's clock by default.
///
/// ```
/// use nuages_signing::{Clock, TimestampSigner};
///
/// let signer = TimestampSigner::new("key").clock(Clock::at(1_700_000_000.0));
/// assert!(signer.sign("hello").starts_with("hello:1r31eq:"));
/// ```
#[derive(Clone, Default)]
pub struct Clock(Source);

#[derive(Clone, Default)]
enum Source {
    #[default]
    System,
    Fixed(f64),
    Function(Arc<dyn Fn() -> f64 + Send + Sync>),
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still at this Unix time in seconds.
    pub fn at(seconds: f64) -> Self {
        Self(Source::Fixed(seconds))
    }

    /// A clock that asks `now` for the Unix time in seconds.
    pub fn from_fn(now: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        Self(Source::Function(Arc::new(now)))
    }

    /// The Unix time in seconds, as Python's `time.time()`.
    pub fn now(&self) -> f64 {
        match &self.0 {
            Source::Fixed(seconds) => *seconds,
            Source::Function(now) => now(),
            Source::System => match SystemTime::now().duration_since(UNIX_EPOCH) {
                Ok(since) => since.as_secs_f64(),
                Err(before) => -before.duration().as_secs_f64(),
            },
        }
    }
}

impl From<DateTime<Utc>> for Clock {
    fn from(time: DateTime<Utc>) -> Self {
        Self::at(time.timestamp() as f64 + f64::from(time.timestamp_subsec_micros()) / 1e6)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::System => f.write_str("Clock::system()"),
            Source::Fixed(seconds) => write!(f, "Clock::at({seconds})"),
            Source::Function(_) => f.write_str("Clock::from_fn(..)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_time_it_was_given() {
        assert_eq!(Clock::at(1.5).now(), 1.5);
        assert_eq!(Clock::from_fn(|| 7.0).now(), 7.0);
        assert_eq!(Clock::from(DateTime::<Utc>::UNIX_EPOCH).now(), 0.0);
        assert!(Clock::system().now() > 1.7e9);
    }

    #[test]
    fn debug_names_the_source() {
        assert_eq!(format!("{:?}", Clock::at(5.0)), "Clock::at(5)");
        assert_eq!(format!("{:?}", Clock::from_fn(|| 0.0)), "Clock::from_fn(..)");
    }
}
