//! `XFrameOptionsMiddleware`: who may show a page in a frame.

use nuages_http::{HttpRequest, Result};

use crate::middleware::Middleware;
use crate::next::Next;
use crate::setup::{Setup, SetupError};

/// Adds `X-Frame-Options` (`django.middleware.clickjacking.XFrameOptionsMiddleware`), from the setting of that
/// name; a header that the view has set stays.
#[derive(Default)]
pub struct XFrameOptionsMiddleware {
    value: String,
}

impl XFrameOptionsMiddleware {
    /// The middleware; it reads its setting when the application is built.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Middleware for XFrameOptionsMiddleware {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let mut response = next.run(request).await;
        response.setdefault_header("x-frame-options", &self.value)?;
        Ok(response)
    }

    fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError> {
        self.value = setup.settings().X_FRAME_OPTIONS.to_uppercase();
        Ok(())
    }
}
