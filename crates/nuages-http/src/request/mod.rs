//! `HttpRequest`: what a view is given.

mod accept;
mod address;
mod content;
mod exchange;
mod forms;
mod get;
mod head;
mod headers;
mod location;
mod matched;
mod meta;
mod path;
mod reading;
mod signed_cookie;
mod test_request;
mod typed;

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock};

use bytes::Bytes;
use http::Method;
use nuages_cookies::Cookies;
use tokio::sync::OnceCell;

pub use content::ContentType;
pub use exchange::DontEnforceCsrfChecks;
pub use get::Query;
pub use head::Peer;
pub use headers::RequestHeaders;
pub use matched::{Captured, ResolverMatch};
pub use meta::Meta;
pub use path::PathText;
pub use signed_cookie::SignedCookie;
pub use test_request::TestRequest;

pub(crate) use head::latin1;
pub(crate) use reading::Failure;

use crate::body::{Body, BodyError};
use crate::encoding::{Encoding, LookupError};
use crate::extensions::Extensions;
use crate::settings::Settings;
use crate::site::Site;
use head::Head;

/// A request (`django.http.HttpRequest`).
///
/// What costs nothing is a field under Django's own name, by way of [`RequestFields`]; what reads the body is an
/// awaited method. It is one pointer wide and cheap to clone; assigning a field copies the fields if there is
/// another clone, which then keeps the old ones. What was read of the body, and extensions, all clones share.
///
/// | field or method | Django |
/// |---|---|
/// | `method`, `path`, `path_info`, `scheme` | the same |
/// | `headers`, `META`, `COOKIES`, `GET` | the same, parsed when asked |
/// | `content_type`, with [`ContentType::params`] | `content_type`, `content_params` |
/// | [`body`](Self::body), [`POST`](Self::POST), [`FILES`](Self::FILES) | the same, awaited |
/// | [`json`](Self::json), [`form`](Self::form), [`query`](Self::query) | typed, through serde |
/// | [`accepts`](Self::accepts), [`get_preferred_type`](Self::get_preferred_type) | the same |
/// | [`get_host`](Self::get_host), [`get_port`](Self::get_port), [`build_absolute_uri`](Self::build_absolute_uri), [`get_full_path`](Self::get_full_path) | the same |
///
/// ```
/// use nuages_http::HttpRequest;
/// let request = HttpRequest::test("GET", "/show?page=2").header("Cookie", "visits=3").build();
/// assert_eq!(&*request.path, "/show");
/// assert_eq!(request.GET.get("page"), Some("2"));
/// assert_eq!(request.COOKIES.get("visits").as_deref(), Some("3"));
/// ```
#[derive(Clone)]
#[doc(alias = "WSGIRequest")]
#[doc(alias = "ASGIRequest")]
pub struct HttpRequest {
    inner: Arc<Inner>,
}

struct Inner {
    fields: RequestFields,
    shared: Shared,
    /// The request that these fields were copied from; what clones share is there.
    origin: Option<Arc<Inner>>,
}

/// The fields of a request, read and assigned through [`HttpRequest`].
///
/// ```
/// use nuages_http::HttpRequest;
///
/// let mut request = HttpRequest::test("GET", "/page/?q=1").header("Cookie", "visits=3").build();
/// assert_eq!((&request.method, &*request.path, request.scheme), (&http::Method::GET, "/page/", "http"));
/// assert_eq!(request.COOKIES.get("visits").as_deref(), Some("3"));
///
/// // A middleware may assign them; clones that were made before keep what they had.
/// let before = request.clone();
/// request.method = http::Method::HEAD;
/// assert_eq!((before.method.as_str(), request.method.as_str()), ("GET", "HEAD"));
/// ```
#[derive(Clone)]
#[expect(non_snake_case, reason = "the names are Django's")]
#[non_exhaustive]
pub struct RequestFields {
    /// The method, in upper case: `GET`.
    pub method: Method,
    /// The whole path, decoded: `/blog/2020/`.
    pub path: PathText,
    /// The path within the application; as nothing is mounted under a prefix, the same as `path`.
    pub path_info: PathText,
    /// `http` or `https`.
    pub scheme: &'static str,
    /// The headers.
    #[doc(alias = "request.headers")]
    pub headers: RequestHeaders,
    /// The request as CGI variables.
    #[doc(alias = "request.META")]
    pub META: Meta,
    /// The cookies that came.
    #[doc(alias = "request.COOKIES")]
    pub COOKIES: Cookies,
    /// The fields of the query string.
    #[doc(alias = "request.GET")]
    pub GET: Query,
    /// The media type of the body, with its parameters.
    pub content_type: ContentType,
    encoding: Option<Arc<str>>,
}

/// What all clones of a request share.
#[derive(Default)]
struct Shared {
    body: Mutex<Option<Body>>,
    /// Made when somebody asks for the body: most requests have none.
    read: OnceLock<Box<Read>>,
    matched: OnceLock<Arc<dyn ResolverMatch>>,
    /// Set once the host has been found valid and allowed.
    host_allowed: AtomicBool,
    extensions: Extensions,
}

/// What was read of the body.
#[derive(Default)]
struct Read {
    bytes: OnceCell<Result<Bytes, reading::Failure>>,
    form: forms::ReadForm,
}

