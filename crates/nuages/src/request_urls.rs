//! `request.reverse()` and `request.resolve()`: the URL configuration, as views ask it.

use std::sync::{Arc, OnceLock};

use nuages_http::{HttpRequest, ResolverMatch};
use nuages_urls::{Resolver, Resolver404, Reverse};

use crate::endpoint::Urls;

/// From names to URLs and back, in the URL configuration of the request's application (`django.urls`).
///
/// ```
/// use nuages::prelude::*;
///
/// async fn post(_request: HttpRequest, year: u32, slug: String) -> Result {
///     Ok(HttpResponse::new(format!("{slug} of {year}")))
/// }
/// # let settings = Settings { SECRET_KEY: "a long and secret text".into(), ..Settings::default() };
/// let application = App::new(settings).urls(urlconf([path("<int:year>/<slug:slug>/", post).name("post")])).build()?;
/// let request = HttpRequest::test("GET", "/").site(application.site()).build();
/// assert_eq!(request.reverse("post").arg(2024).arg("rust").url()?, "/2024/rust/");
/// assert_eq!(request.resolve("/2024/rust/")?.url_name(), Some("post"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "django.urls")]
pub trait RequestUrls {
    /// Begins the URL of a named route (`reverse`); give it its arguments, and end with `.url()`.
    ///
    /// ```
    /// # use nuages::prelude::*;
    /// async fn latest(request: HttpRequest) -> Result {
    ///     redirect(request.reverse("blog:post").arg(2024).arg("rust").url()?)
    /// }
    /// ```
    #[doc(alias = "reverse_lazy")]
    #[doc(alias = "get_absolute_url")]
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
