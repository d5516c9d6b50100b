//! What a view is, and how a function becomes one.
//!
//! A view is an `async fn` that takes the request and what its route captures, in order, and returns
//! [`Result`](crate::Result) (or a bare [`HttpResponse`](crate::HttpResponse)):
//!
//! ```
//! use nuages::prelude::*;
//!
//! async fn show(_request: HttpRequest, year: u32, slug: String) -> Result {
//!     Ok(HttpResponse::new(format!("{slug} of {year}")))
//! }
//!
//! let route = path("<int:year>/<slug:slug>/", show);
//! ```

mod arguments;
mod decorated;
mod erased;
mod include;
mod mount;
mod output;
mod target;

pub use arguments::{Argument, Captures, First, Kwargs};
pub use erased::{ErasedView, ViewBox};
pub use include::{Include, include};
pub use mount::{Mount, mount};
pub use output::ViewOutput;
pub use target::{Attached, Target};
