//! The engine of a site: what `TEMPLATES` says, and what the application adds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nuages_http::{Error, ErrorKind, HttpRequest, Result, Settings, Site, TemplateSetting};
use nuages_templates::moment::Zone;
use nuages_templates::{Autoescape, Engine, Reload, TemplateError, Value};

use super::context_processors::ContextProcessors;
use super::fragments::PromptCaches;
use super::request_value::RequestValue;
use super::root::Root;
use super::site::SiteLinks;
use super::waits::Waits;
use crate::endpoint::Urls;

type Change = Box<dyn FnOnce(Engine) -> Engine + Send>;

/// What an application in the making says of its templates.
#[derive(Default)]
pub(crate) struct TemplateOptions {
    pub(crate) changes: Vec<Change>,
    pub(crate) processors: ContextProcessors,
}

/// The engine of a site and its context processors; kept in the site's extensions.
pub(crate) struct SiteTemplates {
    engine: Engine,
    processors: ContextProcessors,
}

impl SiteTemplates {
    /// Opens the engine of a site whose routes are known.
    pub(crate) fn open(
        site: &Arc<Site>,
        urls: &Arc<Urls>,
        options: TemplateOptions,
        prompt: PromptCaches,
    ) -> Self {
        let engine = of_settings(site.settings()).site(SiteLinks::new(site, urls, prompt));
        let engine = options.changes.into_iter().fold(engine, |engine, change| change(engine));
        Self { engine, processors: options.processors }
    }

    /// That of the request's site.
    #[track_caller]
    pub(super) fn of(request: &HttpRequest) -> Result<&Self> {
        request.site().extensions().get::<Self>().ok_or_else(|| {
            Error::new(
                ErrorKind::ImproperlyConfigured,
                "this request has no application, and so no templates",
            )
        })
    }

    /// Renders the first of these templates that there is.
    #[track_caller]
    pub(super) fn render(
        &self,
        names: &[String],
        context: &Value,
        request: &HttpRequest,
        waits: &Arc<Waits>,
    ) -> Result<String> {
        waits.fragments.begin();
        let root = Root::new(context.clone(), request, &self.processors, waits.clone());
        let request = RequestValue { request: request.clone(), waits: waits.clone() };
        Ok(self.engine.render_for_request(names, Value::from_object(root), Value::from_object(request))?)
    }

    /// What is wrong with the settings of the templates.
    pub(crate) fn check_settings(settings: &Settings) -> Option<String> {
        zone(settings).err()
    }

    /// What is wrong with any template.
    pub(crate) fn check(&self) -> Vec<TemplateError> {
        self.engine.check_all()
    }
}

fn of_settings(settings: &Settings) -> Engine {
    let TemplateSetting { DIRS, APP_DIRS, APPS, autoescape, string_if_invalid } = &settings.TEMPLATES;
    let mut engine = DIRS.iter().fold(Engine::new(), Engine::dir);
    engine = engine
        .autoescape(if *autoescape { Autoescape::On } else { Autoescape::Off })
        .string_if_invalid(string_if_invalid)
        // A name that is none is told when the application is built.
        .time_zone(zone(settings).unwrap_or(Zone::UTC))
        .reload(if settings.DEBUG { Reload::OnChange } else { Reload::Never });
    if *APP_DIRS {
        engine = app_dirs(Path::new(APPS)).into_iter().fold(engine, Engine::app_dir);
    }
    engine
}

/// `TIME_ZONE`.
fn zone(settings: &Settings) -> std::result::Result<Zone, String> {
    let name = settings.TIME_ZONE.as_str();
    let unknown = || {
        format!(
            "TIME_ZONE: {name:?} is no time zone; write one of the IANA database, such as \"Europe/Paris\""
        )
    };
    Zone::named(name).ok_or_else(unknown)
}

/// The folders `templates` of the apps, by name.
fn app_dirs(apps: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(apps).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path().join("templates")).collect();
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    folders
}
