//! The age up to which a signature is good.

use std::time::Duration;

use chrono::TimeDelta;

/// The greatest accepted age of a signature, in seconds (`max_age` in Django).
///
/// Made from whole seconds, fractional seconds or a duration. It may be zero (good within the second it was signed
/// in) or negative (good only while the timestamp lies that far in the future).
///
/// ```
/// use std::time::Duration;
/// use nuages_signing::MaxAge;
///
/// assert_eq!(MaxAge::from(90).seconds(), 90.0);
/// assert_eq!(MaxAge::from(Duration::from_millis(1500)), MaxAge::from(1.5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct MaxAge(f64);

impl MaxAge {
    /// The age in seconds.
    pub fn seconds(self) -> f64 {
        self.0
    }

    /// Whether something of `age` seconds is still good. What cannot be compared (a NaN) is not.
    pub fn allows(self, age: f64) -> bool {
        age <= self.0
    }
}

impl From<i32> for MaxAge {
    fn from(seconds: i32) -> Self {
        Self(f64::from(seconds))
    }
}

impl From<u32> for MaxAge {
    fn from(seconds: u32) -> Self {
        Self(f64::from(seconds))
    }
}

impl From<i64> for MaxAge {
    fn from(seconds: i64) -> Self {
        Self(seconds as f64)
    }
}

impl From<u64> for MaxAge {
    fn from(seconds: u64) -> Self {
        Self(seconds as f64)
    }
}

impl From<f64> for MaxAge {
    fn from(seconds: f64) -> Self {
        Self(seconds)
    }
}

impl From<Duration> for MaxAge {
    fn from(duration: Duration) -> Self {
        Self(duration.as_secs_f64())
    }
}

impl From<TimeDelta> for MaxAge {
    fn from(delta: TimeDelta) -> Self {
        // Whole microseconds divided once, as Python's total_seconds() does it.
        Self(match delta.num_microseconds() {
            Some(microseconds) => microseconds as f64 / 1e6,
            None => delta.num_seconds() as f64,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_kind_of_time() {
        assert_eq!(MaxAge::from(-5).seconds(), -5.0);
        assert_eq!(MaxAge::from(u64::MAX).seconds(), 18_446_744_073_709_551_616.0);
        assert_eq!(MaxAge::from(TimeDelta::milliseconds(-1500)).seconds(), -1.5);
        assert_eq!(MaxAge::from(TimeDelta::MAX).seconds(), 9_223_372_036_854_775.0);
    }

    #[test]
    fn an_age_that_is_no_number_is_refused() {
        assert!(MaxAge::from(10).allows(10.0));
        assert!(!MaxAge::from(10).allows(10.5));
        assert!(!MaxAge::from(10).allows(f64::NAN));
        assert!(!MaxAge::from(f64::NAN).allows(0.0));
    }
}
