//! `HttpResponse`: what a view answers.

mod byteranges;
mod constructors;
mod content;
mod cookies;
mod error;
mod event_stream;
mod file;
mod header_names;
mod headers;
mod json;
mod reason;
mod redirect;

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Response, StatusCode};
use nuages_cookies::{CookieSigner, ResponseCookies};

pub use error::ResponseError;
pub use event_stream::{Event, EventSender};
pub use file::FileResponse;
pub use headers::BadHeader;
pub use json::JsonResponse;
pub use reason::Reason;
pub use redirect::{Redirect, redirect};

use crate::body::{Body, BodyError};
use crate::extensions::Extensions;

/// A response (`django.http.HttpResponse`): one type for every kind, one pointer wide.
///
/// ```
/// use nuages_http::{HttpResponse, SameSite};
/// let mut response = HttpResponse::new("Welcome back");
/// response.set_cookie("visits", 3).max_age(3600).http_only(true).same_site(SameSite::Lax);
/// response.set_header("X-Greeting", "hello")?;
/// assert_eq!(response.status(), 200);
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[doc(alias = "HttpResponseBase")]
#[doc(alias = "django.http.HttpResponse")]
pub struct HttpResponse {
    inner: Box<Inner>,
}

struct Inner {
    status: StatusCode,
    reason: Option<Cow<'static, str>>,
    charset: Option<Cow<'static, str>>,
    headers: HeaderMap,
    names: header_names::HeaderNames,
    cookies: ResponseCookies,
    body: Body,
    extensions: Extensions,
}

/// How many headers a response has room for before its map grows: as many as the smallest table of that map holds.
const ROOM: usize = 6;

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

impl HttpResponse {
    /// A response of status 200 with this content, `text/html; charset=utf-8`.
    pub fn new(content: impl Into<Body>) -> Self {
        let mut headers = HeaderMap::with_capacity(ROOM);
        headers.insert(CONTENT_TYPE, HTML);
        Self::from_parts(StatusCode::OK, headers, content.into())
    }

    fn from_parts(status: StatusCode, headers: HeaderMap, body: Body) -> Self {
        Self {
            inner: Box::new(Inner {
                status,
                reason: None,
                charset: None,
                headers,
                names: header_names::HeaderNames::default(),
                cookies: ResponseCookies::default(),
                body,
                extensions: Extensions::default(),
            }),
        }
    }

    /// The status.
    #[must_use]
    #[doc(alias = "status_code")]
    pub fn status(&self) -> StatusCode {
        self.inner.status
    }

    /// Sets the status (`response.status_code = …`).
    ///
    /// ```
    /// use nuages_http::{HttpResponse, StatusCode};
    /// let mut response = HttpResponse::new("short and stout");
    /// response.set_status(StatusCode::IM_A_TEAPOT);
    /// assert_eq!(response.status(), 418);
    /// ```
    #[doc(alias = "status_code")]
    pub fn set_status(&mut self, status: StatusCode) -> &mut Self {
        self.inner.status = status;
        self
    }

    /// Sets the status to a number that is only known at run time.
    ///
    /// # Errors
    /// [`ResponseError::StatusOutOfRange`] outside of 100 to 599, as Django's constructors.
    ///
    /// ```
    /// use nuages_http::{HttpResponse, ResponseError};
    /// let mut response = HttpResponse::new("");
    /// assert!(response.set_status_code(418).is_ok());
    /// assert_eq!(response.set_status_code(600).err(), Some(ResponseError::StatusOutOfRange(600)));
    /// ```
    pub fn set_status_code(&mut self, status: i64) -> Result<&mut Self, ResponseError> {
        let code = u16::try_from(status).ok().filter(|code| *code < 600);
        let code = code.and_then(|code| StatusCode::from_u16(code).ok());
        self.inner.status = code.ok_or(ResponseError::StatusOutOfRange(status))?;
        Ok(self)
    }

    /// The same response with another status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.inner.status = status;
        self
    }

    /// The body; streamed content has no bytes yet.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.inner.body
    }

    /// Is the content a stream (`response.streaming`)?
    #[must_use]
    pub fn is_streaming(&self) -> bool {
        self.inner.body.is_stream()
    }

    /// The body, to be read or wrapped by middleware.
    pub fn take_body(&mut self) -> Body {
        std::mem::take(&mut self.inner.body)
    }

    /// Replaces the body; headers stay as they are.
    #[doc(alias = "content")]
    pub fn set_body(&mut self, body: impl Into<Body>) {
        self.inner.body = body.into();
    }

    /// What views and middleware tell each other about this response, by type.
    #[must_use]
    pub fn extensions(&self) -> &Extensions {
        &self.inner.extensions
    }

    /// The response of a tower service.
    ///
    /// ```
    /// use nuages_http::HttpResponse;
    /// let response = HttpResponse::from_http(http::Response::new(http_body_util::Full::from("hi")));
    /// assert_eq!(response.status(), 200);
    /// ```
    pub fn from_http<B>(response: Response<B>) -> Self
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BodyError>,
    {
        let (parts, body) = response.into_parts();
        Self::from_parts(parts.status, parts.headers, Body::stream(body))
    }

    /// The response as an [`http::Response`]: here, and nowhere else, cookies are signed and Set-Cookie is written.
    ///
    /// A response whose cookies cannot be written is answered with status 500 instead, and logged; a header that
    /// could inject another is never written. A view that wants to know asks
    /// [`check_cookies`](Self::check_cookies).
    #[must_use]
    pub fn into_http(self, signer: &CookieSigner) -> Response<Body> {
        let Inner { status, reason, mut headers, cookies, body, .. } = *self.inner;
        if let Err(error) = cookies::write(&cookies, signer, &mut headers) {
            tracing::error!(target: "nuages.request", %error, "a cookie of this response cannot be written, answering 500");
            return cookies::refusal();
        }
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        if let Some(reason) = reason.or_else(|| reason::unusual(status).map(Cow::Borrowed)) {
            response.extensions_mut().insert(Reason::new(reason));
        }
        response
    }
}

/// Status and content type only.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<HttpResponse status={}", self.inner.status.as_u16())?;
        if let Some(content_type) = self.header("content-type") {
            write!(f, ", {content_type:?}")?;
        }
        f.write_str(">")
    }
}
