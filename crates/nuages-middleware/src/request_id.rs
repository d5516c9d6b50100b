//! `RequestIdMiddleware`: a name for each request, to find it in every log.

use std::fmt;

use http::{HeaderName, HeaderValue};
use nuages_http::{HttpRequest, Result};
use nuages_signing::get_random_string;
use tracing::Instrument;

use crate::middleware::Middleware;
use crate::next::Next;

/// The longest id that is taken from a proxy.
const LONGEST: usize = 128;

/// The id of a request: letters, digits and `-._~:+/=@`, so that it can be written anywhere.
///
/// ```
/// use nuages_middleware::RequestId;
/// assert_eq!(RequestId::random().as_str().len(), 24);
/// assert!(RequestId::parse("from-a-proxy:7").is_some() && RequestId::parse("two words").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Box<str>);

impl RequestId {
    /// A new one: 24 letters and digits.
    #[must_use]
    pub fn random() -> Self {
        Self(get_random_string(24, "abcdefghijklmnopqrstuvwxyz0123456789").into())
    }

    /// An id that somebody else gave; none if it is empty, too long, or has other characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:+/=@".contains(&byte);
        let is_good = !text.is_empty() && text.len() <= LONGEST && text.bytes().all(is_plain);
        is_good.then(|| Self(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `request.request_id()`.
pub trait RequestIdentity {
    /// The id of this request; none without [`RequestIdMiddleware`].
    fn request_id(&self) -> Option<&RequestId>;
}

impl RequestIdentity for HttpRequest {
    fn request_id(&self) -> Option<&RequestId> {
        self.extensions().get()
    }
}

/// Gives each request an id: for the view, in the header `X-Request-ID` of the answer, and in the logs, where everything
/// that happens meanwhile stands in a span `request` with the field `id`.
///
/// An id that came in the same header from a peer in `TRUSTED_PROXIES` is kept; from anybody else it could forge a trace.
/// Django has nothing like it. It is best put first.
///
/// ```
/// use nuages_middleware::{Chain, RequestIdMiddleware, SecurityMiddleware};
/// let chain = Chain::new().middleware(RequestIdMiddleware::new()).middleware(SecurityMiddleware::new());
/// # assert_eq!(chain.describe().len(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct RequestIdMiddleware {
    header: HeaderName,
}

impl Default for RequestIdMiddleware {
    fn default() -> Self {
        Self { header: HeaderName::from_static("x-request-id") }
    }
}

impl RequestIdMiddleware {
    /// The middleware, with the header `X-Request-ID`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads and writes another header.
    #[must_use]
    pub fn header(self, header: HeaderName) -> Self {
        Self { header }
    }

    fn id_of(&self, request: &HttpRequest) -> RequestId {
        let trusted = request.site().trusted_proxies().trusts(request.peer());
        let given = request.headers.get(self.header.as_str()).filter(|_| trusted);
        given.and_then(|text| RequestId::parse(&text)).unwrap_or_else(RequestId::random)
    }
}

impl Middleware for RequestIdMiddleware {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let id = request.extensions().get_or_insert_with(|| self.id_of(&request)).clone();
        let span = tracing::info_span!(target: "nuages.request", "request", %id);
        let mut response = next.run(request).instrument(span).await;
        if let Ok(value) = HeaderValue::from_str(id.as_str()) {
            response.headers_mut().insert(self.header.clone(), value);
        }
        Ok(response)
    }

    fn provides(&self) -> &[&'static str] {
        &["request id"]
    }
}
