//! A time zone.

use std::fmt;

use chrono::{FixedOffset, MappedLocalTime, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

/// A time zone: UTC, one of the IANA database by its name, or a fixed distance to UTC.
///
/// ```
/// use nuages_templates::moment::Zone;
///
/// assert_eq!(Zone::named("Europe/Paris").unwrap().to_string(), "Europe/Paris");
/// assert_eq!(Zone::UTC.to_string(), "UTC");
/// assert!(Zone::named("Europe/Atlantis").is_none());
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Zone(Kind);

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Utc,
    Fixed(FixedOffset),
    Named(Tz),
}

/// What holds in a zone at one moment.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    pub(super) offset: FixedOffset,
    pub(super) zone: Option<<Tz as TimeZone>::Offset>,
    pub(super) summer: bool,
}

impl Zone {
    /// Coordinated universal time: Python's `datetime.timezone.utc`.
    ///
    /// ```
    /// assert_eq!(nuages_templates::moment::Zone::UTC, chrono::Utc.into());
    /// ```
    pub const UTC: Self = Self(Kind::Utc);

    /// The zone of the IANA database with this name: Python's `zoneinfo.ZoneInfo(name)`.
    ///
    /// ```
    /// use nuages_templates::moment::Zone;
    ///
    /// assert_eq!(Zone::named("America/New_York"), Some(chrono_tz::America::New_York.into()));
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        name.parse().ok().map(|zone| Self(Kind::Named(zone)))
    }

    /// What holds at a moment given in UTC.
    pub(super) fn at_utc(self, utc: NaiveDateTime) -> Rule {
        match self.0 {
            Kind::Utc => Rule::fixed(chrono::Utc.fix()),
            Kind::Fixed(offset) => Rule::fixed(offset),
            Kind::Named(zone) => Rule::named(&zone.offset_from_utc_datetime(&utc)),
        }
    }

    /// What holds at a moment given by the clock in this zone: of an hour that comes twice the first, in one that is left out what held before.
    pub(super) fn at_local(self, local: NaiveDateTime) -> Rule {
        let Kind::Named(zone) = self.0 else { return self.at_utc(local) };
        match zone.offset_from_local_datetime(&local) {
            MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => Rule::named(&offset),
            MappedLocalTime::None => {
                let before = local.checked_sub_signed(TimeDelta::days(1)).unwrap_or(local);
                Rule::named(&zone.offset_from_utc_datetime(&before))
            }
        }
    }

    /// Whether the clock shows this time twice or never.
    pub(super) fn is_odd(self, local: NaiveDateTime) -> bool {
        match self.0 {
            Kind::Named(zone) => {
                !matches!(zone.offset_from_local_datetime(&local), MappedLocalTime::Single(_))
            }
            _ => false,
        }
    }

    /// Python's `repr`.
    pub(super) fn repr(self) -> String {
        match self.0 {
            Kind::Utc => "datetime.timezone.utc".to_owned(),
            Kind::Fixed(offset) => {
                let offset = super::Duration::from(TimeDelta::seconds(offset.local_minus_utc().into()));
                format!("datetime.timezone({})", offset.repr())
            }
            Kind::Named(zone) => format!("zoneinfo.ZoneInfo(key='{}')", zone.name()),
        }
    }
}

impl Rule {
    fn fixed(offset: FixedOffset) -> Self {
        Self { offset, zone: None, summer: false }
    }

    fn named(offset: &<Tz as TimeZone>::Offset) -> Self {
        Self { offset: offset.fix(), zone: Some(*offset), summer: !offset.dst_offset().is_zero() }
    }

    /// Python's `tzname`.
    pub(super) fn abbreviation(self) -> String {
        match self.zone.as_ref().and_then(|zone| zone.abbreviation()) {
            Some(name) => name.to_owned(),
            None if self.offset.local_minus_utc() == 0 => "UTC".to_owned(),
            None => format!("UTC{}", self.offset),
        }
    }
}

/// The name, as Python's `str` of a zone.
impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Kind::Utc => f.write_str("UTC"),
            Kind::Fixed(offset) => f.write_str(&Rule::fixed(offset).abbreviation()),
            Kind::Named(zone) => f.write_str(zone.name()),
        }
    }
}

impl From<chrono::Utc> for Zone {
    fn from(_: chrono::Utc) -> Self {
        Self::UTC
    }
}

impl From<FixedOffset> for Zone {
    fn from(offset: FixedOffset) -> Self {
        Self(if offset.local_minus_utc() == 0 { Kind::Utc } else { Kind::Fixed(offset) })
    }
}

impl From<Tz> for Zone {
    fn from(zone: Tz) -> Self {
        Self(Kind::Named(zone))
    }
}

impl minijinja::value::Object for Zone {
    fn repr(self: &std::sync::Arc<Self>) -> minijinja::value::ObjectRepr {
        minijinja::value::ObjectRepr::Plain
    }

    fn render(self: &std::sync::Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn hours_that_are_left_out_keep_the_rule_from_before() {
        let paris = Zone::named("Europe/Paris").unwrap();
        let at = |month, day, hour| {
            NaiveDate::from_ymd_opt(2026, month, day).unwrap().and_hms_opt(hour, 30, 0).unwrap()
        };
        for (local, offset, odd) in [
            (at(3, 29, 1), 3600, false),
            (at(3, 29, 2), 3600, true),
            (at(3, 29, 3), 7200, false),
            (at(10, 25, 2), 7200, true),
            (at(10, 25, 3), 3600, false),
        ] {
            assert_eq!(paris.at_local(local).offset.local_minus_utc(), offset, "{local}");
            assert_eq!(paris.is_odd(local), odd, "{local}");
        }
        assert_eq!(paris.at_local(at(7, 1, 0)).abbreviation(), "CEST");
        assert!(paris.at_local(at(7, 1, 0)).summer);
    }
}
