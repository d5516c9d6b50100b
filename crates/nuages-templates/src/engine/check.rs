//! Verifies templates without rendering them.

use super::{Engine, failure};
use crate::error::{TemplateError, TemplateErrorKind};
use crate::syntax::{Use, UseKind};

impl Engine {
    /// Verifies every template in the folders and in the binary: how it is written, and that the templates, URLs and static
    /// files exist that it names literally.
    ///
    /// ```
    /// use nuages_templates::{Embedded, Engine};
    ///
    /// let engine = Engine::new().embedded(Embedded(&[
    ///     ("base.html", "{% block body %}{% endblock %}"),
    ///     ("page.html", "{% extends 'bass.html' %}"),
    ///     ("list.html", "{% for x in y %}"),
    /// ]));
    /// let errors: Vec<String> = engine.check_all().iter().map(ToString::to_string).collect();
    /// assert_eq!(errors.len(), 2);
    /// assert_eq!(errors[0], "list.html:1: unclosed tag 'for'; close it with {% empty %} or {% endfor %}");
    /// assert!(errors[1].starts_with("page.html:1: there is no template 'bass.html'"));
    /// ```
    pub fn check_all(&self) -> Vec<TemplateError> {
        let names = match self.config.places.names() {
            Ok(names) => names,
            Err(error) => {
                let message = format!("the templates cannot be listed: {error}");
                return vec![TemplateError::new(TemplateErrorKind::Render, message).with_source(error)];
            }
        };
        names.iter().flat_map(|name| self.check(name)).collect()
    }

    fn check(&self, name: &str) -> Vec<TemplateError> {
        if let Err(error) = self.env().get_template(name) {
            return vec![failure::failure(&self.config, error, None)];
        }
        let Some(loaded) = self.config.registry.get(name) else { return Vec::new() };
        let wrong = loaded.uses.iter().filter_map(|named| Some((named.line, self.wrong(name, named)?)));
        wrong.map(|(line, error)| error.at(name, Some(line), Some(&loaded.source))).collect()
    }

    /// What is wrong with something that a template names.
    fn wrong(&self, template: &str, named: &Use) -> Option<TemplateError> {
        let site = &self.config.site;
        match &named.kind {
            UseKind::Template(name) => {
                // A template may extend the next one of its own name.
                let skipped = usize::from(name == template);
                let found = self.config.places.load(name, skipped).is_ok_and(|found| found.is_some());
                (!found).then(|| self.config.does_not_exist(std::slice::from_ref(name)))
            }
            UseKind::Static(path) => site.check_static(path).err().map(|error| {
                TemplateError::new(TemplateErrorKind::Render, format!("the static file '{path}': {error}"))
            }),
            UseKind::Url { name, args, kwargs } => site.check_url(name, *args, kwargs).err().map(|error| {
                TemplateError::new(TemplateErrorKind::NoReverseMatch, format!("the URL '{name}': {error}"))
            }),
        }
    }
}
