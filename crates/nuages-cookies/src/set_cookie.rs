//! One cookie of a response.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use nuages_signing::Clock;

use crate::attributes::{Arguments, Attributes, Resolved};
use crate::error::CookieErrorKind;
use crate::{CookieError, CookieSigner, quoting};

/// A cookie that a response will set, to look at; [`ResponseCookies`](crate::ResponseCookies) makes and writes them.
///
/// Debug output leaves the value out.
///
/// ```
/// use nuages_cookies::{ResponseCookies, SetCookie};
///
/// let mut cookies = ResponseCookies::default();
/// cookies.set("theme", "dark").max_age(3600).http_only(true);
/// let cookie: &SetCookie = cookies.get("theme").unwrap();
/// assert_eq!((cookie.name(), cookie.value(), cookie.path()), ("theme", "dark", Some("/")));
/// assert!(cookie.http_only() && !cookie.secure() && !cookie.is_signed());
/// ```
#[derive(Clone)]
pub struct SetCookie {
    /// The name and, right behind it, the value: one allocation for both.
    text: String,
    name_length: usize,
    unprintable: bool,
    signing: Option<Box<Signing>>,
    before: Option<Box<Attributes>>,
    pub(crate) arguments: Arguments,
}

/// How a signed cookie is signed when it is written.
#[derive(Clone, Default)]
pub(crate) struct Signing {
    pub(crate) salt: String,
    pub(crate) clock: Option<Clock>,
}

impl SetCookie {
    /// A cookie with the arguments' defaults. The name has been checked.
    pub(crate) fn new(name: &str, value: &dyn fmt::Display, arguments: Arguments) -> Self {
        // Room for a session's key.
        let mut text = String::with_capacity(name.len().saturating_add(32));
        text.push_str(name);
        let unprintable = write!(text, "{value}").is_err();
        Self { text, name_length: name.len(), unprintable, signing: None, before: None, arguments }
    }

    /// Sets the same name again: the attributes of before are kept as Django keeps them.
    pub(crate) fn set_again(&mut self, value: &dyn fmt::Display, arguments: Arguments) {
        let kept = self.resolved().kept();
        self.text.truncate(self.name_length);
        self.unprintable = write!(self.text, "{value}").is_err();
        self.signing = None;
        self.before = Some(Box::new(kept));
        self.arguments = arguments;
    }

    /// Makes this a signed cookie, or gives access to how it is signed.
    pub(crate) fn signing(&mut self) -> &mut Signing {
        self.signing.get_or_insert_default()
    }

    /// The name.
    pub fn name(&self) -> &str {
        self.text.get(..self.name_length).unwrap_or_default()
    }

    /// The value as it was given, neither signed nor quoted.
    pub fn value(&self) -> &str {
        self.text.get(self.name_length..).unwrap_or_default()
    }

    /// True if the value will be signed when it is written.
    pub fn is_signed(&self) -> bool {
        self.signing.is_some()
    }

    /// The `Path` that will be written.
    pub fn path(&self) -> Option<&str> {
        self.resolved().path
    }

    /// The `Domain` that will be written.
    pub fn domain(&self) -> Option<&str> {
        self.resolved().domain
    }

    /// The `SameSite` that will be written, as it was given.
    pub fn same_site(&self) -> Option<&str> {
        self.resolved().same_site
    }

    /// Whether `Secure` will be written.
    pub fn secure(&self) -> bool {
        self.resolved().secure
    }

    /// Whether `HttpOnly` will be written.
    pub fn http_only(&self) -> bool {
        self.resolved().http_only
    }

    /// Whether `Partitioned` will be written.
    pub fn partitioned(&self) -> bool {
        self.resolved().partitioned
    }

    /// The seconds of `Max-Age`, were it written now by this clock; beyond 64 bits the nearest number that fits.
    pub fn max_age(&self, clock: &Clock) -> Option<i64> {
        self.resolved().seconds(clock.now()).map(crate::age::Seconds::to_i64)
    }

    fn resolved(&self) -> Resolved<'_> {
        Resolved::new(self.name(), self.before.as_deref(), &self.arguments)
    }

    /// That the cookie can be written at this Unix time.
    pub(crate) fn check(&self, now: f64) -> Result<(), CookieError> {
        let checked = self.resolved().dates(now).and_then(|_| {
            if self.unprintable {
                return Err(CookieErrorKind::UnprintableValue);
            }
            match quoting::unwritable(self.value()) {
                Some(character) => Err(CookieErrorKind::IllegalValue(character)),
                None => Ok(()),
            }
        });
        checked.map_err(|kind| self.error(kind))
    }

    /// The text of the `Set-Cookie` header: the one place where it is put together.
    pub(crate) fn header(&self, now: f64, signer: &CookieSigner) -> Result<String, CookieError> {
        let resolved = self.resolved();
        let dates = resolved.dates(now).map_err(|kind| self.error(kind))?;
        if self.unprintable {
            return Err(self.error(CookieErrorKind::UnprintableValue));
        }
        let value = match &self.signing {
            Some(signing) => {
                Cow::Owned(signer.sign_at(self.name(), &signing.salt, self.value(), signing.clock.as_ref()))
            }
            None => Cow::Borrowed(self.value()),
        };
        let value = quoting::quote(&value)
            .map_err(|character| self.error(CookieErrorKind::IllegalValue(character)))?;

        let (expires, max_age) = (dates.expires(), dates.max_age());
        // In the order of http.cookies, with Partitioned where later Pythons have it.
        let attributes = [
            ("; Domain=", resolved.domain),
            ("; expires=", expires),
            ("; HttpOnly", resolved.http_only.then_some("")),
            ("; Max-Age=", max_age),
            ("; Partitioned", resolved.partitioned.then_some("")),
            ("; Path=", resolved.path),
            ("; SameSite=", resolved.same_site),
            ("; Secure", resolved.secure.then_some("")),
        ];
        // The exact length, so that the text becomes a header without being moved.
        let mut length = self.name_length.saturating_add(1).saturating_add(value.len());
        for (label, text) in &attributes {
            length = length.saturating_add(text.map_or(0, |text| label.len().saturating_add(text.len())));
        }
        let mut header = String::with_capacity(length);
        header.push_str(self.name());
        header.push('=');
        header.push_str(&value);
        for (label, text) in attributes {
            if let Some(text) = text {
                header.push_str(label);
                header.push_str(text);
            }
        }
        Ok(header)
    }

    fn error(&self, kind: CookieErrorKind) -> CookieError {
        CookieError::new(self.name(), kind)
    }
}

impl fmt::Debug for SetCookie {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let resolved = self.resolved();
        formatter
            .debug_struct("SetCookie")
            .field("name", &self.name())
            .field("signed", &self.is_signed())
            .field("path", &resolved.path)
            .field("domain", &resolved.domain)
            .field("same_site", &resolved.same_site)
            .field("secure", &resolved.secure)
            .field("http_only", &resolved.http_only)
            .finish_non_exhaustive()
    }
}
