//! What most sites want beside the framework itself: a module and a cargo feature each, as in `django.contrib`.
//!
//! - `messages`: [`messages`], texts that a visitor is shown once.

#[cfg(feature = "messages")]
pub mod messages;
