//! Headers of the form `value; name=value; …`: `django.utils.http.parse_header_parameters`, RFC 2231 included.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use indexmap::IndexMap;

use crate::char_class::strip;
use crate::encoding::{Encoding, LookupError};
use crate::quoting::unquote_to_bytes;

/// The parameters of a header, in their order; of a repeated name the last value counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeaderParameters(IndexMap<String, String>);

impl HeaderParameters {
    /// The value of this parameter. Names are lower case, but those without a value stand as they were sent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The number of parameters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.0.shift_remove(name);
    }
}

/// The value of the header, in lower case, and its parameters.
///
/// ```
/// use nuages_http::header_parameters::{HeaderParameters, parse_header_parameters};
///
/// let (value, parameters): (_, HeaderParameters) =
///     parse_header_parameters("Text/HTML; charset=\"utf-8\"; title*=UTF-8''%E2%82%AC")?;
/// assert_eq!(value, "text/html");
/// assert_eq!(parameters.get("charset"), Some("utf-8"));
/// assert_eq!(parameters.get("title"), Some("\u{20ac}"));
/// # Ok::<(), nuages_http::header_parameters::HeaderParameterError>(())
/// ```
///
/// # Errors
///
/// [`HeaderParameterError`] for parts of a parameter (RFC 2231) that cannot be put together or decoded.
pub fn parse_header_parameters(line: &str) -> Result<(Cow<'_, str>, HeaderParameters), HeaderParameterError> {
    let mut parameters = HeaderParameters::default();
    if !line.contains(';') {
        return Ok((lower(strip(line)), parameters));
    }
    let mut parts = split(line).into_iter().map(name_and_value);
    let value = match parts.next() {
        Some((Cow::Borrowed(value), _)) => lower(value),
        Some((Cow::Owned(value), _)) => Cow::Owned(value),
        None => Cow::Borrowed(""),
    };
    let mut continued: IndexMap<String, Vec<Segment<'_>>> = IndexMap::new();
    for (name, value) in parts {
        match Segment::of(&name, value)? {
            Some((name, segment)) => continued.entry(name).or_default().push(segment),
            None if name.is_empty() => {}
            None => {
                let value = unquote(&in_quotes(&unquote(value))).into_owned();
                parameters.0.insert(name.into_owned(), value);
            }
        }
    }
    for (name, segments) in continued {
        let value = join(segments)?;
        parameters.0.insert(name, value);
    }
    Ok((value, parameters))
}

/// The parts between semicolons that do not stand in quotes. A quotation mark after a backslash does not count.
fn split(line: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut previous) = (0, false, b';');
    for (at, byte) in line.bytes().enumerate() {
        if byte == b'"' && previous != b'\\' {
            quoted = !quoted;
        }
        previous = byte;
        if byte == b';' && !quoted {
            parts.extend(line.get(start..at));
            start = at + 1;
        }
    }
    parts.extend(line.get(start..));
    parts
}

fn name_and_value(part: &str) -> (Cow<'_, str>, &str) {
    match part.split_once('=') {
        Some((name, value)) => (lower(strip(name)), strip(value)),
        None => (Cow::Borrowed(strip(part)), ""),
    }
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

/// One part of a parameter that is written in parts: `name*0`, `name*1*`, or all of it, escaped: `name*`.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Segment<'a> {
    number: Option<Number>,
    value: Cow<'a, str>,
    escaped: bool,
}

/// Digits without leading zeros, compared by their number and then one by one.
type Number = (usize, String);

/// Python refuses to read a number of more digits.
const MAX_DIGITS: usize = 4300;

impl<'a> Segment<'a> {
    /// The segment and the name it belongs to, or None if the name is an ordinary one.
    fn of(name: &str, value: &'a str) -> Result<Option<(String, Self)>, HeaderParameterError> {
        let Some((base, suffix)) = name.split_once('*') else { return Ok(None) };
        let digits = suffix.strip_suffix('*').unwrap_or(suffix);
        let is_name =
            !base.is_empty() && base.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_name || !is_number || digits.is_empty() != suffix.is_empty() {
            return Ok(None);
        }
        if digits.len() > MAX_DIGITS {
            return Err(HeaderParameterError::Number);
        }
        let significant = digits.trim_start_matches('0');
        let number = (!digits.is_empty()).then(|| (significant.len(), significant.to_owned()));
        Ok(Some((base.to_owned(), Self { number, value: unquote(value), escaped: name.ends_with('*') })))
    }
}

