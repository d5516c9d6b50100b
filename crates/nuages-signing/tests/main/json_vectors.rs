//! Every case that Python's `json.dumps` recorded in `vectors/json.json`, and values that only Rust has.

use std::{collections::BTreeMap, sync::LazyLock};

use nuages_signing::json::{self, MAX_DEPTH, Style};
use serde::Serialize;
use serde_json::{Value, value::RawValue};

static VECTORS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../vectors/json.json")).unwrap());

#[test]
fn texts() {
    let styles = [
        ("compact", Style::compact()),
        ("spaced", Style::spaced()),
        ("indented", Style::spaced().indent(4)),
        ("tabbed", Style::compact().indent_with("\t")),
        ("sorted", Style::spaced().indent(0).sort_keys(true)),
        ("unicode", Style::spaced().ensure_ascii(false)),
    ];
    for case in VECTORS["texts"].as_array().unwrap() {
        let source = case["source"].as_str().unwrap();
        let raw: Box<RawValue> = serde_json::from_str(source).unwrap();
        for (name, style) in &styles {
            let expected = case[name].as_str().unwrap();
            assert_eq!(json::to_string_styled(&raw, style).unwrap(), expected, "{name} {source}");
        }
        if case["value"] == true {
            let value: Value = serde_json::from_str(source).unwrap();
            for (name, style) in &styles {
                let expected = case[name].as_str().unwrap();
                assert_eq!(
                    json::to_string_styled(&value, style).unwrap(),
                    expected,
                    "{name} of a value {source}"
                );
            }
        }
    }
}

#[test]
fn floats() {
    for case in VECTORS["floats"].as_array().unwrap() {
        let bits = u64::from_str_radix(case[0].as_str().unwrap(), 16).unwrap();
        assert_eq!(json::to_string(&f64::from_bits(bits)).unwrap(), case[1].as_str().unwrap());
    }
}

#[test]
fn integers_of_any_width() {
    assert_eq!(json::to_string(&i128::MIN).unwrap(), "-170141183460469231731687303715884105728");
    assert_eq!(json::to_string(&u128::MAX).unwrap(), "340282366920938463463374607431768211455");
}

#[test]
fn keys_that_are_no_text() {
    assert_eq!(json::to_string(&BTreeMap::from([(true, 1), (false, 0)])).unwrap(), r#"{"false":0,"true":1}"#);
    assert_eq!(json::to_string(&BTreeMap::from([(-1_i64, 1)])).unwrap(), r#"{"-1":1}"#);
    assert!(json::to_string(&BTreeMap::from([([1], 1)])).is_err());
}

#[test]
fn raw_values_inside_values() {
    #[derive(Serialize)]
    struct Record {
        raw: Box<RawValue>,
        after: u8,
    }
    let raw = RawValue::from_string("{ \"é\" : [ 1E5, 12345678901234567890123 ] }".to_owned()).unwrap();
    let record = Record { raw, after: 1 };
    assert_eq!(
        json::to_string(&record).unwrap(),
        r#"{"raw":{"\u00e9":[100000.0,12345678901234567890123]},"after":1}"#
    );
    let style = Style::spaced().indent(1).sort_keys(true);
    assert_eq!(
        json::to_string_styled(&record, &style).unwrap(),
        "{\n \"after\": 1,\n \"raw\": {\n  \"\\u00e9\": [\n   100000.0,\n   12345678901234567890123\n  ]\n }\n}"
    );
}

#[test]
fn what_is_written_can_be_read_back_however_deep() {
    let nested = |depth: usize| (0..depth).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
    let text = json::to_string(&nested(MAX_DEPTH)).unwrap();
    assert!(serde_json::from_str::<Value>(&text).is_ok());
    let error = json::to_string(&nested(MAX_DEPTH + 1)).unwrap_err();
    assert!(error.to_string().contains("nested"), "{error}");
    assert!(json::to_string_styled(&nested(MAX_DEPTH + 1), &Style::spaced().sort_keys(true)).is_err());
}

#[test]
fn floats_without_a_number_are_null() {
    assert_eq!(json::to_string(&[f64::NAN, f64::INFINITY]).unwrap(), "[null,null]");
}
