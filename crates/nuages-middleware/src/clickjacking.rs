//! `XFrameOptionsMiddleware`: who may show a page in a frame.

use http::HeaderValue;
use http::header::X_FRAME_OPTIONS;
use nuages_http::{HttpRequest, Result};

use crate::decorators::FrameExempt;
use crate::middleware::Middleware;
use crate::next::Next;
use crate::setup::{self, Setup, SetupError};

/// Adds `X-Frame-Options` (`django.middleware.clickjacking.XFrameOptionsMiddleware`), from the setting of that
/// name; a header that the view has set stays.
/// `xframe_options_exempt` and its siblings make an exception for a view.
#[derive(Default)]
pub struct XFrameOptionsMiddleware {
    /// None before the setup.
    value: Option<HeaderValue>,
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
        if let Some(value) = &self.value
            && response.extensions().get::<FrameExempt>().is_none()
        {
            response.headers_mut().entry(X_FRAME_OPTIONS).or_insert_with(|| value.clone());
        }
        Ok(response)
    }

    fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError> {
        let value = setup.settings().X_FRAME_OPTIONS.to_uppercase();
        self.value = Some(setup::header_value("X_FRAME_OPTIONS", &value)?);
        Ok(())
    }
}
