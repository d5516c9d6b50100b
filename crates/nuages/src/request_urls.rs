//! `request.reverse()` and `request.resolve()`: the URL configuration, as views ask it.

use std::sync::{Arc, OnceLock};

use nuages_http::{HttpRequest, ResolverMatch};
use nuages_urls::{Resolver, Resolver404, Reverse};

use crate::endpoint::Urls;

/// From names to URLs and back, in the URL configuration of the request's application (`django.urls`).
pub trait RequestUrls {
    /// Begins the URL of a named route (`reverse`); give it its arguments, and end with `.url()`.
    ///
    /// ```
    /// # use nuages::prelude::*;
    /// async fn latest(request: HttpRequest) -> Result {
    ///     redirect(request.reverse("blog:post").arg(2024).arg("rust").url()?)
    /// }
    /// ```
    fn reverse<'a>(&'a self, name: &'a str) -> Reverse<'a>;

    /// The route that matches a path, as requests are sent through it (`resolve`).
    ///
    /// # Errors
    /// [`Resolver404`], with the patterns that were tried.
    fn resolve(&self, path: &str) -> Result<Arc<dyn ResolverMatch>, Resolver404>;
}

impl RequestUrls for HttpRequest {
    fn reverse<'a>(&'a self, name: &'a str) -> Reverse<'a> {
        urls(self).resolver.reverse(name)
    }

    fn resolve(&self, path: &str) -> Result<Arc<dyn ResolverMatch>, Resolver404> {
        let urls = urls(self);
        match urls.resolve(path) {
            Some((_, matched)) => Ok(matched),
            None => Err(urls.resolver.not_found(path)),
        }
    }
}

/// The routes of the request's application; a request made by hand has none.
fn urls(request: &HttpRequest) -> &Urls {
    // Not configuration: a table without routes, the same for everybody.
    static NO_ROUTES: OnceLock<Urls> = OnceLock::new();
    match request.site().extensions().get::<Arc<Urls>>() {
        Some(urls) => urls,
        None => NO_ROUTES.get_or_init(|| Urls { resolver: Resolver::default() }),
    }
}
