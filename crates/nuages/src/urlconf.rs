//! The URL configuration: `urlconf`, `path`, `re_path`.

use nuages_http::{Error, HttpRequest};
use nuages_urls::{CaptureValue, Converter, Converters, Entry};

use crate::error_pages::{ErrorHandler, ErrorHandlers};
use crate::view::{Attached, Captures, First, Target, ViewBox, ViewOutput};

/// One line of a URL configuration, as [`path`] and [`re_path`] make it.
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
#[must_use = "give it to App::urls() or include()"]
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
#[track_caller]
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
