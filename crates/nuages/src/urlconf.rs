//! The URL configuration: `urlconf`, `path`, `re_path`.

use nuages_http::{Error, HttpRequest};
use nuages_urls::{CaptureValue, Converter, Converters, Entry};

use crate::error_pages::{ErrorHandler, ErrorHandlers};
use crate::view::{Attached, Captures, First, Target, ViewBox, ViewOutput};

/// One line of a URL configuration, as [`path`] and [`re_path`] make it.
///
/// ```
/// use nuages::Route;
/// use nuages::prelude::*;
///
/// async fn list(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("all of them"))
/// }
/// let routes: [Route; 2] = [path("", list).name("list"), path("drafts/", list).name("drafts").kwarg("drafts", true)];
/// let urls = urlconf(routes);
/// ```
#[must_use = "give it to urlconf()"]
#[derive(Debug)]
pub struct Route {
    entry: Entry<ViewBox>,
    /// Those of the table that it includes.
    converters: Converters,
}

impl Route {
    fn new(entry: Entry<ViewBox>) -> Self {
        Self { entry, converters: Converters::new() }
    }

    /// Names the route, for `reverse`.
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { entry: self.entry.name(name), ..self }
    }

    /// What a match calls the view if the route has no name (`ResolverMatch.view_name`), in place of the function's own
    /// path: `blog.views.show`.
    pub fn view_path(self, view_path: impl Into<String>) -> Self {
        Self { entry: self.entry.view_path(view_path), ..self }
    }

    /// Gives the view an argument beside the captures (the third argument of Django's `path`); it wins over a capture of the
    /// same name.
    pub fn kwarg(self, name: impl Into<String>, value: impl Into<CaptureValue<'static>>) -> Self {
        Self { entry: self.entry.kwarg(name, value), ..self }
    }
}

/// A URL configuration: routes in order, converters, and views for errors.
///
/// ```
/// use nuages::prelude::*;
///
/// async fn index(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("hello"))
/// }
///
/// async fn not_found(_request: HttpRequest, error: Error) -> Result {
///     Ok(HttpResponse::new(format!("nothing here ({})", error.status())))
/// }
///
/// let blog: UrlConf = urlconf([path("", index).name("index")]).app_name("blog");
/// let urls: UrlConf = urlconf([path("blog/", include(blog))]).handler404(not_found);
/// # let settings = Settings { SECRET_KEY: "a long and secret text".into(), ..Settings::default() };
/// let application = App::new(settings).urls(urls).build()?;
/// let request = HttpRequest::test("GET", "/").site(application.site()).build();
/// assert_eq!(request.reverse("blog:index").url()?, "/blog/");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "give it to App::urls() or include()"]
#[doc(alias = "urlpatterns")]
#[doc(alias = "ROOT_URLCONF")]
pub struct UrlConf {
    routes: Vec<Entry<ViewBox>>,
    app_name: Option<String>,
    converters: Converters,
    handlers: ErrorHandlers,
}

/// A URL configuration of these routes; the first that matches wins, as in Django's `urlpatterns`.
///
/// ```
/// use nuages::prelude::*;
///
/// async fn index(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("Hello"))
/// }
/// let urls = urlconf([path("", index).name("index")]);
/// ```
#[doc(alias = "urlpatterns")]
pub fn urlconf(routes: impl IntoIterator<Item = Route>) -> UrlConf {
    let (mut entries, mut converters) = (Vec::new(), Converters::new());
    for route in routes {
        converters = converters.merge(route.converters);
        entries.push(route.entry);
    }
    UrlConf { routes: entries, app_name: None, converters, handlers: ErrorHandlers::default() }
}

/// A route in Django's path syntax: `"<int:year>/<slug:slug>/"`, without a slash in front (`django.urls.path`).
///
/// The second argument is a view, [`include`](crate::include) or [`mount`](crate::mount). A view whose arguments do not fit the
/// captures is an error at start-up, which names this line.
///
/// ```
/// use nuages::prelude::*;
/// use nuages::test::{self, Client};
///
/// async fn archive(_request: HttpRequest, year: u32, slug: String) -> Result {
///     Ok(HttpResponse::new(format!("{slug} of {year}")))
/// }
/// let urls = urlconf([path("<int:year>/<slug:slug>/", archive).name("archive")]);
/// let application = App::new(test::settings()).urls(urls).build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// Client::new(application).get("/2024/rust/").await.assert_contains("rust of 2024");
/// # });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[track_caller]
pub fn path<T, Req, Args>(route: &str, target: T) -> Route
where
    T: Target<Req, Args>,
    Req: First,
    Args: Captures,
    T::Output: ViewOutput,
{
    match target.attach() {
        Attached::View(view) => Route::new(Entry::path(route, view.clone()).view_path(view.path())),
        Attached::Mount(view) => Route::new(Entry::mount(route, view)),
        Attached::Include { routes, app_name, namespace, converters } => {
            Route { entry: spaced(Entry::include(route, routes), app_name, namespace), converters }
        }
    }
}

