//! What a request's `Cookie` header says: Django's `request.COOKIES`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;

use crate::scan;
use crate::{CookieHeader, KeyError};

/// The cookies of a request, Django's `request.COOKIES`.
///
/// It keeps the header's bytes and reads them when asked, so a request that asks for no cookie pays for none. Reading
/// follows `parse_cookie` of `django/http/cookie.py`: of two cookies with one name the last wins, a pair without `=`
/// is a value named `""`, quotes and octal escapes are taken off, and bytes that are not UTF-8 become U+FFFD. Names and
/// values lose spaces and tabs around them, and no other blanks.
///
/// Debug output shows the names alone.
///
/// ```
/// use nuages_cookies::Cookies;
///
/// let cookies = Cookies::from(r#"theme=dark; name="Ann \"A\""; theme=light"#);
/// assert_eq!(cookies.get("theme").as_deref(), Some("light"));
/// assert_eq!(cookies.get("name").as_deref(), Some(r#"Ann "A""#));
/// assert_eq!(cookies.get("absent"), None);
/// ```
#[derive(Clone)]
pub struct Cookies {
    header: CookieHeader,
}

impl Cookies {
    /// Reads one or several `Cookie` headers; several are joined by `"; "`, as HTTP/2 asks (RFC 9113, 8.2.3).
    ///
    /// ```
    /// use nuages_cookies::Cookies;
    ///
    /// let cookies = Cookies::new(["a=1", "b=2"]);
    /// assert_eq!(cookies.require("b")?, "2");
    /// # Ok::<(), nuages_cookies::KeyError>(())
    /// ```
    pub fn new<T: Into<CookieHeader>>(headers: impl IntoIterator<Item = T>) -> Self {
        Self { header: CookieHeader::joined(headers, b"; ") }
    }

    /// Reads several `Cookie` headers of an HTTP/1 request as Django sees them behind WSGI: joined by a comma, which is
    /// then part of a value.
    ///
    /// ```
    /// use nuages_cookies::Cookies;
    ///
    /// let cookies = Cookies::comma_joined(["a=1", "b=2"]);
    /// assert_eq!(cookies.get("a").as_deref(), Some("1,b=2"));
    /// ```
    pub fn comma_joined<T: Into<CookieHeader>>(headers: impl IntoIterator<Item = T>) -> Self {
        Self { header: CookieHeader::joined(headers, b",") }
    }

    /// The value of the cookie called `name`, or `None` if none was sent.
    ///
    /// Allocates only where a value has escapes or bytes that are not UTF-8.
    pub fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        scan::find(self.header.as_bytes(), name).map(scan::value)
    }

    /// The value of the cookie called `name`; Django's `request.COOKIES[name]`.
    ///
    /// # Errors
    ///
    /// [`KeyError`], which names the cookie, if none was sent.
    ///
    /// ```
    /// let error = nuages_cookies::Cookies::from("a=1").require("visits").unwrap_err();
    /// assert_eq!(error.key(), "visits");
    /// ```
    pub fn require(&self, name: &str) -> Result<Cow<'_, str>, KeyError> {
        self.get(name).ok_or_else(|| KeyError::new(name))
    }

    /// True if a cookie called `name` was sent.
    pub fn contains(&self, name: &str) -> bool {
        scan::find(self.header.as_bytes(), name).is_some()
    }

    /// Names and values in the order of Django's dictionary: a name at its first place, with its last value.
    ///
    /// ```
    /// let cookies = nuages_cookies::Cookies::from("a=1; b=2; a=3");
    /// let pairs: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}:{value}")).collect();
    /// assert_eq!(pairs, ["a:3", "b:2"]);
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Cow<'_, str>, Cow<'_, str>)> + DoubleEndedIterator {
        self.distinct().into_iter().map(|(name, value)| (name, scan::value(value)))
    }

    /// The number of different names.
    pub fn len(&self) -> usize {
        self.distinct().len()
    }

    /// True if no cookie was sent.
    pub fn is_empty(&self) -> bool {
        scan::pairs(self.header.as_bytes()).next().is_none()
    }

    fn distinct(&self) -> Vec<(Cow<'_, str>, &[u8])> {
        let mut pairs: Vec<(Cow<'_, str>, &[u8])> = Vec::new();
        let mut places: HashMap<Cow<'_, str>, usize> = HashMap::new();
        for pair in scan::pairs(self.header.as_bytes()) {
            let name = scan::decode(pair.name);
            match places.entry(name) {
                Entry::Occupied(place) => {
                    if let Some((_, value)) = pairs.get_mut(*place.get()) {
                        *value = pair.value;
                    }
                }
                Entry::Vacant(place) => {
                    pairs.push((place.key().clone(), pair.value));
                    place.insert(pairs.len().saturating_sub(1));
                }
            }
        }
        pairs
    }
}

impl Default for Cookies {
    /// No cookies; allocates nothing.
    fn default() -> Self {
        Self { header: CookieHeader::empty() }
    }
}

impl<T: Into<CookieHeader>> From<T> for Cookies {
    fn from(header: T) -> Self {
        Self { header: header.into() }
    }
}

impl fmt::Debug for Cookies {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Cookies ")?;
        formatter.debug_set().entries(self.distinct().iter().map(|(name, _)| name)).finish()
    }
}
