//! `resolve_url`: a URL as it is, or the URL of a named route.

use std::borrow::Cow;

use nuages_http::HttpRequest;
use nuages_urls::{CaptureValue, NoReverseMatch, Reverse};

use crate::request_urls::RequestUrls;

/// A URL, or the name of a route, on its way to become a URL (`django.shortcuts.resolve_url`).
///
/// ```
/// use nuages::prelude::*;
/// use nuages::test::{self, Client};
/// use nuages::ResolveUrl;
///
/// async fn latest(request: HttpRequest) -> Result {
///     let year: ResolveUrl<'_> = resolve_url(&request, "archive").arg(2024);
///     let elsewhere = resolve_url(&request, "/about/");
///     Ok(HttpResponse::new(format!("{} {}", year.url()?, elsewhere.url()?)))
/// }
/// # async fn archive(_request: HttpRequest, _year: u32) -> Result { Ok(HttpResponse::new("")) }
/// let urls = urlconf([path("", latest), path("<int:year>/", archive).name("archive")]);
/// let application = App::new(test::settings()).urls(urls).build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// Client::new(application).get("/").await.assert_contains("/2024/ /about/");
/// # });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "call .url()"]
pub struct ResolveUrl<'a> {
    to: &'a str,
    reverse: Reverse<'a>,
}

/// The URL that `to` means: that of the route of this name or, if there is none and it looks like a URL, itself. Give
/// it the route's arguments, and end with `.url()`.
///
/// ```
/// # use nuages::prelude::*;
/// async fn next(request: HttpRequest) -> Result {
///     let to = request.GET.get("view").unwrap_or("/");
///     redirect(resolve_url(&request, to).url()?)
/// }
/// ```
pub fn resolve_url<'a>(request: &'a HttpRequest, to: &'a str) -> ResolveUrl<'a> {
    ResolveUrl { to, reverse: request.reverse(to) }
}

impl<'a> ResolveUrl<'a> {
    /// Adds a positional argument of the route.
    pub fn arg<'v: 'a>(self, value: impl Into<CaptureValue<'v>>) -> Self {
        Self { reverse: self.reverse.arg(value), ..self }
    }

    /// Adds positional arguments of the route.
    pub fn args<'v: 'a, V: Into<CaptureValue<'v>>>(self, values: impl IntoIterator<Item = V>) -> Self {
        Self { reverse: self.reverse.args(values), ..self }
    }

    /// Adds a named argument of the route.
    pub fn kwarg<'n: 'a, 'v: 'a>(
        self,
        name: impl Into<Cow<'n, str>>,
        value: impl Into<CaptureValue<'v>>,
    ) -> Self {
        Self { reverse: self.reverse.kwarg(name, value), ..self }
    }

    /// Adds named arguments of the route.
    pub fn kwargs<'n: 'a, 'v: 'a, K: Into<Cow<'n, str>>, V: Into<CaptureValue<'v>>>(
        self,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self { reverse: self.reverse.kwargs(pairs), ..self }
    }

    /// The URL.
    ///
    /// # Errors
    /// [`NoReverseMatch`] for what is neither the name of a route that takes the arguments, nor a URL: that has a slash
    /// or a dot.
    pub fn url(self) -> Result<String, NoReverseMatch> {
        if self.to.starts_with("./") || self.to.starts_with("../") {
            return Ok(self.to.to_owned());
        }
        match self.reverse.url() {
            Err(error) if is_misuse(&error) || !self.to.contains(['/', '.']) => Err(error),
            Err(_) => Ok(self.to.to_owned()),
            url => url,
        }
    }
}

/// What Django raises as another exception than `NoReverseMatch`, and so is not taken for "no such name".
fn is_misuse(error: &NoReverseMatch) -> bool {
    use nuages_urls::NoReverseMatchKind::{MissingArgument, MixedArguments};
    matches!(error.kind(), MixedArguments | MissingArgument)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    async fn show(_: HttpRequest) -> Result {
        Ok(HttpResponse::new(""))
    }

    async fn item(_: HttpRequest, _: u32) -> Result {
        Ok(HttpResponse::new(""))
    }

    fn request() -> HttpRequest {
        let settings = Settings { SECRET_KEY: "key".into(), ..Settings::default() };
        let shop = urlconf([path("", show), path("<int:pk>/", item).name("item")]).app_name("shop");
        let urls = urlconf([path("", show).name("index"), path("shop/", include(shop))]);
        let application = App::new(settings).urls(urls).build().unwrap();
        HttpRequest::test("GET", "/").site(application.site()).build()
    }

    #[test]
    fn names_come_before_urls() {
        let request = request();
        assert_eq!(resolve_url(&request, "index").url().unwrap(), "/");
        assert_eq!(resolve_url(&request, "shop:item").arg(5).url().unwrap(), "/shop/5/");
        assert_eq!(resolve_url(&request, "shop:item").kwarg("pk", 5).url().unwrap(), "/shop/5/");
        for url in ["/path/", "a.html", "./index", "../index", "http://other.com/", "a/b"] {
            assert_eq!(resolve_url(&request, url).url().unwrap(), url);
        }
        assert_eq!(resolve_url(&request, "a/b").arg(1).url().unwrap(), "a/b");
        for unknown in ["", "no-such-name", "shop:nope"] {
            assert!(resolve_url(&request, unknown).url().is_err(), "{unknown}");
        }
        assert!(resolve_url(&request, "shop:item").arg("x").url().is_err());
        assert!(
            resolve_url(&request, "a.html").arg(1).kwarg("pk", 1).url().is_err(),
            "a mistake of the caller"
        );
    }

    #[test]
    fn paths_resolve() {
        let request = request();
        let matched = request.resolve("/shop/5/").unwrap();
        assert_eq!((matched.route(), matched.view_name().as_str()), ("shop/<int:pk>/", "shop:item"));
        let unnamed = request.resolve("/shop/").unwrap();
        assert_eq!(unnamed.view_name(), "shop:nuages.resolve_url.tests.show");
        assert_eq!(request.resolve("/nope").err().unwrap().path(), "/nope");
        let by_hand = HttpRequest::test("GET", "/").build();
        assert!(by_hand.resolve("/").is_err() && by_hand.reverse("index").url().is_err());
    }
}
