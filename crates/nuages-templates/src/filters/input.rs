//! What filters do with what they are given: numbers out of arguments, the errors that Python raises, safe texts.

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Error, ErrorKind, State, Value};

use crate::escape::escape;
use crate::python;

/// The longest text that a filter makes out of nothing: padding, decimals.
pub(super) const LONGEST_PADDING: usize = 1_000_000;

/// Why `int()` fails, as filters treat the reasons differently.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Raised {
    /// Python's `ValueError`.
    Value,
    /// Python's `TypeError`.
    Type,
    /// Python's `OverflowError`.
    Overflow,
}

/// `int(value)`.
pub(super) fn int(value: &Value) -> Result<i128, Raised> {
    python::int(value).ok_or_else(|| match value.kind() {
        ValueKind::String | ValueKind::Bytes | ValueKind::Undefined => Raised::Value,
        ValueKind::Number => Raised::Overflow,
        _ => Raised::Type,
    })
}

/// An argument that has to be there; templates are checked for that as they are loaded, expressions of Jinja's are not.
pub(super) fn required<'a>(filter: &str, arg: Option<&'a Value>) -> Result<&'a Value, Error> {
    arg.ok_or_else(|| {
        Error::new(
            ErrorKind::MissingArgument,
            format!("the filter {filter} needs an argument: {filter}:\"…\""),
        )
    })
}

/// An argument that has to be a whole number.
pub(super) fn required_int(filter: &str, arg: Option<&Value>) -> Result<i128, Error> {
    let arg = required(filter, arg)?;
    int(arg).map_err(|_| {
        raised(format!(
            "the argument of the filter {filter} must be a whole number, not {}",
            python::repr(arg)
        ))
    })
}

/// A text to fill up to a width, which is bounded.
pub(super) fn width(filter: &str, arg: Option<&Value>) -> Result<usize, Error> {
    let width = usize::try_from(required_int(filter, arg)?.max(0)).unwrap_or(usize::MAX);
    if width > LONGEST_PADDING {
        return Err(raised(format!("the width of the filter {filter} must be at most {LONGEST_PADDING}")));
    }
    Ok(width)
}

/// An error where Django's filter raises one.
pub(super) fn raised(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

/// An error for a value of the wrong kind.
pub(super) fn unfit(filter: &str, value: &Value) -> Error {
    let shown: String = python::repr(value).chars().take(80).collect();
    raised(format!("the filter {filter} cannot take the value {shown}"))
}

/// Whether the template escapes here.
pub(super) fn autoescape(state: &State<'_, '_>) -> bool {
    !matches!(state.auto_escape(), AutoEscape::None)
}

pub(super) fn safe(text: impl Into<String>) -> Value {
    Value::from_safe_string(text.into())
}

/// Django's `conditional_escape`: the escaped text, or the text itself if it is safe.
pub(super) fn conditional_escape(value: &Value) -> String {
    let text = python::str(value);
    if value.is_safe() { text.into_owned() } else { escape(&text).into_owned() }
}

/// The items of what Python can iterate over.
pub(super) fn items(value: &Value) -> Option<impl Iterator<Item = Value>> {
    match value.kind() {
        ValueKind::String | ValueKind::Seq | ValueKind::Map | ValueKind::Iterable => value.try_iter().ok(),
        _ => None,
    }
}
