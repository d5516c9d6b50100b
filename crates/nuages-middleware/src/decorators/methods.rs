//! Which methods a view answers: `django.views.decorators.http`.

use nuages_http::{HttpRequest, HttpResponse, Result};

use super::decorator::{Decorated, Decorator, Inner, decorate};

/// The methods that a view answers: what [`require_http_methods`] puts around it.
#[derive(Clone, Debug)]
pub struct AllowedMethods(Vec<String>);

impl Decorator for AllowedMethods {
    async fn call(&self, request: HttpRequest, view: &impl Inner) -> Result {
        if self.0.iter().any(|method| request.method.as_str() == method) {
            return view.run(request).await;
        }
        tracing::warn!(
            target: "nuages.request",
            status = 405,
            method = request.method.as_str(),
            path = ?&*request.path,
            "method not allowed",
        );
        Ok(HttpResponse::not_allowed(&self.0))
    }
}

/// Answers only these methods, and any other with 405 (`require_http_methods`).
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::{AllowedMethods, Decorated, require_http_methods};
///
/// async fn item(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("an item"))
/// }
/// let view: Decorated<_, AllowedMethods> = require_http_methods(["GET", "PATCH"], item);
/// # let (_, decorator) = view.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("DELETE", "/").build(), &View).await?;
/// // A DELETE:
/// assert_eq!(response.status(), 405);
/// assert_eq!(response.header("Allow").as_deref(), Some("GET, PATCH"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn require_http_methods<V>(
    methods: impl IntoIterator<Item: Into<String>>,
    view: V,
) -> Decorated<V, AllowedMethods> {
    decorate(AllowedMethods(methods.into_iter().map(Into::into).collect()), view)
}

/// Answers only GET; not HEAD either, for which there is [`require_safe`].
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::require_GET;
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated = require_GET(view);
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("POST", "/").build(), &View).await?;
/// // A POST:
/// assert_eq!(response.status(), 405);
/// assert_eq!(response.header("Allow").as_deref(), Some("GET"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[expect(non_snake_case, reason = "the name is Django's")]
pub fn require_GET<V>(view: V) -> Decorated<V, AllowedMethods> {
    require_http_methods(["GET"], view)
}

/// Answers only POST.
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::require_POST;
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated = require_POST(view);
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("GET", "/").build(), &View).await?;
/// // A GET:
/// assert_eq!(response.status(), 405);
/// assert_eq!(response.header("Allow").as_deref(), Some("POST"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[expect(non_snake_case, reason = "the name is Django's")]
pub fn require_POST<V>(view: V) -> Decorated<V, AllowedMethods> {
    require_http_methods(["POST"], view)
}

/// Answers only GET and HEAD, which change nothing.
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::require_safe;
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated = require_safe(view);
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("POST", "/").build(), &View).await?;
/// // A POST:
/// assert_eq!(response.status(), 405);
/// assert_eq!(response.header("Allow").as_deref(), Some("GET, HEAD"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn require_safe<V>(view: V) -> Decorated<V, AllowedMethods> {
    require_http_methods(["GET", "HEAD"], view)
}
