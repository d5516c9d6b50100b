//! Django's `timesince`.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

/// The time between two moments on the same clock in its two largest units that are neighbours, with blanks that do not break.
///
/// Nothing has passed if the later lies before the earlier.
pub(crate) fn since(earlier: NaiveDateTime, later: NaiveDateTime) -> String {
    if (later - earlier).num_seconds() <= 0 {
        return unit(0, "minute");
    }
    let mut months =
        i64::from(later.year() - earlier.year()) * 12 + i64::from(later.month()) - i64::from(earlier.month());
    if (earlier.day(), earlier.time()) > (later.day(), later.time()) {
        months -= 1;
    }
    let pivot = if months == 0 { earlier } else { months_on(earlier, months) };
    let rest = (later - pivot).num_seconds();
    let counts = [
        (months / 12, "year"),
        (months % 12, "month"),
        (rest / 604_800, "week"),
        (rest / 86400 % 7, "day"),
        (rest / 3600 % 24, "hour"),
        (rest / 60 % 60, "minute"),
    ];
    let parts: Vec<_> = counts
        .into_iter()
        .skip_while(|(count, _)| *count == 0)
        .take(2)
        .take_while(|(count, _)| *count != 0)
        .map(|(count, name)| unit(count, name))
        .collect();
    if parts.is_empty() { unit(0, "minute") } else { parts.join(", ") }
}

fn unit(count: i64, name: &str) -> String {
    format!("{count}\u{a0}{name}{}", if count == 1 { "" } else { "s" })
}

/// So many months later, on the last day of a month that is shorter; Django counts 28 days for every February.
fn months_on(from: NaiveDateTime, months: i64) -> NaiveDateTime {
    const DAYS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let month0 = i64::from(from.month0()) + months;
    let month = usize::try_from(month0 % 12).unwrap_or_default();
    let days = DAYS.get(month).copied().unwrap_or(28);
    let year = i32::try_from(i64::from(from.year()) + month0 / 12).unwrap_or(i32::MAX);
    let time =
        NaiveTime::from_num_seconds_from_midnight_opt(chrono::Timelike::num_seconds_from_midnight(&from), 0);
    NaiveDate::from_ymd_opt(year, month as u32 + 1, from.day().min(days))
        .zip(time)
        .map_or(from, |(day, time)| day.and_time(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        let at = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        for (earlier, later, wanted) in [
            ("2026-01-01 00:00", "2026-01-01 00:00", "0 minutes"),
            ("2026-01-02 00:00", "2026-01-01 00:00", "0 minutes"),
            ("2026-01-01 00:00", "2026-01-01 00:01", "1 minute"),
            ("2013-02-10 00:00", "2014-03-10 00:00", "1 year, 1 month"),
            ("2007-08-10 00:00", "2008-09-10 00:00", "1 year, 1 month"),
            ("2026-01-31 12:00", "2026-03-01 12:00", "1 month"),
            ("2026-01-01 00:00", "2026-01-15 05:00", "2 weeks"),
            ("2026-01-01 00:00", "2026-01-02 05:00", "1 day, 5 hours"),
            ("2024-02-29 00:00", "2025-02-28 23:00", "11 months, 4 weeks"),
            ("2020-12-31 00:00", "2021-02-28 00:00", "1 month, 4 weeks"),
        ] {
            assert_eq!(since(at(earlier), at(later)).replace('\u{a0}', " "), wanted, "{earlier} {later}");
        }
    }
}
