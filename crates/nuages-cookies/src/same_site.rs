//! The `SameSite` attribute.

use std::fmt;

/// When a browser sends a cookie along with requests that other sites cause; the `samesite` of `set_cookie`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SameSite {
    /// Only with requests of the site itself, and when a link is followed to it.
    Lax,
    /// Only with requests of the site itself.
    Strict,
    /// With every request; browsers demand `Secure` then.
    None,
}

impl SameSite {
    /// The word as it is written in `Set-Cookie`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lax => "Lax",
            Self::Strict => "Strict",
            Self::None => "None",
        }
    }

    /// The meaning of a word in any letter case.
    ///
    /// ```
    /// use nuages_cookies::SameSite;
    /// assert_eq!(SameSite::parse("STRICT"), Some(SameSite::Strict));
    /// assert_eq!(SameSite::parse("no"), None);
    /// ```
    pub const fn parse(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("lax") {
            Some(Self::Lax)
        } else if text.eq_ignore_ascii_case("strict") {
            Some(Self::Strict)
        } else if text.eq_ignore_ascii_case("none") {
            Some(Self::None)
        } else {
            None
        }
    }
}

impl fmt::Display for SameSite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What the `same_site` of a cookie takes: a [`SameSite`], a word, or `None`.
///
/// A word may be written in any letter case and is sent as it is written; an empty one counts as `None`, which leaves
/// the attribute as it was. Another word is an error when the cookie is checked.
///
/// ```
/// use nuages_cookies::{ResponseCookies, SameSite};
///
/// let mut cookies = ResponseCookies::default();
/// cookies.set("a", 1).same_site(SameSite::Strict);
/// cookies.set("b", 1).same_site("lax");
/// assert!(cookies.check().is_ok());
/// cookies.set("c", 1).same_site("sometimes");
/// assert!(cookies.check().is_err());
/// ```
#[derive(Clone, Default, Debug)]
pub struct SameSiteValue(Value);

#[derive(Clone, Default, Debug)]
enum Value {
    #[default]
    Unset,
    Known(SameSite),
    Text(Box<str>),
}

impl SameSiteValue {
    /// The word to write, if there is one.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Value::Unset => None,
            Value::Known(same_site) => Some(same_site.as_str()),
            Value::Text(text) => Some(text),
        }
    }
}

impl From<SameSite> for SameSiteValue {
    fn from(same_site: SameSite) -> Self {
        Self(Value::Known(same_site))
    }
}

impl From<Option<SameSite>> for SameSiteValue {
    fn from(same_site: Option<SameSite>) -> Self {
        same_site.map_or_else(Self::default, Self::from)
    }
}

impl From<&str> for SameSiteValue {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::default() } else { Self(Value::Text(text.into())) }
    }
}

impl From<&String> for SameSiteValue {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<String> for SameSiteValue {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}
