//! One constructor for each of Django's response classes.

use http::StatusCode;
use http::header::{ALLOW, HeaderMap};

use super::HttpResponse;
use crate::body::Body;
use crate::header_text::HeaderText;

impl HttpResponse {
    /// 304 without content or Content-Type (`HttpResponseNotModified`).
    #[must_use]
    #[doc(alias = "HttpResponseNotModified")]
    pub fn not_modified() -> Self {
        Self::from_parts(StatusCode::NOT_MODIFIED, HeaderMap::new(), Body::empty())
    }

    /// 400 (`HttpResponseBadRequest`).
    #[doc(alias = "HttpResponseBadRequest")]
    pub fn bad_request(content: impl Into<Body>) -> Self {
        Self::new(content).with_status(StatusCode::BAD_REQUEST)
    }

    /// 403 (`HttpResponseForbidden`).
    #[doc(alias = "HttpResponseForbidden")]
    pub fn forbidden(content: impl Into<Body>) -> Self {
        Self::new(content).with_status(StatusCode::FORBIDDEN)
    }

    /// 404 (`HttpResponseNotFound`).
    #[doc(alias = "HttpResponseNotFound")]
    pub fn not_found(content: impl Into<Body>) -> Self {
        Self::new(content).with_status(StatusCode::NOT_FOUND)
    }

    /// 405 with the methods that are allowed (`HttpResponseNotAllowed`).
    ///
    /// ```
    /// use nuages_http::HttpResponse;
    /// let response = HttpResponse::not_allowed(["GET", "HEAD"]);
    /// assert_eq!(response.header("Allow").as_deref(), Some("GET, HEAD"));
    /// ```
    #[doc(alias = "HttpResponseNotAllowed")]
    pub fn not_allowed<S: AsRef<str>>(methods: impl IntoIterator<Item = S>) -> Self {
        let methods: Vec<S> = methods.into_iter().collect();
        let allow = methods.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
        let mut response = Self::new("").with_status(StatusCode::METHOD_NOT_ALLOWED);
        if let Ok(allow) = HeaderText::encode(&allow) {
            response.inner.headers.insert(ALLOW, allow);
        }
        response
    }

    /// 410 (`HttpResponseGone`).
    #[doc(alias = "HttpResponseGone")]
    pub fn gone(content: impl Into<Body>) -> Self {
        Self::new(content).with_status(StatusCode::GONE)
    }

    /// 500 (`HttpResponseServerError`).
    #[doc(alias = "HttpResponseServerError")]
    pub fn server_error(content: impl Into<Body>) -> Self {
        Self::new(content).with_status(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// A response whose content comes bit by bit (`StreamingHttpResponse`): [`Body::channel`],
    /// [`Body::from_chunks`], [`Body::stream`].
    #[doc(alias = "StreamingHttpResponse")]
    pub fn streaming(body: Body) -> Self {
        Self::new(body)
    }
}
