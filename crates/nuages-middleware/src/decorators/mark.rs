//! Marks on a view that a middleware looks for.

use nuages_http::{HttpRequest, Result};

use super::decorator::{Decorated, Decorator, Inner, decorate};
use crate::csrf;

/// A mark and nothing else.
///
/// ```
/// use nuages_http::{HttpRequest, HttpResponse, Result};
/// use nuages_middleware::decorators::{Decorator, Mark, decorate};
///
/// async fn status(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("all is well"))
/// }
/// // For a middleware of one's own, which looks for it in process_view.
/// let view = decorate(Mark::new("login_exempt"), status);
/// let (_, mark) = view.into_parts();
/// assert_eq!(mark.attributes(), ["login_exempt"]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Mark([&'static str; 1]);

impl Mark {
    /// A mark of this name, which a middleware finds in
    /// [`ResolverMatch::view_attributes`](nuages_http::ResolverMatch::view_attributes).
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self([name])
    }
}

impl Decorator for Mark {
    const ONLY_MARKS: bool = true;

    async fn call(&self, request: HttpRequest, view: &impl Inner) -> Result {
        view.run(request).await
    }

    fn attributes(&self) -> &[&'static str] {
        &self.0
    }
}

/// Lets requests without a CSRF token through to this view (`csrf_exempt`): for callers that are no browser and prove
/// otherwise who they are.
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::csrf_exempt;
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated = csrf_exempt(view);
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// assert_eq!(decorator.attributes(), ["csrf_exempt"]); // what CsrfViewMiddleware looks for
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn csrf_exempt<V>(view: V) -> Decorated<V, Mark> {
    decorate(Mark::new(csrf::EXEMPT), view)
}

/// The attribute of a view to whose path no slash is appended.
pub const NO_APPEND_SLASH: &str = "no_append_slash";

/// Keeps `APPEND_SLASH` away from this view (`no_append_slash`): a catch-all pattern answers a path without a slash by
/// itself.
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::no_append_slash;
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated = no_append_slash(view);
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// assert_eq!(decorator.attributes(), ["no_append_slash"]); // what CommonMiddleware looks for
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn no_append_slash<V>(view: V) -> Decorated<V, Mark> {
    decorate(Mark::new(NO_APPEND_SLASH), view)
}
