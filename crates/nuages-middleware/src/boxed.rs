//! A middleware behind a pointer, for lists that are known only at run time.

use nuages_http::{Error, HttpRequest, HttpResponse, ResolverMatch, Result};

use crate::hook::{Hook, TemplateHook};
use crate::middleware::Middleware;
use crate::next::{BoxFuture, ErasedNext, Next};
use crate::setup::{Setup, SetupError};
use crate::template_response::TemplateResponse;

/// Any middleware, behind a pointer; each call allocates its future.
///
/// ```
/// use nuages_middleware::{BoxMiddleware, CommonMiddleware, SecurityMiddleware};
/// let chosen: Vec<BoxMiddleware> =
///     vec![BoxMiddleware::new(SecurityMiddleware::new()), BoxMiddleware::new(CommonMiddleware::new())];
/// # assert_eq!(chosen.len(), 2);
/// ```
pub struct BoxMiddleware {
    middleware: Box<dyn Erased>,
}

impl BoxMiddleware {
    /// Puts a middleware behind a pointer.
    pub fn new(middleware: impl Middleware) -> Self {
        Self { middleware: Box::new(middleware) }
    }
}

trait Erased: Send + Sync {
    fn call<'a>(&'a self, request: HttpRequest, next: &'a dyn ErasedNext) -> BoxFuture<'a, Result>;
    fn process_view<'a>(&'a self, request: &'a HttpRequest, matched: &'a dyn ResolverMatch) -> Hook<'a>;
    fn process_exception<'a>(
        &'a self,
        request: &'a HttpRequest,
        error: &'a Error,
    ) -> BoxFuture<'a, Option<HttpResponse>>;
    fn process_template_response<'a>(
        &'a self,
        request: &'a HttpRequest,
        response: &'a mut TemplateResponse,
    ) -> TemplateHook<'a>;
    fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError>;
    fn name(&self) -> &'static str;
    fn provides(&self) -> &[&'static str];
    fn requires(&self) -> &[&'static str];
}

impl<M: Middleware> Erased for M {
    fn call<'a>(&'a self, request: HttpRequest, next: &'a dyn ErasedNext) -> BoxFuture<'a, Result> {
        Box::pin(async move { Middleware::call(self, request, &next).await })
    }

    fn process_view<'a>(&'a self, request: &'a HttpRequest, matched: &'a dyn ResolverMatch) -> Hook<'a> {
        Middleware::process_view(self, request, matched)
    }

    fn process_exception<'a>(
        &'a self,
        request: &'a HttpRequest,
        error: &'a Error,
    ) -> BoxFuture<'a, Option<HttpResponse>> {
        Box::pin(Middleware::process_exception(self, request, error))
    }

    fn process_template_response<'a>(
        &'a self,
        request: &'a HttpRequest,
        response: &'a mut TemplateResponse,
    ) -> TemplateHook<'a> {
        Middleware::process_template_response(self, request, response)
    }

    fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError> {
        Middleware::setup(self, setup)
    }

    fn name(&self) -> &'static str {
        Middleware::name(self)
    }

    fn provides(&self) -> &[&'static str] {
        Middleware::provides(self)
    }

    fn requires(&self) -> &[&'static str] {
        Middleware::requires(self)
    }
}

impl Middleware for BoxMiddleware {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        self.middleware.call(request, next).await
    }

    fn process_view<'a>(&'a self, request: &'a HttpRequest, matched: &'a dyn ResolverMatch) -> Hook<'a> {
        self.middleware.process_view(request, matched)
    }

    async fn process_exception(&self, request: &HttpRequest, error: &Error) -> Option<HttpResponse> {
        self.middleware.process_exception(request, error).await
    }

    fn process_template_response<'a>(
        &'a self,
        request: &'a HttpRequest,
        response: &'a mut TemplateResponse,
    ) -> TemplateHook<'a> {
        self.middleware.process_template_response(request, response)
    }

    fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError> {
        self.middleware.setup(setup)
    }

    fn name(&self) -> &'static str {
        self.middleware.name()
    }

    fn provides(&self) -> &[&'static str] {
        self.middleware.provides()
    }

    fn requires(&self) -> &[&'static str] {
        self.middleware.requires()
    }
}
