//! Times and durations in JSON, as Django's `DjangoJSONEncoder` writes them.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, TimeDelta, TimeZone, Timelike};

/// A time as [`JsonResponse`](crate::JsonResponse) would have it from Django: ISO 8601, to the millisecond, UTC as `Z`.
///
/// ```
/// use chrono::DateTime;
/// use nuages_http::json_text::datetime;
///
/// let time = DateTime::parse_from_rfc3339("2020-05-17T12:30:45.123456+00:00").unwrap();
/// assert_eq!(datetime(&time), "2020-05-17T12:30:45.123Z");
/// ```
#[must_use]
pub fn datetime<Tz: TimeZone>(time: &DateTime<Tz>) -> String {
    time.fixed_offset().to_rfc3339_opts(precision(time.nanosecond()), true)
}

/// The same of a time without an offset.
///
/// ```
/// let time = "2020-05-17T12:30:45".parse().unwrap();
/// assert_eq!(nuages_http::json_text::naive_datetime(&time), "2020-05-17T12:30:45");
/// ```
#[must_use]
pub fn naive_datetime(time: &NaiveDateTime) -> String {
    datetime(&time.and_utc()).trim_end_matches('Z').to_owned()
}

/// A duration in ISO 8601, of days and smaller units (`django.utils.duration.duration_iso_string`).
///
/// ```
/// use chrono::TimeDelta;
/// use nuages_http::json_text::duration;
///
/// assert_eq!(duration(TimeDelta::seconds(90_061)), "P1DT01H01M01S");
/// assert_eq!(duration(TimeDelta::milliseconds(-1500)), "-P0DT00H00M01.500000S");
/// ```
#[must_use]
pub fn duration(duration: TimeDelta) -> String {
    let sign = if duration < TimeDelta::zero() { "-" } else { "" };
    let duration = duration.abs();
    let fraction = match duration.subsec_micros() {
        0 => String::new(),
        micros => format!(".{micros:06}"),
    };
    format!(
        "{sign}P{}DT{:02}H{:02}M{:02}{fraction}S",
        duration.num_days(),
        duration.num_hours() % 24,
        duration.num_minutes() % 60,
        duration.num_seconds() % 60,
    )
}

/// Python leaves a fraction of no microseconds out.
fn precision(nanos: u32) -> SecondsFormat {
    if nanos < 1000 { SecondsFormat::Secs } else { SecondsFormat::Millis }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_djangos() {
        for (text, expected) in [
            ("2099-06-01T00:00:00.999999+05:30", "2099-06-01T00:00:00.999+05:30"),
            ("2020-01-01T00:00:00.000001Z", "2020-01-01T00:00:00.000Z"),
            ("2020-01-01T00:00:00-00:30", "2020-01-01T00:00:00-00:30"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ] {
            assert_eq!(datetime(&DateTime::parse_from_rfc3339(text).unwrap()), expected);
        }
    }

    #[test]
    fn durations_are_djangos() {
        for (micros, expected) in [
            (0, "P0DT00H00M00S"),
            (1, "P0DT00H00M00.000001S"),
            (-86_400_000_001, "-P1DT00H00M00.000001S"),
            (86_399_999_999, "P0DT23H59M59.999999S"),
        ] {
            assert_eq!(duration(TimeDelta::microseconds(micros)), expected);
        }
        assert!(duration(TimeDelta::MIN).starts_with("-P"));
    }
}
