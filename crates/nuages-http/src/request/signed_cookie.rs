//! `get_signed_cookie`.

use nuages_cookies::SignedCookieError;
use nuages_signing::{Clock, MaxAge};

use super::HttpRequest;

/// A signed cookie about to be read (`HttpRequest.get_signed_cookie` with its arguments).
///
/// ```
/// use nuages_http::{HttpRequest, HttpResponse, Result, SignedCookieError};
///
/// async fn basket(request: HttpRequest) -> Result {
///     match request.signed_cookie("basket").salt("shop").max_age(3600).get() {
///         Ok(items) => Ok(HttpResponse::new(items)),
///         Err(SignedCookieError::Missing) => Ok(HttpResponse::new("empty")),
///         Err(forged_or_old) => Ok(HttpResponse::bad_request(forged_or_old.to_string())),
///     }
/// }
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let request = HttpRequest::test("GET", "/").header("Cookie", "basket=pen:forged").build();
/// assert_eq!(basket(request).await?.status(), 400);
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[must_use = "call .get()"]
pub struct SignedCookie<'a> {
    request: &'a HttpRequest,
    name: &'a str,
    salt: &'a str,
    max_age: Option<MaxAge>,
    clock: Option<Clock>,
}

impl HttpRequest {
    /// A signed cookie, to be read with a salt or a maximum age.
    ///
    /// ```
    /// use nuages_http::{HttpRequest, SignedCookieError};
    /// let request = HttpRequest::test("GET", "/").header("Cookie", "cart=42:forged").build();
    /// assert_eq!(request.signed_cookie("cart").salt("nice").get(), Err(SignedCookieError::BadSignature));
    /// assert_eq!(request.signed_cookie("other").get(), Err(SignedCookieError::Missing));
    /// ```
    #[doc(alias = "get_signed_cookie")]
    pub fn signed_cookie<'a>(&'a self, name: &'a str) -> SignedCookie<'a> {
        SignedCookie { request: self, name, salt: "", max_age: None, clock: None }
    }

    /// The value of a signed cookie that was set without a salt (`HttpRequest.get_signed_cookie`).
    ///
    /// # Errors
    /// As [`SignedCookie::get`].
    pub fn get_signed_cookie(&self, name: &str) -> Result<String, SignedCookieError> {
        self.signed_cookie(name).get()
    }
}

impl<'a> SignedCookie<'a> {
    /// The salt that it was set with.
    pub fn salt(mut self, salt: &'a str) -> Self {
        self.salt = salt;
        self
    }

    /// How old it may be: seconds, or a duration.
    pub fn max_age(mut self, age: impl Into<MaxAge>) -> Self {
        self.max_age = Some(age.into());
        self
    }

    /// The clock to judge its age by, for tests.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// The value.
    ///
    /// # Errors
    /// [`SignedCookieError::Missing`], [`SignedCookieError::BadSignature`], [`SignedCookieError::SignatureExpired`].
    pub fn get(self) -> Result<String, SignedCookieError> {
        let signed = self.request.COOKIES.get(self.name).ok_or(SignedCookieError::Missing)?;
        let signer = self.request.site().cookie_signer();
        match self.clock {
            Some(clock) => signer.clone().clock(clock).unsign(self.name, self.salt, &signed, self.max_age),
            None => signer.unsign(self.name, self.salt, &signed, self.max_age),
        }
    }

    /// The value, or this one if there is no good value.
    pub fn unwrap_or(self, default: impl Into<String>) -> String {
        self.get().unwrap_or_else(|_| default.into())
    }
}
