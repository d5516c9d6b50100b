//! The filters of the library `humanize`.

use minijinja::value::ValueKind;
use minijinja::{Error, State, Value};

use super::decimal::grouped;
use super::input::{int, safe, unfit};
use super::{ArgCount, Filter, dates, float_format};
use crate::moment::{self, Date, DateTime};
use crate::python::{self, decimal_text, truth};

pub(super) const FILTERS: &[Filter] = &[
    Filter::new("apnumber", ArgCount::None, apnumber).safe().of("humanize"),
    Filter::new("intcomma", ArgCount::Optional, intcomma).safe().of("humanize"),
    Filter::new("intword", ArgCount::None, intword).of("humanize"),
    Filter::new("naturalday", ArgCount::Optional, naturalday).local().of("humanize"),
    Filter::new("naturaltime", ArgCount::None, naturaltime).of("humanize"),
    Filter::new("ordinal", ArgCount::None, ordinal).safe().of("humanize"),
];

fn apnumber(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    const WORDS: [&str; 9] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let Ok(number) = int(value) else { return Ok(value.clone()) };
    let word = usize::try_from(number - 1).ok().and_then(|at| WORDS.get(at));
    Ok(word.map_or(Value::from(number), |word| Value::from(*word)))
}

fn ordinal(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    let Ok(number) = int(value) else { return Ok(value.clone()) };
    if number < 0 {
        return Ok(Value::from(number.to_string()));
    }
    let suffix = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    Ok(safe(format!("{number}{suffix}")))
}

fn intcomma(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    if arg.is_none_or(truth) {
        if value.kind() == ValueKind::Number && !value.is_integer() {
            return Ok(Value::from(grouped(&decimal_text(f64::try_from(value.clone()).unwrap_or(f64::NAN)))));
        }
        if let Some(number) = whole_digits(value) {
            return Ok(Value::from(grouped(&number)));
        }
    }
    let text = python::str(value);
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let end = text.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = text.split_at(end);
    Ok(Value::from(format!("{}{rest}", grouped(number))))
}

/// `int(value)` as text, so that it may be of any length.
fn whole_digits(value: &Value) -> Option<String> {
    if let Some(number) = python::int(value) {
        return Some(number.to_string());
    }
    let text = python::trim(value.as_str()?).replace('_', "");
    let (minus, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(&text)),
    };
    // Python reads no more digits than this at once.
    let fits = !digits.is_empty() && digits.len() <= 4300 && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| format!("{minus}{}", digits.trim_start_matches('0')))
}

fn intword(state: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    const WORDS: [(usize, &str); 11] = [
        (6, "million"),
        (9, "billion"),
        (12, "trillion"),
        (15, "quadrillion"),
        (18, "quintillion"),
        (21, "sextillion"),
        (24, "septillion"),
        (27, "octillion"),
        (30, "nonillion"),
        (33, "decillion"),
        (100, "googol"),
    ];
    let Some(number) = whole_digits(value) else { return Ok(value.clone()) };
    let plain = || python::int(value).map_or_else(|| Value::from(number.clone()), Value::from);
    let length = number.trim_start_matches('-').len();
    let word = WORDS.iter().find(|(exponent, _)| length <= exponent + 3).filter(|_| length > 6);
    let Some((exponent, word)) = word else { return Ok(plain()) };
    let Ok(large) = format!("{number}e-{exponent}").parse::<f64>() else { return Ok(plain()) };
    let shown = float_format::floatformat(state, &Value::from(large), Some(&Value::from(1)))?;
    Ok(Value::from(format!("{} {word}", python::str(&shown))))
}

fn naturalday(state: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let (day, zone) = if let Some(moment) = value.downcast_object_ref::<DateTime>() {
        (moment.local().date(), moment.zone())
    } else if let Some(date) = value.downcast_object_ref::<Date>() {
        (date.day(), None)
    } else {
        return Ok(value.clone());
    };
    let today = DateTime::now(zone.unwrap_or_else(|| moment::default_zone(state))).local().date();
    match (day - today).num_days() {
        0 => Ok(Value::from("today")),
        1 => Ok(Value::from("tomorrow")),
        -1 => Ok(Value::from("yesterday")),
        _ => dates::date(state, &Date::from(day).into(), arg),
    }
}

fn naturaltime(state: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    let Some(&moment) = value.downcast_object_ref::<DateTime>() else {
        // Of a date Python would compare with a moment, and raises.
        let date = value.downcast_object_ref::<Date>().is_some();
        return if date { Err(unfit("naturaltime", value)) } else { Ok(value.clone()) };
    };
    let zone = moment.zone().unwrap_or_else(|| moment::default_zone(state));
    let now = DateTime::now(zone);
    let (then, now) =
        if moment.is_naive() { (moment.local(), now.local()) } else { (moment.utc(), now.utc()) };
    let past = then < now;
    let distance = if past { now - then } else { then - now };
    let text = |count: i64, one: &str, many: &str| {
        let when = if past { "ago" } else { "from now" };
        if count == 1 { format!("{one} {when}") } else { format!("{count}\u{a0}{many} {when}") }
    };
    Ok(Value::from(match distance.num_seconds() {
        0 => "now".to_owned(),
        seconds @ 1..60 => text(seconds, "a second", "seconds"),
        seconds @ 60..3600 => text(seconds / 60, "a minute", "minutes"),
        seconds @ 3600..86400 => text(seconds / 3600, "an hour", "hours"),
        _ if past => format!("{} ago", moment::since(then, now)),
        _ => format!("{} from now", moment::since(now, then)),
    }))
}
