//! A compressed page: `django.views.decorators.gzip`.

use nuages_http::{HttpRequest, Result};

use super::decorator::{Decorated, Decorator, Inner, decorate};
use crate::compression::compress;
use crate::template_response::when_rendered;

/// The page is compressed for clients that can unpack it.
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
pub fn gzip_page<V>(view: V) -> Decorated<V, Gzipped> {
    decorate(Gzipped, view)
}
