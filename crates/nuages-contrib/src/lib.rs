//! What Django keeps in `django.contrib`, a module and a feature each.
//!
//! | Module | Feature | Django |
//! |---|---|---|
//! | `auth` | `auth` | `django.contrib.auth.hashers`: passwords |

#[cfg(feature = "auth")]
pub mod auth;
