//! What a middleware is given before the first request.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use nuages_http::{Settings, Site};

/// The application as a middleware sees it in [`Middleware::setup`](crate::Middleware::setup).
///
/// ```
/// use nuages_http::{HttpRequest, Result, Settings, Site};
/// use nuages_middleware::{Middleware, Next, Setup, SetupError};
///
/// #[derive(Default)]
/// struct Agents(Vec<String>);
///
/// impl Middleware for Agents {
///     async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
///         Ok(next.run(request).await)
///     }
///
///     fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError> {
///         self.0 = setup.settings().DISALLOWED_USER_AGENTS.clone();
///         if self.0.is_empty() {
///             return Err(SetupError::new("DISALLOWED_USER_AGENTS is empty; name an agent, or leave Agents out"));
///         }
///         Ok(())
///     }
/// }
///
/// let site = Site::placeholder();
/// assert!(Agents::default().setup(&Setup::new(&site)).is_err());
/// ```
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

/// A setting as the value of a header.
///
/// # Errors
/// If no header can hold it; the message names the setting.
pub(crate) fn header_value(setting: &str, value: &str) -> Result<HeaderValue, SetupError> {
    HeaderValue::from_str(value).ok().filter(|_| value.is_ascii()).ok_or_else(|| {
        SetupError::new(format!(
            "{setting} is {value:?}, which a header cannot hold: use visible ASCII characters"
        ))
    })
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
