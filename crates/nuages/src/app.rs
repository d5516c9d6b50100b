//! `App`: settings, middleware and URLs, put together.

use std::fmt;
use std::sync::Arc;

use nuages_cache::Caches;
use nuages_http::{HttpRequest, Settings, Site};
use nuages_middleware::{
    Chain, Description, Layers, Middleware, Push, Respond, Setup, SharedSessions, record_backtraces,
};
use nuages_templates::{Engine, Value};
use nuages_urls::Resolver;

use crate::application::Application;
use crate::endpoint::{Endpoint, Urls};
use crate::error_pages::ErrorPages;
use crate::session_values::RequestSessions;
use crate::site_caches;
use crate::templates::{PromptCaches, SiteTemplates, TemplateOptions};
use crate::urlconf::{UrlConf, urlconf};
use crate::view::ViewBox;

/// An application in the making.
///
/// ```
/// use nuages::prelude::*;
///
/// async fn index(_request: HttpRequest) -> Result {
///     Ok(HttpResponse::new("Hello"))
/// }
///
/// let settings = Settings { SECRET_KEY: "a long and secret text".into(), ..Settings::default() };
/// let application = App::new(settings)
///     .middleware(SecurityMiddleware::new())
///     .middleware(CommonMiddleware::new())
///     .urls(urlconf([path("", index)]))
///     .build()?;
/// # Ok::<(), nuages::StartupErrors>(())
/// ```
#[must_use = "give it to management::run(), or call .build()"]
#[doc(alias = "INSTALLED_APPS")]
#[doc(alias = "get_wsgi_application")]
#[doc(alias = "get_asgi_application")]
pub struct App<C = Chain> {
    settings: Settings,
    chain: C,
    urls: UrlConf,
    caches: Option<Box<dyn FnOnce(Caches) -> Caches + Send>>,
    templates: TemplateOptions,
}

impl App {
    /// An application with these settings, without middleware and without routes.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            chain: Chain::new(),
            urls: urlconf([]),
            caches: None,
            templates: TemplateOptions::default(),
        }
    }
}

impl<C> App<C> {
    /// Adds a middleware inside of those that are there: the first one listed is the outermost, as in Django's
    /// `MIDDLEWARE`.
    #[doc(alias = "MIDDLEWARE")]
    pub fn middleware<M: Middleware>(self, middleware: M) -> App<C::Longer>
    where
        C: Push<M>,
    {
        App {
            settings: self.settings,
            chain: self.chain.push(middleware),
            urls: self.urls,
            caches: self.caches,
            templates: self.templates,
        }
    }

    /// The URL configuration (`ROOT_URLCONF`).
    #[doc(alias = "ROOT_URLCONF")]
    pub fn urls(mut self, urls: UrlConf) -> Self {
        self.urls = urls;
        self
    }

    /// Changes the caches that the settings made: for a `KEY_FUNCTION`, which no file can hold, or for a backend of one's
    /// own.
    ///
    /// ```
    /// # use nuages::prelude::*;
    /// # let settings = Settings { SECRET_KEY: "a long and secret text".into(), ..Settings::default() };
    /// let application = App::new(settings)
    ///     .caches(|caches| {
    ///         let by_site = caches.default_cache().key_function(|key, prefix, _| format!("{prefix}/{key}"));
    ///         caches.with("default", by_site)
    ///     })
    ///     .build()?;
    /// # Ok::<(), nuages::StartupErrors>(())
    /// ```
    pub fn caches(mut self, change: impl FnOnce(Caches) -> Caches + Send + 'static) -> Self {
        self.caches = Some(Box::new(change));
        self
    }
}

impl<C> App<C> {
    /// Changes the engine of the templates that `TEMPLATES` made: more folders, templates within the binary, filters and
    /// tags of one's own.
    ///
    /// ```
    /// # use nuages::prelude::*;
    /// use nuages::templates::Embedded;
    /// # let settings = Settings { SECRET_KEY: "a long and secret text".into(), ..Settings::default() };
    /// let application = App::new(settings)
    ///     .templates(|engine| {
    ///         let engine = engine.embedded(Embedded(&[("hello.html", "Hello {{ name|shout }}")]));
    ///         engine.filter("shout", |text: String| text.to_uppercase() + "!")
    ///     })
    ///     .build()?;
    /// # Ok::<(), nuages::StartupErrors>(())
    /// ```
    pub fn templates(mut self, change: impl FnOnce(Engine) -> Engine + Send + 'static) -> Self {
        self.templates.changes.push(Box::new(change));
        self
    }

    /// Adds values to the context of every template (`context_processors`): a function of the request that gives a map. It runs
    /// when a template first asks for something that its view did not put there. What the view put there wins, then
    /// what was added last.
    ///
    /// ```
    /// # use nuages::prelude::*;
    /// # let settings = Settings { SECRET_KEY: "a long and secret text".into(), ..Settings::default() };
    /// let application = App::new(settings)
    ///     .context_processor(|request| context! { is_shop => request.path.starts_with("/shop/") })
    ///     .build()?;
    /// # Ok::<(), nuages::StartupErrors>(())
    /// ```
    pub fn context_processor(
        mut self,
        processor: impl Fn(&HttpRequest) -> Value + Send + Sync + 'static,
    ) -> Self {
        self.templates.processors.push(processor);
        self
    }
}

