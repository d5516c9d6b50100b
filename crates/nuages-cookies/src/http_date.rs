//! The date of the `expires` attribute, as `django.utils.http.http_date` writes it.

use std::fmt;

use chrono::{DateTime, Datelike as _, Timelike as _};

use crate::error::DateError;

/// `Tue, 14 Nov 2023 22:13:20 GMT`, without an allocation.
#[derive(Clone, Copy)]
pub(crate) struct HttpDate {
    text: [u8; 29],
    length: usize,
}

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
        let weekday = match date.weekday() {
            chrono::Weekday::Mon => "Mon",
            chrono::Weekday::Tue => "Tue",
            chrono::Weekday::Wed => "Wed",
            chrono::Weekday::Thu => "Thu",
            chrono::Weekday::Fri => "Fri",
            chrono::Weekday::Sat => "Sat",
            chrono::Weekday::Sun => "Sun",
        };
        let month = match date.month() {
            1 => "Jan",
            2 => "Feb",
            3 => "Mar",
            4 => "Apr",
            5 => "May",
            6 => "Jun",
            7 => "Jul",
            8 => "Aug",
            9 => "Sep",
            10 => "Oct",
            11 => "Nov",
            _ => "Dec",
        };
        let year = u32::try_from(date.year()).ok()?;
        let mut this = Self { text: [0; 29], length: 0 };
        this.push(weekday.as_bytes())?;
        this.push(b", ")?;
        this.two_digits(date.day())?;
        this.push(b" ")?;
        this.push(month.as_bytes())?;
        this.push(b" ")?;
        this.two_digits(year / 100)?;
        this.two_digits(year % 100)?;
        this.push(b" ")?;
        this.two_digits(date.hour())?;
        this.push(b":")?;
        this.two_digits(date.minute())?;
        this.push(b":")?;
        this.two_digits(date.second())?;
        this.push(b" GMT")?;
        Some(this)
    }

    pub(crate) fn as_str(&self) -> &str {
        self.text.get(..self.length).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default()
    }

    fn push(&mut self, text: &[u8]) -> Option<()> {
        let end = self.length.checked_add(text.len())?;
        self.text.get_mut(self.length..end)?.copy_from_slice(text);
        self.length = end;
        Some(())
    }

    fn two_digits(&mut self, number: u32) -> Option<()> {
        let [tens, ones] = [number / 10 % 10, number % 10].map(|digit| b'0' | (digit as u8));
        self.push(&[tens, ones])
    }
}

impl fmt::Display for HttpDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
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
