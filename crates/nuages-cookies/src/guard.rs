//! What `set`, `set_signed` and `delete` return: Django's keyword arguments as methods.

use nuages_signing::Clock;

use crate::set_cookie::SetCookie;
use crate::{CookieAge, CookieText, Expires, SameSiteValue};

/// The attributes of a cookie that has just been set. Each method edits the cookie in place.
///
/// The methods are the keyword arguments of Django's `set_cookie`: their order does not matter, and of two calls of one
/// method the last counts. Errors are kept by the response and found by [`check`](crate::ResponseCookies::check).
///
/// ```
/// use nuages_cookies::{ResponseCookies, SameSite};
///
/// let mut cookies = ResponseCookies::default();
/// cookies.set("visits", 3).max_age(3600).http_only(true).same_site(SameSite::Lax);
/// assert!(cookies.check().is_ok());
/// cookies.set("visits", 4).path("/; HttpOnly");
/// assert!(cookies.check().is_err(), "nothing injects an attribute");
/// ```
#[derive(Debug)]
#[doc(alias = "Morsel")]
pub struct CookieGuard<'a> {
    /// None if the name is illegal.
    cookie: Option<&'a mut SetCookie>,
}

/// As [`CookieGuard`], for a cookie whose value is signed when it is written.
#[derive(Debug)]
pub struct SignedCookieGuard<'a> {
    cookie: CookieGuard<'a>,
}

/// The attributes of a cookie that is being deleted: those it was set with, or browsers keep it.
#[derive(Debug)]
pub struct DeleteGuard<'a> {
    cookie: CookieGuard<'a>,
}

impl<'a> CookieGuard<'a> {
    pub(crate) const fn new(cookie: Option<&'a mut SetCookie>) -> Self {
        Self { cookie }
    }

    fn edit(mut self, edit: impl FnOnce(&mut SetCookie)) -> Self {
        if let Some(cookie) = &mut self.cookie {
            edit(cookie);
        }
        self
    }
}

/// The methods that guards of cookies that are set have in common.
macro_rules! attributes {
    ($guard:ident, $($inner:tt)*) => {
        impl $guard<'_> {
            /// How long the cookie lives, in seconds or as a duration: writes `Max-Age`, and `expires` for old browsers
            /// unless it is given as text. Default `None`: until the browser is closed.
            pub fn max_age(self, age: impl Into<CookieAge>) -> Self {
                let age = age.into();
                self$($inner)*(|cookie| cookie.arguments.max_age = age)
            }

            /// When the cookie expires: a date and time, from which `Max-Age` is computed too (together with
            /// [`max_age`](Self::max_age) it is an error), or a text that is sent as it is. Default `None`.
            pub fn expires(self, moment: impl Into<Expires>) -> Self {
                let moment = moment.into();
                self$($inner)*(|cookie| cookie.arguments.expires = moment)
            }

            /// The path below which the cookie is sent back. Default `/`.
            pub fn path(self, path: impl Into<CookieText>) -> Self {
                let path = path.into();
                self$($inner)*(|cookie| cookie.arguments.path = path)
            }

            /// The domain whose hosts get the cookie. Default `None`: this host alone.
            pub fn domain(self, domain: impl Into<CookieText>) -> Self {
                let domain = domain.into();
                self$($inner)*(|cookie| cookie.arguments.domain = domain)
            }

            /// Whether the cookie is sent back over HTTPS only. Default false; `__Secure-` and `__Host-` cookies always
            /// are.
            pub fn secure(self, secure: bool) -> Self {
                self$($inner)*(|cookie| cookie.arguments.secure = secure)
            }

            /// Whether the cookie is hidden from JavaScript; Django's `httponly`. Default false.
            pub fn http_only(self, http_only: bool) -> Self {
                self$($inner)*(|cookie| cookie.arguments.http_only = http_only)
            }

            /// Whether requests caused by other sites carry the cookie; Django's `samesite`. Default `None`: the browser
            /// decides.
            pub fn same_site(self, same_site: impl Into<SameSiteValue>) -> Self {
                let same_site = same_site.into();
                self$($inner)*(|cookie| cookie.arguments.same_site = same_site)
            }

            /// Whether the cookie is kept apart for each site that embeds this one. Django has no such argument. It
            /// implies `Secure`, without which browsers refuse it. Default false.
            pub fn partitioned(self, partitioned: bool) -> Self {
                self$($inner)*(|cookie| cookie.arguments.partitioned = partitioned)
            }
        }
    };
}

attributes!(CookieGuard, .edit);
attributes!(SignedCookieGuard, .edit);

impl<'a> SignedCookieGuard<'a> {
    pub(crate) const fn new(cookie: Option<&'a mut SetCookie>) -> Self {
        Self { cookie: CookieGuard::new(cookie) }
    }

    fn edit(self, edit: impl FnOnce(&mut SetCookie)) -> Self {
        Self { cookie: self.cookie.edit(edit) }
    }

    /// A text that goes into the key, so that a value signed for one purpose is refused for another. Default empty.
    pub fn salt(self, salt: impl Into<String>) -> Self {
        let salt = salt.into();
        self.edit(|cookie| cookie.signing().salt = salt)
    }

    /// The clock that stamps the signature of this cookie, in place of the signer's.
    pub fn clock(self, clock: Clock) -> Self {
        self.edit(|cookie| cookie.signing().clock = Some(clock))
    }
}

impl<'a> DeleteGuard<'a> {
    pub(crate) const fn new(cookie: Option<&'a mut SetCookie>) -> Self {
        Self { cookie: CookieGuard::new(cookie) }
    }

    /// The path that the cookie was set with. Default `/`.
    pub fn path(self, path: impl Into<CookieText>) -> Self {
        Self { cookie: self.cookie.path(path) }
    }

    /// The domain that the cookie was set with. Default `None`.
    pub fn domain(self, domain: impl Into<CookieText>) -> Self {
        Self { cookie: self.cookie.domain(domain) }
    }

    /// The SameSite that the cookie was set with; `None` of [`SameSite`](crate::SameSite) makes the deletion `Secure`,
    /// without which browsers ignore it. Default `None`.
    pub fn same_site(self, same_site: impl Into<SameSiteValue>) -> Self {
        Self { cookie: self.cookie.same_site(same_site) }
    }
}
