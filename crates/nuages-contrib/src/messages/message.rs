//! One message.

use std::borrow::Cow;

use super::level::Level;

/// A message: its level, its text, and the tags that a page may use as CSS classes
/// (`django.contrib.messages.storage.base.Message`).
///
/// ```
/// use nuages_contrib::messages::{Level, Message};
/// let message = Message::new(Level::WARNING, "Your trial ends today.").extra_tags("billing");
/// assert_eq!(message.tags(), "billing warning");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    level: Level,
    text: Text,
    extra_tags: Option<String>,
    level_tag: Cow<'static, str>,
}

impl Message {
    /// A message without tags of its own.
    pub fn new(level: impl Into<Level>, text: impl Into<Text>) -> Self {
        let level = level.into();
        let level_tag = Cow::Borrowed(level.default_tag());
        Self { level, text: text.into(), extra_tags: Some(String::new()), level_tag }
    }

    /// The same message with tags beside that of its level, separated by blanks.
    #[must_use]
    pub fn extra_tags(mut self, tags: impl Into<String>) -> Self {
        self.extra_tags = Some(tags.into());
        self
    }

    /// As it came from a storage, where tags of its own may be missing altogether.
    pub(crate) fn stored(level: Level, text: Text, extra_tags: Option<String>) -> Self {
        Self { extra_tags, ..Self::new(level, text) }
    }

    pub(crate) fn with_level_tag(mut self, tag: Cow<'static, str>) -> Self {
        self.level_tag = tag;
        self
    }

    /// How important it is.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// What it says; to be escaped in a page unless it [is safe](Self::is_safe).
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text.text
    }

    /// Is the text HTML already, for which somebody vouched with [`Text::safe`]?
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.text.safe
    }

    /// The tags beside that of the level, as they were given; none if there were none.
    #[must_use]
    pub fn own_tags(&self) -> Option<&str> {
        self.extra_tags.as_deref()
    }

    /// The tag of its level; empty for a level without one.
    #[must_use]
    pub fn level_tag(&self) -> &str {
        &self.level_tag
    }

    /// All tags, separated by blanks: its own and that of its level.
    #[must_use]
    pub fn tags(&self) -> String {
        match (self.own_tags().unwrap_or(""), self.level_tag()) {
            ("", tag) | (tag, "") => tag.to_owned(),
            (own, level) => format!("{own} {level}"),
        }
    }
}

/// What a message says: text, or HTML that somebody vouches for.
///
/// ```
/// use nuages_contrib::messages::{Level, Message, Text};
///
/// let plain = Message::new(Level::INFO, "1 < 2");
/// let html = Message::new(Level::INFO, Text::safe("See <a href=\"/cart/\">your cart</a>."));
/// assert!(!plain.is_safe() && html.is_safe());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[doc(alias = "mark_safe")]
#[doc(alias = "SafeString")]
pub struct Text {
    text: String,
    safe: bool,
}

impl Text {
    /// HTML that pages show as it is (`mark_safe`); nothing that came from a user may be in it unescaped.
    #[doc(alias = "mark_safe")]
    pub fn safe(html: impl Into<String>) -> Self {
        Self { text: html.into(), safe: true }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), safe: false }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self { text, safe: false }
    }
}

impl Message {
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        for (level, own, tags) in
            [(20, "", "info"), (20, "x y", "x y info"), (55, "z", "z"), (55, "", ""), (40, "a", "a error")]
        {
            assert_eq!(Message::new(level, "text").extra_tags(own).tags(), tags);
        }
        assert_eq!(Message::stored(Level::DEBUG, "x".into(), None).tags(), "debug");
    }
}
