//! What is known of a route before any request: the fixed half of a match.

use std::ops::Range;
use std::panic::Location;
use std::sync::Arc;

use crate::converter::ValueType;
use crate::pattern::Pattern;
use crate::value::CaptureValue;

/// A route of a built table, with all prefixes that lead to it.
///
/// ```
/// use nuages_urls::{Converters, Entry, Resolver, Route};
///
/// let blog = vec![Entry::path("<int:year>/", "archive").name("archive")];
/// let entries = vec![Entry::include("blog/", blog).app_name("blog").namespace("news")];
/// let resolver = Resolver::new(entries, &Converters::new()).unwrap();
/// let (route, _): (&Route, _) = resolver.routes().next().unwrap();
/// assert_eq!(route.route(), "blog/<int:year>/");
/// assert_eq!(route.chain(), ["blog/", "<int:year>/"]);
/// assert_eq!((route.view_name(), route.url_name()), ("news:archive", Some("archive")));
/// assert_eq!((route.app_name(), route.namespace()), ("blog", "news"));
/// ```
#[derive(Debug)]
pub struct Route {
    pub(crate) route: String,
    pub(crate) chain: Vec<String>,
    pub(crate) url_name: Option<String>,
    pub(crate) view_path: Option<String>,
    pub(crate) view_name: String,
    pub(crate) app_names: Vec<String>,
    pub(crate) app_name: String,
    pub(crate) namespaces: Vec<String>,
    pub(crate) namespace: String,
    pub(crate) location: &'static Location<'static>,
    pub(crate) is_mount: bool,
    pub(crate) levels: Vec<Level>,
    pub(crate) parameters: Vec<Parameter>,
}

/// One argument that a view is called with.
///
/// ```
/// use nuages_urls::{Converters, Entry, Parameter, Resolver, ValueType};
///
/// let resolver = Resolver::new(vec![Entry::path("<int:year>/", "archive")], &Converters::new()).unwrap();
/// let (route, _) = resolver.routes().next().unwrap();
/// let year: &Parameter = &route.parameters()[0];
/// assert_eq!((year.name(), year.converter()), (Some("year"), Some("int")));
/// assert_eq!(year.value_type(), ValueType::Int);
/// assert!(!year.is_optional());
/// ```
#[derive(Debug, Clone)]
pub struct Parameter {
    name: Option<Arc<str>>,
    converter: Option<String>,
    value_type: ValueType,
    optional: bool,
    /// Where the value comes from; the last that is there wins.
    pub(crate) sources: Vec<Source>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Source {
    /// The capture of this index, counted through all levels.
    Capture(usize),
    /// The argument of this index among those that this level gives.
    Given { level: usize, index: usize },
}

/// What one pattern of the chain adds to a match.
#[derive(Debug)]
pub(crate) struct Level {
    /// Its captures among those of the match.
    pub(crate) captures: Range<usize>,
    /// The names of its captures; empty if they have none.
    pub(crate) names: Vec<Arc<str>>,
    /// The arguments given beside the captures.
    pub(crate) kwargs: Vec<(Arc<str>, CaptureValue<'static>)>,
}

impl Route {
    /// Returns the whole pattern as Django joins it: `"blog/<int:year>/"`.
    pub fn route(&self) -> &str {
        &self.route
    }

    /// Returns the patterns that lead to the view, as they were written, the outermost first.
    pub fn chain(&self) -> &[String] {
        &self.chain
    }

    /// Returns the name.
    pub fn url_name(&self) -> Option<&str> {
        self.url_name.as_deref()
    }

    /// Returns what the view is called, if that was said.
    pub fn view_path(&self) -> Option<&str> {
        self.view_path.as_deref()
    }

    /// Returns the namespaces and the name, or what the view is called, joined by colons: `"blog:show"`.
    pub fn view_name(&self) -> &str {
        &self.view_name
    }

    /// Returns the application namespaces, the outermost first.
    pub fn app_names(&self) -> &[String] {
        &self.app_names
    }

