//! A session as a pickle: what Django's engines `cache` and `cached_db` keep in a cache.
//!
//! Python's plain data is more than JSON. A value that JSON has no form for is read as the nearest one (see
//! [`view`]), and is written back as what it was, as long as nobody has set it anew.

mod parse;
mod view;

use std::sync::Arc;

use nuages_cache::pickle::{PickleError, Value};
use serde_json::value::RawValue;

use crate::{SessionData, SessionValue};

/// The pickle of a dictionary.
///
/// # Errors
///
/// Values that Python has and a pickle of ours has not: half a surrogate pair, integers beyond 128 bits; and what nests
/// too deep.
pub(crate) fn to_pickle(data: &SessionData) -> Result<Vec<u8>, PickleError> {
    let named = data.iter_values().map(|(name, value)| {
        let python = match value.python() {
            Some(python) => python.clone(),
            None => parse::parse(value.raw().get())?,
        };
        Ok((Value::Str(name.to_owned()), python))
    });
    let unnamed = data.unnamed().iter().cloned().map(Ok);
    Value::Dict(named.chain(unnamed).collect::<Result<_, PickleError>>()?).to_bytes()
}

/// The dictionary of a pickle, if it is one.
pub(crate) fn from_pickle(bytes: &[u8]) -> Option<SessionData> {
    let Ok(Value::Dict(entries)) = Value::from_bytes(bytes) else { return None };
    let (mut data, mut unnamed) = (SessionData::new(), Vec::new());
    for (key, value) in entries {
        let Value::Str(name) = key else {
            // A session of JSON has no such name. It is nobody's here, and stays.
            unnamed.push((key, value));
            continue;
        };
        let view = view::view(&value)?;
        let raw = RawValue::from_string(view.json).ok()?;
        let python = (!view.faithful).then(|| Arc::new(value));
        data.insert_value(name, SessionValue::of_python(raw, python));
    }
    data.set_unnamed(unnamed);
    Some(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(value: Value) -> (SessionData, Value) {
        let bytes = Value::Dict(vec![
            (Value::Str("a".into()), Value::Int(1)),
            (Value::Str("x".into()), value),
            (Value::Str("z".into()), Value::Bool(true)),
        ])
        .to_bytes()
        .unwrap();
        let data = from_pickle(&bytes).unwrap();
        assert_eq!(to_pickle(&data).unwrap(), bytes, "written back as it was");
        assert_eq!((data.get("a").unwrap(), data.get("z").unwrap()), (Some(1), Some(true)));
        let Value::Dict(mut entries) = Value::from_bytes(&bytes).unwrap() else { panic!("a dictionary") };
        (data, entries.remove(1).1)
    }

    #[test]
    fn plain_data_is_read_and_written_back() {
        let text = |text: &str| Value::Str(text.to_owned());
        let date = chrono::NaiveDate::from_ymd_opt(2026, 5, 17).unwrap();
        let time = date.and_hms_micro_opt(12, 30, 45, 500_000).unwrap();
        for (value, json) in [
            (Value::None, "null"),
            (Value::Int(-5), "-5"),
            (Value::Int(123_456_789_012_345_678_901_234_567_890), "123456789012345678901234567890"),
            (Value::Float(1.0), "1.0"),
            (Value::Float(1e16), "1e+16"),
            (text("ünï \u{1f980} \""), "\"\\u00fcn\\u00ef \\ud83e\\udd80 \\\"\""),
            (Value::List(vec![Value::Int(1), Value::List(vec![])]), "[1,[]]"),
            (Value::Dict(vec![(text("b"), Value::None), (text("a"), Value::Int(1))]), r#"{"b":null,"a":1}"#),
            // What JSON does not have, as the nearest that it has.
            (Value::Tuple(vec![Value::Int(1), text("a")]), r#"[1,"a"]"#),
            (Value::Set(vec![Value::Int(1)]), "[1]"),
            (Value::Dict(vec![(Value::Int(1), Value::Int(2))]), r#"{"1":2}"#),
            (Value::Date(date), "\"2026-05-17\""),
            (Value::NaiveDateTime(time), "\"2026-05-17T12:30:45.500000\""),
            (Value::DateTime(time.and_utc().fixed_offset()), "\"2026-05-17T12:30:45.500000+00:00\""),
            (Value::TimeDelta(chrono::TimeDelta::milliseconds(1500)), "1.5"),
            // What has nothing near.
            (Value::Bytes(vec![1, 2]), r#"{"__python__":"bytes"}"#),
            (Value::List(vec![Value::Float(f64::NAN)]), r#"[{"__python__":"float"}]"#),
            (Value::Dict(vec![(Value::Tuple(vec![]), Value::Int(2))]), r#"{"__python__":"dict"}"#),
        ] {
            let (data, _) = round(value);
            assert_eq!(data.get_raw("x").unwrap().get(), json);
        }
    }

    #[test]
    fn what_is_opaque_is_an_error_only_when_it_is_asked_for() {
        let (mut data, _) = round(Value::Bytes(vec![1, 2]));
        assert_eq!(data.get::<String>("x").unwrap_err().kind(), crate::SessionErrorKind::TypeError);
        assert_eq!(data.get::<Option<u32>>("x").unwrap_err().kind(), crate::SessionErrorKind::TypeError);
        data.insert("x", RawValue::from_string("[1]".to_owned()).unwrap());
        let again = from_pickle(&to_pickle(&data).unwrap()).unwrap();
        assert_eq!(again.get::<Vec<u32>>("x").unwrap(), Some(vec![1]), "what is set counts");
    }

    #[test]
    fn names_that_are_no_text_stay() {
        let entries = vec![(Value::Int(1), Value::Int(2)), (Value::Str("a".into()), Value::Int(3))];
        let data = from_pickle(&Value::Dict(entries).to_bytes().unwrap()).unwrap();
        assert_eq!(data.keys().collect::<Vec<_>>(), ["a"]);
        assert!(!data.is_empty());
        let Value::Dict(entries) = Value::from_bytes(&to_pickle(&data).unwrap()).unwrap() else { panic!() };
        assert!(entries.contains(&(Value::Int(1), Value::Int(2))));
    }

    #[test]
    fn clones_and_copies_keep_what_it_was() {
        let (data, value) = round(Value::Tuple(vec![Value::Int(1)]));
        for copy in [data.clone(), data.detached()] {
            let bytes = to_pickle(&copy).unwrap();
            let Value::Dict(entries) = Value::from_bytes(&bytes).unwrap() else { panic!("a dictionary") };
            assert!(entries.get(1).is_some_and(|(_, kept)| *kept == value));
        }
        let mut changed = data.clone();
        changed.change("x", RawValue::from_string("[1,2]".to_owned()).unwrap());
        let again = from_pickle(&to_pickle(&changed).unwrap()).unwrap();
        assert_eq!(again.get_raw("x").unwrap().get(), "[1,2]", "changed in place");
    }

    #[test]
    fn only_dictionaries_are_sessions() {
        for bytes in [&b""[..], b"\x80\x04N.", b"\x80\x04]\x94.", b"{}", b"cos\nsystem\n(S'id'\ntR."] {
            assert!(from_pickle(bytes).is_none());
        }
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
        if let Ok(data) = SessionData::from_json(&deep) {
            assert!(to_pickle(&data).is_err());
        }
        assert!(to_pickle(&SessionData::from_json(r#"{"a":"\ud800"}"#).unwrap()).is_err());
    }
}
