//! What `max_age` takes, and the arithmetic of Python behind it.

use std::time::Duration;

use chrono::TimeDelta;

/// How long a cookie lives, in seconds: an integer, a float, a duration, or `None` for not given.
///
/// Fractions are cut off in `Max-Age`, as Django's `int(max_age)` does.
///
/// ```
/// use std::time::Duration;
/// use nuages_cookies::{CookieAge, ResponseCookies};
///
/// assert_eq!(CookieAge::from(Duration::from_secs(60)), CookieAge::from(60));
/// let mut cookies = ResponseCookies::default();
/// cookies.set("visits", 1).max_age(None); // until the browser is closed
/// assert!(cookies.check().is_ok());
/// ```
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
    pub(crate) fn digits(self) -> Option<Digits> {
        match self {
            Self::Integer(seconds) => Some(Digits::new(seconds)),
            Self::Float(seconds) if !seconds.is_finite() => None,
            // Beyond 2^126 a float has no fraction, so formatting does not round.
            Self::Float(seconds) if seconds.abs() > 8e37 => Some(Digits(Text::Long(format!("{seconds:.0}")))),
            Self::Float(seconds) => Some(Digits::new(seconds as i128)),
        }
    }
}

/// A whole number as text; the usual ones without an allocation.
pub(crate) struct Digits(Text);

enum Text {
    /// The digits of a number below 10^20, at the end of the array.
    Short([u8; 20], usize),
    Long(String),
}

impl Digits {
    fn new(number: i128) -> Self {
        let Ok(mut rest) = u64::try_from(number) else { return Self(Text::Long(number.to_string())) };
        let mut text = [b'0'; 20];
        let mut length: usize = 0;
        for digit in text.iter_mut().rev() {
            *digit = b'0' | (rest % 10) as u8;
            rest /= 10;
            length = length.saturating_add(1);
            if rest == 0 {
                break;
            }
        }
        Self(Text::Short(text, length))
    }

    pub(crate) fn as_str(&self) -> &str {
        match &self.0 {
            Text::Short(text, length) => text
                .len()
                .checked_sub(*length)
                .and_then(|start| text.get(start..))
                .and_then(|digits| str::from_utf8(digits).ok())
                .unwrap_or_default(),
            Text::Long(text) => text,
        }
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
        match delta.num_microseconds() {
            // Whole microseconds divided once, as Python's total_seconds() does it.
            Some(microseconds) if delta.subsec_nanos() != 0 => (microseconds as f64 / 1e6).into(),
            _ => delta.num_seconds().into(),
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
        age.into().seconds()?.digits().map(|digits| digits.as_str().to_owned())
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
