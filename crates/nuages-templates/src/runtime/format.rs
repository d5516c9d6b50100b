//! How a value is printed: as Django prints it, escaped unless it is safe or escaping is off.

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Error, Output, State, Value};

use super::lookup::called;
use crate::python;

/// Prints a value.
pub(crate) fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if let Some(text) = value.as_str().filter(|_| value.kind() == ValueKind::String) {
        if value.is_safe() || matches!(state.auto_escape(), AutoEscape::None) {
            out.write_str(text)?;
        } else {
            escaped(out, text)?;
        }
        return Ok(());
    }
    match value.kind() {
        ValueKind::Undefined => {}
        ValueKind::Number if value.is_integer() => integer(out, value)?,
        ValueKind::Number => float(out, state, value)?,
        ValueKind::Plain => {
            if let Some(value) = called(state, value)? {
                return format(out, state, &value);
            }
            other(out, state, value)?;
        }
        _ => other(out, state, value)?,
    }
    Ok(())
}

/// Writes a text and escapes what HTML gives a meaning.
fn escaped(out: &mut Output<'_>, text: &str) -> Result<(), Error> {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| REFERENCES[usize::from(byte)].is_some()) {
        let (before, from) = rest.split_at(at);
        if !before.is_empty() {
            out.write_str(before)?;
        }
        let reference = from.bytes().next().and_then(|byte| REFERENCES[usize::from(byte)]);
        out.write_str(reference.unwrap_or_default())?;
        rest = from.get(1..).unwrap_or_default();
    }
    out.write_str(rest)?;
    Ok(())
}

/// What stands for each byte.
const REFERENCES: [Option<&str>; 256] = {
    let mut references = [None; 256];
    references[b'&' as usize] = Some("&amp;");
    references[b'<' as usize] = Some("&lt;");
    references[b'>' as usize] = Some("&gt;");
    references[b'"' as usize] = Some("&quot;");
    references[b'\'' as usize] = Some("&#x27;");
    references
};

/// Writes a float; where Rust and Python agree without looking at it twice.
fn float(out: &mut Output<'_>, state: &State<'_, '_>, value: &Value) -> Result<(), Error> {
    match f64::try_from(value.clone()) {
        Ok(number) if (1e-4..1e15).contains(&number.abs()) => write!(out, "{number:?}")?,
        _ => other(out, state, value)?,
    }
    Ok(())
}

fn integer(out: &mut Output<'_>, value: &Value) -> Result<(), Error> {
    let Some(number) = value.as_i64() else {
        write!(out, "{value}")?;
        return Ok(());
    };
    // Faster than the formatting machinery of the standard library, which most of a table would go through.
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut rest = number.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.write_str("-")?;
    }
    if let Ok(digits) = std::str::from_utf8(&digits[at..]) {
        out.write_str(digits)?;
    }
    Ok(())
}

fn other(out: &mut Output<'_>, state: &State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = python::text_in(state, value);
    match state.auto_escape() {
        AutoEscape::None => out.write_str(&text)?,
        _ => escaped(out, &text)?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use minijinja::{Environment, context};

    use super::format;

    #[test]
    fn values_are_printed_as_django_prints_them() {
        let mut env = Environment::new();
        env.set_formatter(format);
        env.set_auto_escape_callback(|name| {
            if name.ends_with("txt") { minijinja::AutoEscape::None } else { minijinja::AutoEscape::Html }
        });
        let cases = [
            (
                minijinja::Value::from("<a href='/x'>&\""),
                "&lt;a href=&#x27;/x&#x27;&gt;&amp;&quot;",
                "<a href='/x'>&\"",
            ),
            (minijinja::Value::from_safe_string("<b>".to_owned()), "<b>", "<b>"),
            (minijinja::Value::from(0), "0", "0"),
            (minijinja::Value::from(i64::MIN), "-9223372036854775808", "-9223372036854775808"),
            (minijinja::Value::from(u64::MAX), "18446744073709551615", "18446744073709551615"),
            (minijinja::Value::from(true), "True", "True"),
            (minijinja::Value::from(()), "None", "None"),
            (minijinja::Value::UNDEFINED, "", ""),
            (minijinja::Value::from(1.5), "1.5", "1.5"),
            (minijinja::Value::from(-100.0), "-100.0", "-100.0"),
            (minijinja::Value::from(0.1 + 0.2), "0.30000000000000004", "0.30000000000000004"),
            (minijinja::Value::from(0.0), "0.0", "0.0"),
            (minijinja::Value::from("a\u{fc}<\u{fc}>"), "a\u{fc}&lt;\u{fc}&gt;", "a\u{fc}<\u{fc}>"),
            (minijinja::Value::from(vec!["a"]), "[&#x27;a&#x27;]", "['a']"),
            (minijinja::Value::from_function(|| "<"), "&lt;", "<"),
        ];
        for (value, html, plain) in cases {
            let shown =
                env.render_named_str("a.html", "{{ value }}", context! { value => value.clone() }).unwrap();
            assert_eq!(shown, html);
            let shown =
                env.render_named_str("a.txt", "{{ value }}", context! { value => value.clone() }).unwrap();
            assert_eq!(shown, plain);
        }
    }
}
