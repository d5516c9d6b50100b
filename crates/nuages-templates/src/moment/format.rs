//! Django's `dateformat`: every letter.

use std::fmt::Write;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::zone::Rule;
use super::{Date, DateTime, Time, Zone};

/// What a format is applied to.
///
/// ```
/// use chrono::NaiveDate;
/// use nuages_templates::moment::{Date, Subject, Zone, date_format};
///
/// let day = Subject::from(Date::from(NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()));
/// assert_eq!(date_format(&day, "jS F", Zone::UTC).unwrap(), "1st March");
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Subject {
    /// A date with a time.
    DateTime(DateTime),
    /// A date.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// Anything else; only letters that are empty without a time zone can be written.
    Other,
}

/// Why a format cannot be applied, in the two kinds that Django's filters treat differently.
///
/// ```
/// use nuages_templates::moment::{FormatError, Subject, Zone, date_format};
///
/// assert_eq!(date_format(&Subject::Other, "Y", Zone::UTC), Err(FormatError::Attribute));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum FormatError {
    /// The value has no such part: Python's `AttributeError`.
    Attribute,
    /// A date was to be written with this letter, which stands for a time: Django's `TypeError`.
    Type(char),
}

const LETTERS: &str = "aAbcdDeEfFgGhHiIjlLmMnNoOPrsStTUuwWyYzZ";
const TIME_LETTERS: &str = "aAefgGhHiOPsTuZ";

/// Writes a moment, a date or a time in Django's format, the one of PHP's `date()`.
///
/// A naive moment is taken to be in `zone`, the site's.
///
/// # Errors
/// Where Django raises: for a letter that the value has no part for.
///
/// ```
/// use nuages_templates::moment::{DateTime, Zone, date_format};
///
/// let moment: chrono::DateTime<chrono::Utc> = "2026-03-01T15:30:00Z".parse().unwrap();
/// let moment = DateTime::from(moment).into();
/// assert_eq!(date_format(&moment, r"l, jS \o\f F Y, P", Zone::UTC).unwrap(), "Sunday, 1st of March 2026, 3:30 p.m.");
/// assert_eq!(date_format(&moment, "c", Zone::UTC).unwrap(), "2026-03-01T15:30:00+00:00");
/// ```
pub fn date_format(subject: &Subject, format: &str, zone: Zone) -> Result<String, FormatError> {
    formatted(subject, format, zone, LETTERS)
}

/// Writes a time in Django's format; letters that stand for a part of a date are errors.
///
/// # Errors
/// As for [`date_format`].
///
/// ```
/// use chrono::NaiveTime;
/// use nuages_templates::moment::{FormatError, Time, Zone, time_format};
///
/// let noon = Time::from(NaiveTime::from_hms_opt(12, 0, 0).unwrap()).into();
/// assert_eq!(time_format(&noon, "P (H:i)", Zone::UTC).unwrap(), "noon (12:00)");
/// assert_eq!(time_format(&noon, "Y", Zone::UTC), Err(FormatError::Attribute));
/// ```
pub fn time_format(subject: &Subject, format: &str, zone: Zone) -> Result<String, FormatError> {
    formatted(subject, format, zone, TIME_LETTERS)
}

fn formatted(subject: &Subject, format: &str, zone: Zone, known: &str) -> Result<String, FormatError> {
    let writer = Writer::new(subject, zone);
    let mut text = String::with_capacity(format.len() * 2);
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' {
            // Whatever follows stands for itself, except a new line; two backslashes are one, yet the second still guards its neighbour.
            match chars.next_if(|next| *next != '\n') {
                Some('\\') => {
                    text.push('\\');
                    text.extend(chars.next_if(|next| LETTERS.contains(*next)));
                }
                Some(next) => text.push(next),
                None => text.push('\\'),
            }
        } else if !LETTERS.contains(c) {
            text.push(c);
        } else {
            if matches!(subject, Subject::Date(_)) && TIME_LETTERS.contains(c) {
                return Err(FormatError::Type(c));
            }
            if !known.contains(c) {
                return Err(FormatError::Attribute);
            }
            writer.letter(&mut text, c)?;
        }
    }
    Ok(text)
}

