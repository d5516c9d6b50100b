//! `int()` and `float()`.

use minijinja::Value;
use minijinja::value::ValueKind;

use super::trim;

/// `int(value)`, or nothing where Python raises: for a text that is no whole number, for infinity, for what is no number.
///
/// A number beyond 128 bits is nothing too.
pub(crate) fn int(value: &Value) -> Option<i128> {
    match value.kind() {
        ValueKind::String => parse_int(value.as_str()?),
        ValueKind::Bytes => parse_int(value.as_str()?),
        ValueKind::Bool => Some(i128::from(value.is_true())),
        ValueKind::Number if value.is_integer() => i128::try_from(value.clone()).ok(),
        ValueKind::Number => truncated(f64::try_from(value.clone()).ok()?),
        _ => None,
    }
}

/// `float(value)`, or nothing where Python raises.
pub(crate) fn float(value: &Value) -> Option<f64> {
    match value.kind() {
        ValueKind::String | ValueKind::Bytes => parse_float(value.as_str()?),
        ValueKind::Bool => Some(f64::from(u8::from(value.is_true()))),
        ValueKind::Number => f64::try_from(value.clone()).ok(),
        _ => None,
    }
}

fn truncated(number: f64) -> Option<i128> {
    // The bounds are powers of two, so that they are exact as floats.
    let inside = number.is_finite() && number >= -(2f64.powi(127)) && number < 2f64.powi(127);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "truncation is what int() does, and the bounds were checked"
    )]
    inside.then_some(number as i128)
}

fn parse_int(text: &str) -> Option<i128> {
    let text = without_underscores(trim(text))?;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn parse_float(text: &str) -> Option<f64> {
    let text = without_underscores(trim(text))?;
    // Rust reads every form that Python reads: "inf", "infinity" and "nan" in any case, and no more than those.
    text.parse().ok()
}

/// Takes away the underscores that Python allows, one between two digits each.
fn without_underscores(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    for (at, _) in text.match_indices('_') {
        let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        if !digit(at.checked_sub(1)) || !digit(Some(at + 1)) {
            return None;
        }
    }
    Some(text.replace('_', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_as_python_reads_them() {
        for (value, wanted) in [
            (Value::from("12"), Some(12)),
            (Value::from(" +1_000\n"), Some(1000)),
            (Value::from("-0"), Some(0)),
            (Value::from("1__0"), None),
            (Value::from("_1"), None),
            (Value::from("1.0"), None),
            (Value::from(""), None),
            (Value::from("+"), None),
            (Value::from(true), Some(1)),
            (Value::from(-2.9), Some(-2)),
            (Value::from(f64::INFINITY), None),
            (Value::from(1e300), None),
            (Value::from(i128::MAX), Some(i128::MAX)),
            (Value::from(()), None),
            (Value::from(vec![1]), None),
        ] {
            assert_eq!(int(&value), wanted, "{value:?}");
        }
    }

    #[test]
    fn floats_are_read_as_python_reads_them() {
        for (text, wanted) in [
            (" 1.5 ", Some(1.5)),
            ("1e3", Some(1000.0)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("1_0.5", Some(10.5)),
            ("-Infinity", Some(f64::NEG_INFINITY)),
            ("x", None),
            ("0x10", None),
            ("", None),
        ] {
            assert_eq!(float(&Value::from(text)), wanted, "{text:?}");
        }
    }
}
