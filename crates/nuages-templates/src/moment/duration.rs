//! A span of time.

use std::fmt;

use chrono::TimeDelta;
use minijinja::Value;

use super::object::object;

/// A span of time: Python's `datetime.timedelta`.
///
/// ```
/// use chrono::TimeDelta;
/// use nuages_templates::{Value, moment::Duration};
///
/// let span = Duration::from(TimeDelta::minutes(1530));
/// assert_eq!(span.to_string(), "1 day, 1:30:00");
/// assert_eq!(Value::from(span).get_attr("days").unwrap(), Value::from(1));
/// ```
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Duration(TimeDelta);

impl Duration {
    /// Days of any sign, then seconds and millionths that are not negative, as Python keeps them.
    pub(crate) fn parts(self) -> (i64, i64, i64) {
        let seconds = self.0.num_seconds();
        let micros = i64::from(self.0.subsec_nanos() / 1000);
        let (seconds, micros) =
            if micros < 0 { (seconds - 1, micros + 1_000_000) } else { (seconds, micros) };
        (seconds.div_euclid(86400), seconds.rem_euclid(86400), micros)
    }

    pub(crate) fn length(self) -> TimeDelta {
        self.0
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(&other.0).map(Self)
    }

    /// Python's `repr`.
    pub(crate) fn repr(self) -> String {
        let (days, seconds, micros) = self.parts();
        let parts: Vec<_> = [("days", days), ("seconds", seconds), ("microseconds", micros)]
            .into_iter()
            .filter(|(_, count)| *count != 0)
            .map(|(name, count)| format!("{name}={count}"))
            .collect();
        let parts = if parts.is_empty() { "0".to_owned() } else { parts.join(", ") };
        format!("datetime.timedelta({parts})")
    }

    /// ISO 8601, as Django's JSON has it.
    pub(crate) fn iso(self) -> String {
        let (sign, span) = if self.0 < TimeDelta::zero() { ("-", Self(-self.0)) } else { ("", self) };
        let (days, seconds, micros) = span.parts();
        let micros = if micros == 0 { String::new() } else { format!(".{micros:06}") };
        format!("{sign}P{days}DT{:02}H{:02}M{:02}{micros}S", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }

    #[expect(clippy::cast_precision_loss, reason = "Python's total_seconds is a float too")]
    fn attribute(self, name: &str) -> Option<Value> {
        let (days, seconds, micros) = self.parts();
        Some(match name {
            "days" => Value::from(days),
            "seconds" => Value::from(seconds),
            "microseconds" => Value::from(micros),
            "total_seconds" => Value::from((days * 86400 + seconds) as f64 + micros as f64 / 1e6),
            _ => return None,
        })
    }
}

/// Python's `str`.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, seconds, micros) = self.parts();
        if days != 0 {
            write!(f, "{days} day{}, ", if days.abs() == 1 { "" } else { "s" })?;
        }
        write!(f, "{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)?;
        if micros == 0 { Ok(()) } else { write!(f, ".{micros:06}") }
    }
}

impl From<TimeDelta> for Duration {
    fn from(span: TimeDelta) -> Self {
        Self(span)
    }
}

object!(Duration, |one, other| one.0.cmp(&other.0), |span| !span.0.is_zero());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_as_python_writes_them() {
        for (span, text, repr, iso) in [
            (TimeDelta::zero(), "0:00:00", "datetime.timedelta(0)", "P0DT00H00M00S"),
            (
                TimeDelta::seconds(-1),
                "-1 day, 23:59:59",
                "datetime.timedelta(days=-1, seconds=86399)",
                "-P0DT00H00M01S",
            ),
            (
                TimeDelta::microseconds(-1),
                "-1 day, 23:59:59.999999",
                "datetime.timedelta(days=-1, seconds=86399, microseconds=999999)",
                "-P0DT00H00M00.000001S",
            ),
            (TimeDelta::days(2), "2 days, 0:00:00", "datetime.timedelta(days=2)", "P2DT00H00M00S"),
        ] {
            let span = Duration::from(span);
            assert_eq!(
                (span.to_string().as_str(), span.repr().as_str(), span.iso().as_str()),
                (text, repr, iso)
            );
        }
    }
}
