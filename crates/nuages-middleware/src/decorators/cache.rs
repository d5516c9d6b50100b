//! What caches on the way may do with a view's page: `django.views.decorators.cache`.

use nuages_http::{HttpRequest, Result};

use super::decorator::{Decorated, Decorator, Inner, decorate};
use crate::cache_control::{CacheControl, add_never_cache_headers, patch_cache_control};

/// What is added to Cache-Control: what [`cache_control`] puts around a view.
#[derive(Clone, Debug)]
pub struct CacheControlled(CacheControl);

impl Decorator for CacheControlled {
    async fn call(&self, request: HttpRequest, view: &impl Inner) -> Result {
        let mut response = view.run(request).await?;
        patch_cache_control(&mut response, &self.0);
        Ok(response)
    }
}

/// Adds directives to the header Cache-Control (`cache_control`).
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::CacheControl;
/// use nuages_middleware::decorators::{CacheControlled, Decorated, cache_control};
///
/// async fn news(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("nothing new"))
/// }
/// let view: Decorated<_, CacheControlled> = cache_control(CacheControl::new().public().max_age(300), news);
/// # let (_, decorator) = view.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("GET", "/").build(), &View).await?;
/// assert_eq!(response.header("Cache-Control").as_deref(), Some("public, max-age=300"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn cache_control<V>(control: CacheControl, view: V) -> Decorated<V, CacheControlled> {
    decorate(CacheControlled(control), view)
}

/// Nobody keeps the page: what [`never_cache`] puts around a view.
#[derive(Clone, Copy, Debug)]
pub struct NeverCached;

impl Decorator for NeverCached {
    async fn call(&self, request: HttpRequest, view: &impl Inner) -> Result {
        let mut response = view.run(request).await?;
        add_never_cache_headers(&mut response);
        Ok(response)
    }
}

/// Tells every cache, the browser's too, not to keep the page (`never_cache`).
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::{Decorated, NeverCached, never_cache};
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated: Decorated<_, NeverCached> = never_cache(view);
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = decorator.call(HttpRequest::test("GET", "/").build(), &View).await?;
/// assert!(response.header("Cache-Control").is_some_and(|directives| directives.contains("no-store")));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn never_cache<V>(view: V) -> Decorated<V, NeverCached> {
    decorate(NeverCached, view)
}
