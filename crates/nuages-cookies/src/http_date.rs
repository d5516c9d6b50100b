//! The date of the `expires` attribute, as `django.utils.http.http_date` writes it.

use chrono::{DateTime, Datelike as _, Timelike as _, Weekday};

use crate::error::DateError;

/// `Tue, 14 Nov 2023 22:13:20 GMT`, without an allocation.
#[derive(Clone, Copy)]
pub(crate) struct HttpDate([u8; 29]);

impl HttpDate {
    /// The date of a Unix time as `http_date(time.time() + max_age)` rounds it: to microseconds, half to even, and then
    /// down to seconds.
    pub(crate) fn new(unix: f64) -> Result<Self, DateError> {
        let whole = unix.trunc();
        let microseconds = ((unix - whole) * 1e6).round_ties_even();
        let seconds = if microseconds >= 1e6 {
            whole + 1.0
        } else if microseconds < 0.0 {
            whole - 1.0
        } else {
            whole
        };
        // The limits of datetime.fromtimestamp: a 64-bit time, a 32-bit year in the C library, years 1 to 9999.
        if !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&seconds) {
            return Err(DateError::Time);
        }
        if !(-67_768_040_609_740_800.0..67_768_036_191_676_800.0).contains(&seconds) {
            return Err(DateError::CalendarYear);
        }
        if !(-62_135_596_800.0..=253_402_300_799.0).contains(&seconds) {
            return Err(DateError::Year);
        }
        Self::from_seconds(seconds as i64).ok_or(DateError::Year)
    }

    fn from_seconds(seconds: i64) -> Option<Self> {
        let date = DateTime::from_timestamp(seconds, 0)?.naive_utc();
        let [w1, w2, w3] = match date.weekday() {
            Weekday::Mon => *b"Mon",
            Weekday::Tue => *b"Tue",
            Weekday::Wed => *b"Wed",
            Weekday::Thu => *b"Thu",
            Weekday::Fri => *b"Fri",
            Weekday::Sat => *b"Sat",
            Weekday::Sun => *b"Sun",
        };
        let [m1, m2, m3] = match date.month() {
            1 => *b"Jan",
            2 => *b"Feb",
            3 => *b"Mar",
            4 => *b"Apr",
            5 => *b"May",
            6 => *b"Jun",
            7 => *b"Jul",
            8 => *b"Aug",
            9 => *b"Sep",
            10 => *b"Oct",
            11 => *b"Nov",
            _ => *b"Dec",
        };
        let year = u32::try_from(date.year()).ok()?;
        let ([y1, y2], [y3, y4]) = (two_digits(year / 100), two_digits(year % 100));
        let [d1, d2] = two_digits(date.day());
        let ([h1, h2], [n1, n2]) = (two_digits(date.hour()), two_digits(date.minute()));
        let [s1, s2] = two_digits(date.second());
        Some(Self([
            w1, w2, w3, b',', b' ', d1, d2, b' ', m1, m2, m3, b' ', y1, y2, y3, y4, b' ', h1, h2, b':', n1,
            n2, b':', s1, s2, b' ', b'G', b'M', b'T',
        ]))
    }

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

fn two_digits(number: u32) -> [u8; 2] {
    [number / 10 % 10, number % 10].map(|digit| b'0' | (digit as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(unix: f64) -> Result<String, DateError> {
        HttpDate::new(unix).map(|date| date.as_str().to_owned())
    }

    // Case 273 of the attack list: years that overflow.
    #[test]
    fn dates_are_pythons() {
        for (unix, text) in [
            (0.0, Ok("Thu, 01 Jan 1970 00:00:00 GMT")),
            (1_700_000_000.0, Ok("Tue, 14 Nov 2023 22:13:20 GMT")),
            (1_700_000_000.999_999, Ok("Tue, 14 Nov 2023 22:13:20 GMT")),
            (1_700_000_000.999_999_8, Ok("Tue, 14 Nov 2023 22:13:21 GMT")),
            (-0.5, Ok("Wed, 31 Dec 1969 23:59:59 GMT")),
            (-0.000_000_1, Ok("Thu, 01 Jan 1970 00:00:00 GMT")),
            (-62_135_596_800.0, Ok("Mon, 01 Jan 0001 00:00:00 GMT")),
            (-62_135_596_801.0, Err(DateError::Year)),
            (253_402_300_799.0, Ok("Fri, 31 Dec 9999 23:59:59 GMT")),
            (253_402_300_800.0, Err(DateError::Year)),
            (67_768_036_191_676_800.0, Err(DateError::CalendarYear)),
            (9_223_372_036_854_775_808.0, Err(DateError::Time)),
            (f64::INFINITY, Err(DateError::Time)),
            (f64::NAN, Err(DateError::Time)),
        ] {
            assert_eq!(date(unix), text.map(str::to_owned), "{unix}");
        }
    }
}
