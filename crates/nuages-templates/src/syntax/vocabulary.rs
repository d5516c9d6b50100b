//! The tags, filters and libraries that an application has registered.

use std::collections::{BTreeMap, BTreeSet};

use super::library;
use crate::filters;

/// What a template may use besides what Django has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vocabulary {
    /// The tags; whether each renders a template of its own.
    tags: BTreeMap<String, bool>,
    filters: BTreeSet<String>,
    libraries: BTreeSet<String>,
    preloaded: Vec<String>,
}

impl Vocabulary {
    pub(crate) fn add_tag(&mut self, name: &str, inclusion: bool) {
        self.tags.insert(name.to_owned(), inclusion);
    }

    pub(crate) fn add_filter(&mut self, name: &str) {
        self.filters.insert(name.to_owned());
    }

    pub(crate) fn add_library(&mut self, name: &str) {
        self.libraries.insert(name.to_owned());
    }

    pub(crate) fn preload(&mut self, name: &str) {
        self.preloaded.push(name.to_owned());
    }

    /// Libraries that every template has loaded: Django's option `builtins`.
    pub(crate) fn preloaded(&self) -> impl Iterator<Item = &str> {
        self.preloaded.iter().map(String::as_str)
    }

    /// Whether there is such a tag, and whether it renders a template.
    pub(crate) fn tag(&self, name: &str) -> Option<bool> {
        self.tags.get(name).copied()
    }

    pub(crate) fn has_filter(&self, name: &str) -> bool {
        self.filters.contains(name)
    }

    pub(crate) fn has_library(&self, name: &str) -> bool {
        self.libraries.contains(name)
    }

    pub(crate) fn nearest_tag(&self, name: &str) -> Option<&str> {
        nearest(name, library::tags().chain(self.tags.keys().map(String::as_str)))
    }

    pub(crate) fn nearest_filter(&self, name: &str) -> Option<&str> {
        nearest(
            name,
            filters::all()
                .map(|filter| -> &str { filter.name })
                .chain(self.filters.iter().map(String::as_str)),
        )
    }
}

/// The name that differs least, if it differs by two letters at most.
fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    if name.len() > 40 {
        return None;
    }
    known
        .map(|known| (strsim::levenshtein(name, known), known))
        .filter(|(distance, known)| *distance <= 2 && *distance < known.len().min(name.len()))
        .min()
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_what_was_meant() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.add_tag("gallery", true);
        assert_eq!(vocabulary.nearest_tag("inclde"), Some("include"));
        assert_eq!(vocabulary.nearest_tag("galery"), Some("gallery"));
        assert_eq!(vocabulary.nearest_tag("weather"), None);
        assert_eq!(vocabulary.tag("gallery"), Some(true));
    }
}
