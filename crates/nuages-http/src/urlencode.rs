//! Query strings from any pairs: `django.utils.http.urlencode`.

use std::error::Error;
use std::fmt;
use std::fmt::Write as _;

use crate::char_class::is_other;
use crate::quoting::push_quoted_plus;

/// What may stand behind a name.
///
/// ```
/// use nuages_http::urlencode::{ListValues, QueryValue, urlencode};
///
/// let query = [("q", QueryValue::from("a b")), ("page", 2.into()), ("tag", ["x", "y"].into())];
/// assert_eq!(urlencode(query, ListValues::Repeat)?, "q=a+b&page=2&tag=x&tag=y");
/// # Ok::<(), nuages_http::urlencode::UrlencodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryValue {
    /// Nothing, which is an error.
    None,
    /// Text.
    Text(String),
    /// A number: text but in a list that is written as Python writes it.
    Number(i128),
    /// Several values.
    List(Vec<QueryValue>),
}

/// Whether a list gives a field for each of its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListValues {
    /// One field a value: Django's `doseq=True`.
    Repeat,
    /// One field, whose value is the list as Python writes it: Django's default.
    AsText,
}

macro_rules! numbers {
    ($($kind:ty),*) => {$(
        impl From<$kind> for QueryValue {
            fn from(value: $kind) -> Self {
                Self::Number(value.into())
            }
        }
    )*};
}

numbers!(i8, i16, i32, i64, i128, u8, u16, u32, u64);

impl From<&str> for QueryValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for QueryValue {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&String> for QueryValue {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl<V: Into<Self>> From<Option<V>> for QueryValue {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

impl<V: Into<Self>> From<Vec<V>> for QueryValue {
    fn from(values: Vec<V>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl<V: Into<Self>, const N: usize> From<[V; N]> for QueryValue {
    fn from(values: [V; N]) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

/// The query string of these pairs.
///
/// ```
/// use nuages_http::urlencode::{ListValues, urlencode};
///
/// assert_eq!(urlencode([("q", "two words"), ("lang", "fr")], ListValues::AsText)?, "q=two+words&lang=fr");
/// assert_eq!(urlencode([("id", [1, 2])], ListValues::Repeat)?, "id=1&id=2");
/// # Ok::<(), nuages_http::urlencode::UrlencodeError>(())
/// ```
///
/// # Errors
///
/// [`UrlencodeError`] for the value None: a field is empty or left out.
pub fn urlencode<K: AsRef<str>, V: Into<QueryValue>>(
    query: impl IntoIterator<Item = (K, V)>,
    lists: ListValues,
) -> Result<String, UrlencodeError> {
    let mut output = String::new();
    for (key, value) in query {
        let key = key.as_ref();
        match (value.into(), lists) {
            (QueryValue::List(values), ListValues::Repeat) => {
                for value in values {
                    push_field(&mut output, key, &value)?;
                }
            }
            (value, _) => push_field(&mut output, key, &value)?,
        }
    }
    Ok(output)
}

fn push_field(output: &mut String, key: &str, value: &QueryValue) -> Result<(), UrlencodeError> {
    let written;
    let text = match value {
        QueryValue::None => return Err(UrlencodeError { key: key.to_owned() }),
        QueryValue::Text(text) => text,
        QueryValue::Number(_) | QueryValue::List(_) => {
            let mut repr = String::new();
            push_repr(&mut repr, value);
            written = repr;
            &written
        }
    };
    if !output.is_empty() {
        output.push('&');
    }
    push_quoted_plus(output, key.as_bytes());
    output.push('=');
    push_quoted_plus(output, text.as_bytes());
    Ok(())
}

/// Python's `repr`. A list can be as deep as the program that made it, not as a request says.
fn push_repr(output: &mut String, value: &QueryValue) {
    match value {
        QueryValue::None => output.push_str("None"),
        QueryValue::Text(text) => push_text_repr(output, text),
        QueryValue::Number(number) => output.push_str(&number.to_string()),
        QueryValue::List(values) => {
            output.push('[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    output.push_str(", ");
                }
                push_repr(output, value);
            }
            output.push(']');
        }
    }
}

fn push_text_repr(output: &mut String, text: &str) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    output.push(quote);
    for c in text.chars() {
        let code = u32::from(c);
        // Writing to a string cannot fail.
        let _ = match c {
            '\\' => output.write_str("\\\\"),
            '\n' => output.write_str("\\n"),
            '\r' => output.write_str("\\r"),
            '\t' => output.write_str("\\t"),
            _ if c == quote => write!(output, "\\{c}"),
            ' ' => output.write_char(' '),
            _ if !is_other(c) && !c.is_whitespace() => output.write_char(c),
            _ if code <= 0xff => write!(output, "\\x{code:02x}"),
            _ if code <= 0xffff => write!(output, "\\u{code:04x}"),
            _ => write!(output, "\\U{code:08x}"),
        };
    }
    output.push(quote);
}

/// A value is None (TypeError).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlencodeError {
    key: String,
}

impl UrlencodeError {
    /// The name of the field.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The class of the exception in Django or Python.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        "TypeError"
    }
}

impl fmt::Display for UrlencodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "cannot encode None for {:?} in a query string: pass an empty string or leave the field out",
            self.key
        )
    }
}

impl Error for UrlencodeError {}
