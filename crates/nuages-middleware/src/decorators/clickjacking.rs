//! Who may show a view's page in a frame: `django.views.decorators.clickjacking`.

use nuages_http::{HttpRequest, Result};

use super::decorator::{Decorated, Decorator, Inner, decorate};

/// What the header X-Frame-Options shall say of a view.
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::Inner;
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::{Decorator, FrameOptions, decorate};
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated = decorate(FrameOptions::SameOrigin, view); // as xframe_options_sameorigin(view)
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("GET", "/").build(), &View).await?;
/// assert_eq!(response.header("X-Frame-Options").as_deref(), Some("SAMEORIGIN"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameOptions {
    /// Nobody may.
    Deny,
    /// Pages of the same origin may.
    SameOrigin,
    /// Everybody may: no header.
    Exempt,
}

/// On a response to which no X-Frame-Options is added.
pub(crate) struct FrameExempt;

impl Decorator for FrameOptions {
    async fn call(&self, request: HttpRequest, view: &impl Inner) -> Result {
        let mut response = view.run(request).await?;
        match self {
            Self::Deny => response.setdefault_header("X-Frame-Options", "DENY")?,
            Self::SameOrigin => response.setdefault_header("X-Frame-Options", "SAMEORIGIN")?,
            Self::Exempt => {
                response.extensions().get_or_insert_with(|| FrameExempt);
                &mut response
            }
        };
        Ok(response)
    }
}

/// Nobody may show the page in a frame (`xframe_options_deny`).
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::xframe_options_deny;
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated = xframe_options_deny(view);
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("GET", "/").build(), &View).await?;
/// assert_eq!(response.header("X-Frame-Options").as_deref(), Some("DENY"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn xframe_options_deny<V>(view: V) -> Decorated<V, FrameOptions> {
    decorate(FrameOptions::Deny, view)
}

/// Pages of the same origin may show it in a frame (`xframe_options_sameorigin`).
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::xframe_options_sameorigin;
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated = xframe_options_sameorigin(view);
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("GET", "/").build(), &View).await?;
/// assert_eq!(response.header("X-Frame-Options").as_deref(), Some("SAMEORIGIN"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn xframe_options_sameorigin<V>(view: V) -> Decorated<V, FrameOptions> {
    decorate(FrameOptions::SameOrigin, view)
}

/// Everybody may show it in a frame (`xframe_options_exempt`).
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::xframe_options_exempt;
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated = xframe_options_exempt(view);
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("GET", "/").build(), &View).await?;
/// // XFrameOptionsMiddleware adds none either.
/// assert!(!response.has_header("X-Frame-Options"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn xframe_options_exempt<V>(view: V) -> Decorated<V, FrameOptions> {
    decorate(FrameOptions::Exempt, view)
}
