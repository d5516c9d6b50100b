//! The reason phrase of a status line.

use std::borrow::Cow;

use http::StatusCode;

use super::HttpResponse;

/// A reason phrase that a view has chosen; [`HttpResponse::into_http`] leaves it in the extensions, for the
/// server to write. HTTP/2 has no reason phrase.
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
    match status.as_u16() {
        203 => "Non-Authoritative Information",
        413 => "Request Entity Too Large",
        414 => "Request-URI Too Long",
        416 => "Requested Range Not Satisfiable",
        418 => "I'm a Teapot",
        422 => "Unprocessable Entity",
        425 => "Too Early",
        _ => status.canonical_reason().unwrap_or("Unknown Status Code"),
    }
}