struct Writer<'a> {
    subject: &'a Subject,
    day: Option<NaiveDate>,
    clock: Option<NaiveTime>,
    /// What holds in the zone; nothing if there is none, or if the clock shows this time twice or never.
    rule: Option<Rule>,
    zone: Zone,
}

impl<'a> Writer<'a> {
    fn new(subject: &'a Subject, zone: Zone) -> Self {
        let (day, clock, rule) = match subject {
            Subject::DateTime(moment) => {
                let local = moment.local();
                let own = moment.zone().unwrap_or(zone);
                let rule = moment.rule().unwrap_or_else(|| zone.at_local(local));
                (Some(local.date()), Some(local.time()), (!own.is_odd(local)).then_some(rule))
            }
            Subject::Date(date) => (Some(date.day()), None, None),
            Subject::Time(time) => (None, Some(time.clock()), None),
            Subject::Other => (None, None, None),
        };
        Self { subject, day, clock, rule, zone }
    }

    fn letter(&self, text: &mut String, letter: char) -> Result<(), FormatError> {
        if self.zone_letter(text, letter) {
            return Ok(());
        }
        match letter {
            'c' => text.push_str(&match self.subject {
                Subject::DateTime(moment) => moment.iso('T'),
                Subject::Date(date) => date.to_string(),
                Subject::Time(time) => time.to_string(),
                Subject::Other => return Err(FormatError::Attribute),
            }),
            'r' | 'U' => self.moment_letter(text, letter)?,
            letter if TIME_LETTERS.contains(letter) => {
                time_letter(text, letter, self.clock.ok_or(FormatError::Attribute)?);
            }
            letter => date_letter(text, letter, self.day.ok_or(FormatError::Attribute)?),
        }
        Ok(())
    }

    /// The letters that are empty where there is no time zone.
    fn zone_letter(&self, text: &mut String, letter: char) -> bool {
        if !"eOTZI".contains(letter) {
            return false;
        }
        let Some(rule) = self.rule else { return true };
        let seconds = rule.offset.local_minus_utc();
        // Writing to a String cannot fail, here and below.
        let _ = match letter {
            'e' if matches!(self.subject, Subject::DateTime(moment) if moment.is_naive()) => Ok(()),
            'e' | 'T' => write!(text, "{}", rule.abbreviation()),
            'O' => write!(text, "{}", offset_text(seconds)),
            'Z' => write!(text, "{seconds}"),
            _ => write!(text, "{}", u8::from(rule.summer)),
        };
        true
    }

    /// The letters that ask for the moment in time, which a date has at midnight in the site's zone.
    fn moment_letter(&self, text: &mut String, letter: char) -> Result<(), FormatError> {
        let moment = match self.subject {
            Subject::DateTime(moment) if moment.is_naive() => DateTime::from_local(moment.local(), self.zone),
            Subject::DateTime(moment) => *moment,
            Subject::Date(date) => DateTime::from_local(date.day().and_time(NaiveTime::MIN), self.zone),
            Subject::Time(_) | Subject::Other => return Err(FormatError::Type(letter)),
        };
        let _ = if letter == 'U' {
            write!(text, "{}", timestamp(moment.utc()))
        } else {
            let offset = moment.rule().map_or(0, |rule| rule.offset.local_minus_utc());
            let (local, day) = (moment.local(), moment.local().date());
            let (name, month) = (&WEEKDAYS[weekday(day)][..3], &MONTHS[month(day)][..3]);
            let (hour, minute, second) = (local.hour(), local.minute(), local.second());
            let offset = offset_text(offset);
            write!(
                text,
                "{name}, {:02} {month} {:04} {hour:02}:{minute:02}:{second:02} {offset}",
                day.day(),
                day.year()
            )
        };
        Ok(())
    }
}

/// Whole seconds since 1970, cut towards it as Python's `int` cuts.
fn timestamp(utc: NaiveDateTime) -> i64 {
    let utc = utc.and_utc();
    let before = utc.timestamp() < 0 && utc.timestamp_subsec_micros() > 0;
    utc.timestamp() + i64::from(before)
}