impl Shared {
    fn read(&self) -> &Read {
        self.read.get_or_init(Box::default)
    }
}

impl HttpRequest {
    /// A request that a server has received.
    ///
    /// The scheme is that of the connection; behind a trusted proxy SECURE_PROXY_SSL_HEADER may say otherwise.
    pub fn from_http<B>(request: http::Request<B>, peer: Peer, scheme: &'static str, site: Arc<Site>) -> Self
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BodyError>,
    {
        let (parts, body) = request.into_parts();
        let head = Arc::new(Head {
            method: parts.method,
            uri: parts.uri,
            version: parts.version,
            headers: parts.headers,
            extensions: parts.extensions,
            peer,
            site,
            query_failed: AtomicBool::new(false),
        });
        let body = Body::stream(body);
        Self::new(head, body, scheme)
    }

    fn new(head: Arc<Head>, body: Body, scheme: &'static str) -> Self {
        let content_type = ContentType::new(&head);
        let encoding = content_type.charset();
        let path = PathText::of(&head);
        let cookies = if head.headers.contains_key(http::header::COOKIE) {
            let headers = head.headers.get_all(http::header::COOKIE);
            // Several headers: as Django has them behind WSGI, and RFC 9113 section 8.2.3 for HTTP/2.
            if head.version < http::Version::HTTP_2 {
                Cookies::comma_joined(headers)
            } else {
                Cookies::new(headers)
            }
        } else {
            Cookies::default()
        };
        let fields = RequestFields {
            method: head.method.clone(),
            path_info: path.clone(),
            path,
            scheme: address::scheme(&head, scheme),
            GET: Query::new(head.clone(), encoding.clone()),
            META: Meta::new(head.clone()),
            headers: RequestHeaders::new(head),
            COOKIES: cookies,
            content_type,
            encoding,
        };
        let shared = Shared { body: Mutex::new(Some(body)), ..Shared::default() };
        Self { inner: Arc::new(Inner { fields, shared, origin: None }) }
    }

    fn head(&self) -> &Head {
        self.META.head()
    }

    fn shared(&self) -> &Shared {
        &self.inner.origin.as_ref().unwrap_or(&self.inner).shared
    }

    /// The application's settings and what goes with them.
    #[must_use]
    pub fn site(&self) -> &Arc<Site> {
        &self.head().site
    }

    /// The application's settings.
    #[must_use]
    #[doc(alias = "django.conf.settings")]
    pub fn settings(&self) -> &Settings {
        self.site().settings()
    }

    /// Who sent the request.
    #[must_use]
    pub fn peer(&self) -> &Peer {
        &self.head().peer
    }

    /// The HTTP version that the client spoke.
    #[must_use]
    pub fn version(&self) -> http::Version {
        self.head().version
    }

    /// The path and query as they came, not decoded.
    #[must_use]
    pub fn uri(&self) -> &http::Uri {
        &self.head().uri
    }

    /// The charset in which GET and POST are decoded; none: UTF-8.
    #[must_use]
    pub fn encoding(&self) -> Option<&str> {
        self.encoding.as_deref()
    }

    /// Decodes GET and POST in another charset from now on (assigning `HttpRequest.encoding`).
    ///
    /// # Errors
    /// An unknown charset, if there is a query to decode.
    pub fn set_encoding(&mut self, encoding: &str) -> Result<(), LookupError> {
        let label: Arc<str> = encoding.into();
        self.GET = self.GET.in_encoding(label.clone());
        self.encoding = Some(label);
        if self.head().query().is_empty() { Ok(()) } else { Encoding::for_label(encoding).map(drop) }
    }

    /// What the URL resolver found; none before it has run.
    #[must_use]
    pub fn resolver_match(&self) -> Option<&dyn ResolverMatch> {
        self.shared().matched.get().map(|matched| &**matched)
    }

    /// Keeps what the URL resolver found; only the first call counts.
    pub fn set_resolver_match(&self, matched: Arc<dyn ResolverMatch>) {
        let _already_set = self.shared().matched.set(matched);
    }

    /// What middleware has put on the request, by type; all clones share it.
    #[must_use]
    pub fn extensions(&self) -> &Extensions {
        &self.shared().extensions
    }
}

impl Deref for HttpRequest {
    type Target = RequestFields;

    fn deref(&self) -> &RequestFields {
        &self.inner.fields
    }
}

impl DerefMut for HttpRequest {
    fn deref_mut(&mut self) -> &mut RequestFields {
        if Arc::get_mut(&mut self.inner).is_none() {
            let origin = self.inner.origin.clone().unwrap_or_else(|| self.inner.clone());
            let fields = self.inner.fields.clone();
            self.inner = Arc::new(Inner { fields, shared: Shared::default(), origin: Some(origin) });
        }
        // Not shared any more, so that this clones nothing.
        &mut Arc::make_mut(&mut self.inner).fields
    }
}

/// Needed by [`Arc::make_mut`]; a copy without its origin would lose the body.
impl Clone for Inner {
    fn clone(&self) -> Self {
        Self { fields: self.fields.clone(), shared: Shared::default(), origin: self.origin.clone() }
    }
}

/// Method and path only: the rest may be secret.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<HttpRequest: {} {:?}>", self.method, &*self.path)
    }
}
