//! The arguments of `json.dumps`.

use std::borrow::Cow;

/// How JSON is laid out: the keyword arguments of Python's `json.dumps`.
///
/// ```
/// use nuages_signing::json::{Style, to_string_styled};
///
/// let value = ("é", [1, 2]);
/// assert_eq!(to_string_styled(&value, &Style::compact())?, r#"["\u00e9",[1,2]]"#);
/// assert_eq!(to_string_styled(&value, &Style::spaced().ensure_ascii(false))?, r#"["é", [1, 2]]"#);
/// assert_eq!(to_string_styled(&[1], &Style::spaced().indent(2))?, "[\n  1\n]");
/// # Ok::<(), nuages_signing::json::JsonError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    separators: Option<(Cow<'static, str>, Cow<'static, str>)>,
    indent: Option<Cow<'static, str>>,
    sort_keys: bool,
    ensure_ascii: bool,
}

impl Style {
    /// `separators=(",", ":")`: no blanks; what Django signs.
    pub const fn compact() -> Self {
        Self {
            separators: Some((Cow::Borrowed(","), Cow::Borrowed(":"))),
            indent: None,
            sort_keys: false,
            ensure_ascii: true,
        }
    }

    /// Python's defaults: `", "` and `": "`, everything on one line, escapes beyond ASCII.
    pub const fn spaced() -> Self {
        Self { separators: None, indent: None, sort_keys: false, ensure_ascii: true }
    }

    /// Sets the text between items and the text between key and value.
    #[must_use]
    pub fn separators(self, item: impl Into<String>, key: impl Into<String>) -> Self {
        Self { separators: Some((Cow::Owned(item.into()), Cow::Owned(key.into()))), ..self }
    }

    /// Puts each item on its own line, indented by so many blanks a level.
    #[must_use]
    pub fn indent(self, blanks: usize) -> Self {
        self.indent_with(" ".repeat(blanks))
    }

    /// Puts each item on its own line, indented by `text` a level.
    #[must_use]
    pub fn indent_with(self, text: impl Into<String>) -> Self {
        Self { indent: Some(Cow::Owned(text.into())), ..self }
    }

    /// Whether the keys of each object are sorted, as text and by code point; off by default.
    #[must_use]
    pub fn sort_keys(self, sort: bool) -> Self {
        Self { sort_keys: sort, ..self }
    }

    /// Whether characters beyond ASCII are written as `\uXXXX`; on by default.
    #[must_use]
    pub fn ensure_ascii(self, escape: bool) -> Self {
        Self { ensure_ascii: escape, ..self }
    }

    pub(crate) fn item_separator(&self) -> &str {
        match (&self.separators, &self.indent) {
            (Some((item, _)), _) => item,
            // Python leaves no blank at the end of a line.
            (None, Some(_)) => ",",
            (None, None) => ", ",
        }
    }

    pub(crate) fn key_separator(&self) -> &str {
        self.separators.as_ref().map_or(": ", |(_, key)| key)
    }

    pub(crate) fn indentation(&self) -> Option<&str> {
        self.indent.as_deref()
    }

    pub(crate) fn sorts(&self) -> bool {
        self.sort_keys
    }

    pub(crate) fn escapes(&self) -> bool {
        self.ensure_ascii
    }
}

impl Default for Style {
    /// [`Style::spaced`], Python's defaults.
    fn default() -> Self {
        Self::spaced()
    }
}
