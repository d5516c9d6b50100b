//! Dates, numbers, base64, entity tags and query strings of pairs.

use nuages_http::base36::{base36_to_int, int_to_base36};
use nuages_http::etag::{parse_etags, quote_etag};
use nuages_http::http_date::{http_date, parse_http_date, parse_http_date_safe};
use nuages_http::urlencode::{ListValues, QueryValue, urlencode};
use nuages_http::urlsafe_base64::{urlsafe_base64_decode, urlsafe_base64_encode};
use serde_json::Value;

use super::{error, play, string, value};

#[test]
fn dates() {
    play("http_date", |input| match http_date(input.as_f64()) {
        Ok(date) => value(date),
        Err(date) => error(date.django_name()),
    });
    play("parse_http_date", |input| {
        let date = string(input);
        assert_eq!(parse_http_date_safe(date), parse_http_date(date).ok());
        match parse_http_date(date) {
            Ok(seconds) => value(seconds),
            Err(date) => error(date.django_name()),
        }
    });
}

#[test]
fn recorded_dates() {
    let dates: Value = serde_json::from_str(include_str!("../vectors/dates.json")).unwrap();
    let dates = dates["dates"].as_array().unwrap();
    assert!(!dates.is_empty());
    for case in dates {
        let (unix, text) = (case["unix"].as_i64().unwrap(), string(&case["text"]));
        assert_eq!(http_date(case["unix"].as_f64()).as_deref(), Ok(text));
        assert_eq!(parse_http_date(text), Ok(unix));
    }
}

#[test]
fn now_has_a_date() {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let shown = parse_http_date(&http_date(None).unwrap()).unwrap();
    assert!((shown - i64::try_from(now).unwrap()).abs() <= 2);
}

#[test]
fn base_36() {
    play("int_to_base36", |input| match int_to_base36(input.as_i64().unwrap()) {
        Ok(text) => value(text),
        Err(number) => error(number.django_name()),
    });
    play("base36_to_int", |input| match base36_to_int(string(input)) {
        Ok(number) => value(number.to_string()),
        Err(text) => error(text.django_name()),
    });
    assert_eq!(int_to_base36(i128::MAX).as_deref(), Ok("7ksyyizzkutudzbv8aqztecjj"));
}

#[test]
fn base_64() {
    play("urlsafe_base64_encode", |input| value(urlsafe_base64_encode(string(input))));
    play("urlsafe_base64_decode", |input| match urlsafe_base64_decode(string(input)) {
        Ok(bytes) => value(bytes.into_iter().map(char::from).collect::<String>()),
        Err(text) => error(text.django_name()),
    });
}

#[test]
fn entity_tags() {
    play("parse_etags", |input| value(parse_etags(string(input))));
    play("quote_etag", |input| value(quote_etag(string(input))));
}

#[test]
fn query_strings_of_pairs() {
    play("urlencode", |input| {
        let query = input[0].as_array().unwrap().iter().map(|pair| (string(&pair[0]), query_value(&pair[1])));
        let lists = if input[1] == Value::Bool(true) { ListValues::Repeat } else { ListValues::AsText };
        match urlencode(query, lists) {
            Ok(query) => value(query),
            Err(query) => error(query.django_name()),
        }
    });
}

fn query_value(value: &Value) -> QueryValue {
    match value {
        Value::Null => QueryValue::None,
        Value::Array(values) => QueryValue::List(values.iter().map(query_value).collect()),
        Value::Number(number) => number.as_i64().unwrap().into(),
        text => string(text).into(),
    }
}
