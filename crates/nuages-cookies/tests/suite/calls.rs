//! Calls of `set_cookie` and `delete_cookie` as the vectors record them.

use chrono::{DateTime, NaiveDateTime, TimeDelta};
use nuages_cookies::{CookieAge, CookieSigner, CookieText, Expires, ResponseCookies, SameSiteValue};
use nuages_signing::Clock;
use serde_json::{Map, Value};

/// The cookies of a response at this Unix time.
pub(crate) fn response(now: f64) -> ResponseCookies {
    ResponseCookies::default().clock(Clock::at(now))
}

/// The headers of a response, or the name of Django's exception.
pub(crate) fn written(cookies: &ResponseCookies) -> Result<Vec<String>, String> {
    let mut headers = Vec::new();
    let result = cookies.write(&CookieSigner::new("secret"), |header| headers.push(header));
    assert!(result.is_ok() || headers.is_empty());
    result.map(|()| headers).map_err(|error| error.django_name().to_owned())
}

/// Makes one recorded call.
pub(crate) fn make(cookies: &mut ResponseCookies, method: &str, arguments: &Map<String, Value>) {
    let key = arguments["key"].as_str().unwrap();
    if method == "delete_cookie" {
        let mut guard = cookies.delete(key);
        for (name, value) in arguments {
            guard = match name.as_str() {
                "path" => guard.path(text(value)),
                "domain" => guard.domain(text(value)),
                "samesite" => guard.same_site(same_site(value)),
                _ => guard,
            };
        }
        return;
    }
    let value = arguments.get("value").map_or("", |value| value.as_str().unwrap());
    let mut guard = cookies.set(key, value);
    for (name, value) in arguments {
        guard = match name.as_str() {
            "max_age" => guard.max_age(age(value)),
            "expires" => guard.expires(expires(value)),
            "path" => guard.path(text(value)),
            "domain" => guard.domain(text(value)),
            "secure" => guard.secure(value.as_bool().unwrap_or(false)),
            "httponly" => guard.http_only(value.as_bool().unwrap_or(false)),
            "samesite" => guard.same_site(same_site(value)),
            "key" | "value" | "method" => guard,
            _ => panic!("{name}"),
        };
    }
}

fn text(value: &Value) -> CookieText {
    value.as_str().into()
}

fn same_site(value: &Value) -> SameSiteValue {
    value.as_str().map_or_else(|| None.into(), Into::into)
}

fn age(value: &Value) -> CookieAge {
    if let Some(object) = value.as_object() {
        let (kind, inner) = object.iter().next().unwrap();
        return match (kind.as_str(), inner) {
            ("timedelta", inner) => {
                TimeDelta::microseconds((inner.as_f64().unwrap() * 1e6).round() as i64).into()
            }
            ("float", inner) => inner.as_str().unwrap().parse::<f64>().unwrap().into(),
            ("integer", inner) => inner.as_str().unwrap().parse::<i128>().unwrap().into(),
            _ => panic!("{kind}"),
        };
    }
    match (value.as_i64(), value.as_u64(), value.as_f64()) {
        (Some(seconds), _, _) => seconds.into(),
        (_, Some(seconds), _) => seconds.into(),
        (_, _, Some(seconds)) => seconds.into(),
        _ => None.into(),
    }
}

fn expires(value: &Value) -> Expires {
    match value {
        Value::Null => None.into(),
        Value::String(text) => text.into(),
        _ => {
            let text = value["datetime"].as_str().unwrap();
            match DateTime::parse_from_rfc3339(text) {
                Ok(moment) => moment.into(),
                Err(_) => text.parse::<NaiveDateTime>().unwrap().into(),
            }
        }
    }
}
