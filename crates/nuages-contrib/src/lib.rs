//! What most sites want beside the framework itself: a module and a cargo feature each, as in `django.contrib`.
//!
//! - `auth`: `auth::hashers`, passwords as Django stores them.
//! - `messages`: `messages`, texts that a visitor is shown once.
//! - `staticfiles`: `staticfiles`, files that are collected and served.

#[cfg(feature = "auth")]
pub mod auth;
#[cfg(feature = "messages")]
pub mod messages;
#[cfg(feature = "staticfiles")]
pub mod staticfiles;
