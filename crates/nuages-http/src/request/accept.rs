//! What the client accepts: the header Accept.

use super::HttpRequest;
use crate::media_type::{AcceptError, AcceptedTypes};

impl HttpRequest {
    /// The types of the header Accept, the most wanted first (`HttpRequest.accepted_types`); without the header, `*/*`.
    ///
    /// # Errors
    /// A type whose parameters cannot be read.
    pub fn accepted_types(&self) -> Result<AcceptedTypes, AcceptError> {
        AcceptedTypes::parse(self.headers.get("accept").as_deref().unwrap_or("*/*"))
    }

    /// Does the client accept this media type (`HttpRequest.accepts`)?
    ///
    /// # Errors
    /// As [`accepted_types`](Self::accepted_types).
    ///
    /// ```
    /// use nuages_http::HttpRequest;
    /// let request = HttpRequest::test("GET", "/").header("Accept", "text/html").build();
    /// assert!(request.accepts("text/html")?);
    /// assert!(!request.accepts("application/json")?);
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    pub fn accepts(&self, media_type: &str) -> Result<bool, AcceptError> {
        self.accepted_types()?.accepts(media_type)
    }

    /// Which of these media types the client wants most (`HttpRequest.get_preferred_type`); none if it accepts none.
    ///
    /// # Errors
    /// As [`accepted_types`](Self::accepted_types).
    ///
    /// ```
    /// use nuages_http::HttpRequest;
    /// let request = HttpRequest::test("GET", "/").header("Accept", "text/html;q=0.5, */*").build();
    /// assert_eq!(request.get_preferred_type(&["text/html", "text/csv"])?, Some("text/csv"));
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    pub fn get_preferred_type<'a>(&self, media_types: &[&'a str]) -> Result<Option<&'a str>, AcceptError> {
        self.accepted_types()?.preferred(media_types)
    }
}
