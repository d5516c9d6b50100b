//! Every view of two tutorials about cookies and sessions in Django, each under the name and route that its tutorial
//! uses.
//!
//! Views answer with the words of the tutorials, and no more: the page around them, with what the browser sent and what
//! the answer set, is put there by the [`Inspector`], a middleware.

mod app;
mod catalogue;
mod inspector;
mod page;
mod quota;
mod templates;
mod urls;
mod views;

pub use app::app;
pub use catalogue::{CHAPTERS, Chapter, Lesson};
pub use inspector::Inspector;
pub use quota::UploadQuota;
pub use templates::TEMPLATES;
pub use urls::urls;
