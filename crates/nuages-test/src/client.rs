//! The client.

use std::net::SocketAddr;

use http::Method;
use nuages_http::Peer;

use crate::call::Call;
use crate::jar::Jar;
use crate::serve::Serve;

/// A browser without a screen, in the process of the application (`django.test.Client`).
///
/// It asks `http://testserver` unless told otherwise; with an empty ALLOWED_HOSTS, allow `testserver` in the
/// settings of the test.
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
/// let mut client = Client::new(application).host("shop.example").header("Accept", "application/json");
/// let cart: Vec<String> = client.get("/cart/").await.assert_status(200).json();
/// assert_eq!(cart, ["pen"]);
/// assert_eq!(client.jar().get("cart"), Some("3"));
/// client.post("/cart/").form(&[("item", "ink")]).await.assert_status(200);
/// client.delete("/cart/").await.assert_status(200);
/// # });
/// ```
#[derive(Debug)]
#[doc(alias = "django.test.Client")]
#[doc(alias = "TestCase")]
#[doc(alias = "SimpleTestCase")]
pub struct Client<A> {
    pub(crate) application: A,
    pub(crate) jar: Jar,
    pub(crate) host: String,
    pub(crate) https: bool,
    pub(crate) cross_site: bool,
    pub(crate) enforce_csrf_checks: bool,
    pub(crate) peer: Peer,
    pub(crate) headers: Vec<(String, String)>,
}

impl<A: Serve> Client<A> {
    /// A client of this application, with an empty jar.
    pub fn new(application: A) -> Self {
        let local = SocketAddr::from(([127, 0, 0, 1], 80));
        let remote = SocketAddr::from(([127, 0, 0, 1], 40_000));
        Self {
            application,
            jar: Jar::default(),
            host: "testserver".to_owned(),
            https: false,
            cross_site: false,
            enforce_csrf_checks: false,
            peer: Peer::Tcp { remote, local },
            headers: Vec::new(),
        }
    }

    /// Asks this host.
    #[must_use]
    pub fn host(mut self, host: &str) -> Self {
        host.clone_into(&mut self.host);
        self
    }

    /// Browses over HTTPS, as behind a proxy that says so with `X-Forwarded-Proto`; SECURE_PROXY_SSL_HEADER must
    /// name it.
    #[must_use]
    pub fn https(mut self) -> Self {
        self.https = true;
        self
    }

    /// Sends a header with every request.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Comes from this peer.
    #[must_use]
    pub fn peer(mut self, peer: Peer) -> Self {
        self.peer = peer;
        self
    }

    /// As if every request was started from another site: cookies go along as their SameSite says.
    #[must_use]
    pub fn cross_site(mut self) -> Self {
        self.cross_site = true;
        self
    }

    /// Asks for CSRF tokens as of a browser (`Client(enforce_csrf_checks=True)`); otherwise tests may post without one.
    #[must_use]
    pub fn enforce_csrf_checks(mut self) -> Self {
        self.enforce_csrf_checks = true;
        self
    }

    /// The cookies.
    #[must_use]
    pub fn jar(&self) -> &Jar {
        &self.jar
    }

    /// The cookies, to be changed.
    pub fn jar_mut(&mut self) -> &mut Jar {
        &mut self.jar
    }

    /// The application.
    #[must_use]
    pub fn application(&self) -> &A {
        &self.application
    }

    /// A GET request; await it.
    pub fn get(&mut self, path: &str) -> Call<'_, A> {
        self.request(Method::GET, path)
    }

    /// A HEAD request.
    pub fn head(&mut self, path: &str) -> Call<'_, A> {
        self.request(Method::HEAD, path)
    }

    /// A POST request.
    pub fn post(&mut self, path: &str) -> Call<'_, A> {
        self.request(Method::POST, path)
    }

    /// A PUT request.
    pub fn put(&mut self, path: &str) -> Call<'_, A> {
        self.request(Method::PUT, path)
    }

    /// A PATCH request.
    pub fn patch(&mut self, path: &str) -> Call<'_, A> {
        self.request(Method::PATCH, path)
    }

    /// A DELETE request.
    pub fn delete(&mut self, path: &str) -> Call<'_, A> {
        self.request(Method::DELETE, path)
    }

    /// An OPTIONS request.
    pub fn options(&mut self, path: &str) -> Call<'_, A> {
        self.request(Method::OPTIONS, path)
    }

    /// A request of any method.
    pub fn request(&mut self, method: Method, path: &str) -> Call<'_, A> {
        Call::new(self, method, path)
    }
}
