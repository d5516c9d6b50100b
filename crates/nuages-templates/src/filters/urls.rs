//! Filters for parts of URLs, and Python's `quote` and `unquote`.

use std::borrow::Cow;

use minijinja::value::ValueKind;
use minijinja::{Error, State, Value};

use super::input::unfit;
use super::{ArgCount, Filter};
use crate::python;

pub(super) const FILTERS: &[Filter] = &[
    Filter::new("iriencode", ArgCount::None, iriencode).safe(),
    Filter::new("urlencode", ArgCount::Optional, urlencode),
];

fn iriencode(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(Value::from(quote(&python::str(value), "/#%[]=:;$&()+,!?*@'~")))
}

fn urlencode(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let safe = match arg {
        Some(arg) if arg.kind() == ValueKind::String => python::str(arg),
        Some(arg) if !arg.is_none() => return Err(unfit("urlencode", arg)),
        _ => "/".into(),
    };
    let text = python::str(value);
    // Of nothing Python makes nothing, which is as safe as it was.
    Ok(if text.is_empty() { value.clone() } else { Value::from(quote(&text, &safe)) })
}

/// `urllib.parse.quote`.
pub(super) fn quote(text: &str, safe: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut quoted = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric()
            || b"_.-~".contains(&byte)
            || (byte.is_ascii() && safe.as_bytes().contains(&byte))
        {
            quoted.push(char::from(byte));
        } else {
            quoted.push('%');
            quoted.push(char::from(HEX[usize::from(byte >> 4)]));
            quoted.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    quoted
}

/// `urllib.parse.unquote`.
pub(super) fn unquote(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy()
}
