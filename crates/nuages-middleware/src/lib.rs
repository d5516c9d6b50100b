//! The middleware chain of nuages, and Django's built-in middleware.
//!
//! A middleware wraps what comes after it. Between a request and its view it may look, change, answer by itself,
//! or change the answer on the way back:
//!
//! ```
//! use nuages_http::{HttpRequest, Result};
//! use nuages_middleware::{Middleware, Next};
//!
//! struct PoweredBy;
//!
//! impl Middleware for PoweredBy {
//!     async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
//!         let mut response = next.run(request).await;
//!         response.set_header("X-Powered-By", "nuages")?;
//!         Ok(response)
//!     }
//! }
//! ```
//!
//! The chain is put together at compile time, so that a layer costs no allocation. The first one listed is the
//! outermost, as in Django's `MIDDLEWARE`.

mod boxed;
mod cache_control;
mod chain;
mod clickjacking;
mod common_middleware;
mod compression;
mod conditional;
mod conditional_get;
pub mod csrf;
pub mod decorators;
mod guard;
mod hook;
mod middleware;
mod next;
mod order;
mod page_cache;
mod panic_report;
mod personal;
mod request_id;
mod respond;
mod security;
mod sessions;
mod setup;
mod template_response;

pub use boxed::BoxMiddleware;
pub use cache_control::{
    CacheControl, add_never_cache_headers, get_max_age, patch_cache_control, patch_response_headers,
};
pub use chain::{Assembled, Chain, Layers, Onion, Push};
pub use clickjacking::XFrameOptionsMiddleware;
pub use common_middleware::CommonMiddleware;
pub use compression::{Coding, GZipMiddleware};
pub use conditional_get::ConditionalGetMiddleware;
pub use csrf::CsrfViewMiddleware;
pub use guard::Guarded;
pub use hook::{Hook, TemplateHook};
pub use middleware::{Hooks, Middleware};
pub use next::{BoxFuture, BoxNext, Next};
pub use order::Description;
pub use panic_report::{Panicked, record_backtraces};
pub use personal::mark_personal;
pub use request_id::{RequestId, RequestIdMiddleware, RequestIdentity};
pub use respond::Respond;
pub use security::SecurityMiddleware;
pub use sessions::{SessionValues, SharedSessions};
pub use setup::{Setup, SetupError};
pub use template_response::TemplateResponse;
