//! What `path` and `domain` take.

/// A cookie's path or domain: text, or `None`.
///
/// `None` leaves the attribute as it was: absent, unless a cookie of the same name was set before in this response. An
/// empty text removes it.
///
/// ```
/// use nuages_cookies::{CookieText, ResponseCookies};
///
/// let mut cookies = ResponseCookies::default();
/// cookies.set("theme", "dark").path("/shop/").domain(CookieText::from("example.com"));
/// cookies.set("theme", "light").path(None).domain("");
/// let cookie = cookies.get("theme").unwrap();
/// assert_eq!((cookie.path(), cookie.domain()), (Some("/shop/"), None));
/// ```
#[derive(Clone, Default, Debug)]
pub struct CookieText(Kind);

#[derive(Clone, Default, Debug)]
enum Kind {
    #[default]
    Unset,
    /// The usual path, which costs no allocation.
    Root,
    Other(Box<str>),
}

impl CookieText {
    /// The path `/`.
    pub(crate) const ROOT: Self = Self(Kind::Root);

    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Kind::Unset => None,
            Kind::Root => Some("/"),
            Kind::Other(text) => Some(text),
        }
    }
}

impl From<&str> for CookieText {
    fn from(text: &str) -> Self {
        if text == "/" { Self::ROOT } else { Self(Kind::Other(text.into())) }
    }
}

impl From<String> for CookieText {
    fn from(text: String) -> Self {
        Self(Kind::Other(text.into()))
    }
}

impl From<&String> for CookieText {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<Option<&str>> for CookieText {
    fn from(text: Option<&str>) -> Self {
        text.map_or_else(Self::default, Self::from)
    }
}
