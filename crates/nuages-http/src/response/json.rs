//! JSON answers.

use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use nuages_signing::json::{Style, to_string_spaced, to_string_styled};
use serde::Serialize;

use super::error::ResponseError;
use super::{HttpResponse, ROOM};
use crate::error::Result;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

impl HttpResponse {
    /// A JSON response (`JsonResponse`), in the text that Python's `json.dumps` writes: `{"a": 1}`.
    ///
    /// # Errors
    /// If the data cannot be written as JSON.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use nuages_http::HttpResponse;
    /// let response = HttpResponse::json(&BTreeMap::from([("é", 1)]))?;
    /// assert_eq!(response.body().as_bytes(), Some(&br#"{"\u00e9": 1}"#[..]));
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    #[doc(alias = "JsonResponse")]
    pub fn json<T: Serialize + ?Sized>(data: &T) -> Result<Self> {
        Ok(Self::from_json(to_string_spaced(data)?))
    }

    fn from_json(text: String) -> Self {
        let mut headers = HeaderMap::with_capacity(ROOM);
        headers.insert(CONTENT_TYPE, JSON);
        Self::from_parts(StatusCode::OK, headers, text.into())
    }
}

/// A JSON response with Django's other arguments (`safe`, `json_dumps_params`).
///
/// ```
/// use nuages_http::JsonResponse;
/// use nuages_signing::json::Style;
/// let response = JsonResponse::new(&[1, 2]).safe(false).style(Style::default().indent(1)).into_response()?;
/// assert_eq!(response.body().as_bytes(), Some(&b"[\n 1,\n 2\n]"[..]));
/// assert!(JsonResponse::new(&[1, 2]).into_response().is_err());
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[must_use = "call .into_response()"]
pub struct JsonResponse<'a, T: ?Sized> {
    data: &'a T,
    safe: bool,
    style: Style,
}

impl<'a, T: Serialize + ?Sized> JsonResponse<'a, T> {
    /// A response with this data, which must be an object unless [`safe(false)`](Self::safe) is said.
    pub fn new(data: &'a T) -> Self {
        Self { data, safe: true, style: Style::default() }
    }

    /// `false` allows data that is no object.
    pub fn safe(mut self, safe: bool) -> Self {
        self.safe = safe;
        self
    }

    /// Indentation, separators, order of keys, escapes.
    pub fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// The response.
    ///
    /// # Errors
    /// Data that is no object, if `safe`; data that cannot be written as JSON.
    pub fn into_response(self) -> Result<HttpResponse> {
        let text = to_string_styled(self.data, &self.style)?;
        if self.safe && !text.starts_with('{') {
            return Err(ResponseError::NotAnObject.into());
        }
        Ok(HttpResponse::from_json(text))
    }
}
