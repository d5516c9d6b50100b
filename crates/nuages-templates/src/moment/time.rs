//! A time of day.

use std::fmt;

use chrono::{NaiveTime, Timelike};
use minijinja::Value;

use super::object::object;

/// A time of day: Python's `datetime.time`, without a time zone.
///
/// ```
/// use chrono::NaiveTime;
/// use nuages_templates::{Value, moment::Time};
///
/// let time = Time::from(NaiveTime::from_hms_opt(15, 30, 0).unwrap());
/// assert_eq!(time.to_string(), "15:30:00");
/// assert_eq!(Value::from(time).get_attr("minute").unwrap(), Value::from(30));
/// ```
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Time(NaiveTime);

impl Time {
    pub(crate) fn clock(self) -> NaiveTime {
        self.0
    }

    /// Millionths of a second; a leap second counts as the last of its minute.
    pub(crate) fn microsecond(self) -> u32 {
        (self.0.nanosecond() / 1000).min(999_999)
    }

    /// Python's `repr`.
    pub(crate) fn repr(self) -> String {
        format!("datetime.time({})", self.parts())
    }

    /// The numbers of a `repr`, which leaves out seconds that are nought.
    pub(super) fn parts(self) -> String {
        let (hour, minute, second, micro) =
            (self.0.hour(), self.0.minute(), self.0.second(), self.microsecond());
        match (second, micro) {
            (0, 0) => format!("{hour}, {minute}"),
            (_, 0) => format!("{hour}, {minute}, {second}"),
            _ => format!("{hour}, {minute}, {second}, {micro}"),
        }
    }

    fn attribute(self, name: &str) -> Option<Value> {
        Some(match name {
            "hour" => Value::from(self.0.hour()),
            "minute" => Value::from(self.0.minute()),
            "second" => Value::from(self.0.second()),
            "microsecond" => Value::from(self.microsecond()),
            "isoformat" => Value::from(self.to_string()),
            "tzinfo" => Value::from(()),
            _ => return None,
        })
    }
}

/// Python's `str`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.0.hour(), self.0.minute(), self.0.second())?;
        match self.microsecond() {
            0 => Ok(()),
            micro => write!(f, ".{micro:06}"),
        }
    }
}

impl From<NaiveTime> for Time {
    fn from(clock: NaiveTime) -> Self {
        Self(clock)
    }
}

object!(Time, |one, other| one.0.cmp(&other.0), |_| true);
