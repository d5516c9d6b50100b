//! The engine: where templates come from, and how they are rendered.

mod check;
mod config;
mod failure;
mod loader;
pub(crate) mod names;
mod own;
mod places;
mod registry;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use minijinja::value::ValueKind;
use minijinja::{Environment, Value};

use crate::error::{TemplateError, TemplateErrorKind};
use crate::moment::Zone;
use crate::runtime::Root;
use crate::site::Site;
pub(crate) use config::Config;
pub use config::{Autoescape, Reload};
pub use places::Embedded;

/// Renders templates in Django's language; a clone is the same engine, and costs nothing.
///
/// It is configured by its methods, before the first template is rendered, as Django's `TEMPLATES` configures
/// `DjangoTemplates`. Files that end in `.jinja`, `.jinja2` or `.j2` are written in Jinja's language instead; both
/// may include and extend each other.
///
/// ```
/// use nuages_templates::{Engine, context};
///
/// let folder = tempfile::tempdir().unwrap();
/// std::fs::write(folder.path().join("list.html"), "{% for fruit in fruits %}{{ forloop.counter }} {{ fruit|upper }}\n{% endfor %}").unwrap();
///
/// let engine = Engine::new().dir(folder.path());
/// let page = engine.render("list.html", context! { fruits => ["apple", "pear"] }).unwrap();
/// assert_eq!(page, "1 APPLE\n2 PEAR\n");
/// ```
#[derive(Clone, Default)]
pub struct Engine {
    config: Arc<Config>,
    env: Arc<OnceLock<Environment<'static>>>,
}

impl Engine {
    /// An engine that knows no templates yet.
    ///
    /// ```
    /// use nuages_templates::{Engine, context};
    ///
    /// assert!(Engine::new().render("page.html", context! {}).is_err());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a folder of templates, behind those that were added before: Django's `DIRS`.
    ///
    /// ```
    /// use nuages_templates::{Engine, context};
    ///
    /// let (site, theme) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    /// std::fs::write(theme.path().join("page.html"), "the theme's").unwrap();
    /// let engine = Engine::new().dir(site.path()).dir(theme.path());
    /// assert_eq!(engine.render("page.html", context! {}).unwrap(), "the theme's");
    /// ```
    pub fn dir(self, folder: impl Into<PathBuf>) -> Self {
        self.with(|config| config.places.dirs.push(folder.into()))
    }

    /// Adds an application's folder of templates, which is asked after all of [`dir`](Self::dir): Django's `APP_DIRS`.
    ///
    /// ```
    /// use nuages_templates::{Engine, context};
    ///
    /// let (app, site) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    /// std::fs::write(app.path().join("page.html"), "the app's").unwrap();
    /// std::fs::write(site.path().join("page.html"), "the site's").unwrap();
    /// let engine = Engine::new().app_dir(app.path()).dir(site.path());
    /// assert_eq!(engine.render("page.html", context! {}).unwrap(), "the site's");
    /// ```
    pub fn app_dir(self, folder: impl Into<PathBuf>) -> Self {
        self.with(|config| config.places.app_dirs.push(folder.into()))
    }

    /// Adds templates that are part of the binary, which are asked after all folders.
    ///
    /// ```
    /// use nuages_templates::{Embedded, Engine, context};
    ///
    /// let engine = Engine::new().embedded(Embedded(&[("page.html", "in the binary")]));
    /// assert_eq!(engine.render("page.html", context! {}).unwrap(), "in the binary");
    /// ```
    pub fn embedded(self, templates: Embedded) -> Self {
        self.with(|config| config.places.embedded.push(templates))
    }

    /// Says who answers what templates ask of the site: addresses, static files, the cache.
    ///
    /// ```
    /// use nuages_templates::{Engine, Site, context};
    ///
    /// struct Shop;
    ///
    /// impl Site for Shop {
    ///     fn static_prefix(&self) -> String {
    ///         "https://cdn.example.com/".to_owned()
    ///     }
    /// }
    ///
    /// let engine = Engine::new().site(Shop).builtins("static");
    /// assert_eq!(engine.render_str("{% static 'a.css' %}", context! {}).unwrap(), "https://cdn.example.com/a.css");
    /// ```
    pub fn site(self, site: impl Site + 'static) -> Self {
        self.with(|config| config.site = Arc::new(site))
    }

    /// When templates are read again; by default on change in a build for development, and never in one for release.
    ///
    /// ```
    /// use nuages_templates::{Engine, Reload, context};
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// std::fs::write(folder.path().join("page.html"), "old").unwrap();
    /// let engine = Engine::new().dir(folder.path()).reload(Reload::OnChange);
    /// assert_eq!(engine.render("page.html", context! {}).unwrap(), "old");
    /// std::fs::write(folder.path().join("page.html"), "newer").unwrap();
    /// assert_eq!(engine.render("page.html", context! {}).unwrap(), "newer");
    /// ```
    pub fn reload(self, reload: Reload) -> Self {
        self.with(|config| config.reload = reload)
    }