impl<L: Layers, C> App<Chain<L, C>> {
    /// The application, checked and ready for requests.
    ///
    /// # Errors
    /// Everything that is wrong with settings, middleware and routes at once.
    pub fn build(mut self) -> Result<Application, StartupErrors> {
        record_backtraces();
        let mut errors = Vec::new();
        if self.settings.SECRET_KEY.is_empty() {
            errors.push(StartupError::new(
                "settings.E001",
                "SECRET_KEY is empty",
                "set the environment variable SECRET_KEY to a long random text, and keep it (`openssl rand -base64 48` \
                 makes one); the management commands make one by themselves if DEBUG = true",
            ));
        }
        let site = Site::new(self.settings.clone()).or_else(|error| {
            errors.push(StartupError::new("settings.E002", error, "correct the setting"));
            // Middleware reads the other settings all the same, to say what is wrong with them.
            Site::new(Settings { TRUSTED_PROXIES: Vec::new(), ..self.settings })
        });
        let site = site.unwrap_or_else(|_| Site::placeholder());
        if let Some(error) = SiteTemplates::check_settings(site.settings()) {
            errors.push(StartupError::new("settings.E004", error, ""));
        }
        let own_caches = self.caches.is_some();
        match site_caches::open(&site) {
            Ok(caches) => {
                let caches = match self.caches {
                    Some(change) => change(caches),
                    None => caches,
                };
                site.extensions().get_or_insert_with(|| caches);
            }
            Err(error) => {
                errors.push(StartupError::new("caches.E001", error, "correct the setting"));
                // Middleware that looks for its cache finds one, to say what else is wrong.
                site.extensions().get_or_insert_with(|| site_caches::placeholders(site.settings()));
            }
        }
        let middleware = self.chain.describe();
        let setup = Setup::new(&site);
        SharedSessions::share(&setup, RequestSessions);
        if let Err(found) = self.chain.setup(&setup) {
            errors.extend(found.into_iter().map(|error| StartupError::new("middleware.E001", error, "")));
        }
        let (routes, converters, handlers) = self.urls.into_parts();
        let checked =
            Resolver::with_check(routes, &converters, |route, view: &ViewBox| view.view().check(route));
        let resolver = match checked {
            Ok(resolver) => resolver,
            Err(found) => {
                errors.extend(found.iter().map(|error| StartupError::new("urls.E001", error, "")));
                return Err(StartupErrors { errors });
            }
        };
        let urls = Arc::new(Urls { resolver });
        // What the settings say of caches is not what they are then.
        let prompt = if own_caches { PromptCaches::default() } else { PromptCaches::of(site.settings()) };
        let templates = SiteTemplates::open(&site, &urls, self.templates, prompt);
        errors.extend(
            templates.check().into_iter().map(|error| StartupError::new("templates.E001", error, "")),
        );
        if !errors.is_empty() {
            return Err(StartupErrors { errors });
        }
        for warning in urls.resolver.warnings() {
            tracing::warn!(target: "nuages.urls", "{warning}");
        }
        site.extensions().get_or_insert_with(|| templates);
        site.set_routes(urls.clone());
        site.extensions().get_or_insert_with(|| urls.clone());
        let respond: Arc<dyn Respond> = Arc::new(ErrorPages { handlers });
        let whole = self.chain.assemble(&respond, |hooks| Endpoint {
            urls: urls.clone(),
            hooks,
            respond: respond.clone(),
        });
        Ok(Application::new(site, whole, respond, urls, middleware))
    }

    /// Every middleware, outermost first.
    #[must_use]
    pub fn describe_middleware(&self) -> Vec<Description> {
        self.chain.describe()
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}

/// One thing that keeps an application from starting.
///
/// ```
/// use nuages::StartupError;
/// use nuages::prelude::*;
///
/// let errors = App::new(Settings::default()).build().err().ok_or("there is no SECRET_KEY")?;
/// let error: &StartupError = errors.iter().next().ok_or("there is one")?;
/// assert_eq!(error.id(), "settings.E001");
/// assert!(error.message().contains("SECRET_KEY") && !error.hint().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartupError {
    id: &'static str,
    message: String,
    hint: &'static str,
}

impl StartupError {
    fn new(id: &'static str, message: impl fmt::Display, hint: &'static str) -> Self {
        Self { id, message: message.to_string(), hint }
    }

    /// The id of the check: `urls.E001`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// What to do; empty if the message says it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        self.hint
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for StartupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.message)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "\n    hint: {}", self.hint) }
    }
}

/// Everything that keeps an application from starting.
///
/// ```
/// use nuages::prelude::*;
///
/// async fn show(_request: HttpRequest, year: u32) -> Result {
///     Ok(HttpResponse::new(year.to_string()))
/// }
/// // Two mistakes, told at once: there is no key, and the route captures nothing that the view could be given.
/// let errors = App::new(Settings::default()).urls(urlconf([path("show/", show)])).build().err();
/// let errors = errors.ok_or("it does not start")?;
/// let ids: Vec<&str> = errors.iter().map(|error| error.id()).collect();
/// assert_eq!(ids, ["settings.E001", "urls.E001"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartupErrors {
    errors: Vec<StartupError>,
}

impl StartupErrors {
    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = &StartupError> {
        self.errors.iter()
    }
}

impl fmt::Display for StartupErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the application cannot start ({} found):", self.errors.len())?;
        self.errors.iter().try_for_each(|error| write!(f, "\n- {error}"))
    }
}

impl std::error::Error for StartupErrors {}
