//! What `process_view` and `process_template_response` return.

use std::future::Future;

use nuages_http::{HttpResponse, Result};

use crate::next::BoxFuture;

/// Nothing to do, or work that may answer in the view's place; boxed only when there is work.
///
/// ```
/// use nuages_http::{HttpRequest, HttpResponse, ResolverMatch, Result};
/// use nuages_middleware::{Hook, Middleware, Next};
///
/// /// Answers in the place of every view that is not marked as public.
/// struct Closed;
///
/// impl Middleware for Closed {
///     async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
///         Ok(next.run(request).await)
///     }
///
///     fn process_view<'a>(&'a self, _request: &'a HttpRequest, matched: &'a dyn ResolverMatch) -> Hook<'a> {
///         match matched.view_attributes().contains(&"public") {
///             true => Hook::pass(),
///             false => Hook::answer(HttpResponse::forbidden("We are closed.")),
///         }
///     }
/// }
/// assert!(Hook::pass().into_work().is_none());
/// ```
pub struct Hook<'a> {
    pub(crate) work: Option<BoxFuture<'a, Result<Option<HttpResponse>>>>,
}

impl<'a> Hook<'a> {
    /// Nothing to do.
    #[must_use]
    pub fn pass() -> Self {
        Self { work: None }
    }

    /// Work to be awaited; if it gives a response, the view is not called.
    pub fn run(work: impl Future<Output = Result<Option<HttpResponse>>> + Send + 'a) -> Self {
        Self { work: Some(Box::pin(work)) }
    }

    /// Answers at once.
    #[must_use]
    pub fn answer(response: HttpResponse) -> Self {
        Self::run(std::future::ready(Ok(Some(response))))
    }

    /// The work, if there is any: for what calls the view.
    #[must_use]
    pub fn into_work(self) -> Option<BoxFuture<'a, Result<Option<HttpResponse>>>> {
        self.work
    }
}

/// Nothing to do, or work on a response that is not rendered yet; boxed only when there is work.
///
/// ```
/// use nuages_http::{HttpRequest, Result};
/// use nuages_middleware::{Middleware, Next, TemplateHook, TemplateResponse};
///
/// /// Every page knows the year.
/// struct Year;
///
/// impl Middleware for Year {
///     async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
///         Ok(next.run(request).await)
///     }
///
///     fn process_template_response<'a>(
///         &'a self,
///         _request: &'a HttpRequest,
///         response: &'a mut TemplateResponse,
///     ) -> TemplateHook<'a> {
///         response.insert("year", 2026);
///         TemplateHook::pass()
///     }
/// }
/// ```
pub struct TemplateHook<'a> {
    work: Option<BoxFuture<'a, Result<()>>>,
}

impl<'a> TemplateHook<'a> {
    /// Nothing to wait for.
    #[must_use]
    pub fn pass() -> Self {
        Self { work: None }
    }

    /// Work to be awaited.
    pub fn run(work: impl Future<Output = Result<()>> + Send + 'a) -> Self {
        Self { work: Some(Box::pin(work)) }
    }

    /// The work, if there is any: for what renders.
    #[must_use]
    pub fn into_work(self) -> Option<BoxFuture<'a, Result<()>>> {
        self.work
    }
}
