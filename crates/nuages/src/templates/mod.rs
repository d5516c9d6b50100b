//! Templates: `render` and its siblings, on the template language of [`nuages_templates`].
//!
//! A page is rendered at once. If its template asks for something that has to be waited for (messages or values of a session that
//! is not loaded, the form of the request, a fragment in a cache elsewhere), it is rendered when that is there, before any
//! middleware sees the response.

mod context_processors;
mod engine;
mod fragments;
#[cfg(feature = "messages")]
mod messages_value;
mod poll_once;
mod query_value;
mod render;
mod request_value;
mod root;
mod site;
mod unrendered;
mod waits;

pub use nuages_middleware::{TemplateHook, TemplateResponse};
pub use nuages_templates::*;
pub use render::{render, render_to_string};

pub(crate) use engine::{SiteTemplates, TemplateOptions};
pub(crate) use fragments::PromptCaches;
pub(crate) use unrendered::{finish, rendered};
