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
#[must_use]
pub fn settings() -> Settings {
    Settings {
        SECRET_KEY: "a key for tests only".into(),
        ALLOWED_HOSTS: vec!["testserver".to_owned()],
        DATABASE_URL: "sqlite:///:memory:".into(),
        ..Settings::default()
    }
}
