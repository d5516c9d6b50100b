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
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Settings, Site};
/// # use nuages_middleware::{Middleware, Next, Setup};
/// # struct View;
/// # impl Next for View {
/// #     async fn run(&self, _: HttpRequest) -> HttpResponse { HttpResponse::new("hello") }
/// # }
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use nuages_middleware::XFrameOptionsMiddleware;
///
/// let site = Site::new(Settings::default())?;
/// let mut middleware = XFrameOptionsMiddleware::new();
/// middleware.setup(&Setup::new(&site))?;
/// let response = middleware.call(HttpRequest::test("GET", "/").site(&site).build(), &View).await?;
/// assert_eq!(response.header("X-Frame-Options").as_deref(), Some("DENY"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[derive(Default)]
#[doc(alias = "clickjacking")]
#[doc(alias = "X-Frame-Options")]
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
