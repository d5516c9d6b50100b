//! A Django-style web framework.
//!
//! A Django developer finds every name where Django put it; a Rust developer finds types, `async fn` and no globals. With
//! the same `SECRET_KEY`, database and cache, nuages and Django 5.2 read each other's sessions, signed cookies, CSRF tokens,
//! messages and passwords, so that a site moves one URL at a time and nobody is logged out.
//!
//! # A first site
//!
//! In `Cargo.toml`, beside the package:
//!
//! ```toml
//! [dependencies]
//! nuages = { path = "../nuages/crates/nuages" } # or git = "…", until it is published
//! ```
//!
//! In `src/main.rs`:
//!
//! ```no_run
//! use std::process::ExitCode;
//! use nuages::prelude::*;
//!
//! async fn index(request: HttpRequest) -> Result {
//!     let session = request.session().await?;
//!     let visits = session.modify("visits", |visits: u32| visits + 1)?;
//!     Ok(HttpResponse::new(format!("Visit number {visits}")))
//! }
//!
//! async fn hello(_request: HttpRequest, name: String) -> Result {
//!     Ok(HttpResponse::new(format!("Hello, {}!", escape(&name))))
//! }
//!
//! fn main() -> ExitCode {
//!     nuages::management::run(|settings| {
//!         App::new(settings)
//!             .middleware(SecurityMiddleware::new())
//!             .middleware(SessionMiddleware::new())
//!             .middleware(CommonMiddleware::new())
//!             .middleware(CsrfViewMiddleware::new())
//!             .urls(urlconf([path("", index), path("hello/<str:name>/", hello).name("hello")]))
//!     })
//! }
//! ```
//!
//! In `settings.toml`, where the names are Django's:
//!
//! ```toml
//! DEBUG = true
//! ```
//!
//! `cargo run` serves it on <http://localhost:8000>; `cargo run -- --help` lists what else this `manage.py` can do. The table of
//! the sessions and a `SECRET_KEY` for development are made at the first start.
//!
//! # Where things are
//!
//! | Django | nuages |
//! |---|---|
//! | `def view(request, year)` | `async fn view(request: HttpRequest, year: u32) -> Result`: [`view`] |
//! | `request.GET`, `.COOKIES`, `.headers`, `.META` | fields of the same names: [`HttpRequest`] |
//! | `request.POST`, `.FILES`, `.body` | `request.POST().await?`, `FILES()`, `body()`; typed: [`form`](HttpRequest::form), [`json`](HttpRequest::json) |
//! | `HttpResponse(…)`, `JsonResponse`, `FileResponse` | [`HttpResponse::new`], [`json`](HttpResponse::json), [`file`](HttpResponse::file), [`FileResponse`] |
//! | `response.set_cookie(…)`, `set_signed_cookie` | [`set_cookie`](HttpResponse::set_cookie)`("visits", 3).max_age(3600)`, [`set_signed_cookie`](HttpResponse::set_signed_cookie) |
//! | `render(request, "page.html", {…})` | [`render`](templates::render)`(&request, "page.html", context! { … })`, [`templates`] |
//! | `redirect(…)`, `reverse(…)` | [`redirect`], [`redirect_to`], [`request.reverse(…)`](RequestUrls::reverse) |
//! | `get_object_or_404`, `Http404` | [`.or_404()?`](OrStatus::or_404), [`ErrorKind::NotFound`] |
//! | `urlpatterns`, `path`, `re_path`, `include` | [`urlconf`], [`path`], [`re_path`], [`include()`]; [`mount`] for tower services |
//! | `MIDDLEWARE` | [`App::middleware`], [`middleware`] |
//! | `settings.py` | `settings.toml` and the environment: [`configuration`], [`Settings`] |
//! | `request.session`, `SESSION_ENGINE` | [`request.session().await?`](sessions::RequestSession), [`sessions`] |
//! | `login_required`, `require_POST`, `csrf_exempt`, `cache_page` | [`user_passes_test`], [`decorators`] |
//! | `messages`, `auth.hashers`, `staticfiles` | [`contrib`] |
//! | `django.core.cache` | [`request.cache()`](RequestCaches::cache), [`cache`] |
//! | `django.core.signing`, `salted_hmac` | [`signing`] |
//! | `manage.py` | your own binary: [`management`] |
//! | `django.test.Client` | `nuages::test::Client` (feature `test`) |
//!
//! Django's names find ours in the search of these pages, too: try `HttpResponseRedirect`.
//!
//! # Features
//!
//! | Feature | What it brings |
//! |---|---|
//! | `sqlite`, on by default; `postgres`, `mysql` | the databases that `DATABASE_URL` may name; none of them is needed |
//! | `redis`, `memcached` | the servers that `CACHE_URL` and `CACHES` may name |
//! | `messages`, on by default | [`contrib::messages`] |
//! | `auth` | passwords: `nuages::contrib::auth` |
//! | `staticfiles` | static files: `nuages::contrib::staticfiles` |
//! | `brotli`, `zstd` | more codings for [`GZipMiddleware`](middleware::GZipMiddleware) |
//! | `test` | a browser without a screen: `nuages::test` |

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
