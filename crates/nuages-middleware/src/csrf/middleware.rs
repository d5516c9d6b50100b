//! `CsrfViewMiddleware`: no request that changes anything without a token.

use std::future::Future;

use nuages_http::{HttpRequest, ResolverMatch, Result};

use super::check::{Verdict, check, is_safe};
use super::failure::{FailureView, refuse};
use super::origins::TrustedOrigins;
use super::reason::CsrfReason;
use super::state::CsrfState;
use crate::hook::Hook;
use crate::middleware::Middleware;
use crate::next::Next;
use crate::setup::{Setup, SetupError};

/// Refuses requests that another site made the browser send (`django.middleware.csrf.CsrfViewMiddleware`).
///
/// A request of another method than GET, HEAD, OPTIONS and TRACE needs
/// - an `Origin` of this site or of `CSRF_TRUSTED_ORIGINS`, or over HTTPS, if there is none, such a `Referer`;
/// - the token of [`get_token`](super::get_token), in the field `csrfmiddlewaretoken` or the header `X-CSRFToken`, that fits
///   the visitor's cookie, or session with `CSRF_USE_SESSIONS`.
///
/// Settings: those that begin with `CSRF_`. A view marked by `csrf_exempt` is not checked.
///
/// ```
/// use nuages_middleware::{Chain, CsrfViewMiddleware, Push};
///
/// // In an App it is the line `.middleware(CsrfViewMiddleware::new())`.
/// let chain = Chain::new().push(CsrfViewMiddleware::new());
/// assert_eq!(chain.describe()[0].name, "CsrfViewMiddleware");
/// ```
#[derive(Default)]
#[doc(alias = "CSRF")]
pub struct CsrfViewMiddleware {
    failure: Option<FailureView>,
    needs_sessions: bool,
}

impl CsrfViewMiddleware {
    /// The middleware; it reads its settings when the application is built.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers refused requests with this view (`CSRF_FAILURE_VIEW`) in place of a plain page of status 403.
    ///
    /// ```
    /// use nuages_http::{HttpRequest, HttpResponse, Result};
    /// use nuages_middleware::csrf::{CsrfReason, CsrfViewMiddleware};
    ///
    /// async fn refused(_request: HttpRequest, reason: CsrfReason) -> Result {
    ///     Ok(HttpResponse::forbidden(reason.to_string()))
    /// }
    /// let middleware = CsrfViewMiddleware::new().failure_view(refused);
    /// ```
    #[must_use]
    pub fn failure_view<F>(
        mut self,
        view: impl Fn(HttpRequest, CsrfReason) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result> + Send + 'static,
    {
        self.failure = Some(FailureView::new(view));
        self
    }
}

impl Middleware for CsrfViewMiddleware {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        CsrfState::begin(&request).await?;
        // Clones share extensions, so this one sees what the view did.
        let kept = request.clone();
        let mut response = next.run(request).await;
        CsrfState::finish(&kept, &mut response).await?;
        Ok(response)
    }

    fn process_view<'a>(&'a self, request: &'a HttpRequest, matched: &'a dyn ResolverMatch) -> Hook<'a> {
        if is_safe(request) || matched.view_attributes().contains(&super::EXEMPT) {
            return Hook::pass();
        }
        Hook::run(async move {
            match check(request).await? {
                Verdict::Accepted => Ok(None),
                Verdict::Refused(reason) => refuse(request, reason).await.map(Some),
            }
        })
    }

    fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError> {
        let settings = setup.settings();
        self.needs_sessions = settings.CSRF_USE_SESSIONS;
        TrustedOrigins::check(&settings.CSRF_TRUSTED_ORIGINS)?;
        if let Some(view) = &self.failure {
            setup.site().extensions().get_or_insert_with(|| view.clone());
        }
        Ok(())
    }

    fn provides(&self) -> &[&'static str] {
        &["csrf"]
    }

    fn requires(&self) -> &[&'static str] {
        if self.needs_sessions { &["sessions"] } else { &[] }
    }
}
