//! Django's text form of a `DateTimeField` in SQLite: naive UTC, `str(datetime)`.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use rusqlite::ToSql;
use rusqlite::types::ToSqlOutput;

/// `YYYY-MM-DD HH:MM:SS[.ffffff]`; microseconds of zero are left out. Sorts as text in the order of time.
#[derive(Clone, Copy)]
pub(super) struct Timestamp {
    text: [u8; Timestamp::LONG],
    length: usize,
}

impl Timestamp {
    const SHORT: usize = 19;
    const LONG: usize = 26;

    /// Years that Python's `datetime` does not have become its first or last moment.
    pub(super) fn new(time: DateTime<Utc>) -> Timestamp {
        let naive = time.naive_utc();
        // A leap second counts on from 1,000,000,000 nanoseconds; Python has none.
        let microsecond = (naive.nanosecond() / 1_000).min(999_999);
        match naive.year() {
            ..1 => Timestamp::write([1, 1, 1, 0, 0, 0], 0),
            10_000.. => Timestamp::write([9_999, 12, 31, 23, 59, 59], 999_999),
            year => Timestamp::write(
                [
                    year.unsigned_abs(),
                    naive.month(),
                    naive.day(),
                    naive.hour(),
                    naive.minute(),
                    naive.second(),
                ],
                microsecond,
            ),
        }
    }

    fn write([year, month, day, hour, minute, second]: [u32; 6], microsecond: u32) -> Timestamp {
        let mut text = *b"0000-00-00 00:00:00.000000";
        let fields = [
            (0..4, year),
            (5..7, month),
            (8..10, day),
            (11..13, hour),
            (14..16, minute),
            (17..19, second),
            (20..26, microsecond),
        ];
        for (range, mut value) in fields {
            for digit in text.iter_mut().take(range.end).skip(range.start).rev() {
                *digit = b'0' + (value % 10) as u8;
                value /= 10;
            }
        }
        Timestamp { text, length: if microsecond == 0 { Timestamp::SHORT } else { Timestamp::LONG } }
    }

    pub(super) fn as_str(&self) -> &str {
        self.text.get(..self.length).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }
}

impl ToSql for Timestamp {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.as_str().to_sql()
    }
}

/// Reads what Django's `parse_datetime` reads: one or two digits a field, `T` or a blank between date and time,
/// seconds, fraction and offset optional; a date alone is its midnight.
pub(super) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let mut rest = Scan(text.trim_ascii());
    let year = rest.number(4, 4)?;
    rest.take(b"-")?;
    let month = rest.number(1, 2)?;
    rest.take(b"-")?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, rest.number(1, 2)?)?;
    if rest.0.is_empty() {
        return Some(date.and_hms_opt(0, 0, 0)?.and_utc());
    }
    rest.take(b"T t")?;
    let hour = rest.number(1, 2)?;
    rest.take(b":")?;
    let minute = rest.number(1, 2)?;
    let (second, microsecond) = match rest.take(b":") {
        Some(_) => (rest.number(1, 2)?, rest.fraction()?),
        None => (0, 0),
    };
    let naive = date.and_hms_micro_opt(hour, minute, second, microsecond)?;
    naive.and_utc().checked_sub_signed(rest.offset()?)
}

struct Scan<'a>(&'a str);

impl Scan<'_> {
    /// The next byte, if it is one of `accepted`.
    fn take(&mut self, accepted: &[u8]) -> Option<u8> {
        let first = *self.0.as_bytes().first()?;
        if !accepted.contains(&first) {
            return None;
        }
        self.0 = self.0.get(1..)?;
        Some(first)
    }

    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let digits = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if digits < least {
            return None;
        }
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        number.parse().ok()
    }

    /// Microseconds; digits beyond the sixth are dropped.
    fn fraction(&mut self) -> Option<u32> {
        if self.take(b".,").is_none() {
            return Some(0);
        }
        let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (fraction, rest) = self.0.split_at_checked(digits)?;
        if digits == 0 {
            return None;
        }
        self.0 = rest;
        let padded = fraction.bytes().chain(std::iter::repeat(b'0')).take(6);
        Some(padded.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
    }

    fn offset(&mut self) -> Option<TimeDelta> {
        self.0 = self.0.trim_start();
        if self.0.is_empty() {
            return Some(TimeDelta::zero());
        }
        let sign = self.take(b"Zz+-")?;
        if matches!(sign, b'Z' | b'z') {
            return self.0.is_empty().then(TimeDelta::zero);
        }
        let hours = i64::from(self.number(2, 2)?);
        let _ = self.take(b":");
        let minutes = if self.0.is_empty() { 0 } else { i64::from(self.number(2, 2)?) };
        let east = TimeDelta::try_minutes(hours * 60 + minutes)?;
        self.0.is_empty().then_some(if sign == b'-' { -east } else { east })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn micros(value: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(value).unwrap()
    }

    #[test]
    fn writes_what_python_str_writes() {
        let table = [
            (1_701_209_600_000_000, "2023-11-28 22:13:20"),
            (1_701_209_600_000_001, "2023-11-28 22:13:20.000001"),
            (1_701_209_600_120_000, "2023-11-28 22:13:20.120000"),
            (0, "1970-01-01 00:00:00"),
            (-1, "1969-12-31 23:59:59.999999"),
            (-62_135_596_800_000_000, "0001-01-01 00:00:00"),
        ];
        for (value, text) in table {
            assert_eq!(Timestamp::new(micros(value)).as_str(), text);
            assert_eq!(parse(text), Some(micros(value)));
        }
        assert_eq!(Timestamp::new(DateTime::<Utc>::MAX_UTC).as_str(), "9999-12-31 23:59:59.999999");
        assert_eq!(Timestamp::new(DateTime::<Utc>::MIN_UTC).as_str(), "0001-01-01 00:00:00");
    }

    #[test]
    fn reads_leniently() {
        let table = [
            "2023-11-28T22:13:20Z",
            "2023-11-28 22:13:20+00:00",
            "2023-11-28 23:13:20 +0100",
            "2023-11-28 17:13:20-05",
            "2023-11-28 22:13:20.0",
            "2023-11-28 22:13:20,000000000",
            " 2023-11-28 22:13:20 ",
        ];
        for text in table {
            assert_eq!(parse(text), Some(micros(1_701_209_600_000_000)), "{text}");
        }
        assert_eq!(parse("2023-1-2"), parse("2023-01-02 00:00"));
        let refused = [
            "",
            "tomorrow",
            "2023-13-01 00:00:00",
            "2023-02-30",
            "2023-01-01 24:00:00",
            "2023-01-01 00:00:00.",
            "2023-01-01 00:00:00 é",
            "2023-01-01 00:00:00+1",
            "99999-01-01",
            "2023-01-01 00:00:00Zx",
        ];
        for text in refused {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn round_trip_and_order(a in -62_135_596_800_000_000i64..253_402_300_800_000_000, b in -62_135_596_800_000_000i64..253_402_300_800_000_000) {
            let (one, two) = (Timestamp::new(micros(a)), Timestamp::new(micros(b)));
            prop_assert_eq!(parse(one.as_str()), Some(micros(a)));
            prop_assert_eq!(one.as_str().cmp(two.as_str()), a.cmp(&b));
        }

        #[test]
        fn parse_never_panics(text in ".{0,40}") {
            let _ = parse(&text);
        }
    }
}
