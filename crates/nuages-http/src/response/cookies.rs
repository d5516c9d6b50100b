//! `set_cookie`, `set_signed_cookie`, `delete_cookie`.

use std::fmt::{self, Display};

use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue, InvalidHeaderValue, SET_COOKIE};
use http::{Response, StatusCode};
use nuages_cookies::{
    CookieError, CookieGuard, CookieSigner, DeleteGuard, ResponseCookies, SignedCookieGuard,
};

use super::HttpResponse;
use crate::body::Body;

impl HttpResponse {
    /// Sets a cookie (`HttpResponse.set_cookie`); what is chained to it edits the cookie in place, as
    /// Django's keyword arguments would.
    ///
    /// ```
    /// use nuages_http::{HttpResponse, SameSite};
    /// let mut response = HttpResponse::new("ok");
    /// response.set_cookie("visits", 2).max_age(3600).http_only(true).same_site(SameSite::Lax);
    /// assert!(response.check_cookies().is_ok());
    /// ```
    pub fn set_cookie(&mut self, name: &str, value: impl Display) -> CookieGuard<'_> {
        self.inner.cookies.set(name, value)
    }

    /// Sets a cookie that its reader can trust (`HttpResponse.set_signed_cookie`). It is signed when it is sent,
    /// so a view needs no key; it is not encrypted.
    pub fn set_signed_cookie(&mut self, name: &str, value: impl Display) -> SignedCookieGuard<'_> {
        self.inner.cookies.set_signed(name, value)
    }

    /// Tells the browser to forget a cookie (`HttpResponse.delete_cookie`); path and domain must be those that it was
    /// set with.
    pub fn delete_cookie(&mut self, name: &str) -> DeleteGuard<'_> {
        self.inner.cookies.delete(name)
    }

    /// The cookies of this response.
    #[must_use]
    #[doc(alias = "response.cookies")]
    #[doc(alias = "SimpleCookie")]
    pub fn cookies(&self) -> &ResponseCookies {
        &self.inner.cookies
    }

    /// Does it set or delete a cookie, be it by a header of the view's own?
    #[must_use]
    pub fn sets_cookies(&self) -> bool {
        self.inner.cookies.iter().len() > 0 || self.inner.headers.contains_key(SET_COOKIE)
    }

    /// The first error of the cookies set so far.
    ///
    /// # Errors
    /// An illegal name or attribute. Unasked, such a response is answered with status 500.
    pub fn check_cookies(&self) -> Result<(), CookieError> {
        self.inner.cookies.check()
    }
}

/// Why no Set-Cookie was written.
#[derive(Debug)]
pub(super) enum Unwritable {
    Cookie(CookieError),
    Header(InvalidHeaderValue),
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cookie(error) => error.fmt(f),
            Self::Header(error) => error.fmt(f),
        }
    }
}

pub(super) fn write(
    cookies: &ResponseCookies,
    signer: &CookieSigner,
    headers: &mut HeaderMap,
) -> Result<(), Unwritable> {
    let mut refused = None;
    let written = cookies.write(signer, |line| match header_value(line) {
        Ok(value) => {
            headers.append(SET_COOKIE, value);
        }
        Err(error) => refused = Some(error),
    });
    written.map_err(Unwritable::Cookie)?;
    refused.map_or(Ok(()), |error| Err(Unwritable::Header(error)))
}

/// Each character as one Latin-1 byte.
fn header_value(line: String) -> Result<HeaderValue, InvalidHeaderValue> {
    if line.is_ascii() {
        return HeaderValue::try_from(line);
    }
    // What is not Latin-1 was refused when it was set.
    let bytes: Vec<u8> = line.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    HeaderValue::from_bytes(&bytes)
}

pub(super) fn refusal() -> Response<Body> {
    let mut response = Response::new(Body::from("<h1>Server Error (500)</h1>"));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.headers_mut().insert(CONTENT_TYPE, super::HTML);
    response
}
