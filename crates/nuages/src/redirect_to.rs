//! `redirect_to`: a redirect to a named route, a URL or an object.

use std::borrow::Cow;

use nuages_http::{HttpRequest, Redirect, Result};
use nuages_urls::CaptureValue;

use crate::resolve_url::{ResolveUrl, resolve_url};

/// What has a page of its own (`get_absolute_url` of a Django model).
#[doc(alias = "get_absolute_url")]
pub trait AbsoluteUrl {
    /// The URL of that page.
    ///
    /// # Errors
    /// If it has none, most often because no route of its name takes its arguments.
    fn get_absolute_url(&self, request: &HttpRequest) -> Result<String>;
}

/// A redirect on its way (`django.shortcuts.redirect`).
#[must_use = "call .response()"]
pub struct RedirectTo<'a> {
    to: ResolveUrl<'a>,
    permanent: bool,
    preserve_request: bool,
}

/// A redirect to the route of this name or, if there is none and it looks like a URL, to the URL; see
/// [`resolve_url`]. Give it the route's arguments, and end with `.response()`.
///
/// ```
/// # use nuages::prelude::*;
/// async fn latest(request: HttpRequest) -> Result {
///     redirect_to(&request, "blog:post").arg(2024).arg("rust").response()
/// }
/// ```
#[doc(alias = "django.shortcuts.redirect")]
pub fn redirect_to<'a>(request: &'a HttpRequest, to: &'a str) -> RedirectTo<'a> {
    RedirectTo { to: resolve_url(request, to), permanent: false, preserve_request: false }
}

/// A redirect to the page of an object, 302 (`redirect(object)`).
///
/// ```
/// # use nuages::prelude::*;
/// use nuages::{AbsoluteUrl, redirect_to_object};
///
/// struct Post {
///     slug: String,
/// }
///
/// impl AbsoluteUrl for Post {
///     fn get_absolute_url(&self, request: &HttpRequest) -> Result<String> {
///         Ok(request.reverse("post").arg(&*self.slug).url()?)
///     }
/// }
///
/// async fn save(request: HttpRequest) -> Result {
///     let post = Post { slug: "rust".to_owned() };
///     redirect_to_object(&request, &post)
/// }
/// ```
///
/// # Errors
/// Those of [`AbsoluteUrl::get_absolute_url`], and as [`redirect`](nuages_http::redirect).
#[track_caller]
pub fn redirect_to_object(request: &HttpRequest, object: &(impl AbsoluteUrl + ?Sized)) -> Result {
    nuages_http::redirect(object.get_absolute_url(request)?)
}

impl<'a> RedirectTo<'a> {
    /// Adds a positional argument of the route.
    pub fn arg<'v: 'a>(self, value: impl Into<CaptureValue<'v>>) -> Self {
        Self { to: self.to.arg(value), ..self }
    }

    /// Adds positional arguments of the route.
    pub fn args<'v: 'a, V: Into<CaptureValue<'v>>>(self, values: impl IntoIterator<Item = V>) -> Self {
        Self { to: self.to.args(values), ..self }
    }

    /// Adds a named argument of the route.
    pub fn kwarg<'n: 'a, 'v: 'a>(
        self,
        name: impl Into<Cow<'n, str>>,
        value: impl Into<CaptureValue<'v>>,
    ) -> Self {
        Self { to: self.to.kwarg(name, value), ..self }
    }

    /// Adds named arguments of the route.
    pub fn kwargs<'n: 'a, 'v: 'a, K: Into<Cow<'n, str>>, V: Into<CaptureValue<'v>>>(
        self,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self { to: self.to.kwargs(pairs), ..self }
    }

    /// For good: 301 in place of 302.
    pub fn permanent(mut self) -> Self {
        self.permanent = true;
        self
    }

    /// With the same method and body: 307 or 308.
    pub fn preserve_request(mut self) -> Self {
        self.preserve_request = true;
        self
    }

    /// The response.
    ///
    /// # Errors
    /// What is neither the name of a route that takes the arguments, nor a URL; and as
    /// [`redirect`](nuages_http::redirect).
    #[track_caller]
    pub fn response(self) -> Result {
        let url = self.to.url()?;
        let mut redirect = Redirect::to(&url);
        if self.permanent {
            redirect = redirect.permanent();
        }
        if self.preserve_request {
            redirect = redirect.preserve_request();
        }
        redirect.into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    async fn show(_: HttpRequest, _: u32) -> Result {
        Ok(HttpResponse::new(""))
    }

    struct Item(u32);

    impl AbsoluteUrl for Item {
        fn get_absolute_url(&self, request: &HttpRequest) -> Result<String> {
            Ok(request.reverse("item").arg(self.0).url()?)
        }
    }

    #[test]
    fn names_urls_and_objects() {
        let settings = Settings { SECRET_KEY: "key".into(), ..Settings::default() };
        let urls = urlconf([path("item/<int:pk>/", show).name("item")]);
        let application = App::new(settings).urls(urls).build().unwrap();
        let request = HttpRequest::test("GET", "/").site(application.site()).build();
        let to = |to| redirect_to(&request, to);
        for (response, status, url) in [
            (to("item").arg(5).response(), 302, "/item/5/"),
            (to("item").kwarg("pk", 6).permanent().response(), 301, "/item/6/"),
            (to("/there/").preserve_request().response(), 307, "/there/"),
            (to("/there/").permanent().preserve_request().response(), 308, "/there/"),
            (redirect_to_object(&request, &Item(7)), 302, "/item/7/"),
        ] {
            let response = response.unwrap();
            assert_eq!((response.status().as_u16(), response.url().as_deref()), (status, Some(url)));
        }
        assert!(to("nothing").response().is_err());
        assert_eq!(to("javascript:alert(1)/").response().unwrap_err().status(), 400);
    }
}
