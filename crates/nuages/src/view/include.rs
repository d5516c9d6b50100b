//! `include`: another URL table behind a prefix.

use super::arguments::{Captures, First};
use super::output::ViewOutput;
use super::target::{Attached, Target};
use crate::urlconf::UrlConf;

/// Another URL table, on its way behind a prefix.
#[must_use = "give it to path()"]
pub struct Include {
    urls: UrlConf,
    namespace: Option<String>,
}

/// Includes another URL table (`django.urls.include`).
///
/// ```
/// use nuages::prelude::*;
/// use nuages::test::{self, Client};
/// use nuages::view::Include;
///
/// async fn index(request: HttpRequest) -> Result {
///     Ok(HttpResponse::new(request.reverse("news:index").url()?))
/// }
/// let blog = urlconf([path("", index).name("index")]).app_name("blog");
/// let news: Include = include(blog).namespace("news");
/// let application = App::new(test::settings()).urls(urlconf([path("blog/", news)])).build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// Client::new(application).get("/blog/").await.assert_contains("/blog/");
/// # });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn include(urls: UrlConf) -> Include {
    Include { urls, namespace: None }
}

impl Include {
    /// The instance namespace; the application namespace if none is given.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }
}

/// Stands where a view has its request and its answer.
#[doc(hidden)]
pub struct NoView;

#[diagnostic::do_not_recommend]
impl First for NoView {
    fn first(_: nuages_http::HttpRequest) -> Self {
        Self
    }
}

#[diagnostic::do_not_recommend]
impl Target<NoView, ()> for Include {
    type Output = std::future::Ready<nuages_http::Result>;

    fn attach(self) -> Attached
    where
        NoView: First,
        (): Captures,
        Self::Output: ViewOutput,
    {
        let (routes, app_name, converters) = self.urls.into_included();
        // A namespace alone names the application too, so that `include(urls).namespace("blog")` works as it reads.
        let app_name = app_name.or_else(|| self.namespace.clone());
        Attached::Include { routes, app_name, namespace: self.namespace, converters }
    }
}
