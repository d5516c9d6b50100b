//! Functions and filters behind tags that print or keep a value.

use std::sync::Arc;

use minijinja::value::{Rest, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value};

use super::lookup::called;
use super::memory::raised;
use crate::engine::Config;
use crate::error::{TemplateError, TemplateErrorKind};
use crate::escape::escape;
use crate::python;
use crate::syntax::lexer::is_python_space;

pub(super) fn register(env: &mut Environment<'_>, config: &Arc<Config>) {
    env.add_function("_first", |state: &mut State<'_, '_>, values: Rest<Value>| -> Result<Value, Error> {
        for value in values.0 {
            let value = called(state, &value)?.unwrap_or(value);
            if python::truth(&value) {
                return Ok(value);
            }
        }
        Ok(Value::from(""))
    });
    env.add_filter("_spaceless", |text: &str| Value::from_safe_string(spaceless(text)));
    env.add_filter("_count", count);
    env.add_function("_csrf", csrf);
    env.add_function("_width_ratio", width_ratio);
    env.add_function("_lorem", |count: Value, method: &str, common: bool| -> Result<String, Error> {
        let count = python::int(&count).unwrap_or(1);
        super::lorem::text(count, method, common)
    });
    let language = config.language.clone();
    env.add_function("_language", move || language.clone());
    let shows = config.debug;
    env.add_function(
        "_debug",
        move |state: &mut State<'_, '_>| if shows { variables(state) } else { String::new() },
    );
}

/// Removes the space between tags, and around all.
fn spaceless(text: &str) -> String {
    let text = text.trim_matches(is_python_space);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('>') {
        let (before, after) = rest.split_at(at + 1);
        out.push_str(before);
        let trimmed = after.trim_start_matches(is_python_space);
        rest = if trimmed.starts_with('<') { trimmed } else { after };
    }
    out.push_str(rest);
    out
}

fn count(value: Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Number | ValueKind::Bool => Ok(value),
        _ => Err(raised(TemplateError::new(
            TemplateErrorKind::Syntax,
            "the count of a 'blocktranslate' must be a number",
        ))),
    }
}

/// The hidden field with the CSRF token, if there is a token.
fn csrf(token: Value) -> Value {
    if token.is_undefined() || !python::truth(&token) || token.as_str() == Some("NOTPROVIDED") {
        return Value::from("");
    }
    let text = python::str(&token);
    let token = if token.is_safe() { text } else { escape(&text) };
    Value::from_safe_string(format!("<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"{token}\">"))
}

/// `value / maximum * width`, rounded to even as in Python.
fn width_ratio(value: Value, maximum: Value, width: Value) -> Result<String, Error> {
    let Some(width) = python::int(&width) else {
        return Err(raised(TemplateError::new(
            TemplateErrorKind::Syntax,
            "the last value of 'widthratio' must be a number",
        )));
    };
    let (Some(value), Some(maximum)) = (python::float(&value), python::float(&maximum)) else {
        return Ok(String::new());
    };
    if maximum == 0.0 {
        return Ok("0".to_owned());
    }
    #[expect(clippy::cast_precision_loss, reason = "Python multiplies the float by the number too")]
    let ratio = (value / maximum * width as f64).round_ties_even();
    if !ratio.is_finite() {
        return Ok(String::new());
    }
    // Python's rounding gives an integer, which has no negative zero.
    Ok(format!("{:.0}", ratio + 0.0))
}

/// What `{% debug %}` shows: every variable.
fn variables(state: &State<'_, '_>) -> String {
    let mut names: Vec<_> = state.known_variables();
    names.retain(|name| !name.starts_with('_') && !state.env().globals().any(|(global, _)| global == name));
    names.sort();
    let lines: Vec<String> = names
        .iter()
        .filter_map(|name| Some((name, state.lookup(name)?)))
        .map(|(name, value)| {
            format!("{}: {}", python::repr(&Value::from(name.as_ref())), python::repr(&value))
        })
        .collect();
    format!("{{{}}}", lines.join(",\n "))
}

/// Refuses a value with a message.
pub(super) fn refused(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_goes_only_between_tags() {
        let cases = [
            ("  <p>\n  <a>x</a> </p>\n", "<p><a>x</a></p>"),
            ("<b> x </b>", "<b> x </b>"),
            ("a > b", "a > b"),
            ("> <", "><"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(spaceless(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_ratio_is_rounded_as_python_rounds_it() {
        let cases = [
            (Value::from(175), Value::from(200), Value::from(100), "88"),
            (Value::from(50), Value::from(0), Value::from(100), "0"),
            (Value::from("a"), Value::from(1), Value::from(100), ""),
            (Value::from("50"), Value::from(100.0), Value::from("5"), "2"),
            (Value::from(-0.1), Value::from(1), Value::from(1), "0"),
        ];
        for (value, maximum, width, expected) in cases {
            assert_eq!(width_ratio(value, maximum, width).unwrap(), expected);
        }
        assert!(width_ratio(Value::from(1), Value::from(1), Value::from("x")).is_err());
    }

    #[test]
    fn a_token_becomes_a_field() {
        assert_eq!(
            csrf(Value::from("a\"b")).as_str(),
            Some("<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"a&quot;b\">")
        );
        for token in [Value::UNDEFINED, Value::from(""), Value::from(()), Value::from("NOTPROVIDED")] {
            assert_eq!(csrf(token).as_str(), Some(""));
        }
    }
}
