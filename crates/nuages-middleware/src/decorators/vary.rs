//! What an answer depends on: `django.views.decorators.vary`.

use nuages_http::{HttpRequest, Result};

use super::decorator::{Decorated, Decorator, Inner, decorate};

/// The headers of the request that the answer depends on: what [`vary_on_headers`] puts around a view.
#[derive(Clone, Debug)]
pub struct Varying(Vec<String>);

impl Decorator for Varying {
    async fn call(&self, request: HttpRequest, view: &impl Inner) -> Result {
        let mut response = view.run(request).await?;
        let names: Vec<&str> = self.0.iter().map(String::as_str).collect();
        response.patch_vary(&names);
        Ok(response)
    }
}

/// Tells caches that the answer depends on these headers (`vary_on_headers`).
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::{Decorated, Varying, vary_on_headers};
///
/// async fn page(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let view: Decorated<_, Varying> = vary_on_headers(["User-Agent", "Accept-Language"], page);
/// # let (_, decorator) = view.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("GET", "/").build(), &View).await?;
/// assert_eq!(response.header("Vary").as_deref(), Some("User-Agent, Accept-Language"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn vary_on_headers<V>(names: impl IntoIterator<Item: Into<String>>, view: V) -> Decorated<V, Varying> {
    decorate(Varying(names.into_iter().map(Into::into).collect()), view)
}

/// Tells caches that the answer depends on the cookies (`vary_on_cookie`).
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::vary_on_cookie;
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated = vary_on_cookie(view);
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("GET", "/").build(), &View).await?;
/// assert_eq!(response.header("Vary").as_deref(), Some("Cookie"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn vary_on_cookie<V>(view: V) -> Decorated<V, Varying> {
    vary_on_headers(["Cookie"], view)
}
