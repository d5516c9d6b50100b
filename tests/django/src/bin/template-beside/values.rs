//! The values of a case: JSON in which a dictionary with one key names a type that JSON has not.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use nuages_templates::Value;
use nuages_templates::moment::{self, DateTime, Zone};
use serde_json::Value as Json;

/// The template value of a case's JSON.
pub(crate) fn read(json: &Json) -> Result<Value, String> {
    match json {
        Json::Null => Ok(Value::from(())),
        Json::Bool(value) => Ok(Value::from(*value)),
        Json::String(text) => Ok(Value::from(text.as_str())),
        Json::Array(items) => Ok(Value::from(list(items)?)),
        Json::Object(typed) => match typed.iter().next() {
            Some((name, value)) if typed.len() == 1 => {
                of_type(name, value).ok_or_else(|| format!("no value: {json}"))?
            }
            _ => Err(format!("not one key: {json}")),
        },
        Json::Number(_) => Err(format!("a bare number: {json}")),
    }
}

fn list(items: &[Json]) -> Result<Vec<Value>, String> {
    items.iter().map(read).collect()
}

/// Nothing if the JSON has not the form that belongs to the type.
fn of_type(name: &str, json: &Json) -> Option<Result<Value, String>> {
    Some(Ok(match name {
        "safe" => Value::from_safe_string(json.as_str()?.to_owned()),
        "int" => Value::from(json.as_str()?.parse::<i128>().ok()?),
        "float" => Value::from(json.as_str()?.parse::<f64>().ok()?),
        "bytes" => Value::from_bytes(serde_json::from_value(json.clone()).ok()?),
        "tuple" => match list(json.as_array()?) {
            Ok(items) => Value::from(nuages_templates::Tuple::from(items)),
            Err(error) => return Some(Err(error)),
        },
        "dict" => {
            let pairs = json.as_array()?.iter().map(|pair| Ok((read(&pair[0])?, read(&pair[1])?)));
            match pairs.collect::<Result<Vec<_>, String>>() {
                Ok(pairs) => Value::from_pairs(pairs),
                Err(error) => return Some(Err(error)),
            }
        }
        // Every key with all its values.
        "query" => Value::from_pairs(json.as_array()?.iter().filter_map(|pair| {
            let values: Vec<Value> =
                pair[1].as_array()?.iter().filter_map(Json::as_str).map(Value::from).collect();
            Some((pair[0].as_str()?, Value::from(values)))
        })),
        "naive" => moment::value(&json.as_str()?.parse::<NaiveDateTime>().ok()?),
        "aware" => {
            let offset = FixedOffset::east_opt(i32::try_from(json[1].as_i64()?).ok()?)?;
            aware(&json[0], offset.into())?
        }
        "zoned" => aware(&json[0], Zone::named(json[1].as_str()?)?)?,
        "date" => moment::value(&json.as_str()?.parse::<NaiveDate>().ok()?),
        "time" => moment::value(&json.as_str()?.parse::<NaiveTime>().ok()?),
        "delta" => moment::value(&TimeDelta::microseconds(json.as_i64()?)),
        _ => return None,
    }))
}

fn aware(utc: &Json, zone: Zone) -> Option<Value> {
    let utc = utc.as_str()?.parse::<NaiveDateTime>().ok()?;
    Some(DateTime::from(utc.and_utc()).in_zone(zone).into())
}