    /// Returns the application namespaces, joined by colons.
    pub fn app_name(&self) -> &str {
        &self.app_name
    }

    /// Returns the instance namespaces, the outermost first.
    pub fn namespaces(&self) -> &[String] {
        &self.namespaces
    }

    /// Returns the instance namespaces, joined by colons.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Returns the place of the `path(…)`.
    pub fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// Tells whether the target takes every path that begins with the pattern.
    pub fn is_mount(&self) -> bool {
        self.is_mount
    }

    /// Returns what the view is called with, in order: unnamed captures, then named ones and arguments given beside
    /// them, the outermost first.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }
}

impl Parameter {
    /// Returns the name; unnamed groups of a regular expression have none.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the name of the converter; `None` for the group of a regular expression and for what is given.
    pub fn converter(&self) -> Option<&str> {
        self.converter.as_deref()
    }

    /// Returns the kind of its values.
    pub fn value_type(&self) -> ValueType {
        self.value_type
    }

    /// Tells whether it may be absent: the group of a regular expression that need not take part.
    pub fn is_optional(&self) -> bool {
        self.optional
    }

    /// The same parameter where it is present.
    pub(crate) fn required(&self) -> Self {
        Self { optional: false, ..self.clone() }
    }
}

/// Works out what the view is called with.
pub(crate) fn parameters(patterns: &[Arc<Pattern>], levels: &[Level]) -> Vec<Parameter> {
    let mut named: Vec<Parameter> = Vec::new();
    for (at, (pattern, level)) in patterns.iter().zip(levels).enumerate() {
        for (index, capture) in level.captures.clone().zip(&pattern.captures) {
            if capture.name.is_some() {
                add(
                    &mut named,
                    Parameter {
                        name: capture.name.clone(),
                        converter: capture.converter.as_ref().map(|(name, _)| name.clone()),
                        value_type: capture.value_type(),
                        optional: capture.optional,
                        sources: vec![Source::Capture(index)],
                    },
                );
            }
        }
        for (index, (name, value)) in level.kwargs.iter().enumerate() {
            add(
                &mut named,
                Parameter {
                    name: Some(Arc::clone(name)),
                    converter: None,
                    value_type: given_type(value),
                    optional: false,
                    sources: vec![Source::Given { level: at, index }],
                },
            );
        }
    }
    let mut parameters = Vec::new();
    let mut keeps_outer = true;
    for (at, (pattern, level)) in patterns.iter().zip(levels).enumerate().rev() {
        let innermost = at + 1 == levels.len();
        keeps_outer = keeps_outer && level.names.is_empty() && level.kwargs.is_empty();
        if level.names.is_empty() && (innermost || keeps_outer) {
            let unnamed = level.captures.clone().zip(&pattern.captures).map(|(index, capture)| Parameter {
                name: None,
                converter: None,
                value_type: capture.value_type(),
                optional: capture.optional,
                sources: vec![Source::Capture(index)],
            });
            parameters.splice(0..0, unnamed.collect::<Vec<_>>());
        }
    }
    parameters.extend(named);
    parameters
}

/// Adds a named parameter, or lets it win over an outer one in the outer one's place, as in a Python dictionary.
fn add(named: &mut Vec<Parameter>, new: Parameter) {
    match named.iter_mut().find(|known| known.name == new.name) {
        None => named.push(new),
        Some(known) => {
            let mut sources = std::mem::take(&mut known.sources);
            sources.extend(&new.sources);
            let optional = known.optional && new.optional;
            *known = Parameter { optional, sources, ..new };
        }
    }
}

fn given_type(value: &CaptureValue<'_>) -> ValueType {
    match value {
        CaptureValue::None => ValueType::None,
        CaptureValue::Bool(_) => ValueType::Bool,
        CaptureValue::Int(_) => ValueType::Int,
        CaptureValue::Float(_) => ValueType::Float,
        CaptureValue::Str(_) => ValueType::Str,
        CaptureValue::Uuid(_) => ValueType::Uuid,
        CaptureValue::Custom(custom) => ValueType::Custom(custom.custom_type()),
    }
}
