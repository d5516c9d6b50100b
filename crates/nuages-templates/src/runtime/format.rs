//! How a value is printed: as Django prints it, escaped unless it is safe or escaping is off.

use std::fmt::{self, Write as _};

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

/// Writes a float; one of few digits, which can be written in one way only, without looking at it twice.
fn float(out: &mut Output<'_>, state: &State<'_, '_>, value: &Value) -> Result<(), Error> {
    if let Some(number) =
        f64::try_from(value.clone()).ok().filter(|number| (1e-4..1e15).contains(&number.abs()))
    {
        let mut short = Short { text: [0; 17], length: 0 };
        if write!(short, "{number:?}").is_ok() {
            out.write_str(short.text())?;
            return Ok(());
        }
    }
    other(out, state, value)
}

/// A text of at most fifteen digits, a sign and a point.
struct Short {
    text: [u8; 17],
    length: usize,
}

impl Short {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.text[..self.length]).unwrap_or_default()
    }
}

impl fmt::Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.text.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        // A sign leaves no room for a sixteenth digit.
        if end == self.text.len() && self.text[0] != b'-' { Err(fmt::Error) } else { Ok(()) }
    }
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
            (minijinja::Value::from(669_298_323_458_134.2), "669298323458134.2", "669298323458134.2"),
            (minijinja::Value::from(-123_456_789_012_345.6), "-123456789012345.6", "-123456789012345.6"),
            (minijinja::Value::from(1e15), "1000000000000000.0", "1000000000000000.0"),
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

    proptest::proptest! {
        #[test]
        fn the_short_way_writes_what_the_long_way_writes(whole in -1_000_000_i64..1_000_000, scale in 0_i32..12, any: f64) {
            let env = { let mut env = Environment::new(); env.set_formatter(format); env };
            #[expect(clippy::cast_precision_loss, reason = "the numbers are small")]
            let short = whole as f64 / 10_f64.powi(scale);
            for number in [short, any] {
                let shown = env.render_str("{{ n }}", context! { n => number }).unwrap();
                proptest::prop_assert_eq!(shown, crate::python::text(&minijinja::Value::from(number)).into_owned());
            }
        }
    }
}
