//! How an engine is configured.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use minijinja::Value;

use super::places::Places;
use super::registry::Registry;
use crate::error::{TemplateError, TemplateErrorKind};
use crate::moment::Zone;
use crate::site::{NoSite, Site};
use crate::syntax::vocabulary::Vocabulary;

/// When a template is read again; see [`Engine::reload`](crate::Engine::reload).
///
/// ```
/// use nuages_templates::Reload;
///
/// assert_ne!(Reload::Never, Reload::OnChange);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reload {
    /// Never: it is read once.
    Never,
    /// When its file has changed, which is looked at for each render.
    OnChange,
}

/// Whether what is printed is escaped, unless a template says otherwise: Django's option `autoescape`; see
/// [`Engine::autoescape`](crate::Engine::autoescape).
///
/// ```
/// use nuages_templates::Autoescape;
///
/// assert_ne!(Autoescape::On, Autoescape::Off);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Autoescape {
    /// It is escaped for HTML.
    On,
    /// It is not.
    Off,
}

/// A filter of the application's own.
#[derive(Debug, Clone)]
pub(crate) struct OwnFilter {
    pub(crate) function: Value,
    /// Django's `is_safe`.
    pub(crate) safe: bool,
}

/// An inclusion tag of the application's own.
#[derive(Debug, Clone)]
pub(crate) struct InclusionTag {
    pub(crate) function: Value,
    pub(crate) template: String,
}

/// All that an engine is told.
#[derive(Clone)]
pub(crate) struct Config {
    pub(crate) places: Places,
    pub(crate) reload: Reload,
    pub(crate) autoescape: Autoescape,
    /// Django's `string_if_invalid`.
    pub(crate) invalid: String,
    pub(crate) language: String,
    pub(crate) zone: Zone,
    pub(crate) debug: bool,
    pub(crate) site: Arc<dyn Site>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) filters: BTreeMap<String, OwnFilter>,
    pub(crate) simple_tags: BTreeMap<String, Value>,
    pub(crate) inclusion_tags: BTreeMap<String, InclusionTag>,
    pub(crate) registry: Arc<Registry>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            places: Places::default(),
            reload: if cfg!(debug_assertions) { Reload::OnChange } else { Reload::Never },
            autoescape: Autoescape::On,
            invalid: String::new(),
            language: "en-us".to_owned(),
            zone: Zone::UTC,
            debug: false,
            site: Arc::new(NoSite),
            vocabulary: Vocabulary::default(),
            filters: BTreeMap::new(),
            simple_tags: BTreeMap::new(),
            inclusion_tags: BTreeMap::new(),
            registry: Arc::default(),
        }
    }
}

impl Config {
    /// The error that none of these templates exists.
    pub(crate) fn does_not_exist(&self, names: &[String]) -> TemplateError {
        let tried: Vec<String> = names.iter().flat_map(|name| self.places.tried(name)).collect();
        let message = match names {
            [] => "no name of a template was given".to_owned(),
            [name] => format!("there is no template '{name}'"),
            names => format!("there is no template of '{}'", names.join("', '")),
        };
        let hint =
            (!tried.is_empty()).then(|| format!("put it where it was looked for: {}", tried.join(", ")));
        TemplateError::new(TemplateErrorKind::DoesNotExist { tried }, message).with_hint(hint)
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("places", &self.places)
            .field("reload", &self.reload)
            .finish_non_exhaustive()
    }
}
