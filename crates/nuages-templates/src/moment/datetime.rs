//! A date with a time, with or without a time zone.

use std::cmp::Ordering;
use std::fmt;

use chrono::{Datelike, FixedOffset, NaiveDateTime, Timelike};
use minijinja::Value;

use super::object::object;
use super::zone::Rule;
use super::{Date, Time, Zone};

/// A date with a time: Python's `datetime.datetime`, aware of its time zone or naive.
///
/// It is made from the types of `chrono`, and is a template value.
///
/// ```
/// use chrono::{NaiveDate, Utc};
/// use nuages_templates::{Value, moment::{DateTime, Zone}};
///
/// let naive = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap().and_hms_opt(15, 30, 0).unwrap();
/// assert_eq!(DateTime::from(naive).to_string(), "2026-03-01 15:30:00");
/// assert_eq!(DateTime::from(naive.and_utc()).to_string(), "2026-03-01 15:30:00+00:00");
///
/// let paris = DateTime::from(naive.and_utc()).in_zone(Zone::named("Europe/Paris").unwrap());
/// assert_eq!(paris.to_string(), "2026-03-01 16:30:00+01:00");
/// assert_eq!(Value::from(paris).get_attr("hour").unwrap(), Value::from(16));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DateTime {
    local: NaiveDateTime,
    zone: Option<(Zone, FixedOffset)>,
    /// The filters `localtime`, `utc` and `timezone` have put it where it is, and there it stays.
    pinned: bool,
}

impl DateTime {
    /// A moment given in UTC, as the clock in a zone shows it.
    pub(crate) fn from_utc(utc: NaiveDateTime, zone: Zone) -> Self {
        let offset = zone.at_utc(utc).offset;
        // Beyond the years that chrono knows a moment stays in UTC.
        match utc.checked_add_offset(offset) {
            Some(local) => Self { local, zone: Some((zone, offset)), pinned: false },
            None => Self { local: utc, zone: Some((Zone::UTC, Zone::UTC.at_utc(utc).offset)), pinned: false },
        }
    }

    /// What the clock shows in a zone: Django's `make_aware`.
    pub(crate) fn from_local(local: NaiveDateTime, zone: Zone) -> Self {
        Self { local, zone: Some((zone, zone.at_local(local).offset)), pinned: false }
    }

    pub(crate) fn now(zone: Zone) -> Self {
        Self::from_utc(chrono::Utc::now().naive_utc(), zone)
    }

    /// So much later by the clock of its zone, as Python adds.
    pub(crate) fn plus(self, span: super::Duration) -> Option<Self> {
        let local = self.local.checked_add_signed(span.length())?;
        Some(self.zone().map_or_else(|| local.into(), |zone| Self::from_local(local, zone)))
    }

    /// The same moment as the clock in another zone shows it, or a naive one as it is: Python's `astimezone`.
    ///
    /// ```
    /// use nuages_templates::moment::{DateTime, Zone};
    ///
    /// let moment: chrono::DateTime<chrono::Utc> = "2026-07-01T12:00:00Z".parse().unwrap();
    /// let there = DateTime::from(moment).in_zone(Zone::named("Asia/Tokyo").unwrap());
    /// assert_eq!(there.to_string(), "2026-07-01 21:00:00+09:00");
    /// ```
    #[must_use]
    pub fn in_zone(self, zone: Zone) -> Self {
        if self.zone.is_some() { Self::from_utc(self.utc(), zone) } else { self }
    }

    pub(crate) fn pin(mut self) -> Self {
        self.pinned = true;
        self
    }

    pub(crate) fn is_pinned(self) -> bool {
        self.pinned
    }

    pub(crate) fn is_naive(self) -> bool {
        self.zone.is_none()
    }

    pub(crate) fn zone(self) -> Option<Zone> {
        self.zone.map(|(zone, _)| zone)
    }

    /// What the clock shows.
    pub(crate) fn local(self) -> NaiveDateTime {
        self.local
    }

    /// The moment in UTC; of a naive one what its clock shows.
    pub(crate) fn utc(self) -> NaiveDateTime {
        let Some((_, offset)) = self.zone else { return self.local };
        self.local.checked_sub_offset(offset).unwrap_or(self.local)
    }

    /// What holds in its zone at this moment.
    pub(super) fn rule(self) -> Option<Rule> {
        // The offset is its own: of a time that the clock leaves out, what held before.
        self.zone.map(|(zone, offset)| Rule { offset, ..zone.at_utc(self.utc()) })
    }

    /// The order of two moments that both have a zone, or both have none.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        (self.is_naive() == other.is_naive()).then(|| self.utc().cmp(&other.utc()))
    }

    /// Python's `isoformat`.
    pub(crate) fn iso(self, separator: char) -> String {
        let offset = self.zone.map(|(_, offset)| offset.to_string()).unwrap_or_default();
        format!("{}{separator}{}{offset}", Date::from(self.local.date()), Time::from(self.local.time()))
    }

    /// Python's `repr`.
    pub(crate) fn repr(self) -> String {
        let date = self.local.date();
        let zone = self.zone.map(|(zone, _)| format!(", tzinfo={}", zone.repr())).unwrap_or_default();
        let time = Time::from(self.local.time()).parts();
        format!("datetime.datetime({}, {}, {}, {time}{zone})", date.year(), date.month(), date.day())
    }

    fn attribute(self, name: &str) -> Option<Value> {
        Some(match name {
            "hour" => Value::from(self.local.hour()),
            "minute" => Value::from(self.local.minute()),
            "second" => Value::from(self.local.second()),
            "microsecond" => Value::from(Time::from(self.local.time()).microsecond()),
            "date" => Date::from(self.local.date()).into(),
            "time" => Time::from(self.local.time()).into(),
            "isoformat" => Value::from(self.iso('T')),
            "timestamp" => Value::from(self.timestamp()),
            "tzinfo" => self.zone().map_or(Value::from(()), Value::from_object),
            "tzname" => self.rule().map_or(Value::from(()), |rule| Value::from(rule.abbreviation())),
            _ => return Date::from(self.local.date()).attribute(name),
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "Python's timestamps are floats too")]
    fn timestamp(self) -> f64 {
        self.utc().and_utc().timestamp_micros() as f64 / 1e6
    }
}

/// Python's `str`.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso(' '))
    }
}

impl From<NaiveDateTime> for DateTime {
    fn from(local: NaiveDateTime) -> Self {
        Self { local, zone: None, pinned: false }
    }
}

impl<Tz: chrono::TimeZone + Into<Zone>> From<chrono::DateTime<Tz>> for DateTime {
    fn from(moment: chrono::DateTime<Tz>) -> Self {
        Self::from_utc(moment.naive_utc(), moment.timezone().into())
    }
}

object!(
    DateTime,
    |one, other| {
        // A total order is asked for; what Python refuses to compare stands apart.
        one.is_naive().cmp(&other.is_naive()).then_with(|| one.utc().cmp(&other.utc()))
    },
    |_| true
);
