//! The resolver: a built table, and the two questions it answers.

use std::fmt;

use crate::compile;
use crate::converter::Converters;
use crate::coverage;
use crate::entry::Entry;
use crate::error::{Resolver404, UrlErrors, UrlWarning};
use crate::matched::{Match, ResolverMatch};
use crate::reverse::Reverse;
use crate::route::Route;
use crate::scope::Scope;
use crate::table::{Search, Table};
use crate::value::Values;

/// A table of routes, resolved in order of declaration and reversed by name.
///
/// ```
/// use nuages_urls::{Converters, Entry, Resolver};
///
/// let entries = vec![
///     Entry::path("articles/latest/", "latest"),
///     Entry::path("articles/<int:year>/<slug:slug>/", "show").name("show"),
/// ];
/// let resolver = Resolver::new(entries, &Converters::new()).unwrap();
///
/// let found = resolver.resolve("/articles/2024/rust/").unwrap();
/// assert_eq!(*found.target(), "show");
/// assert_eq!(found.kwarg("year"), Some(&2024.into()));
/// assert_eq!(resolver.reverse("show").args([2024]).arg("rust").url().unwrap(), "/articles/2024/rust/");
/// ```
pub struct Resolver<T> {
    table: Table<T>,
    scope: Scope,
    warnings: Vec<UrlWarning>,
}

impl<T> Resolver<T> {
    /// Builds a resolver.
    ///
    /// # Errors
    /// [`UrlErrors`] with everything that is wrong with the table, each naming the route and its place.
    pub fn new(entries: Vec<Entry<T>>, converters: &Converters) -> Result<Self, UrlErrors> {
        Self::with_check(entries, converters, |_, _| Ok(()))
    }

    /// Builds a resolver and asks of each route whether its target can take what the route gives.
    ///
    /// A refusal is an error like the others: it names the route and its place, and all are collected.
    ///
    /// ```
    /// use nuages_urls::{Converters, Entry, Resolver};
    ///
    /// let entries = vec![Entry::path("<int:a>/<int:b>/", 1_usize)]; // a "view" of one argument
    /// let error = Resolver::with_check(entries, &Converters::new(), |route, arity| {
    ///     let given = route.parameters().len();
    ///     if given == *arity { Ok(()) } else { Err(format!("the view takes {arity} arguments, the route gives {given}")) }
    /// });
    /// assert!(error.unwrap_err().to_string().contains("the route gives 2"));
    /// ```
    ///
    /// # Errors
    /// [`UrlErrors`] with everything that is wrong with the table.
    pub fn with_check(
        entries: Vec<Entry<T>>,
        converters: &Converters,
        check: impl FnMut(&Route, &T) -> Result<(), String>,
    ) -> Result<Self, UrlErrors> {
        let (table, scope, warnings) = compile::compile(entries, converters, check)?;
        let mut resolver = Self { table, scope, warnings };
        let hidden = resolver.hidden_literals();
        resolver.warnings.extend(hidden);
        Ok(resolver)
    }

    /// Finds the first route that matches a path. As in Django, the path begins with a slash.
    #[inline]
    pub fn resolve<'a>(&'a self, path: &'a str) -> Option<Match<'a, T>> {
        self.search(Search::Indexed, path)
    }

    /// Finds the same by trying every route in order; the index is held against this.
    pub fn resolve_linear<'a>(&'a self, path: &'a str) -> Option<Match<'a, T>> {
        self.search(Search::Linear, path)
    }

    #[inline]
    fn search<'a>(&'a self, search: Search, path: &'a str) -> Option<Match<'a, T>> {
        let path = path.strip_prefix('/')?;
        let mut values = Values::new();
        let (leaf, rest) = self.table.find(search, path, &mut values)?;
        let leaf = self.table.leaves.get(leaf)?;
        Some(Match::new(&leaf.target, ResolverMatch::new(&leaf.route, values, rest)))
    }

    /// Makes the error for a path that no route matches, with the patterns that were tried.
    ///
    /// ```
    /// use nuages_urls::{Converters, Entry, Resolver};
    ///
    /// let entries = vec![Entry::include("blog/", vec![Entry::path("new/", ())])];
    /// let resolver = Resolver::new(entries, &Converters::new()).unwrap();
    /// assert_eq!(resolver.not_found("/blog/old/").tried(), [["blog/", "new/"]]);
    /// ```
    pub fn not_found(&self, path: &str) -> Resolver404 {
        let tried = self.routes().map(|(route, _)| route.chain().to_vec()).collect();
        Resolver404 { path: path.to_owned(), tried }
    }

    /// Begins the reversal of a name, with its namespaces: `"blog:show"`.
    pub fn reverse<'a>(&'a self, name: &'a str) -> Reverse<'a> {
        Reverse::new(&self.scope, name)
    }

    /// Goes through all routes in order of declaration.
    pub fn routes(&self) -> impl Iterator<Item = (&Route, &T)> {
        self.table.leaves.iter().map(|leaf| (&*leaf.route, &leaf.target))
    }

    /// Returns what is doubtful in the table: routes that no path reaches, and what Django's checks warn about.
    pub fn warnings(&self) -> &[UrlWarning] {
        &self.warnings
    }

    /// Warns of routes without captures whose only path an earlier route takes.
    fn hidden_literals(&self) -> Vec<UrlWarning> {
        let mut warnings = Vec::new();
        for leaf in &self.table.leaves {
            let Some(path) = &leaf.literal else { continue };
            let Some(found) = self.resolve(path) else { continue };
            if !std::ptr::eq(&raw const **found.details(), &raw const *leaf.route) {
                warnings.push(coverage::warning(&leaf.route, found.details()));
            }
        }
        warnings
    }
}

/// A resolver without routes.
impl<T> Default for Resolver<T> {
    fn default() -> Self {
        let table = Table { nodes: Vec::new(), root: 0, leaves: Vec::new() };
        Self { table, scope: Scope::default(), warnings: Vec::new() }
    }
}

impl<T> fmt::Debug for Resolver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.routes().map(|(route, _)| route.route())).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_routes_nothing_is_found() {
        let resolver = Resolver::<()>::default();
        assert!(resolver.resolve("/").is_none());
        assert!(resolver.reverse("index").url().is_err());
        assert_eq!(resolver.not_found("/").tried().len(), 0);
    }
}
