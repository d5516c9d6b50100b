//! Dates in HTTP headers (RFC 9110, section 5.6.7), as `django.utils.http` writes and reads them.

use std::error::Error;
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::char_class::{is_word, strip};

const MICROSECONDS: f64 = 1_000_000.0;

/// The HTTP date of this many seconds since 1970 in UTC, or of now if None.
///
/// ```
/// use nuages_http::http_date::http_date;
///
/// assert_eq!(http_date(0.0)?, "Thu, 01 Jan 1970 00:00:00 GMT");
/// # Ok::<(), nuages_http::http_date::HttpDateError>(())
/// ```
///
/// # Errors
///
/// [`HttpDateError`] outside of the years 1 to 9999.
pub fn http_date(epoch_seconds: impl Into<Option<f64>>) -> Result<String, HttpDateError> {
    let seconds = match epoch_seconds.into() {
        Some(seconds) => seconds,
        None => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64()),
    };
    if seconds.is_nan() {
        return Err(HttpDateError::NotANumber);
    }
    // As datetime.fromtimestamp: to the nearest microsecond, then down to the second.
    let fraction = (seconds.fract() * MICROSECONDS).round_ties_even();
    let whole = seconds.trunc()
        + if fraction >= MICROSECONDS {
            1.0
        } else if fraction < 0.0 {
            -1.0
        } else {
            0.0
        };
    if whole.abs() >= TIME_MAX {
        return Err(HttpDateError::Overflow);
    }
    if !(CALENDAR_MIN..=CALENDAR_MAX).contains(&whole) {
        return Err(HttpDateError::CalendarYear);
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole, and checked to be within i64")]
    let time = DateTime::from_timestamp(whole as i64, 0);
    time.filter(|time| (1..=9999).contains(&time.year()))
        .map(|time| format_http_date(&time))
        .ok_or(HttpDateError::YearOutOfRange)
}

/// 2 to the power of 63: what no longer is a time for Python.
const TIME_MAX: f64 = 9_223_372_036_854_775_808.0;

/// Beyond these the year is no 32-bit integer, and the C library that Python asks gives up.
const CALENDAR_MIN: f64 = -67_768_040_609_740_800.0;
const CALENDAR_MAX: f64 = 67_768_036_191_676_799.0;

/// The HTTP date of a time; its fraction of a second is dropped.
///
/// ```
/// use chrono::DateTime;
/// use nuages_http::http_date::format_http_date;
/// assert_eq!(format_http_date(&DateTime::UNIX_EPOCH), "Thu, 01 Jan 1970 00:00:00 GMT");
/// ```
#[must_use]
pub fn format_http_date(time: &DateTime<Utc>) -> String {
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The seconds since 1970 of an HTTP date in any of the three forms that RFC 9110 allows.
///
/// ```
/// use nuages_http::http_date::parse_http_date;
///
/// assert_eq!(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT")?, 784_111_777);
/// assert_eq!(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT")?, 784_111_777);
/// assert_eq!(parse_http_date("Sun Nov  6 08:49:37 1994")?, 784_111_777);
/// # Ok::<(), nuages_http::http_date::HttpDateError>(())
/// ```
///
/// # Errors
///
/// [`HttpDateError`] for any other text, and for days and times that do not exist.
pub fn parse_http_date(date: &str) -> Result<i64, HttpDateError> {
    parse_in_year(date, || Utc::now().year())
}

/// [`parse_http_date`], or None if the date is wrong.
///
/// ```
/// use nuages_http::http_date::parse_http_date_safe;
/// assert_eq!(parse_http_date_safe("Thu, 01 Jan 1970 00:00:09 GMT"), Some(9));
/// assert_eq!(parse_http_date_safe("tomorrow"), None);
/// ```
#[must_use]
pub fn parse_http_date_safe(date: &str) -> Option<i64> {
    parse_http_date(date).ok()
}

fn parse_in_year(date: &str, this_year: impl FnOnce() -> i32) -> Result<i64, HttpDateError> {
    // Python's `$` also matches before a line feed at the end.
    let text = date.strip_suffix('\n').unwrap_or(date);
    let parts =
        rfc_1123(text).or_else(|| rfc_850(text)).or_else(|| asctime(text)).ok_or(HttpDateError::Format)?;
    parts.timestamp(this_year).ok_or(HttpDateError::NoSuchTime)
}

/// What stands in a date, found by its form alone.
struct Parts<'a> {
    day: &'a str,
    month: &'a str,
    year: &'a str,
    clock: Clock,
}