/// A route as a regular expression: `r"^page-(?P<n>[0-9]+)/$"` (`django.urls.re_path`).
///
/// It is matched in linear time; look-around and backreferences are errors at start-up.
///
/// ```
/// use nuages::prelude::*;
/// use nuages::test::{self, Client};
///
/// async fn page(_request: HttpRequest, number: u32) -> Result {
///     Ok(HttpResponse::new(format!("page {number}")))
/// }
/// let urls = urlconf([re_path(r"^page-(?P<number>[0-9]+)/$", page)]);
/// let application = App::new(test::settings()).urls(urls).build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// Client::new(application).get("/page-7/").await.assert_contains("page 7");
/// # });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[track_caller]
#[doc(alias = "url")]
pub fn re_path<T, Req, Args>(regex: &str, target: T) -> Route
where
    T: Target<Req, Args>,
    Req: First,
    Args: Captures,
    T::Output: ViewOutput,
{
    match target.attach() {
        Attached::View(view) | Attached::Mount(view) => {
            Route::new(Entry::re_path(regex, view.clone()).view_path(view.path()))
        }
        Attached::Include { routes, app_name, namespace, converters } => {
            Route { entry: spaced(Entry::re_include(regex, routes), app_name, namespace), converters }
        }
    }
}

fn spaced(mut route: Entry<ViewBox>, app_name: Option<String>, namespace: Option<String>) -> Entry<ViewBox> {
    if let Some(app_name) = app_name {
        route = route.app_name(app_name);
    }
    if let Some(namespace) = namespace {
        route = route.namespace(namespace);
    }
    route
}

impl UrlConf {
    /// The application namespace of these routes (`app_name = …` in a Django `urls.py`).
    pub fn app_name(mut self, app_name: impl Into<String>) -> Self {
        self.app_name = Some(app_name.into());
        self
    }

    /// Makes a converter known under a name (`django.urls.register_converter`): to this table, and
    /// to those that include it.
    #[doc(alias = "register_converter")]
    pub fn converter(mut self, name: &str, converter: impl Converter) -> Self {
        self.converters = self.converters.register(name, converter);
        self
    }

    /// The view of status 400 (`handler400`); it is given the error.
    pub fn handler400<F>(mut self, view: impl Fn(HttpRequest, Error) -> F + Send + Sync + 'static) -> Self
    where
        F: ViewOutput,
    {
        self.handlers.bad_request = Some(ErrorHandler::new(view));
        self
    }

    /// The view of status 403 (`handler403`); it is given the error.
    pub fn handler403<F>(mut self, view: impl Fn(HttpRequest, Error) -> F + Send + Sync + 'static) -> Self
    where
        F: ViewOutput,
    {
        self.handlers.forbidden = Some(ErrorHandler::new(view));
        self
    }

    /// The view of status 404 (`handler404`); it is given the error.
    ///
    /// ```
    /// use nuages::prelude::*;
    /// use nuages::Error;
    ///
    /// async fn lost(request: HttpRequest, _error: Error) -> Result {
    ///     Ok(HttpResponse::not_found(format!("nothing at {}", escape(&request.path))))
    /// }
    /// let urls = urlconf([]).handler404(lost);
    /// ```
    pub fn handler404<F>(mut self, view: impl Fn(HttpRequest, Error) -> F + Send + Sync + 'static) -> Self
    where
        F: ViewOutput,
    {
        self.handlers.not_found = Some(ErrorHandler::new(view));
        self
    }

    /// The view of status 500 (`handler500`); it is given the error.
    pub fn handler500<F>(mut self, view: impl Fn(HttpRequest, Error) -> F + Send + Sync + 'static) -> Self
    where
        F: ViewOutput,
    {
        self.handlers.server_error = Some(ErrorHandler::new(view));
        self
    }

    pub(crate) fn into_included(self) -> (Vec<Entry<ViewBox>>, Option<String>, Converters) {
        (self.routes, self.app_name, self.converters)
    }

    pub(crate) fn into_parts(self) -> (Vec<Entry<ViewBox>>, Converters, ErrorHandlers) {
        (self.routes, self.converters, self.handlers)
    }
}
