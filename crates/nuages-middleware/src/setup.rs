//! What a middleware is given before the first request.

use std::fmt;
use std::sync::Arc;

use nuages_http::{Settings, Site};

/// The application as a middleware sees it in [`Middleware::setup`](crate::Middleware::setup).
pub struct Setup<'a> {
    site: &'a Arc<Site>,
}

impl<'a> Setup<'a> {
    /// A setup for the middleware of this site.
    #[must_use]
    pub fn new(site: &'a Arc<Site>) -> Self {
        Self { site }
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        self.site.settings()
    }

    /// What all requests share.
    #[must_use]
    pub fn site(&self) -> &Arc<Site> {
        self.site
    }
}

/// A middleware that cannot start: what is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupError {
    message: String,
}

impl SetupError {
    /// An error with this message, which should tell the fix.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SetupError {}