fn offset_text(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

fn time_letter(text: &mut String, letter: char, clock: NaiveTime) {
    let (hour, minute) = (clock.hour(), clock.minute());
    let twelve = if hour.is_multiple_of(12) { 12 } else { hour % 12 };
    let _ = match letter {
        'a' => write!(text, "{}", if hour > 11 { "p.m." } else { "a.m." }),
        'A' => write!(text, "{}", if hour > 11 { "PM" } else { "AM" }),
        'P' if (hour, minute) == (0, 0) => write!(text, "midnight"),
        'P' if (hour, minute) == (12, 0) => write!(text, "noon"),
        'P' => {
            time_letter(text, 'f', clock);
            text.push(' ');
            time_letter(text, 'a', clock);
            Ok(())
        }
        'f' if minute == 0 => write!(text, "{twelve}"),
        'f' => write!(text, "{twelve}:{minute:02}"),
        'g' => write!(text, "{twelve}"),
        'G' => write!(text, "{hour}"),
        'h' => write!(text, "{twelve:02}"),
        'H' => write!(text, "{hour:02}"),
        'i' => write!(text, "{minute:02}"),
        's' => write!(text, "{:02}", clock.second()),
        _ => write!(text, "{:06}", Time::from(clock).microsecond()),
    };
}

fn date_letter(text: &mut String, letter: char, day: NaiveDate) {
    let (year, week) = (day.year(), day.iso_week());
    let _ = match letter {
        'b' => write!(text, "{}", MONTHS[month(day)][..3].to_ascii_lowercase()),
        'd' => write!(text, "{:02}", day.day()),
        'D' => write!(text, "{}", &WEEKDAYS[weekday(day)][..3]),
        'E' | 'F' => write!(text, "{}", MONTHS[month(day)]),
        'j' => write!(text, "{}", day.day()),
        'l' => write!(text, "{}", WEEKDAYS[weekday(day)]),
        'L' => write!(text, "{}", if day.leap_year() { "True" } else { "False" }),
        'm' => write!(text, "{:02}", day.month()),
        'M' => write!(text, "{}", &MONTHS[month(day)][..3]),
        'n' => write!(text, "{}", day.month()),
        'N' => write!(text, "{}", MONTHS_AP[month(day)]),
        'o' => write!(text, "{}", week.year()),
        'S' => write!(text, "{}", ordinal_suffix(day.day())),
        't' => write!(text, "{}", day.num_days_in_month()),
        'w' => write!(text, "{}", day.weekday().num_days_from_sunday()),
        'W' => write!(text, "{}", week.week()),
        'y' => write!(text, "{:02}", year.rem_euclid(100)),
        'Y' => write!(text, "{year:04}"),
        _ => write!(text, "{}", day.ordinal()),
    };
}

fn ordinal_suffix(day: u32) -> &'static str {
    match (day, day % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

fn month(day: NaiveDate) -> usize {
    day.month0() as usize
}

fn weekday(day: NaiveDate) -> usize {
    day.weekday().num_days_from_monday() as usize
}

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// As the Associated Press shortens them.
const MONTHS_AP: [&str; 12] =
    ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."];

impl From<DateTime> for Subject {
    fn from(moment: DateTime) -> Self {
        Self::DateTime(moment)
    }
}

impl From<Date> for Subject {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<Time> for Subject {
    fn from(time: Time) -> Self {
        Self::Time(time)
    }
}

impl From<&minijinja::Value> for Subject {
    fn from(value: &minijinja::Value) -> Self {
        if let Some(moment) = value.downcast_object_ref::<DateTime>() {
            return Self::DateTime(*moment);
        }
        if let Some(date) = value.downcast_object_ref::<Date>() {
            return Self::Date(*date);
        }
        value.downcast_object_ref::<Time>().map_or(Self::Other, |time| Self::Time(*time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backslashes_guard_letters() {
        let day = Date::from(NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()).into();
        for (format, wanted) in [
            (r"\Y", "Y"),
            (r"\\Y", r"\Y"),
            (r"\x Y", "x 2026"),
            ("Y\\", "2026\\"),
            ("\\\nY", "\\\n2026"),
            ("", ""),
            ("é Y", "é 2026"),
        ] {
            assert_eq!(date_format(&day, format, Zone::UTC).as_deref(), Ok(wanted), "{format:?}");
        }
        assert_eq!(date_format(&day, "H", Zone::UTC), Err(FormatError::Type('H')));
    }
}
