//! Messages that a visitor is shown once, most often on the next page (`django.contrib.messages`).
//!
//! A view leaves a message, and the page that the visitor sees next reads it:
//!
//! ```
//! use nuages_contrib::messages::RequestMessages;
//! use nuages_http::{HttpRequest, HttpResponse, Result, redirect};
//!
//! async fn save(request: HttpRequest) -> Result {
//!     request.messages()?.success("Your profile was saved.");
//!     redirect("/profile/")
//! }
//!
//! async fn profile(request: HttpRequest) -> Result {
//!     let mut page = String::new();
//!     for message in request.messages()?.read().await? {
//!         page += &format!("<p class=\"{}\">{}</p>", message.tags(), message.text());
//!     }
//!     Ok(HttpResponse::new(page))
//! }
//! ```
//!
//! [`MessageMiddleware`] keeps them until then: in a signed cookie, in the session, or in the cookie as long as they fit
//! and the rest in the session, which is the default. The texts of all three are those of Django 5.2, so that with the
//! same SECRET_KEY either side shows what the other left.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod board;
mod codec;
mod config;
mod cookie_storage;
mod level;
mod message;
mod middleware;
mod request_ext;
mod session_storage;

pub use level::Level;
pub use message::{Message, Text};
pub use middleware::MessageMiddleware;
pub use request_ext::{Messages, RequestMessages};
