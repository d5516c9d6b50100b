//! Text in HTML.

use std::borrow::Cow;

/// Escapes text for HTML, in an element or in a quoted attribute (`django.utils.html.escape`).
///
/// ```
/// assert_eq!(nuages::escape("<b> & 'q'"), "&lt;b&gt; &amp; &#x27;q&#x27;");
/// assert_eq!(nuages::escape("plain"), "plain");
/// ```
#[must_use]
#[doc(alias = "conditional_escape")]
#[doc(alias = "django.utils.html.escape")]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len().saturating_add(16));
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#x27;"),
            c => escaped.push(c),
        }
    }
    escaped.into()
}
