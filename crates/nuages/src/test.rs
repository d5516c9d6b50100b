//! Tests of a whole application, in process (feature `test`).
//!
//! ```
//! use nuages::prelude::*;
//! use nuages::test::Client;
//!
//! async fn index(_request: HttpRequest) -> Result {
//!     Ok(HttpResponse::new("Hello"))
//! }
//!
//! let settings = nuages::test::settings();
//! let application = App::new(settings).urls(urlconf([path("", index)])).build().unwrap();
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let mut client = Client::new(application);
//! client.get("/").await.assert_status(200).assert_contains("Hello");
//! # });
//! ```

use std::sync::Arc;

use nuages_http::{Body, Peer, Settings, Site};
use nuages_sessions::{SessionEngine, SessionHandle};
pub use nuages_test::*;

use crate::application::Application;

impl Serve for Application {
    fn serve(&self, request: http::Request<Body>, peer: Peer) -> BoxFuture<http::Response<Body>> {
        Self::serve(self, request, peer)
    }

    fn site(&self) -> &Arc<Site> {
        Self::site(self)
    }
}

/// Settings for tests: a key, the host `testserver`, sessions in a database in memory.
///
/// ```
/// use nuages::prelude::*;
///
/// let settings = Settings { DEBUG: true, SESSION_ENGINE: "cache".into(), ..nuages::test::settings() };
/// assert_eq!(settings.ALLOWED_HOSTS, ["testserver"]);
/// ```
#[must_use]
#[doc(alias = "override_settings")]
pub fn settings() -> Settings {
    Settings {
        SECRET_KEY: "a key for tests only".into(),
        ALLOWED_HOSTS: vec!["testserver".to_owned()],
        DATABASE_URL: "sqlite:///:memory:".into(),
        ..Settings::default()
    }
}

/// The session of a [`Client`] (`client.session` of Django's test client).
pub trait ClientSession {
    /// The session whose key the client's jar holds, or a new one. What is changed in it counts once it is saved.
    ///
    /// # Panics
    /// If the application has no SessionMiddleware.
    ///
    /// ```
    /// use nuages::prelude::*;
    /// use nuages::test::{Client, ClientSession};
    ///
    /// async fn greet(request: HttpRequest) -> Result {
    ///     request.session().await?.set("greeted", true)?;
    ///     Ok(HttpResponse::new("Hello"))
    /// }
    ///
    /// # tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
    /// let settings = Settings { SESSION_ENGINE: "cache".into(), ..nuages::test::settings() };
    /// let application = App::new(settings).middleware(SessionMiddleware::new()).urls(urlconf([path("", greet)]));
    /// let mut client = Client::new(application.build()?);
    /// client.get("/").await.assert_status(200);
    /// let session = client.session();
    /// assert_eq!(session.session().await?.get("greeted")?, Some(true));
    /// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "client.session")]
    #[track_caller]
    fn session(&self) -> SessionHandle;
}

impl ClientSession for Client<Application> {
    #[expect(clippy::panic, reason = "it is a mistake of the test")]
    fn session(&self) -> SessionHandle {
        let Some(engine) = self.application().site().extensions().get::<SessionEngine>() else {
            panic!(
                "the application has no session engine: add .middleware(SessionMiddleware::new()) to the App"
            );
        };
        engine.session(self.jar().get(&engine.config().cookie_name))
    }
}
