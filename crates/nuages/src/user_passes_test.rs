//! `user_passes_test`: a view for some, the login page for the others.

use nuages_http::url_split::urlsplit;
use nuages_http::{HttpRequest, QueryDict, Result, redirect};
use nuages_middleware::decorators::{Decorated, Decorator, Inner, decorate};

use crate::resolve_url::resolve_url;

/// The name of the field that says where to go on after the login (`REDIRECT_FIELD_NAME`).
pub const REDIRECT_FIELD_NAME: &str = "next";

/// A test that a request must pass before its view is called; who does not is sent to the login page.
///
/// ```
/// use nuages::decorators::decorate;
/// use nuages::prelude::*;
/// use nuages::PassesTest;
///
/// async fn is_member(request: HttpRequest) -> Result<bool> {
///     Ok(request.session().await?.get("member_id")?.is_some_and(|id: u64| id > 0))
/// }
///
/// async fn members_only(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello, member"))
/// }
///
/// let route = path("members/", decorate(PassesTest::new(is_member).login_url("member-login"), members_only));
/// ```
#[derive(Clone, Debug)]
pub struct PassesTest<T> {
    test: T,
    login_url: Option<String>,
    field: String,
}

impl<T> PassesTest<T> {
    /// With this test, and `LOGIN_URL` for who does not pass it.
    pub fn new(test: T) -> Self {
        Self { test, login_url: None, field: REDIRECT_FIELD_NAME.to_owned() }
    }

    /// Another login page: a URL, or the name of a route.
    #[must_use]
    pub fn login_url(mut self, url: impl Into<String>) -> Self {
        self.login_url = Some(url.into());
        self
    }

    /// Another name for the field that says where to go on; none if it is empty.
    #[must_use]
    pub fn redirect_field_name(mut self, name: impl Into<String>) -> Self {
        self.field = name.into();
        self
    }
}

impl<T, F> Decorator for PassesTest<T>
where
    T: Fn(HttpRequest) -> F + Send + Sync + 'static,
    F: Future<Output = Result<bool>> + Send + 'static,
{
    async fn call(&self, request: HttpRequest, view: &impl Inner) -> Result {
        if (self.test)(request.clone()).await? {
            return view.run(request).await;
        }
        let login_url = self.login_url.as_deref().unwrap_or(&request.settings().LOGIN_URL);
        redirect_to_login(&request, login_url, &self.field)
    }
}

/// Calls the view for requests that pass a test, and sends all others to `LOGIN_URL` (`user_passes_test`): what
/// `login_required` and its like are made of.
///
/// ```
/// # use nuages::prelude::*;
/// # async fn view(_request: HttpRequest) -> Result { Ok(HttpResponse::new("")) }
/// use nuages::user_passes_test;
/// let route = path("beta/", user_passes_test(|request| async move { Ok(request.COOKIES.contains("beta")) }, view));
/// ```
#[doc(alias = "login_required")]
#[doc(alias = "permission_required")]
#[doc(alias = "UserPassesTestMixin")]
pub fn user_passes_test<V, T, F>(test: T, view: V) -> Decorated<V, PassesTest<T>>
where
    T: Fn(HttpRequest) -> F + Send + Sync + 'static,
    F: Future<Output = Result<bool>> + Send + 'static,
{
    decorate(PassesTest::new(test), view)
}

/// A redirect to a login page, which learns from the field `field` where to go on: at this request
/// (`django.contrib.auth.views.redirect_to_login`).
///
/// ```
/// use nuages::prelude::*;
/// use nuages::{REDIRECT_FIELD_NAME, redirect_to_login};
///
/// async fn members(request: HttpRequest) -> Result {
///     if !request.COOKIES.contains("member") {
///         return redirect_to_login(&request, &request.settings().LOGIN_URL, REDIRECT_FIELD_NAME);
///     }
///     Ok(HttpResponse::new("hello, member"))
/// }
/// # let settings = Settings { SECRET_KEY: "a long and secret text".into(), ALLOWED_HOSTS: vec!["a.example".into()], ..Settings::default() };
/// # let application = App::new(settings).urls(urlconf([path("members/", members)])).build()?;
/// # let request = HttpRequest::test("GET", "/members/").header("Host", "a.example").site(application.site()).build();
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let response = application.handle(request).await;
/// assert_eq!(response.url().as_deref(), Some("/accounts/login/?next=/members/"));
/// # });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A login page that is neither the name of a route nor a URL.
pub fn redirect_to_login(request: &HttpRequest, login_url: &str, field: &str) -> Result {
    let login_url = resolve_url(request, login_url).url()?;
    let parts = urlsplit(&login_url)?;
    let host = request.get_host()?;
    let is_here = (parts.scheme.is_empty() || parts.scheme == request.scheme)
        && (parts.netloc.is_empty() || parts.netloc == *host);
    let next = if is_here { request.get_full_path().into_owned() } else { request.absolute_uri()? };
    if field.is_empty() {
        return redirect(&login_url);
    }
    let mut query = QueryDict::options().mutable(true).parse(&parts.query)?;
    query.set(field, next)?;
    let (rest, fragment) = login_url.split_once('#').unwrap_or((&login_url, ""));
    let (base, _) = rest.split_once('?').unwrap_or((rest, ""));
    let hash = if fragment.is_empty() { "" } else { "#" };
    redirect(format!("{base}?{}{hash}{fragment}", query.urlencode_safe("/")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    #[test]
    fn where_to_go_on() {
        let settings = Settings {
            SECRET_KEY: "key".into(),
            ALLOWED_HOSTS: vec!["testserver".into()],
            ..Settings::default()
        };
        let login = |_: HttpRequest| async { Ok::<_, Error>(HttpResponse::new("")) };
        let application =
            App::new(settings).urls(urlconf([path("in/", login).name("login")])).build().unwrap();
        let request = HttpRequest::test("GET", "/a%20b/?c=d&e=1")
            .header("host", "testserver")
            .site(application.site())
            .build();
        for (login_url, expected) in [
            ("login", "/in/?next=/a%2520b/%3Fc%3Dd%26e%3D1"),
            ("/x/?y=1", "/x/?y=1&next=/a%2520b/%3Fc%3Dd%26e%3D1"),
            ("/x/?next=old#top", "/x/?next=/a%2520b/%3Fc%3Dd%26e%3D1#top"),
            ("http://testserver/x/", "http://testserver/x/?next=/a%2520b/%3Fc%3Dd%26e%3D1"),
            (
                "https://login.example/",
                "https://login.example/?next=http%3A//testserver/a%2520b/%3Fc%3Dd%26e%3D1",
            ),
        ] {
            let response = redirect_to_login(&request, login_url, REDIRECT_FIELD_NAME).unwrap();
            assert_eq!(response.url().as_deref(), Some(expected), "{login_url}");
        }
        assert_eq!(redirect_to_login(&request, "login", "").unwrap().url().as_deref(), Some("/in/"));
    }
}
