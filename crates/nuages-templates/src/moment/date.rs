//! A date.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use minijinja::Value;

use super::object::object;

/// A date: Python's `datetime.date`.
///
/// ```
/// use chrono::NaiveDate;
/// use nuages_templates::{Value, moment::Date};
///
/// let date = Date::from(NaiveDate::from_ymd_opt(2026, 3, 1).unwrap());
/// assert_eq!(date.to_string(), "2026-03-01");
/// assert_eq!(Value::from(date).get_attr("month").unwrap(), Value::from(3));
/// ```
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Date(NaiveDate);

impl Date {
    pub(crate) fn day(self) -> NaiveDate {
        self.0
    }

    /// So many whole days later.
    pub(crate) fn plus(self, span: super::Duration) -> Option<Self> {
        self.0.checked_add_signed(chrono::TimeDelta::try_days(span.parts().0)?).map(Self)
    }

    /// Python's `repr`.
    pub(crate) fn repr(self) -> String {
        format!("datetime.date({}, {}, {})", self.0.year(), self.0.month(), self.0.day())
    }

    pub(super) fn attribute(self, name: &str) -> Option<Value> {
        Some(match name {
            "year" => Value::from(self.0.year()),
            "month" => Value::from(self.0.month()),
            "day" => Value::from(self.0.day()),
            "weekday" => Value::from(self.0.weekday().num_days_from_monday()),
            "isoweekday" => Value::from(self.0.weekday().number_from_monday()),
            "isoformat" => Value::from(self.to_string()),
            "toordinal" => Value::from(self.0.num_days_from_ce()),
            _ => return None,
        })
    }
}

/// Python's `str`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl From<NaiveDate> for Date {
    fn from(day: NaiveDate) -> Self {
        Self(day)
    }
}

object!(Date, |one, other| one.0.cmp(&other.0), |_| true);
