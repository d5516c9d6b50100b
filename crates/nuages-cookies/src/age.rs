//! What `max_age` takes, and the arithmetic of Python behind it.

use std::borrow::Cow;
use std::time::Duration;

use chrono::TimeDelta;

/// How long a cookie lives, in seconds: an integer, a float, a duration, or `None` for not given.
///
/// Fractions are cut off in `Max-Age`, as Django's `int(max_age)` does.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
pub struct CookieAge(Option<Seconds>);

/// A number of seconds as Python keeps it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Seconds {
    Integer(i128),
    Float(f64),
}

impl CookieAge {
    pub(crate) const fn seconds(self) -> Option<Seconds> {
        self.0
    }
}

impl Seconds {
    /// The seconds as a float, as Python adds them to `time.time()`.
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Self::Integer(seconds) => seconds as f64,
            Self::Float(seconds) => seconds,
        }
    }

    /// The whole seconds, as near as 64 bits get.
    pub(crate) fn to_i64(self) -> i64 {
        match self {
            Self::Integer(seconds) => seconds.clamp(i64::MIN.into(), i64::MAX.into()) as i64,
            Self::Float(seconds) => seconds as i64,
        }
    }

    /// The digits of `int(seconds)`, however many; `None` for what is not a number or infinite.
    pub(crate) fn digits(self) -> Option<Cow<'static, str>> {
        let integer = match self {
            Self::Integer(seconds) => seconds,
            Self::Float(seconds) if !seconds.is_finite() => return None,
            // Beyond 2^126 a float has no fraction, so formatting does not round.
            Self::Float(seconds) if seconds.abs() > 8e37 => return Some(format!("{seconds:.0}").into()),
            Self::Float(seconds) => seconds as i128,
        };
        Some(match i64::try_from(integer) {
            Ok(0) => "0".into(),
            Ok(integer) => integer.to_string().into(),
            Err(_) => integer.to_string().into(),
        })
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for CookieAge {
            fn from(seconds: $integer) -> Self {
                Self(Some(Seconds::Integer(seconds.into())))
            }
        }
    )*};
}

from_integers!(i8, u8, i16, u16, i32, u32, i64, u64, i128);

impl From<usize> for CookieAge {
    fn from(seconds: usize) -> Self {
        Self(Some(Seconds::Integer(seconds as i128)))
    }
}

impl From<f64> for CookieAge {
    fn from(seconds: f64) -> Self {
        Self(Some(Seconds::Float(seconds)))
    }
}

impl From<Duration> for CookieAge {
    fn from(duration: Duration) -> Self {
        match duration.subsec_nanos() {
            0 => duration.as_secs().into(),
            _ => duration.as_secs_f64().into(),
        }
    }
}

impl From<TimeDelta> for CookieAge {
    fn from(delta: TimeDelta) -> Self {
        match delta.subsec_nanos() {
            0 => delta.num_seconds().into(),
            nanoseconds => (delta.num_seconds() as f64 + f64::from(nanoseconds) / 1e9).into(),
        }
    }
}

impl From<Option<i64>> for CookieAge {
    fn from(seconds: Option<i64>) -> Self {
        seconds.map_or_else(Self::default, Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(age: impl Into<CookieAge>) -> Option<String> {
        age.into().seconds()?.digits().map(Cow::into_owned)
    }

    // Case 272 of the attack list: ages that overflow other types.
    #[test]
    fn ages_are_written_as_python_writes_their_int() {
        assert_eq!(digits(0).as_deref(), Some("0"));
        assert_eq!(digits(-0.9).as_deref(), Some("0"));
        assert_eq!(digits(60.9).as_deref(), Some("60"));
        assert_eq!(digits(-60.9).as_deref(), Some("-60"));
        assert_eq!(digits(i64::MIN).as_deref(), Some("-9223372036854775808"));
        assert_eq!(digits(u64::MAX).as_deref(), Some("18446744073709551615"));
        assert_eq!(digits(10_i128.pow(30)).as_deref(), Some("1000000000000000000000000000000"));
        assert_eq!(digits(1e30).as_deref(), Some("1000000000000000019884624838656"));
        assert_eq!(digits(1e300).map(|text| text.len()), Some(301));
        assert_eq!(digits(f64::INFINITY), None);
        assert_eq!(digits(f64::NAN), None);
        assert_eq!(digits(Duration::from_millis(1500)).as_deref(), Some("1"));
        assert_eq!(digits(Duration::MAX).as_deref(), Some("18446744073709551616"));
        assert_eq!(digits(TimeDelta::milliseconds(-1500)).as_deref(), Some("-1"));
        assert_eq!(digits(None), None);
        assert_eq!(digits(Some(5)).as_deref(), Some("5"));
    }
}
