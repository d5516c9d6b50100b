//! `json_script`, and Python's JSON with what Django adds for dates.

use std::fmt::Write;

use minijinja::value::ValueKind;
use minijinja::{Error, State, Value};

use super::input::{conditional_escape, raised, safe, unfit};
use super::{ArgCount, Filter};
use crate::escape::json_script as escape_json;
use crate::moment::{Date, DateTime, Duration, Time};
use crate::python::{self, truth};

pub(super) const FILTERS: &[Filter] = &[Filter::new("json_script", ArgCount::Optional, json_script).safe()];

/// How many lists and dictionaries may lie in one another.
const DEPTH: usize = 200;

fn json_script(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let mut json = String::new();
    write_json(&mut json, value, DEPTH)?;
    let id = match arg {
        Some(id) if truth(id) => format!(" id=\"{}\"", conditional_escape(id)),
        _ => String::new(),
    };
    Ok(safe(format!("<script{id} type=\"application/json\">{}</script>", escape_json(&json))))
}

fn write_json(json: &mut String, value: &Value, depth: usize) -> Result<(), Error> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(raised(format!("the filter json_script takes at most {DEPTH} lists within one another")));
    };
    match value.kind() {
        ValueKind::None => json.push_str("null"),
        ValueKind::Bool => json.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number => json.push_str(&number(value)),
        ValueKind::String => write_string(json, value.as_str().unwrap_or_default()),
        ValueKind::Seq | ValueKind::Iterable => {
            json.push('[');
            for (at, item) in value.try_iter()?.enumerate() {
                if at > 0 {
                    json.push_str(", ");
                }
                write_json(json, &item, depth)?;
            }
            json.push(']');
        }
        ValueKind::Map => {
            json.push('{');
            for (at, key) in value.try_iter()?.enumerate() {
                if at > 0 {
                    json.push_str(", ");
                }
                write_key(json, &key)?;
                json.push_str(": ");
                write_json(json, &value.get_item(&key)?, depth)?;
            }
            json.push('}');
        }
        _ => write_string(json, &moment(value).ok_or_else(|| unfit("json_script", value))?),
    }
    Ok(())
}

fn number(value: &Value) -> String {
    if value.is_integer() {
        return value.to_string();
    }
    match python::float_repr(f64::try_from(value.clone()).unwrap_or(f64::NAN)).as_str() {
        "inf" => "Infinity".to_owned(),
        "-inf" => "-Infinity".to_owned(),
        "nan" => "NaN".to_owned(),
        text => text.to_owned(),
    }
}

fn write_key(json: &mut String, key: &Value) -> Result<(), Error> {
    match key.kind() {
        ValueKind::String => write_string(json, key.as_str().unwrap_or_default()),
        ValueKind::Number => write_string(json, &number(key)),
        ValueKind::Bool => write_string(json, if key.is_true() { "true" } else { "false" }),
        ValueKind::None => write_string(json, "null"),
        _ => return Err(unfit("json_script", key)),
    }
    Ok(())
}

/// The text of Django's JSON for a date: ISO 8601, with thousandths of a second instead of millionths.
fn moment(value: &Value) -> Option<String> {
    if let Some(moment) = value.downcast_object_ref::<DateTime>() {
        let mut text = moment.iso('T');
        if text.as_bytes().get(19) == Some(&b'.') {
            text.replace_range(23..26, "");
        }
        return Some(text.strip_suffix("+00:00").map(|text| format!("{text}Z")).unwrap_or(text));
    }
    if let Some(date) = value.downcast_object_ref::<Date>() {
        return Some(date.to_string());
    }
    if let Some(time) = value.downcast_object_ref::<Time>() {
        return Some(time.to_string().chars().take(12).collect());
    }
    Some(value.downcast_object_ref::<Duration>()?.iso())
}

fn write_string(json: &mut String, text: &str) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            ' '..='~' => json.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a String cannot fail.
                    let _ = write!(json, "\\u{unit:04x}");
                }
            }
        }
    }
    json.push('"');
}
