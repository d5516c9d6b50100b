//! `Cookie` headers, as Django reads them.

use nuages_cookies::Cookies;
use serde_json::Value;

use crate::{rows, vectors};

fn check(header: &[u8], expected: &Value) {
    let expected: Vec<(String, String)> = serde_json::from_value(expected.clone()).unwrap();
    let cookies = Cookies::from(header);
    let shown = String::from_utf8_lossy(header);
    let pairs: Vec<(String, String)> =
        cookies.iter().map(|(name, value)| (name.into(), value.into())).collect();
    assert_eq!(pairs, expected, "{shown}");
    assert_eq!((cookies.len(), cookies.is_empty()), (expected.len(), expected.is_empty()), "{shown}");
    for (name, value) in &expected {
        assert_eq!(cookies.get(name).as_deref(), Some(value.as_str()), "{shown}: {name:?}");
        assert_eq!(cookies.require(name).as_deref(), Ok(value.as_str()), "{shown}: {name:?}");
        assert!(cookies.contains(name));
    }
    for name in ["", "a", "b", "\u{FFFD}", "a=", "a ", " a", "a\t", "a;", "absent"] {
        let value = expected.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        assert_eq!(cookies.get(name).as_deref(), value, "{shown}: {name:?}");
    }
}

#[test]
fn the_shared_vectors_agree() {
    let file = vectors!("parse_cookie");
    for row in rows(&file, "cookies") {
        check(row["header"].as_str().unwrap().as_bytes(), &row["pairs"]);
    }
}

#[test]
fn our_recorded_headers_agree() {
    let file = vectors!("django_cookies");
    for row in rows(&file, "cookies") {
        let header: Vec<u8> =
            row["latin1"].as_str().unwrap().chars().map(|byte| u8::try_from(byte).unwrap()).collect();
        check(&header, &row["pairs"]);
    }
}

#[test]
fn several_headers_are_one() {
    let cookies = Cookies::new(["a=1; b=2", "a=3", "", "c=4"]);
    let pairs: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(pairs, ["a=3", "b=2", "c=4"]);
    assert!(Cookies::new([] as [&str; 0]).is_empty());
    let headers = [http::HeaderValue::from_static("a=1"), http::HeaderValue::from_static("a=2")];
    assert_eq!(Cookies::new(&headers).get("a").as_deref(), Some("2"));
    assert_eq!(Cookies::comma_joined(&headers).get("a").as_deref(), Some("1,a=2"));
    assert_eq!(Cookies::new(headers.first()).get("a").as_deref(), Some("1"));
}

#[test]
fn the_key_error_names_the_key_and_the_way_out() {
    let error = Cookies::default().require("visits").unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"no cookie named "visits" came with the request; use COOKIES.get("visits") if it may be absent"#
    );
}

#[test]
fn debug_shows_names_alone() {
    assert_eq!(format!("{:?}", Cookies::from("sessionid=secret; b=2")), r#"Cookies {"sessionid", "b"}"#);
}
