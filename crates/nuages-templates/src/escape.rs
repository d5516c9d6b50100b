//! Escapes for HTML, JavaScript and JSON in a script.

use std::borrow::Cow;
use std::fmt::Write;

/// Escapes a text for HTML, as Django's `escape` does: `&`, `<`, `>`, `"` and `'`.
///
/// ```
/// use nuages_templates::escape::escape;
///
/// assert_eq!(escape(r#"<a href='x' title="&">"#), "&lt;a href=&#x27;x&#x27; title=&quot;&amp;&quot;&gt;");
/// assert!(matches!(escape("plain"), std::borrow::Cow::Borrowed("plain")));
/// ```
pub fn escape(text: &str) -> Cow<'_, str> {
    replaced(text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#x27;"),
        _ => None,
    })
}

/// Escapes JSON so that it may stand inside `<script>`: `<`, `>` and `&`.
///
/// ```
/// assert_eq!(nuages_templates::escape::json_script("\"</script>\""), "\"\\u003C/script\\u003E\"");
/// ```
pub fn json_script(json: &str) -> Cow<'_, str> {
    replaced(json, |byte| match byte {
        b'<' => Some("\\u003C"),
        b'>' => Some("\\u003E"),
        b'&' => Some("\\u0026"),
        _ => None,
    })
}

/// Escapes a text for a JavaScript string between quotes, as Django's `escapejs` does.
///
/// ```
/// assert_eq!(nuages_templates::escape::escape_js("it's\n"), "it\\u0027s\\u000A");
/// ```
pub fn escape_js(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\\'
            | '\''
            | '"'
            | '>'
            | '<'
            | '&'
            | '='
            | '-'
            | ';'
            | '`'
            | '\0'..='\u{1f}'
            | '\u{2028}'
            | '\u{2029}' => {
                // Writing to a String cannot fail.
                let _ = write!(escaped, "\\u{:04X}", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// Replaces single bytes, all of them ASCII.
fn replaced(text: &str, replacement: impl Fn(u8) -> Option<&'static str>) -> Cow<'_, str> {
    let Some(first) = text.bytes().position(|byte| replacement(byte).is_some()) else {
        return Cow::Borrowed(text);
    };
    let mut escaped = String::with_capacity(text.len() + text.len() / 8 + 16);
    escaped.push_str(&text[..first]);
    let mut kept = first;
    for (at, byte) in text.bytes().enumerate().skip(first) {
        if let Some(replacement) = replacement(byte) {
            escaped.push_str(&text[kept..at]);
            escaped.push_str(replacement);
            kept = at + 1;
        }
    }
    escaped.push_str(&text[kept..]);
    Cow::Owned(escaped)
}
