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
///
/// async fn index(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("blog"))
/// }
/// let blog = urlconf([path("", index).name("index")]).app_name("blog");
/// let urls = urlconf([path("blog/", include(blog).namespace("news"))]);
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
