//! JSON exactly as Python's `json.dumps` writes it.
//!
//! A signature covers the text of a value, and sessions are compared as text: so the separators, the escapes and the
//! form of every number have to be Python's. Keys keep their order, integers may have any length (as `i128`, `u128`
//! or inside a [`RawValue`](serde_json::value::RawValue)), and a raw value that somebody else wrote comes out as
//! Python would have written it.

mod error;
mod float;
mod formatter;
mod fragment;
mod style;
mod text;

use serde::Serialize;

pub use error::JsonError;
pub use style::Style;

/// The deepest nesting of lists and objects that is written: what `serde_json` reads back.
pub const MAX_DEPTH: usize = 127;

/// The value as `json.dumps(value, separators=(",", ":"))` writes it: what Django signs.
///
/// ```
/// use nuages_signing::json;
///
/// assert_eq!(json::to_string(&("é", 1e16, 0.1))?, r#"["\u00e9",1e+16,0.1]"#);
/// # Ok::<(), json::JsonError>(())
/// ```
///
/// A float that is no number or infinite is written as `null`, since JSON has no word for it.
///
/// # Errors
///
/// [`JsonError`] if the value's own `Serialize` fails, a map key is neither text, number nor boolean, or it nests
/// deeper than [`MAX_DEPTH`].
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, JsonError> {
    to_string_styled(value, &Style::compact())
}

/// The value as `json.dumps(value)` writes it, with blanks after `,` and `:`, as in Django's `JsonResponse`.
///
/// ```
/// assert_eq!(nuages_signing::json::to_string_spaced(&[1, 2])?, "[1, 2]");
/// # Ok::<(), nuages_signing::json::JsonError>(())
/// ```
///
/// # Errors
///
/// As [`to_string`].
pub fn to_string_spaced<T: Serialize + ?Sized>(value: &T) -> Result<String, JsonError> {
    to_string_styled(value, &Style::spaced())
}

/// The value as `json.dumps` writes it with the arguments in `style`.
///
/// ```
/// use nuages_signing::json::{self, Style};
///
/// let style = Style::spaced().indent(2).ensure_ascii(false);
/// assert_eq!(json::to_string_styled(&["é"], &style)?, "[\n  \"é\"\n]");
/// # Ok::<(), json::JsonError>(())
/// ```
///
/// # Errors
///
/// As [`to_string`].
pub fn to_string_styled<T: Serialize + ?Sized>(value: &T, style: &Style) -> Result<String, JsonError> {
    if style.sorts() {
        // Sorting needs a whole object, so it works on the finished text.
        let text = to_string(value)?;
        let mut out = String::with_capacity(text.len());
        fragment::restyle(&mut out, &text, style, 0)?;
        return Ok(out);
    }
    let mut bytes = Vec::with_capacity(512);
    let formatter = formatter::PythonFormatter::new(style);
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, formatter))?;
    String::from_utf8(bytes).map_err(JsonError::from)
}