fn join(mut segments: Vec<Segment<'_>>) -> Result<String, HeaderParameterError> {
    let numbered = segments.iter().filter(|segment| segment.number.is_some()).count();
    if numbered > 0 && numbered < segments.len() {
        return Err(HeaderParameterError::Mixed);
    }
    segments.sort();
    let escaped = segments.iter().any(|segment| segment.escaped);
    let value: String = segments
        .iter()
        .map(|segment| if segment.escaped { unescape(&segment.value) } else { segment.value.as_ref().into() })
        .collect();
    let value = quote(&value);
    if !escaped {
        return Ok(unquote(&format!("\"{value}\"")).into_owned());
    }
    let mut ticks = value.splitn(3, '\'');
    let (charset, text) = match (ticks.next(), ticks.next(), ticks.next()) {
        (Some(charset), Some(_language), Some(text)) => (Some(charset), text),
        _ => (None, value.as_str()),
    };
    let text = unquote(&format!("\"{text}\"")).into_owned();
    match charset {
        None => Ok(decode(&text, &Encoding::new("us-ascii"))?),
        // Without a name nothing is looked up, and nothing decoded.
        Some("") => Ok(unquote(&text).into_owned()),
        Some(charset) => Ok(decode(&text, &Encoding::for_label(charset)?)?),
    }
}

/// The bytes that the escapes mean, a character a byte.
fn unescape(value: &str) -> Cow<'_, str> {
    if !value.contains('%') {
        return Cow::Borrowed(value);
    }
    let mut text = String::with_capacity(value.len());
    for run in value.split_inclusive(|c: char| !c.is_ascii()) {
        let (ascii, last) = match run.char_indices().next_back() {
            Some((at, c)) if !c.is_ascii() => run.split_at_checked(at).unwrap_or((run, "")),
            _ => (run, ""),
        };
        text.extend(unquote_to_bytes(ascii.as_bytes()).iter().map(|byte| char::from(*byte)));
        text.push_str(last);
    }
    Cow::Owned(text)
}

/// Python's `collapse_rfc2231_value`: each character is a byte; those that cannot be one are written out.
fn decode(text: &str, encoding: &Encoding) -> Result<String, LookupError> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match (u8::try_from(c), u32::from(c)) {
            (Ok(byte), _) => bytes.push(byte),
            (Err(_), code @ ..=0xffff) => bytes.extend(format!("\\u{code:04x}").into_bytes()),
            (Err(_), code) => bytes.extend(format!("\\U{code:08x}").into_bytes()),
        }
    }
    encoding.decode(&bytes).map(Cow::into_owned)
}

/// Python's `email.utils.unquote`: quotation marks or angle brackets are taken off.
fn unquote(text: &str) -> Cow<'_, str> {
    if let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return if inner.contains('\\') {
            Cow::Owned(inner.replace("\\\\", "\\").replace("\\\"", "\""))
        } else {
            Cow::Borrowed(inner)
        };
    }
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    Cow::Borrowed(inner.unwrap_or(text))
}

fn quote(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn in_quotes(text: &str) -> String {
    format!("\"{}\"", quote(text))
}

/// The parameters of a header cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderParameterError {
    /// A parameter is in an unknown encoding (ValueError).
    Encoding(LookupError),
    /// The number of a part has thousands of digits (ValueError).
    Number,
    /// Some parts of a parameter are numbered, others are not (TypeError).
    Mixed,
}

impl HeaderParameterError {
    /// The class of the exception in Django or Python.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        match self {
            Self::Mixed => "TypeError",
            Self::Encoding(_) | Self::Number => "ValueError",
        }
    }
}

impl fmt::Display for HeaderParameterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Encoding(_) => "a header parameter cannot be decoded",
            Self::Number => "a header parameter's part has too long a number",
            Self::Mixed => "a header parameter has numbered and unnumbered parts: number all of them",
        })
    }
}

impl Error for HeaderParameterError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Encoding(error) => Some(error),
            Self::Number | Self::Mixed => None,
        }
    }
}

impl From<LookupError> for HeaderParameterError {
    fn from(error: LookupError) -> Self {
        Self::Encoding(error)
    }
}
