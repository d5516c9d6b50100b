//! `request.cache()` and `request.caches()`: the caches of the site, as views reach them.

use std::sync::OnceLock;

use nuages_cache::{CacheFront, Caches, DummyCache};
use nuages_http::HttpRequest;

/// The caches of the request's application (`django.core.cache`).
///
/// ```
/// # use nuages::prelude::*;
/// async fn front_page(request: HttpRequest) -> Result {
///     let page: String = request.cache().get_or_set("front page", || "<h1>Expensive</h1>".to_owned(), 60).await?;
///     let fallback = request.caches().get("fallback")?;
///     fallback.incr("views", 1).await?;
///     Ok(HttpResponse::new(page))
/// }
/// ```
pub trait RequestCaches {
    /// The default cache (`django.core.cache.cache`).
    #[doc(alias = "django.core.cache.cache")]
    fn cache(&self) -> &CacheFront;

    /// All caches, by alias (`django.core.cache.caches`).
    #[doc(alias = "django.core.cache.caches")]
    fn caches(&self) -> &Caches;
}

impl RequestCaches for HttpRequest {
    fn cache(&self) -> &CacheFront {
        self.caches().default_cache()
    }

    fn caches(&self) -> &Caches {
        // Not configuration: a cache that keeps nothing, the same for everybody, for a request made by hand.
        static NOTHING: OnceLock<Caches> = OnceLock::new();
        match self.site().extensions().get::<Caches>() {
            Some(caches) => caches,
            None => NOTHING.get_or_init(|| Caches::new(CacheFront::new(DummyCache::new()))),
        }
    }
}
