//! Protection against requests that other sites make a browser send (`django.middleware.csrf`).
//!
//! A form carries a token that only pages of this site can know: [`get_token`] gives it, as a field
//! `csrfmiddlewaretoken` or in the header `X-CSRFToken` it comes back, and [`CsrfViewMiddleware`] compares it with the
//! secret that the visitor's cookie (or session) holds. Besides, a request must come from a page of this origin.
//!
//! ```
//! use nuages_http::{HttpRequest, HttpResponse, Result};
//! use nuages_middleware::csrf::get_token;
//!
//! async fn form(request: HttpRequest) -> Result {
//!     let token = get_token(&request);
//!     Ok(HttpResponse::new(format!(
//!         "<form method=post><input type=hidden name=csrfmiddlewaretoken value={token}><button>Send</button></form>"
//!     )))
//! }
//! ```

mod check;
mod failure;
mod middleware;
mod origins;
mod reason;
mod state;
mod token;

pub(crate) use check::{Verdict, check};
pub(crate) use failure::refuse;
pub use middleware::CsrfViewMiddleware;
pub use reason::{CsrfReason, TokenFault};
pub(crate) use state::CsrfState;
pub use state::{get_token, rotate_token};

/// The attribute of a view that is not checked; see `csrf_exempt`.
pub const EXEMPT: &str = "csrf_exempt";
