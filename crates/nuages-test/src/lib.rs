//! A client for tests: requests go to the application in process, cookies behave as in a browser.
//!
//! ```
//! # use std::sync::Arc;
//! # use nuages_http::{Body, Peer, Settings, Site};
//! # use nuages_test::{BoxFuture, Client, Serve};
//! # struct Counter(Arc<Site>);
//! # impl Serve for Counter {
//! #     fn serve(&self, request: http::Request<Body>, _: Peer) -> BoxFuture<http::Response<Body>> {
//! #         let n = request.headers().get("cookie").map_or(0, |c| c.to_str().unwrap()[2..].parse().unwrap());
//! #         let response = http::Response::builder().header("set-cookie", format!("n={}", n + 1));
//! #         Box::pin(async move { response.body(Body::from(format!("seen {n}"))).unwrap() })
//! #     }
//! #     fn site(&self) -> &Arc<Site> { &self.0 }
//! # }
//! # let application = Counter(Site::new(Settings::default()).unwrap());
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let mut client = Client::new(application);
//! client.get("/").await.assert_status(200).assert_contains("seen 0");
//! client.get("/").await.assert_contains("seen 1");
//! assert_eq!(client.jar().get("n"), Some("2"));
//! # });
//! ```
//!
//! It is not a browser: it runs no script and knows no list of public suffixes.

mod call;
mod client;
mod jar;
mod multipart;
mod response;
mod serve;
mod stored_cookie;

pub use call::Call;
pub use client::Client;
pub use jar::Jar;
pub use response::TestResponse;
pub use serve::{BoxFuture, Serve};
pub use stored_cookie::StoredCookie;
