//! The dates of Python: in a pickle a class and the bytes or numbers it is made of.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use super::error::PickleError;
use super::opcode as op;
use super::value::Value;
use super::write::{put_bytes, put_int, put_str};

const MICROSECONDS: i128 = 1_000_000;
const DAY: i128 = 86_400;
/// The most days of a timedelta, either way.
const MOST_DAYS: i128 = 999_999_999;

const OUT_OF_RANGE: PickleError = PickleError::Malformed("a date is out of range");

/// `datetime.date` of its 4 bytes: year, month, day.
pub(super) fn date(state: &[u8]) -> Result<NaiveDate, PickleError> {
    let &[century, year, month, day] = state else { return Err(OUT_OF_RANGE) };
    let year = i32::from(u16::from_be_bytes([century, year]));
    let date = NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day));
    date.filter(|date| (1..=9999).contains(&date.year())).ok_or(OUT_OF_RANGE)
}

/// `datetime.datetime` of its 10 bytes: the date, hour, minute, second and three of microseconds.
pub(super) fn date_time(state: &[u8]) -> Result<NaiveDateTime, PickleError> {
    let &[century, year, month, day, hour, minute, second, high, middle, low] = state else {
        return Err(OUT_OF_RANGE);
    };
    // The highest bit of the month is `fold`, which only a zone with summer time asks for.
    let date = date(&[century, year, month & 0x7f, day])?;
    let micro = u32::from_be_bytes([0, high, middle, low]);
    let time = NaiveTime::from_hms_micro_opt(hour.into(), minute.into(), second.into(), micro)
        // Beyond 999,999 is chrono's leap second, which Python has not.
        .filter(|_| micro < 1_000_000);
    Ok(date.and_time(time.ok_or(OUT_OF_RANGE)?))
}

/// A time with its zone.
pub(super) fn with_zone(
    time: NaiveDateTime,
    zone: FixedOffset,
) -> Result<DateTime<FixedOffset>, PickleError> {
    time.and_local_timezone(zone).single().ok_or(OUT_OF_RANGE)
}

/// `datetime.timedelta(days, seconds, microseconds)`.
pub(super) fn time_delta(days: i128, seconds: i128, micros: i128) -> Result<TimeDelta, PickleError> {
    let seconds = days.checked_mul(DAY).and_then(|sum| sum.checked_add(seconds)).ok_or(OUT_OF_RANGE)?;
    let total =
        seconds.checked_mul(MICROSECONDS).and_then(|sum| sum.checked_add(micros)).ok_or(OUT_OF_RANGE)?;
    let seconds = total.div_euclid(MICROSECONDS);
    if !(-MOST_DAYS..=MOST_DAYS).contains(&seconds.div_euclid(DAY)) {
        return Err(OUT_OF_RANGE);
    }
    let seconds = i64::try_from(seconds).map_err(|_| OUT_OF_RANGE)?;
    let nanos = u32::try_from(total.rem_euclid(MICROSECONDS) * 1000).map_err(|_| OUT_OF_RANGE)?;
    TimeDelta::new(seconds, nanos).ok_or(OUT_OF_RANGE)
}

/// `datetime.timezone(offset)`.
pub(super) fn zone(offset: TimeDelta) -> Result<FixedOffset, PickleError> {
    if offset.subsec_nanos() != 0 {
        return Err(PickleError::Malformed("a time zone is not of whole seconds"));
    }
    i32::try_from(offset.num_seconds()).ok().and_then(FixedOffset::east_opt).ok_or(OUT_OF_RANGE)
}

/// Writes a date; other values are not given to it.
pub(super) fn put(out: &mut Vec<u8>, value: &Value) -> Result<(), PickleError> {
    match value {
        Value::Date(date) => {
            put_class(out, "date");
            put_bytes(out, &date_state(*date)?);
            out.extend([op::TUPLE1, op::MEMOIZE, op::REDUCE, op::MEMOIZE]);
        }
        Value::NaiveDateTime(time) => {
            put_class(out, "datetime");
            put_bytes(out, &time_state(*time)?);
            out.extend([op::TUPLE1, op::MEMOIZE, op::REDUCE, op::MEMOIZE]);
        }
        Value::DateTime(time) => {
            put_class(out, "datetime");
            put_bytes(out, &time_state(time.naive_local())?);
            put_class(out, "timezone");
            put_delta(out, TimeDelta::seconds(time.offset().local_minus_utc().into()))?;
            out.extend([op::TUPLE1, op::MEMOIZE, op::REDUCE, op::MEMOIZE]);
            out.extend([op::TUPLE2, op::MEMOIZE, op::REDUCE, op::MEMOIZE]);
        }
        Value::TimeDelta(delta) => put_delta(out, *delta)?,
        _ => {}
    }
    Ok(())
}

fn put_class(out: &mut Vec<u8>, name: &str) {
    put_str(out, "datetime");
    put_str(out, name);
    out.extend([op::STACK_GLOBAL, op::MEMOIZE]);
}

fn put_delta(out: &mut Vec<u8>, delta: TimeDelta) -> Result<(), PickleError> {
    // Towards zero by chrono, and never below zero in Python but for the days.
    let total = i128::from(delta.num_seconds()) * MICROSECONDS + i128::from(delta.subsec_nanos() / 1000);
    let seconds = total.div_euclid(MICROSECONDS);
    let days = seconds.div_euclid(DAY);
    if !(-MOST_DAYS..=MOST_DAYS).contains(&days) {
        return Err(unwritable());
    }
    put_class(out, "timedelta");
    put_int(out, days);
    put_int(out, seconds.rem_euclid(DAY));
    put_int(out, total.rem_euclid(MICROSECONDS));
    out.extend([op::TUPLE3, op::MEMOIZE, op::REDUCE, op::MEMOIZE]);
    Ok(())
}

fn date_state(date: NaiveDate) -> Result<[u8; 4], PickleError> {
    let year =
        u16::try_from(date.year()).ok().filter(|year| (1..=9999).contains(year)).ok_or_else(unwritable)?;
    let [century, year] = year.to_be_bytes();
    // A month and a day fit a byte.
    Ok([century, year, date.month() as u8, date.day() as u8])
}

fn time_state(time: NaiveDateTime) -> Result<[u8; 10], PickleError> {
    let [century, year, month, day] = date_state(time.date())?;
    // Python has no leap second.
    let micro = (time.nanosecond() / 1000).min(999_999);
    let [_, high, middle, low] = micro.to_be_bytes();
    let (hour, minute, second) = (time.hour() as u8, time.minute() as u8, time.second() as u8);
    Ok([century, year, month, day, hour, minute, second, high, middle, low])
}

fn unwritable() -> PickleError {
    PickleError::Type(
        "Python's dates are of the years 1 to 9999, its timedeltas of 999999999 days".to_owned(),
    )
}
