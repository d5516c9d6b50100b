//! Redirects.

use http::header::LOCATION;
use http::{HeaderValue, StatusCode};

use super::HttpResponse;
use crate::error::{Error, ErrorKind, Result};
use crate::iri::iri_to_uri;
use crate::url_split::urlsplit;

/// The longest URL that a redirect may have, in characters.
const MAX_LENGTH: usize = 16_384;

/// A redirect to this URL, 302 (`django.shortcuts.redirect` with a URL).
///
/// # Errors
/// [`ErrorKind::DisallowedRedirect`] as [`HttpResponse::redirect`].
///
/// ```
/// use nuages_http::redirect;
/// let response = redirect("/set/cookie")?;
/// assert_eq!(response.status(), 302);
/// assert!(redirect("javascript:alert(1)").is_err());
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[track_caller]
pub fn redirect(to: impl AsRef<str>) -> Result {
    HttpResponse::redirect(to)
}

impl HttpResponse {
    /// 302 (`HttpResponseRedirect`).
    ///
    /// # Errors
    /// [`ErrorKind::DisallowedRedirect`]: a scheme other than http, https and ftp, or more than 16,384 characters.
    #[track_caller]
    #[doc(alias = "HttpResponseRedirect")]
    pub fn redirect(to: impl AsRef<str>) -> Result {
        Redirect::to(to.as_ref()).into_response()
    }

    /// 301 (`HttpResponsePermanentRedirect`).
    ///
    /// # Errors
    /// As [`redirect`](Self::redirect).
    #[track_caller]
    #[doc(alias = "HttpResponsePermanentRedirect")]
    pub fn permanent_redirect(to: impl AsRef<str>) -> Result {
        Redirect::to(to.as_ref()).permanent().into_response()
    }

    /// Where a redirect leads (`response.url`).
    #[must_use]
    pub fn url(&self) -> Option<std::borrow::Cow<'_, str>> {
        self.header("location")
    }
}

/// A redirect with Django's other arguments.
///
/// ```
/// use nuages_http::Redirect;
/// let response = Redirect::to("/form/").permanent().preserve_request().into_response()?;
/// assert_eq!(response.status(), 308);
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "call .into_response()"]
pub struct Redirect<'a> {
    to: &'a str,
    permanent: bool,
    preserve_request: bool,
}

impl<'a> Redirect<'a> {
    /// To this URL.
    pub fn to(to: &'a str) -> Self {
        Self { to, permanent: false, preserve_request: false }
    }

    /// For good: 301 in place of 302.
    pub fn permanent(mut self) -> Self {
        self.permanent = true;
        self
    }

    /// With the same method and body: 307 or 308.
    pub fn preserve_request(mut self) -> Self {
        self.preserve_request = true;
        self
    }

    /// The response.
    ///
    /// # Errors
    /// As [`HttpResponse::redirect`].
    #[track_caller]
    pub fn into_response(self) -> Result {
        if self.to.chars().nth(MAX_LENGTH).is_some() {
            return Err(Error::new(
                ErrorKind::DisallowedRedirect,
                "unsafe redirect: the URL is longer than 16384 characters",
            ));
        }
        let location = iri_to_uri(self.to);
        let scheme =
            urlsplit(self.to).map_err(|error| Error::with_source(ErrorKind::Internal, error))?.scheme;
        if !["", "http", "https", "ftp"].contains(&&*scheme) {
            return Err(Error::new(
                ErrorKind::DisallowedRedirect,
                format!("unsafe redirect to a URL of the scheme {scheme:?}"),
            ));
        }
        let location = HeaderValue::from_str(&location)
            .map_err(|error| Error::with_source(ErrorKind::DisallowedRedirect, error))?;
        let status = match (self.permanent, self.preserve_request) {
            (false, false) => StatusCode::FOUND,
            (true, false) => StatusCode::MOVED_PERMANENTLY,
            (false, true) => StatusCode::TEMPORARY_REDIRECT,
            (true, true) => StatusCode::PERMANENT_REDIRECT,
        };
        let mut response = HttpResponse::new("").with_status(status);
        response.headers_mut().insert(LOCATION, location);
        Ok(response)
    }
}
