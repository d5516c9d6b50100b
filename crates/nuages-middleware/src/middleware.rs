//! The trait of a middleware.

use std::future::Future;

use nuages_http::{Error, HttpRequest, HttpResponse, ResolverMatch, Result};

use crate::hook::{Hook, TemplateHook};
use crate::next::{BoxFuture, Next};
use crate::setup::{Setup, SetupError};
use crate::template_response::TemplateResponse;

/// A layer around the view.
///
/// Only [`call`](Self::call) is needed. An error that it returns becomes a response before the next layer out sees
/// it. What needs a setting reads it once, in [`setup`](Self::setup). A middleware that others build on says so in
/// [`provides`](Self::provides); one that builds on another names it in [`requires`](Self::requires), and a
/// wrong order is then an error at start-up.
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Settings, Site};
/// # use nuages_middleware::{Middleware, Next, Setup};
/// # struct View;
/// # impl Next for View {
/// #     async fn run(&self, _: HttpRequest) -> HttpResponse { HttpResponse::new("hello") }
/// # }
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use std::time::Instant;
/// # use nuages_http::Result;
///
/// /// Tells the browser how long the answer took.
/// struct Timing;
///
/// impl Middleware for Timing {
///     async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
///         let started = Instant::now();
///         let mut response = next.run(request).await;
///         let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
///         response.set_header("Server-Timing", &format!("view;dur={milliseconds:.1}"))?;
///         Ok(response)
///     }
/// }
///
/// let response = Timing.call(HttpRequest::test("GET", "/").build(), &View).await?;
/// assert!(response.has_header("Server-Timing"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a middleware",
    label = "not a middleware",
    note = "a middleware is a type: `impl Middleware for Mine {{ async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {{ Ok(next.run(request).await) }} }}`",
    note = "a decorator goes around a view, in `path(…)`, or around all of `include(…)`"
)]
#[doc(alias = "MiddlewareMixin")]
#[doc(alias = "process_request")]
#[doc(alias = "process_response")]
pub trait Middleware: Send + Sync + 'static {
    /// Handles a request: usually something before and something after `next.run(request).await`.
    fn call(&self, request: HttpRequest, next: &impl Next) -> impl Future<Output = Result> + Send;

    /// Called when the view is known and before it runs, outermost layer first (Django's `process_view`).
    fn process_view<'a>(&'a self, request: &'a HttpRequest, matched: &'a dyn ResolverMatch) -> Hook<'a> {
        let _unused = (request, matched);
        Hook::pass()
    }

    /// Called when the view has failed, innermost layer first; the first response given is the answer (Django's
    /// `process_exception`).
    fn process_exception(
        &self,
        request: &HttpRequest,
        error: &Error,
    ) -> impl Future<Output = Option<HttpResponse>> + Send {
        let _unused = (request, error);
        std::future::ready(None)
    }

    /// Called when the view has given a [`TemplateResponse`](crate::TemplateResponse), before that is rendered, innermost
    /// layer first (Django's `process_template_response`); it may change or replace it.
    fn process_template_response<'a>(
        &'a self,
        request: &'a HttpRequest,
        response: &'a mut TemplateResponse,
    ) -> TemplateHook<'a> {
        let _unused = (request, response);
        TemplateHook::pass()
    }

    /// Reads the settings, once, before the first request.
    ///
    /// # Errors
    /// A setting that cannot be used.
    fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError> {
        let _unused = setup;
        Ok(())
    }

    /// The name for messages and `showmiddleware`.
    fn name(&self) -> &'static str {
        let name = std::any::type_name::<Self>();
        let path = name.split('<').next().unwrap_or(name);
        path.rsplit("::").next().unwrap_or(path)
    }

    /// What it offers to layers further in, by name: `"sessions"`.
    fn provides(&self) -> &[&'static str] {
        &[]
    }

    /// What a layer further out must offer.
    fn requires(&self) -> &[&'static str] {
        &[]
    }
}

/// A middleware that may be left out.
impl<M: Middleware> Middleware for Option<M> {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        match self {
            Some(middleware) => middleware.call(request, next).await,
            None => Ok(next.run(request).await),
        }
    }

    fn process_view<'a>(&'a self, request: &'a HttpRequest, matched: &'a dyn ResolverMatch) -> Hook<'a> {
        match self {
            Some(middleware) => middleware.process_view(request, matched),
            None => Hook::pass(),
        }
    }

    async fn process_exception(&self, request: &HttpRequest, error: &Error) -> Option<HttpResponse> {
        match self {
            Some(middleware) => middleware.process_exception(request, error).await,
            None => None,
        }
    }

    fn process_template_response<'a>(
        &'a self,
        request: &'a HttpRequest,
        response: &'a mut TemplateResponse,
    ) -> TemplateHook<'a> {
        match self {
            Some(middleware) => middleware.process_template_response(request, response),
            None => TemplateHook::pass(),
        }
    }

    fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError> {
        self.as_mut().map_or(Ok(()), |middleware| middleware.setup(setup))
    }

    fn name(&self) -> &'static str {
        self.as_ref().map_or("(left out)", Middleware::name)
    }

    fn provides(&self) -> &[&'static str] {
        self.as_ref().map_or(&[], Middleware::provides)
    }

    fn requires(&self) -> &[&'static str] {
        self.as_ref().map_or(&[], Middleware::requires)
    }
}

/// The hooks of a middleware, for what calls the view.
///
/// ```
/// # use nuages_http::Result;
/// # use nuages_middleware::Next;
/// use std::sync::Arc;
/// use nuages_http::{Error, HttpRequest, HttpResponse};
/// use nuages_middleware::{Hooks, Middleware};
///
/// struct Apology;
///
/// impl Middleware for Apology {
/// #     async fn call(&self, request: HttpRequest, next: &impl Next) -> Result { Ok(next.run(request).await) }
///     async fn process_exception(&self, _request: &HttpRequest, error: &Error) -> Option<HttpResponse> {
///         Some(HttpResponse::new(format!("sorry: {error}")))
///     }
/// }
///
/// let hooks: Vec<Arc<dyn Hooks>> = vec![Arc::new(Apology)];
/// let request = HttpRequest::test("GET", "/").build();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let response = hooks[0].process_exception(&request, &Error::from("no disk")).await;
/// assert!(response.is_some_and(|response| response.body().as_bytes() == Some(&b"sorry: no disk"[..])));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait Hooks: Send + Sync {
    /// [`Middleware::process_view`].
    fn process_view<'a>(&'a self, request: &'a HttpRequest, matched: &'a dyn ResolverMatch) -> Hook<'a>;

    /// [`Middleware::process_exception`].
    fn process_exception<'a>(
        &'a self,
        request: &'a HttpRequest,
        error: &'a Error,
    ) -> BoxFuture<'a, Option<HttpResponse>>;

    /// [`Middleware::process_template_response`].
    fn process_template_response<'a>(
        &'a self,
        request: &'a HttpRequest,
        response: &'a mut TemplateResponse,
    ) -> TemplateHook<'a>;
}

impl<M: Middleware> Hooks for M {
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
}