    /// Whether templates escape what they print, which they do by default; those in Jinja's language go by their names.
    ///
    /// ```
    /// use nuages_templates::{Autoescape, Engine, context};
    ///
    /// let engine = Engine::new().autoescape(Autoescape::Off);
    /// assert_eq!(engine.render_str("{{ a }}", context! { a => "<" }).unwrap(), "<");
    /// ```
    pub fn autoescape(self, autoescape: Autoescape) -> Self {
        self.with(|config| config.autoescape = autoescape)
    }

    /// What stands for a variable that is missing: Django's `string_if_invalid`, by default nothing.
    ///
    /// `%s` in it is the name of the variable.
    ///
    /// ```
    /// use nuages_templates::{Embedded, Engine, context};
    ///
    /// let engine = Engine::new().string_if_invalid("[no %s]").embedded(Embedded(&[("a.txt", "{{ user.name }}")]));
    /// assert_eq!(engine.render("a.txt", context! {}).unwrap(), "[no user.name]");
    /// ```
    pub fn string_if_invalid(self, text: impl Into<String>) -> Self {
        self.with(|config| config.invalid = text.into())
    }

    /// What `{% get_current_language %}` says: `LANGUAGE_CODE`, by default `en-us`.
    ///
    /// ```
    /// use nuages_templates::{Engine, context};
    ///
    /// let engine = Engine::new().language_code("de");
    /// let page = "{% load i18n %}{% get_current_language as code %}{{ code }}";
    /// assert_eq!(engine.render_str(page, context! {}).unwrap(), "de");
    /// ```
    pub fn language_code(self, code: impl Into<String>) -> Self {
        self.with(|config| config.language = code.into())
    }

    /// The time zone in which moments are shown: `TIME_ZONE`, by default UTC.
    ///
    /// ```
    /// use nuages_templates::{Engine, context, moment};
    ///
    /// let noon: chrono::DateTime<chrono::Utc> = "2026-07-01T12:00:00Z".parse().unwrap();
    /// let engine = Engine::new().time_zone(moment::Zone::named("Europe/Paris").unwrap());
    /// let shown = engine.render_str("{{ noon }}", context! { noon => moment::value(&noon) }).unwrap();
    /// assert_eq!(shown, "July 1, 2026, 2 p.m.");
    /// ```
    pub fn time_zone(self, zone: Zone) -> Self {
        self.with(|config| config.zone = zone)
    }

    /// Lets `{% debug %}` show the variables of a context, which it does not by default: Django's option `debug`.
    ///
    /// ```
    /// use nuages_templates::{Engine, context};
    ///
    /// let shown = Engine::new().show_debug().render_str("{% debug %}", context! { answer => 42 }).unwrap();
    /// assert_eq!(shown, "{&#x27;answer&#x27;: 42}");
    /// ```
    pub fn show_debug(self) -> Self {
        self.with(|config| config.debug = true)
    }

    /// Renders the first of these templates that exists: Django's `render_to_string`.
    ///
    /// ```
    /// use nuages_templates::{Embedded, Engine, context};
    ///
    /// let engine = Engine::new().embedded(Embedded(&[("plain.html", "{{ n }} < {{ m|default:'?' }}")]));
    /// assert_eq!(engine.render(["fancy.html", "plain.html"], context! { n => 1 }).unwrap(), "1 < ?");
    /// ```
    ///
    /// # Errors
    ///
    /// No such template exists, one is not written as it has to be, or rendering fails.
    pub fn render(
        &self,
        names: impl TemplateNames,
        context: impl Into<Value>,
    ) -> Result<String, TemplateError> {
        self.rendered(&names.names(), Root::new(context.into(), None))
    }

    /// Renders as [`render`](Self::render) does, for a request: `{% url %}` asks its `current_app` and `resolver_match.namespace`, `{% querystring %}`
    /// its `GET`. The templates see the request only if the context has it too.
    ///
    /// ```
    /// use nuages_templates::{Embedded, Engine, context};
    ///
    /// let engine = Engine::new().embedded(Embedded(&[("next.html", "{% querystring page=3 %}")]));
    /// let request = context! { GET => context! { page => 2, q => "a b" } };
    /// let link = engine.render_for_request("next.html", context! {}, request).unwrap();
    /// assert_eq!(link, "?page=3&amp;q=a+b");
    /// ```
    ///
    /// # Errors
    ///
    /// As [`render`](Self::render).
    pub fn render_for_request(
        &self,
        names: impl TemplateNames,
        context: impl Into<Value>,
        request: impl Into<Value>,
    ) -> Result<String, TemplateError> {
        self.rendered(&names.names(), Root::new(context.into(), Some(request.into())))
    }

