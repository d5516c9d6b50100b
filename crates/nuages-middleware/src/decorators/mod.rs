//! Decorators: a layer around one view, in place of the whole site.
//!
//! They read as Django's do, from the outside in, and need no macro:
//!
//! ```
//! use nuages_http::{HttpRequest, HttpResponse, Result};
//! use nuages_middleware::decorators::{csrf_exempt, never_cache, require_POST};
//!
//! async fn webhook(_request: HttpRequest) -> Result {
//!     Ok(HttpResponse::new("thank you"))
//! }
//! let view = csrf_exempt(require_POST(never_cache(webhook)));
//! ```
//!
//! The result is what `path()` takes as a view, with the arguments of the view inside. A decorator of one's own is a type
//! that implements [`Decorator`], and [`decorate`] puts it around a view:
//!
//! ```
//! use nuages_http::{HttpRequest, HttpResponse, Result};
//! use nuages_middleware::decorators::{Decorator, Inner, decorate};
//!
//! struct Teapot;
//!
//! impl Decorator for Teapot {
//!     async fn call(&self, request: HttpRequest, view: &impl Inner) -> Result {
//!         let mut response = view.run(request).await?;
//!         response.set_header("X-Teapot", "short and stout")?;
//!         Ok(response)
//!     }
//! }
//!
//! async fn brew(_request: HttpRequest) -> Result {
//!     Ok(HttpResponse::new("tea"))
//! }
//! let view = decorate(Teapot, brew);
//! ```

mod cache;
mod clickjacking;
mod conditional;
mod csrf;
mod decorator;
mod gzip;
mod mark;
mod methods;
mod vary;

pub use crate::page_cache::{CachePage, cache_page};
pub use cache::{CacheControlled, NeverCached, cache_control, never_cache};
pub use clickjacking::{FrameOptions, xframe_options_deny, xframe_options_exempt, xframe_options_sameorigin};
pub use conditional::{ConditionalPage, Conditioned, condition, conditional_page, etag, last_modified};
pub use csrf::{CsrfProtected, csrf_protect, ensure_csrf_cookie, requires_csrf_token};
pub use decorator::{Decorated, Decorator, Inner, decorate};
pub use gzip::{Gzipped, gzip_page};
pub use mark::{Mark, NO_APPEND_SLASH, csrf_exempt, no_append_slash};
pub use methods::{AllowedMethods, require_GET, require_POST, require_http_methods, require_safe};
pub use vary::{Varying, vary_on_cookie, vary_on_headers};

pub(crate) use clickjacking::FrameExempt;
