//! CSRF for one view: `django.views.decorators.csrf`.

use nuages_http::{HttpRequest, Result};

use super::decorator::{Decorated, Decorator, Inner, decorate};
use crate::csrf::{CsrfState, Verdict, check, get_token, refuse};

/// What is asked of requests.
#[derive(Clone, Copy, Debug)]
enum CsrfMode {
    /// A token.
    Protect,
    /// Nothing; the cookie is sent in any case.
    EnsureCookie,
    /// Nothing; the cookie is sent if the view asks for the token.
    TokenOnly,
}

/// Checks, and sends the cookie: what [`csrf_protect`] and its siblings put around a view.
#[derive(Clone, Copy, Debug)]
pub struct CsrfProtected(CsrfMode);

impl Decorator for CsrfProtected {
    async fn call(&self, request: HttpRequest, view: &impl Inner) -> Result {
        CsrfState::begin(&request).await?;
        let kept = request.clone();
        let mut response = match self.0 {
            CsrfMode::Protect => match check(&request).await? {
                Verdict::Accepted => view.run(request).await?,
                Verdict::Refused(reason) => refuse(&kept, reason).await?,
            },
            CsrfMode::EnsureCookie => {
                // Asked for, so that it is sent.
                let _token = get_token(&request);
                view.run(request).await?
            }
            CsrfMode::TokenOnly => view.run(request).await?,
        };
        CsrfState::finish(&kept, &mut response).await?;
        Ok(response)
    }
}

/// Checks this view's requests as [`CsrfViewMiddleware`](crate::CsrfViewMiddleware) would (`csrf_protect`): for sites
/// without it.
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::{CsrfProtected, Decorated, csrf_protect};
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated: Decorated<_, CsrfProtected> = csrf_protect(view);
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let request = HttpRequest::test("POST", "/").header("Host", "testserver").build();
/// # let response = decorator.call(request, &View).await?;
/// // A POST without a token:
/// assert_eq!(response.status(), 403);
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn csrf_protect<V>(view: V) -> Decorated<V, CsrfProtected> {
    decorate(CsrfProtected(CsrfMode::Protect), view)
}

/// Sends the CSRF cookie with every answer of this view (`ensure_csrf_cookie`): for pages whose forms are made by a
/// script.
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::ensure_csrf_cookie;
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated = ensure_csrf_cookie(view);
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("GET", "/").build(), &View).await?;
/// assert!(response.sets_cookies());
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn ensure_csrf_cookie<V>(view: V) -> Decorated<V, CsrfProtected> {
    decorate(CsrfProtected(CsrfMode::EnsureCookie), view)
}

/// Makes [`get_token`] work in this view although nothing checks its requests (`requires_csrf_token`).
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, request: HttpRequest) -> Result { form(request).await }
/// # }
/// use nuages_middleware::csrf::get_token;
/// use nuages_middleware::decorators::requires_csrf_token;
///
/// async fn form(request: HttpRequest) -> Result {
///     Ok(HttpResponse::new(format!("<input name=\"csrfmiddlewaretoken\" value=\"{}\">", get_token(&request))))
/// }
/// let view = requires_csrf_token(form);
/// # let (_, decorator) = view.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("GET", "/").build(), &View).await?;
/// assert!(response.sets_cookies(), "the form has a token");
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn requires_csrf_token<V>(view: V) -> Decorated<V, CsrfProtected> {
    decorate(CsrfProtected(CsrfMode::TokenOnly), view)
}
