//! Tags, filters and libraries that the application registers.

use minijinja::Value;
use minijinja::functions::Function;
use minijinja::value::{FunctionArgs, FunctionResult};

use super::Engine;
use super::config::{InclusionTag, OwnFilter};

impl Engine {
    /// Registers a filter, whose result is escaped unless it is a safe value: Django's `@register.filter`.
    ///
    /// ```
    /// use nuages_templates::{Engine, context};
    ///
    /// let engine = Engine::new().filter("shout", |text: String, mark: Option<String>| {
    ///     format!("{}{}", text.to_uppercase(), mark.unwrap_or_default())
    /// });
    /// let shown = engine.render_str("{{ word|shout:'!' }}", context! { word => "<hey>" }).unwrap();
    /// assert_eq!(shown, "&lt;HEY&gt;!");
    /// ```
    pub fn filter<F, Rv, Args>(self, name: &str, filter: F) -> Self
    where
        F: Function<Rv, Args>,
        Rv: FunctionResult,
        Args: for<'a> FunctionArgs<'a>,
    {
        self.with_filter(name, OwnFilter { function: Value::from_function(filter), safe: false })
    }

    /// Registers a filter that makes no text unsafe that was safe: Django's `@register.filter(is_safe=True)`.
    ///
    /// ```
    /// use nuages_templates::{Engine, context};
    ///
    /// let engine = Engine::new().safe_filter("quoted", |text: String| format!("»{text}«"));
    /// let engine = engine.filter("bold", |text: String| nuages_templates::Value::from_safe_string(format!("<b>{text}</b>")));
    /// let shown = engine.render_str("{{ a|quoted }} {{ a|bold|quoted }}", context! { a => "<" }).unwrap();
    /// assert_eq!(shown, "»&lt;« »<b><</b>«");
    /// ```
    pub fn safe_filter<F, Rv, Args>(self, name: &str, filter: F) -> Self
    where
        F: Function<Rv, Args>,
        Rv: FunctionResult,
        Args: for<'a> FunctionArgs<'a>,
    {
        self.with_filter(name, OwnFilter { function: Value::from_function(filter), safe: true })
    }

    fn with_filter(self, name: &str, filter: OwnFilter) -> Self {
        self.with(|config| {
            config.vocabulary.add_filter(name);
            config.filters.insert(name.to_owned(), filter);
        })
    }

    /// Registers a tag that prints what a function returns, or keeps it: Django's `@register.simple_tag`.
    ///
    /// What it prints is escaped unless it is a safe value. Keyword arguments are
    /// [`Kwargs`](minijinja::value::Kwargs); a function that takes a [`State`](minijinja::State) first sees the context.
    ///
    /// ```
    /// use nuages_templates::{Engine, context};
    ///
    /// let engine = Engine::new().simple_tag("sum", |a: i64, b: i64| a + b);
    /// let shown = engine.render_str("{% sum 1 n %} {% sum n n as twice %}{{ twice }}", context! { n => 2 }).unwrap();
    /// assert_eq!(shown, "3 4");
    /// ```
    pub fn simple_tag<F, Rv, Args>(self, name: &str, tag: F) -> Self
    where
        F: Function<Rv, Args>,
        Rv: FunctionResult,
        Args: for<'a> FunctionArgs<'a>,
    {
        self.with(|config| {
            config.vocabulary.add_tag(name, false);
            config.simple_tags.insert(name.to_owned(), Value::from_function(tag));
        })
    }

    /// Registers a tag that renders a template with the context that a function returns: Django's `@register.inclusion_tag`.
    ///
    /// ```
    /// use nuages_templates::{Embedded, Engine, context};
    ///
    /// let engine = Engine::new()
    ///     .embedded(Embedded(&[("stars.html", "{{ count }}*")]))
    ///     .inclusion_tag("stars", "stars.html", |count: i64| context! { count });
    /// assert_eq!(engine.render_str("{% stars 3 %}", context! {}).unwrap(), "3*");
    /// ```
    pub fn inclusion_tag<F, Rv, Args>(self, name: &str, template: &str, tag: F) -> Self
    where
        F: Function<Rv, Args>,
        Rv: FunctionResult,
        Args: for<'a> FunctionArgs<'a>,
    {
        self.with(|config| {
            config.vocabulary.add_tag(name, true);
            let tag = InclusionTag { function: Value::from_function(tag), template: template.to_owned() };
            config.inclusion_tags.insert(name.to_owned(), tag);
        })
    }

    /// Lets `{% load name %}` pass for the application's own tags and filters, which are always loaded.
    ///
    /// ```
    /// use nuages_templates::{Engine, context};
    ///
    /// let engine = Engine::new().library("polls_extras");
    /// assert_eq!(engine.render_str("{% load polls_extras %}.", context! {}).unwrap(), ".");
    /// ```
    pub fn library(self, name: &str) -> Self {
        self.with(|config| config.vocabulary.add_library(name))
    }

    /// Loads a library of Django's in every template: Django's option `builtins`.
    ///
    /// ```
    /// use nuages_templates::{Engine, context};
    ///
    /// let engine = Engine::new().builtins("static");
    /// assert_eq!(engine.render_str("{% static 'a.css' %}", context! {}).unwrap(), "/static/a.css");
    /// ```
    pub fn builtins(self, library: &str) -> Self {
        self.with(|config| config.vocabulary.preload(library))
    }
}