    /// Renders a template that is given as text, and may extend and include others: Django's `Engine.from_string`.
    ///
    /// ```
    /// use nuages_templates::{Engine, context};
    ///
    /// assert_eq!(Engine::new().render_str("{{ a|default:'none' }}", context! {}).unwrap(), "none");
    /// ```
    ///
    /// # Errors
    ///
    /// As [`render`](Self::render).
    pub fn render_str(&self, source: &str, context: impl Into<Value>) -> Result<String, TemplateError> {
        let root = Root::new(checked(context.into())?, None);
        let (translated, loaded) = loader::compile(&self.config, STRING, source.to_owned())
            .map_err(|(error, source)| loader::located(error, STRING, &source))?;
        let rendered = self
            .env()
            .template_from_named_str(STRING, &translated)
            .and_then(|template| template.render(Value::from_object(root)));
        rendered.map_err(|error| failure::failure(&self.config, error, Some(&loaded.source)))
    }

    /// Whether a template exists and is written as it has to be: Django's `get_template`.
    ///
    /// ```
    /// use nuages_templates::{Embedded, Engine};
    ///
    /// let engine = Engine::new().embedded(Embedded(&[("page.html", "")]));
    /// assert!(engine.get_template("page.html").is_ok());
    /// assert!(engine.get_template("other.html").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// It does not exist, or is not.
    pub fn get_template(&self, name: &str) -> Result<(), TemplateError> {
        self.select_template([name]).map(drop)
    }

    /// The name of the first of these templates that exists: Django's `select_template`.
    ///
    /// ```
    /// use nuages_templates::{Embedded, Engine};
    ///
    /// let engine = Engine::new().embedded(Embedded(&[("page.html", "")]));
    /// assert_eq!(engine.select_template(["other.html", "page.html"]).unwrap(), "page.html");
    /// ```
    ///
    /// # Errors
    ///
    /// None does, or the first that does is not written as it has to be.
    pub fn select_template(&self, names: impl TemplateNames) -> Result<String, TemplateError> {
        self.selected(&names.names())
    }

    fn selected(&self, names: &[String]) -> Result<String, TemplateError> {
        for name in names {
            // Not the name of a variant that only templates ask for.
            if name.contains('\0') {
                continue;
            }
            match self.env().get_template(name) {
                Ok(_) => return Ok(name.clone()),
                Err(error) if error.kind() == minijinja::ErrorKind::TemplateNotFound => {}
                Err(error) => return Err(failure::failure(&self.config, error, None)),
            }
        }
        Err(self.config.does_not_exist(names))
    }

    fn rendered(&self, names: &[String], root: Root) -> Result<String, TemplateError> {
        let root = root.checked()?;
        let name = self.selected(names)?;
        let rendered =
            self.env().get_template(&name).and_then(|template| template.render(Value::from_object(root)));
        rendered.map_err(|error| failure::failure(&self.config, error, None))
    }

    fn env(&self) -> &Environment<'static> {
        self.env.get_or_init(|| loader::environment(&self.config))
    }

    /// Changes the configuration; what was loaded with the old one is forgotten.
    fn with(mut self, change: impl FnOnce(&mut Config)) -> Self {
        let config = Arc::make_mut(&mut self.config);
        change(config);
        config.registry = Arc::default();
        self.env = Arc::default();
        self
    }
}

/// The name of a template that has none.
const STRING: &str = "<template>";

/// A context has names.
fn checked(context: Value) -> Result<Value, TemplateError> {
    match context.kind() {
        ValueKind::Map | ValueKind::Plain => Ok(context),
        ValueKind::None | ValueKind::Undefined => Ok(minijinja::context! {}),
        kind => Err(TemplateError::new(TemplateErrorKind::Render, format!("a context is no {kind}"))
            .with_hint(Some("write context! { name => value }".to_owned()))),
    }
}

impl Root {
    fn checked(self) -> Result<Self, TemplateError> {
        self.map(checked)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("config", &self.config).finish_non_exhaustive()
    }
}

/// One name of a template, or several of which the first that exists is meant.
///
/// ```
/// use nuages_templates::TemplateNames;
///
/// assert_eq!("a.html".names(), ["a.html"]);
/// assert_eq!(vec!["a.html".to_owned(), "b.html".to_owned()].names(), ["a.html", "b.html"]);
/// ```
pub trait TemplateNames {
    /// The names, in order.
    fn names(self) -> Vec<String>;
}

impl TemplateNames for &str {
    fn names(self) -> Vec<String> {
        vec![self.to_owned()]
    }
}

impl TemplateNames for &String {
    fn names(self) -> Vec<String> {
        vec![self.clone()]
    }
}

impl TemplateNames for String {
    fn names(self) -> Vec<String> {
        vec![self]
    }
}

impl<T: AsRef<str>> TemplateNames for Vec<T> {
    fn names(self) -> Vec<String> {
        self.iter().map(|name| name.as_ref().to_owned()).collect()
    }
}

impl<T: AsRef<str>> TemplateNames for &[T] {
    fn names(self) -> Vec<String> {
        self.iter().map(|name| name.as_ref().to_owned()).collect()
    }
}

impl<T: AsRef<str>, const N: usize> TemplateNames for [T; N] {
    fn names(self) -> Vec<String> {
        self.iter().map(|name| name.as_ref().to_owned()).collect()
    }
}
