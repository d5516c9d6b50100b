//! The cookies of a response: Django's `response.cookies`.

use std::fmt::Display;

use nuages_signing::Clock;

use crate::attributes::Arguments;
use crate::guard::{CookieGuard, DeleteGuard, SignedCookieGuard};
use crate::set_cookie::SetCookie;
use crate::{CookieError, CookieSigner, name};

/// Browsers drop a cookie that is longer, in bytes.
const BROWSER_LIMIT: usize = 4096;

/// The cookies that a response sets: what stands behind its `set_cookie`, `set_signed_cookie` and `delete_cookie`.
///
/// A name is written once, at the place where it was set first. Setting it again replaces the value; attributes of the
/// earlier call that the later one does not give stay, as in Django, except `expires`.
///
/// The first error is kept: [`check`](Self::check) tells it, and nothing is written then.
///
/// ```
/// use std::time::Duration;
/// use nuages_cookies::{CookieSigner, ResponseCookies, SameSite};
///
/// let mut cookies = ResponseCookies::default();
/// cookies.set("theme", "dark blue").http_only(true).same_site(SameSite::Lax);
/// cookies.set_signed("cart", 42).salt("nice");
/// cookies.delete("old").path("/docs/");
///
/// let mut headers = Vec::new();
/// cookies.write(&CookieSigner::new("secret"), |header| headers.push(header))?;
/// assert_eq!(headers[0], r#"theme="dark blue"; HttpOnly; Path=/; SameSite=Lax"#);
/// assert!(headers[1].starts_with("cart=42:"));
/// assert_eq!(headers[2], r#"old=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/docs/"#);
/// # Ok::<(), nuages_cookies::CookieError>(())
/// ```
#[derive(Clone, Default, Debug)]
pub struct ResponseCookies {
    cookies: Vec<SetCookie>,
    error: Option<Box<CookieError>>,
    clock: Clock,
}

impl ResponseCookies {
    /// Sets where the time comes from that `expires` and `Max-Age` are computed with; the system's clock by default.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Sets a cookie; Django's `set_cookie`. The value is quoted where it must be.
    ///
    /// A name that starts with `__Secure-` or `__Host-` makes the cookie `Secure`, and the latter gets `Path=/`.
    ///
    /// ```
    /// # let mut cookies = nuages_cookies::ResponseCookies::default();
    /// cookies.set("visits", 1).max_age(3600);
    /// cookies.set("a b", 1);
    /// assert_eq!(cookies.check().unwrap_err().name(), "a b");
    /// ```
    pub fn set(&mut self, name: impl AsRef<str>, value: impl Display) -> CookieGuard<'_> {
        CookieGuard::new(self.place(name.as_ref(), &value, Arguments::setting()))
    }

    /// Sets a cookie whose value is signed when it is written; Django's `set_signed_cookie`.
    pub fn set_signed(&mut self, name: impl AsRef<str>, value: impl Display) -> SignedCookieGuard<'_> {
        let mut cookie = self.place(name.as_ref(), &value, Arguments::setting());
        if let Some(cookie) = &mut cookie {
            cookie.signing();
        }
        SignedCookieGuard::new(cookie)
    }

    /// Asks the browser to drop a cookie; Django's `delete_cookie`. It need not exist.
    pub fn delete(&mut self, name: impl AsRef<str>) -> DeleteGuard<'_> {
        DeleteGuard::new(self.place(name.as_ref(), &"", Arguments::deletion()))
    }

    /// Takes a cookie out of the response, as Python's `del response.cookies[name]`; false if it was not in it.
    pub fn remove(&mut self, name: &str) -> bool {
        let place = self.cookies.iter().position(|cookie| cookie.name() == name);
        if place.is_some() {
            self.settle();
        }
        place.map(|place| self.cookies.remove(place)).is_some()
    }

    /// The cookie of this name, to look at.
    pub fn get(&self, name: &str) -> Option<&SetCookie> {
        self.cookies.iter().find(|cookie| cookie.name() == name)
    }

    /// The cookies, in the order in which they are written.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &SetCookie> + DoubleEndedIterator {
        self.cookies.iter()
    }

    /// The number of cookies.
    pub const fn len(&self) -> usize {
        self.cookies.len()
    }

    /// True if no cookie is set and there is no error to tell.
    pub const fn is_empty(&self) -> bool {
        self.cookies.is_empty() && self.error.is_none()
    }

    /// That every cookie so far can be written.
    ///
    /// # Errors
    ///
    /// The first [`CookieError`], in the order of the calls.
    pub fn check(&self) -> Result<(), CookieError> {
        match &self.error {
            Some(error) => Err(error.as_ref().clone()),
            None => {
                let now = self.clock.now();
                self.cookies.iter().try_for_each(|cookie| cookie.check(now))
            }
        }
    }

    /// Gives the text of each `Set-Cookie` header to `sink`. This is the one function that makes them.
    ///
    /// Times are computed and values signed here and not when a cookie is set, so that an age counts from the answer.
    ///
    /// Each character of a text is one byte of the header, for none is above U+00FF: all are ASCII unless a path, a
    /// domain or a text in `expires` is not. A header above 4,096 bytes, which browsers drop, is logged as a warning.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check); `sink` has been given nothing then.
    pub fn write(&self, signer: &CookieSigner, sink: impl FnMut(String)) -> Result<(), CookieError> {
        if let Some(error) = &self.error {
            return Err(error.as_ref().clone());
        }
        if self.cookies.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let mut headers = Vec::with_capacity(self.cookies.len());
        for cookie in &self.cookies {
            let header = cookie.header(now, signer)?;
            if header.len() > BROWSER_LIMIT {
                tracing::warn!(
                    cookie = cookie.name(),
                    bytes = header.len(),
                    "a cookie is longer than the {BROWSER_LIMIT} bytes that browsers accept"
                );
            }
            headers.push(header);
        }
        headers.into_iter().for_each(sink);
        Ok(())
    }

    /// The place of a cookie that is being set, or `None` if its name is illegal.
    fn place(&mut self, name: &str, value: &dyn Display, arguments: Arguments) -> Option<&mut SetCookie> {
        if let Err(kind) = name::check(name) {
            self.settle();
            self.error.get_or_insert_with(|| Box::new(CookieError::new(name, kind)));
            return None;
        }
        match self.cookies.iter().position(|cookie| cookie.name() == name) {
            Some(place) => {
                self.settle();
                let cookie = self.cookies.get_mut(place)?;
                cookie.set_again(value, arguments);
                Some(cookie)
            }
            None => {
                self.cookies.push(SetCookie::new(name, value, arguments));
                self.cookies.last_mut()
            }
        }
    }

    /// Remembers the first error of the calls so far, before one of them is overwritten.
    fn settle(&mut self) {
        if let Err(error) = self.check() {
            self.error.get_or_insert_with(|| Box::new(error));
        }
    }
}
