//! Filters that change a text character by character or word by word.

use std::sync::LazyLock;

use minijinja::value::ValueKind;
use minijinja::{Error, State, Value};
use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use super::input::{raised, required, safe, unfit, width};
use super::{ArgCount, Filter};
use crate::python::{self, is_space, words};

pub(super) const FILTERS: &[Filter] = &[
    Filter::new("addslashes", ArgCount::None, addslashes).safe(),
    Filter::new("capfirst", ArgCount::None, capfirst).safe(),
    Filter::new("center", ArgCount::Required, center).safe(),
    Filter::new("cut", ArgCount::Required, cut),
    Filter::new("ljust", ArgCount::Required, ljust).safe(),
    Filter::new("lower", ArgCount::None, lower).safe(),
    Filter::new("make_list", ArgCount::None, make_list),
    Filter::new("phone2numeric", ArgCount::None, phone2numeric).safe(),
    Filter::new("rjust", ArgCount::Required, rjust).safe(),
    Filter::new("slugify", ArgCount::None, slugify).safe(),
    Filter::new("upper", ArgCount::None, upper),
    Filter::new("wordcount", ArgCount::None, wordcount),
];

fn addslashes(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    let text = python::str(value);
    let mut slashed = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '"' | '\'') {
            slashed.push('\\');
        }
        slashed.push(c);
    }
    Ok(Value::from(slashed))
}

fn capfirst(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    let text = python::str(value);
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    Ok(Value::from(first.into_iter().flatten().collect::<String>() + chars.as_str()))
}

fn center(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let (text, width) = (python::str(value), width("center", arg)?);
    let margin = width.saturating_sub(text.chars().count());
    // Of an odd margin Python puts the larger half left only if the width is odd too.
    let left = margin / 2 + (margin & width & 1);
    Ok(Value::from(format!("{}{text}{}", " ".repeat(left), " ".repeat(margin - left))))
}

fn ljust(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let (text, width) = (python::str(value), width("ljust", arg)?);
    Ok(Value::from(format!("{text:<width$}")))
}

fn rjust(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let (text, width) = (python::str(value), width("rjust", arg)?);
    Ok(Value::from(format!("{text:>width$}")))
}

fn cut(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let arg = required("cut", arg)?;
    if arg.kind() != ValueKind::String {
        return Err(unfit("cut", arg));
    }
    let part = python::str(arg);
    let text = python::str(value).replace(&*part, "");
    // Without its semicolons a safe text may have become markup.
    Ok(if value.is_safe() && part != ";" { safe(text) } else { Value::from(text) })
}

fn lower(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(Value::from(python::str(value).to_lowercase()))
}

fn upper(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(Value::from(python::str(value).to_uppercase()))
}

fn make_list(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(python::str(value).chars().map(|c| Value::from(c.to_string())).collect())
}

fn phone2numeric(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    if value.kind() != ValueKind::String {
        return Err(unfit("phone2numeric", value));
    }
    let text = python::str(value).to_lowercase();
    let digits = text.chars().map(|c| match c {
        'a'..='c' => '2',
        'd'..='f' => '3',
        'g'..='i' => '4',
        'j'..='l' => '5',
        'm'..='o' => '6',
        'p'..='s' => '7',
        't'..='v' => '8',
        'w'..='z' => '9',
        c => c,
    });
    Ok(Value::from(digits.collect::<String>()))
}

fn slugify(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    // Not configuration: the compiled form of a pattern that is written here.
    static GAPS: LazyLock<Result<Regex, regex::Error>> = LazyLock::new(|| Regex::new(r"[-\s]+"));
    let gaps = GAPS.as_ref().map_err(|error| raised(error.to_string()))?;
    let ascii: String = python::str(value)
        .nfkd()
        .filter(char::is_ascii)
        .map(|c| c.to_ascii_lowercase())
        .filter(|&c| c.is_ascii_alphanumeric() || c == '_' || c == '-' || is_space(c))
        .map(|c| if is_space(c) { ' ' } else { c })
        .collect();
    Ok(Value::from(gaps.replace_all(&ascii, "-").trim_matches(['-', '_'])))
}

fn wordcount(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(Value::from(words(&python::str(value)).count()))
}
