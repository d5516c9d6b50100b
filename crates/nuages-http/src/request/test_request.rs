//! Requests made by hand, for tests of views and middleware.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, Version};

use super::HttpRequest;
use super::head::{Head, Peer};
use crate::body::Body;
use crate::settings::Settings;
use crate::site::Site;

/// A request made by hand (`django.test.RequestFactory`).
///
/// ```
/// use nuages_http::HttpRequest;
///
/// let request = HttpRequest::test("POST", "/login/").header("Host", "a.example").form("name=ada").build();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// assert_eq!(request.POST().await?.get("name"), Some("ada"));
/// let request = HttpRequest::test("PUT", "/cart/").json("[\"pen\"]").build();
/// assert_eq!(request.json::<Vec<String>>().await?, ["pen"]);
/// let request = HttpRequest::test("POST", "/").upload("doc", "hello.txt", "hello").build();
/// assert!(request.FILES().await?.contains("doc"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[must_use = "call .build()"]
pub struct TestRequest {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
    site: Option<Arc<Site>>,
    peer: Peer,
}

impl HttpRequest {
    /// A request made by hand: method and target. What is malformed in it reads as `GET` and `/`.
    ///
    /// ```
    /// use nuages_http::HttpRequest;
    /// let request = HttpRequest::test("GET", "/show?page=2").build();
    /// assert_eq!(request.GET.get("page"), Some("2"));
    /// ```
    #[doc(alias = "RequestFactory")]
    pub fn test(method: &str, target: &str) -> TestRequest {
        let local = SocketAddr::from(([127, 0, 0, 1], 80));
        let remote = SocketAddr::from(([127, 0, 0, 1], 50_000));
        TestRequest {
            method: method.parse().unwrap_or_default(),
            uri: target.parse().unwrap_or_default(),
            headers: HeaderMap::new(),
            body: Body::empty(),
            site: None,
            peer: Peer::Tcp { remote, local },
        }
    }
}

impl TestRequest {
    /// Adds a header; one that is malformed is left out.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value.as_bytes()))
        {
            self.headers.append(name, value);
        }
        self
    }

    /// The body: bytes, or a [`Body`] that is a stream.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// A form as the body.
    pub fn form(self, body: &str) -> Self {
        self.header("content-type", "application/x-www-form-urlencoded").body(body.to_owned())
    }

    /// A multipart form with this file as the body.
    pub fn upload(self, field: &str, file_name: &str, content: impl AsRef<[u8]>) -> Self {
        let head = format!(
            "--boundary\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file_name}\"\r\n\r\n"
        );
        let body = [head.as_bytes(), content.as_ref(), b"\r\n--boundary--\r\n"].concat();
        self.header("content-type", "multipart/form-data; boundary=boundary").body(body)
    }

    /// JSON as the body.
    pub fn json(self, body: &str) -> Self {
        self.header("content-type", "application/json").body(body.to_owned())
    }

    /// The site that it is sent to; else one with default settings for the host `testserver`.
    pub fn site(mut self, site: &Arc<Site>) -> Self {
        self.site = Some(site.clone());
        self
    }

    /// Who sends it; else 127.0.0.1.
    pub fn peer(mut self, peer: Peer) -> Self {
        self.peer = peer;
        self
    }

    /// The request.
    #[must_use]
    pub fn build(self) -> HttpRequest {
        let site = self.site.unwrap_or_else(|| {
            let hosts = vec!["testserver".to_owned(), "localhost".to_owned()];
            Site::trusting_nobody(Settings { ALLOWED_HOSTS: hosts, ..Settings::default() })
        });
        let head = Head {
            method: self.method,
            uri: self.uri,
            version: Version::HTTP_11,
            headers: self.headers,
            extensions: http::Extensions::new(),
            peer: self.peer,
            site,
            query_failed: AtomicBool::new(false),
        };
        HttpRequest::new(Arc::new(head), self.body, "http")
    }
}
