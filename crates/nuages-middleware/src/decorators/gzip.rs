//! A compressed page: `django.views.decorators.gzip`.

use nuages_http::{HttpRequest, Result};

use super::decorator::{Decorated, Decorator, Inner, decorate};
use crate::compression::compress;
use crate::template_response::when_rendered;

/// The page is compressed for clients that can unpack it: what [`gzip_page`] puts around a view.
#[derive(Clone, Copy, Debug)]
pub struct Gzipped;

impl Decorator for Gzipped {
    async fn call(&self, request: HttpRequest, view: &impl Inner) -> Result {
        let kept = request.clone();
        let response = view.run(request).await?;
        when_rendered(response, move |response| async move { compress(&kept, response, &[]).await }).await
    }
}

/// Compresses the page as [`GZipMiddleware`](crate::GZipMiddleware) does (`gzip_page`).
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # use nuages_middleware::decorators::{Decorator, Inner};
/// # struct View;
/// # impl Inner for View {
/// #     async fn run(&self, _: HttpRequest) -> Result { Ok(HttpResponse::new("hello")) }
/// # }
/// use nuages_middleware::decorators::{Decorated, Gzipped, gzip_page};
///
/// async fn view(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
/// let decorated: Decorated<_, Gzipped> = gzip_page(view);
/// # let (_, decorator) = decorated.into_parts();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let request = HttpRequest::test("GET", "/").header("Accept-Encoding", "gzip").build();
/// # let response = decorator.call(request, &View).await?;
/// // What is as short as this stays as it is, and depends on what the client can unpack all the same.
/// assert!(!response.has_header("Content-Encoding"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub fn gzip_page<V>(view: V) -> Decorated<V, Gzipped> {
    decorate(Gzipped, view)
}
