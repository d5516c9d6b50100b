//! The reason phrase of a status line.

use std::borrow::Cow;

use http::StatusCode;

use super::HttpResponse;

/// A reason phrase that a view has chosen; [`HttpResponse::into_http`] leaves it in the extensions, for the
/// server to write. HTTP/2 has no reason phrase.
///
/// ```
/// use nuages_http::{HttpResponse, Reason, Settings, Site};
///
/// let mut response = HttpResponse::new("hello");
/// response.set_reason("Fine");
/// let site = Site::new(Settings::default())?;
/// let sent = response.into_http(site.cookie_signer());
/// assert_eq!(sent.extensions().get::<Reason>().map(Reason::as_str), Some("Fine"));
/// # Ok::<(), nuages_http::SettingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    phrase: Cow<'static, str>,
}

impl Reason {
    pub(super) fn new(phrase: Cow<'static, str>) -> Self {
        Self { phrase }
    }

    /// The phrase.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.phrase
    }
}

impl HttpResponse {
    /// The reason phrase (`response.reason_phrase`): the chosen one, or the standard one of the status.
    ///
    /// ```
    /// use nuages_http::{HttpResponse, StatusCode};
    /// let response = HttpResponse::new("").with_status(StatusCode::NOT_FOUND);
    /// assert_eq!(response.reason(), "Not Found");
    /// ```
    #[must_use]
    pub fn reason(&self) -> &str {
        match &self.inner.reason {
            Some(reason) => reason,
            None => standard(self.inner.status),
        }
    }

    /// Sets the reason phrase.
    pub fn set_reason(&mut self, reason: impl Into<Cow<'static, str>>) -> &mut Self {
        self.inner.reason = Some(reason.into());
        self
    }
}

/// The phrase that Python's `http.client.responses` has for a status.
fn standard(status: StatusCode) -> &'static str {
    unusual(status).or(status.canonical_reason()).unwrap_or_default()
}

/// The same where Rust's servers have another phrase, or none.
pub(super) fn unusual(status: StatusCode) -> Option<&'static str> {
    match status.as_u16() {
        203 => Some("Non-Authoritative Information"),
        413 => Some("Request Entity Too Large"),
        414 => Some("Request-URI Too Long"),
        416 => Some("Requested Range Not Satisfiable"),
        418 => Some("I'm a Teapot"),
        422 => Some("Unprocessable Entity"),
        425 => Some("Too Early"),
        _ if status.canonical_reason().is_none() => Some("Unknown Status Code"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_pythons() {
        for (code, phrase) in [
            (200, "OK"),
            (418, "I'm a Teapot"),
            (404, "Not Found"),
            (299, "Unknown Status Code"),
            (425, "Too Early"),
        ] {
            let status = StatusCode::from_u16(code).unwrap();
            assert_eq!(HttpResponse::new("").with_status(status).reason(), phrase);
            let sent = HttpResponse::new("")
                .with_status(status)
                .into_http(&nuages_cookies::CookieSigner::new("key"));
            let sent =
                sent.extensions().get::<Reason>().map_or(status.canonical_reason(), |r| Some(r.as_str()));
            assert_eq!(sent, Some(phrase), "the server is told where its own phrase differs");
        }
    }
}
