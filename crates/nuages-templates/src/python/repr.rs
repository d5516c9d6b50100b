//! `repr()`.

use std::fmt::Write;
use std::sync::LazyLock;

use minijinja::Value;
use minijinja::value::ValueKind;
use regex::Regex;

use super::float_repr;
use crate::moment::{Date, DateTime, Duration, Time};
use crate::runtime::own_text;

/// How deep lists and dictionaries are written; what lies deeper shows as `...`.
const DEPTH: usize = 100;

/// Writes a value as Python's `repr()` does.
///
/// ```
/// use nuages_templates::{Value, context, python::repr};
///
/// assert_eq!(repr(&Value::from(vec![Some("it's"), None])), r#"["it's", None]"#);
/// assert_eq!(repr(&context! { a => 1.0, b => true }), "{'a': 1.0, 'b': True}");
/// ```
pub fn repr(value: &Value) -> String {
    let mut text = String::new();
    write_repr(&mut text, value, DEPTH);
    text
}

pub(super) fn write_repr(text: &mut String, value: &Value, depth: usize) {
    match value.kind() {
        ValueKind::Undefined => text.push_str("''"),
        ValueKind::None => text.push_str("None"),
        ValueKind::Bool => text.push_str(if value.is_true() { "True" } else { "False" }),
        ValueKind::Number if value.is_integer() => {
            // Writing to a String cannot fail, here and below.
            let _ = write!(text, "{value}");
        }
        ValueKind::Number => text.push_str(&float_repr(f64::try_from(value.clone()).unwrap_or(f64::NAN))),
        ValueKind::String => text.push_str(&string_repr(value.as_str().unwrap_or_default())),
        ValueKind::Bytes => bytes_repr(text, value.as_bytes().unwrap_or_default()),
        ValueKind::Seq if value.is_tuple() => {
            sequence(text, value, ('(', ')'), depth);
        }
        ValueKind::Seq | ValueKind::Iterable if let Some(own) = own_text(value) => text.push_str(&own),
        ValueKind::Seq => sequence(text, value, ('[', ']'), depth),
        // An iterable that knows its length is a view of a list; any other is a generator and may be read once only.
        ValueKind::Iterable if value.len().is_some() => sequence(text, value, ('[', ']'), depth),
        ValueKind::Iterable => text.push_str("<generator object>"),
        ValueKind::Map => dictionary(text, value, depth),
        _ => other(text, value),
    }
}

fn sequence(text: &mut String, value: &Value, (open, close): (char, char), depth: usize) {
    text.push(open);
    let Some(depth) = depth.checked_sub(1) else {
        text.push_str("...");
        text.push(close);
        return;
    };
    let mut count = 0;
    for item in value.try_iter().into_iter().flatten() {
        if count > 0 {
            text.push_str(", ");
        }
        count += 1;
        write_repr(text, &item, depth);
    }
    if open == '(' && count == 1 {
        text.push(',');
    }
    text.push(close);
}

fn dictionary(text: &mut String, value: &Value, depth: usize) {
    text.push('{');
    let Some(depth) = depth.checked_sub(1) else {
        text.push_str("...}");
        return;
    };
    for (at, key) in value.try_iter().into_iter().flatten().enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        write_repr(text, &key, depth);
        text.push_str(": ");
        write_repr(text, &value.get_item(&key).unwrap_or_default(), depth);
    }
    text.push('}');
}

fn other(text: &mut String, value: &Value) {
    if let Some(moment) = value.downcast_object_ref::<DateTime>() {
        text.push_str(&moment.repr());
    } else if let Some(date) = value.downcast_object_ref::<Date>() {
        text.push_str(&date.repr());
    } else if let Some(time) = value.downcast_object_ref::<Time>() {
        text.push_str(&time.repr());
    } else if let Some(duration) = value.downcast_object_ref::<Duration>() {
        text.push_str(&duration.repr());
    } else {
        let _ = write!(text, "{value}");
    }
}

/// `repr(str)`: in single quotes, unless only double quotes save a backslash; what does not print is escaped.
pub(crate) fn string_repr(string: &str) -> String {
    let quote = if string.contains('\'') && !string.contains('"') { '"' } else { '\'' };
    let mut text = String::with_capacity(string.len() + 2);
    text.push(quote);
    for c in string.chars() {
        match c {
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if c == quote => text.extend(['\\', c]),
            ' '..='~' => text.push(c),
            c if prints(c) => text.push(c),
            c => {
                let code = u32::from(c);
                let _ = match code {
                    0..=0xff => write!(text, "\\x{code:02x}"),
                    0x100..=0xffff => write!(text, "\\u{code:04x}"),
                    _ => write!(text, "\\U{code:08x}"),
                };
            }
        }
    }
    text.push(quote);
    text
}

/// `str.isprintable` of one character that is not ASCII.
fn prints(c: char) -> bool {
    // Not configuration: the compiled form of a pattern that is written here.
    static UNPRINTABLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\p{C}\p{Z}]$").ok());
    UNPRINTABLE.as_ref().is_none_or(|pattern| !pattern.is_match(c.encode_utf8(&mut [0; 4])))
}

fn bytes_repr(text: &mut String, bytes: &[u8]) {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    text.push('b');
    text.push(quote);
    for &byte in bytes {
        match byte {
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            byte if char::from(byte) == quote => text.extend(['\\', quote]),
            b' '..=b'~' => text.push(char::from(byte)),
            byte => {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
    }
    text.push(quote);
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::value::Tuple;

    #[test]
    fn values_are_written_as_python_writes_them() {
        for (value, wanted) in [
            (Value::from("it's"), r#""it's""#),
            (Value::from("\"it's\""), r#"'"it\'s"'"#),
            (
                Value::from("a\\\n\t\u{7f}\u{a0}é\u{2028}\u{e000}\u{1f600}"),
                r"'a\\\n\t\x7f\xa0é\u2028\ue000😀'",
            ),
            (Value::from_bytes(b"a'\xff\n".to_vec()), r#"b"a'\xff\n""#),
            (Value::from(Tuple::from(vec![Value::from(1)])), "(1,)"),
            (Value::from(Tuple::from(vec![Value::from(1), Value::from("x")])), "(1, 'x')"),
            (Value::from(Tuple::from(vec![])), "()"),
            (
                Value::from(vec![Value::from(()), Value::from(false), Value::from(1e20)]),
                "[None, False, 1e+20]",
            ),
            (minijinja::context! { a => vec![1], b => minijinja::context! {} }, "{'a': [1], 'b': {}}"),
        ] {
            assert_eq!(repr(&value), wanted);
        }
    }

    #[test]
    fn depth_is_bounded() {
        let mut value = Value::from(1);
        for _ in 0..1000 {
            value = Value::from(vec![value]);
        }
        assert_eq!(repr(&value).matches('[').count(), DEPTH + 1);
    }
}