struct Clock {
    hour: u32,
    minute: u32,
    second: u32,
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
fn rfc_1123(text: &str) -> Option<Parts<'_>> {
    let rest = after_words(text, 3..=3)?.strip_prefix(", ")?;
    let (day, rest) = digits(rest, 2)?;
    let (month, rest) = word_of_three(rest.strip_prefix(' ')?)?;
    let (year, rest) = digits(rest.strip_prefix(' ')?, 4)?;
    let (clock, rest) = clock(rest.strip_prefix(' ')?)?;
    (rest == " GMT").then_some(Parts { day, month, year, clock })
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`.
fn rfc_850(text: &str) -> Option<Parts<'_>> {
    let rest = after_words(text, 6..=9)?.strip_prefix(", ")?;
    let (day, rest) = digits(rest, 2)?;
    let (month, rest) = word_of_three(rest.strip_prefix('-')?)?;
    let (year, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (clock, rest) = clock(rest.strip_prefix(' ')?)?;
    (rest == " GMT").then_some(Parts { day, month, year, clock })
}

/// `Sun Nov  6 08:49:37 1994`.
fn asctime(text: &str) -> Option<Parts<'_>> {
    let (month, rest) = word_of_three(after_words(text, 3..=3)?.strip_prefix(' ')?)?;
    let rest = rest.strip_prefix(' ')?;
    let (day, rest) = match rest.strip_prefix(' ') {
        Some(rest) => digits(rest, 1)?,
        None => digits(rest, 2)?,
    };
    let (clock, rest) = clock(rest.strip_prefix(' ')?)?;
    let (year, rest) = digits(rest.strip_prefix(' ')?, 4)?;
    rest.is_empty().then_some(Parts { day, month, year, clock })
}

/// What follows the word characters at the start, if there are as many.
fn after_words(text: &str, count: std::ops::RangeInclusive<usize>) -> Option<&str> {
    let rest = text.trim_start_matches(is_word);
    let words = text.get(..text.len().checked_sub(rest.len())?)?;
    count.contains(&words.chars().take(count.end().saturating_add(1)).count()).then_some(rest)
}

fn word_of_three(text: &str) -> Option<(&str, &str)> {
    let (end, _) = text.char_indices().nth(3)?;
    let (word, rest) = text.split_at_checked(end)?;
    word.chars().all(is_word).then_some((word, rest))
}

fn digits(text: &str, count: usize) -> Option<(&str, &str)> {
    let (number, rest) = text.split_at_checked(count)?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then_some((number, rest))
}

fn clock(text: &str) -> Option<(Clock, &str)> {
    let (hour, rest) = digits(text, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let clock =
        Clock { hour: hour.parse().ok()?, minute: minute.parse().ok()?, second: second.parse().ok()? };
    Some((clock, rest))
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

impl Parts<'_> {
    fn timestamp(&self, this_year: impl FnOnce() -> i32) -> Option<i64> {
        let mut year: i32 = self.year.parse().ok()?;
        if year < 100 {
            // More than 50 years ahead is meant as the past.
            let this_year = this_year();
            let of_century = this_year.rem_euclid(100);
            let century = this_year - of_century;
            year += if year - of_century > 50 { century - 100 } else { century };
        }
        let month = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(self.month))?;
        let month = u32::try_from(month).ok()?.checked_add(1)?;
        let date = NaiveDate::from_ymd_opt(year, month, strip(self.day).parse().ok()?)?;
        let time = date.and_hms_opt(self.clock.hour, self.clock.minute, self.clock.second)?;
        Some(time.and_utc().timestamp())
    }
}

/// A date cannot be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpDateError {
    /// The text has none of the three forms (ValueError).
    Format,
    /// The text has the form of a date, but there is no such day or time (ValueError).
    NoSuchTime,
    /// The seconds are not a number (ValueError).
    NotANumber,
    /// The year is not one from 1 to 9999 (ValueError).
    YearOutOfRange,
    /// The year is beyond 32 bits (OSError).
    CalendarYear,
    /// The seconds are beyond 64 bits (OverflowError).
    Overflow,
}

impl HttpDateError {
    /// The class of the exception in Django or Python.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        match self {
            Self::Overflow => "OverflowError",
            Self::CalendarYear => "OSError",
            Self::Format | Self::NoSuchTime | Self::NotANumber | Self::YearOutOfRange => "ValueError",
        }
    }
}

impl fmt::Display for HttpDateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Format => "not an HTTP date: write it like \"Sun, 06 Nov 1994 08:49:37 GMT\"",
            Self::NoSuchTime => "an HTTP date of a day or time that does not exist",
            Self::NotANumber => "seconds that are not a number have no date",
            Self::YearOutOfRange | Self::CalendarYear => "only the years 1 to 9999 have an HTTP date",
            Self::Overflow => "the seconds are out of the range of time",
        })
    }
}

impl Error for HttpDateError {}

#[cfg(test)]
mod tests {
    use super::{http_date, parse_in_year};

    #[test]
    fn errors_are_those_of_python() {
        for (seconds, name) in [
            (1e12, "ValueError"),
            (67_768_036_191_676_790.0, "ValueError"),
            (1e18, "OSError"),
            (-1e17, "OSError"),
            (9.2e18, "OSError"),
            (9.3e18, "OverflowError"),
            (f64::INFINITY, "OverflowError"),
            (f64::NAN, "ValueError"),
        ] {
            assert_eq!(http_date(seconds).unwrap_err().django_name(), name, "{seconds}");
        }
    }

    #[test]
    fn two_digit_years_are_at_most_fifty_years_ahead() {
        for (year, this_year, expected) in [
            ("76", 2026, 2076),
            ("77", 2026, 1977),
            ("00", 1999, 1900),
            ("99", 2049, 2099),
            ("99", 2048, 1999),
        ] {
            let date = format!("Sunday, 01-Jan-{year} 00:00:00 GMT");
            let start = format!("Sun, 01 Jan {expected} 00:00:00 GMT");
            assert_eq!(
                parse_in_year(&date, || this_year),
                parse_in_year(&start, || this_year),
                "{year} in {this_year}"
            );
        }
    }
}
