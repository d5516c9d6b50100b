//! A Django-style web framework.
//!
//! A Django developer finds every name where Django put it; a Rust developer finds types, `async fn` and no globals. With
//! the same `SECRET_KEY`, database and cache, nuages and Django 5.2 read each other's sessions and signed cookies.
//!
//! ```no_run
//! use std::process::ExitCode;
//! use nuages::prelude::*;
//!
//! async fn index(request: HttpRequest) -> Result {
//!     let session = request.session().await?;
//!     let visits: u32 = session.get("visits")?.unwrap_or(0);
//!     session.set("visits", visits + 1)?;
//!     Ok(HttpResponse::new(format!("You have been here {visits} times before.")))
//! }
//!
//! fn main() -> ExitCode {
//!     nuages::management::run(|settings| {
//!         App::new(settings)
//!             .middleware(SecurityMiddleware::new())
//!             .middleware(SessionMiddleware::new())
//!             .middleware(CommonMiddleware::new())
//!             .urls(urlconf([path("", index)]))
//!     })
//! }
//! ```

mod app;
mod application;
mod checks;
pub mod configuration;
mod debug_page;
pub mod devices;
mod endpoint;
mod error_chain;
mod error_pages;
mod escape;
mod framing;
pub mod management;
mod paginator;
mod redirect_to;
mod request_caches;
mod request_urls;
mod resolve_url;
mod secret_key_file;
mod session_values;
mod site_caches;
mod stock_page;
pub mod templates;
#[cfg(feature = "test")]
pub mod test;
mod urlconf;
mod user_passes_test;
pub mod view;

pub use app::{App, StartupError, StartupErrors};
pub use application::{Answer, Application};
pub use chrono;
pub use escape::escape;
pub use http;
pub use nuages_cache as cache;
pub use nuages_contrib as contrib;
pub use nuages_db as db;
pub use nuages_http::*;
pub use nuages_middleware as middleware;
pub use nuages_middleware::decorators;
pub use nuages_server as server;
pub use nuages_sessions as sessions;
pub use nuages_signing as signing;
pub use nuages_urls as urls;
pub use paginator::{InvalidPage, Page, PageLink, PageNumbers, Paginator};
pub use redirect_to::{AbsoluteUrl, RedirectTo, redirect_to, redirect_to_object};
pub use request_caches::RequestCaches;
pub use request_urls::RequestUrls;
pub use resolve_url::{ResolveUrl, resolve_url};
pub use urlconf::{Route, UrlConf, path, re_path, urlconf};
pub use user_passes_test::{PassesTest, REDIRECT_FIELD_NAME, redirect_to_login, user_passes_test};
pub use view::{include, mount};

pub mod prelude;

/// The README's code, run as a doctest.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
