//! What came back, with assertions that point at the caller's line.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

/// A response, read to its end.
///
/// ```
/// # use std::sync::Arc;
/// # use nuages_http::{Body, Peer, Settings, Site};
/// # use nuages_test::{BoxFuture, Client, Serve};
/// # struct Shop(Arc<Site>);
/// # impl Serve for Shop {
/// #     fn serve(&self, _: http::Request<Body>, _: Peer) -> BoxFuture<http::Response<Body>> {
/// #         let response = http::Response::builder().header("set-cookie", "cart=3; Path=/; Max-Age=60; HttpOnly");
/// #         Box::pin(async move { response.body(Body::from("[\"pen\"]".to_owned())).unwrap() })
/// #     }
/// #     fn site(&self) -> &Arc<Site> { &self.0 }
/// # }
/// # let application = Shop(Site::new(Settings::default()).unwrap());
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut client = Client::new(application);
/// let response = client.get("/").await;
/// response.assert_status(200).assert_contains("pen").assert_not_contains("ink").assert_set_cookie("cart", "Max-Age=60");
/// assert_eq!(response.json::<Vec<String>>(), ["pen"]);
/// assert_eq!((response.status().as_u16(), response.path(), &*response.text()), (200, "/", "[\"pen\"]"));
/// assert!(response.header("Location").is_none() && response.redirects().is_empty());
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct TestResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) path: String,
    pub(crate) redirects: Vec<(StatusCode, String)>,
}

impl TestResponse {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()))
    }

    /// Every Set-Cookie line.
    pub fn set_cookies(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.headers
            .get_all(http::header::SET_COOKIE)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
    }

    /// The Set-Cookie line of the cookie of this name.
    #[must_use]
    pub fn set_cookie(&self, name: &str) -> Option<Cow<'_, str>> {
        self.set_cookies().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The path that answered, the last of all redirects.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The redirects that were followed: status and where to (`response.redirect_chain`).
    #[must_use]
    pub fn redirects(&self) -> &[(StatusCode, String)] {
        &self.redirects
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If it is no such JSON.
    #[track_caller]
    #[must_use]
    #[expect(clippy::panic, reason = "it is an assertion")]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("the body of {} is no such JSON ({error}):\n{}", self.path, self.text()),
        }
    }

    /// Asserts the status.
    ///
    /// # Panics
    /// If it is another one.
    #[track_caller]
    #[doc(alias = "status_code")]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert!(
            self.status == status,
            "{} answered {}, not {status}:\n{}",
            self.path,
            self.status,
            self.text()
        );
        self
    }

    /// Asserts that the body contains a text (`assertContains`).
    ///
    /// # Panics
    /// If it does not.
    #[track_caller]
    #[doc(alias = "assertContains")]
    pub fn assert_contains(&self, text: &str) -> &Self {
        assert!(self.text().contains(text), "{} does not contain {text:?}:\n{}", self.path, self.text());
        self
    }

    /// Asserts that the body does not contain a text (`assertNotContains`).
    ///
    /// # Panics
    /// If it does.
    #[track_caller]
    #[doc(alias = "assertNotContains")]
    pub fn assert_not_contains(&self, text: &str) -> &Self {
        assert!(!self.text().contains(text), "{} contains {text:?}:\n{}", self.path, self.text());
        self
    }

    /// Asserts a redirect to this location (`assertRedirects`).
    ///
    /// # Panics
    /// If it is none, or leads elsewhere.
    #[track_caller]
    #[doc(alias = "assertRedirects")]
    pub fn assert_redirects(&self, location: &str) -> &Self {
        assert!(self.status.is_redirection(), "{} answered {}, no redirect", self.path, self.status);
        let found = self.header("location").unwrap_or_default();
        assert!(found == location, "{} redirects to {found:?}, not to {location:?}", self.path);
        self
    }

    /// Asserts the value of a header.
    ///
    /// # Panics
    /// If it is absent or has another value.
    #[track_caller]
    pub fn assert_header(&self, name: &str, value: &str) -> &Self {
        let found = self.header(name);
        assert!(
            found.as_deref() == Some(value),
            "{}: the header {name} is {found:?}, not {value:?}",
            self.path
        );
        self
    }

    /// Asserts that a cookie of this name is set, by a line that contains a text.
    ///
    /// # Panics
    /// If it is not.
    #[track_caller]
    pub fn assert_set_cookie(&self, name: &str, text: &str) -> &Self {
        let line = self.set_cookie(name);
        let found = line.as_deref().is_some_and(|line| line.contains(text));
        assert!(
            found,
            "{} sets no cookie {name:?} with {text:?}, but: {:?}",
            self.path,
            self.set_cookies().collect::<Vec<_>>()
        );
        self
    }
}
