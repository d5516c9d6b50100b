//! What resolving a path gives.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::route::{Route, Source};
use crate::value::{CaptureValue, Values};

/// A target and how it was reached. Dereferences to [`ResolverMatch`].
///
/// ```
/// use nuages_urls::{Converters, Entry, Match, Resolver};
///
/// let resolver = Resolver::new(vec![Entry::path("<int:year>/", "archive")], &Converters::new()).unwrap();
/// let found: Match<'_, &str> = resolver.resolve("/2024/").unwrap();
/// assert_eq!(*found.target(), "archive");
/// assert_eq!(found.argument(0), Some(&2024.into()));
/// // Kept beyond the request.
/// let details = found.into_details().into_owned();
/// assert_eq!(details.kwarg("year"), Some(&2024.into()));
/// ```
pub struct Match<'a, T> {
    target: &'a T,
    details: ResolverMatch<'a>,
}

impl<'a, T> Match<'a, T> {
    pub(crate) fn new(target: &'a T, details: ResolverMatch<'a>) -> Self {
        Self { target, details }
    }

    /// Returns what the route leads to.
    pub fn target(&self) -> &'a T {
        self.target
    }

    /// Returns how it was reached.
    pub fn details(&self) -> &ResolverMatch<'a> {
        &self.details
    }

    /// Drops the target and keeps the rest.
    pub fn into_details(self) -> ResolverMatch<'a> {
        self.details
    }
}

impl<'a, T> Deref for Match<'a, T> {
    type Target = ResolverMatch<'a>;

    fn deref(&self) -> &Self::Target {
        &self.details
    }
}

impl<T> fmt::Debug for Match<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.details.fmt(f)
    }
}

/// How a path was resolved: Django's `ResolverMatch`. Dereferences to [`Route`].
///
/// ```
/// use nuages_urls::{Converters, Entry, Resolver};
///
/// let inner = vec![Entry::path("<int:page>/", ()).name("page").kwarg("mode", "list")];
/// let entries = vec![Entry::include("<slug:user>/", inner).app_name("blog")];
/// let resolver = Resolver::new(entries, &Converters::new()).unwrap();
/// let found = resolver.resolve("/ann/3/").unwrap();
/// assert_eq!(found.view_name(), "blog:page");
/// assert_eq!(found.route(), "<slug:user>/<int:page>/");
/// assert_eq!(found.kwargs(), [("user", &"ann".into()), ("page", &3.into()), ("mode", &"list".into())]);
/// assert_eq!(found.captured_kwargs(), [("page", &3.into())]); // of the innermost pattern only, as in Django
/// ```
#[derive(Clone)]
pub struct ResolverMatch<'a> {
    route: RouteRef<'a>,
    captures: Values<'a>,
    rest: Cow<'a, str>,
}

/// Borrowed while a request is dispatched, counted only when a match outlives its path.
#[derive(Clone)]
enum RouteRef<'a> {
    Borrowed(&'a Arc<Route>),
    Owned(Arc<Route>),
}

impl<'a> ResolverMatch<'a> {
    pub(crate) fn new(route: &'a Arc<Route>, captures: Values<'a>, rest: &'a str) -> Self {
        Self { route: RouteRef::Borrowed(route), captures, rest: Cow::Borrowed(rest) }
    }

    /// Ends the loan of the path and of the table.
    pub fn into_owned(self) -> ResolverMatch<'static> {
        ResolverMatch {
            route: match self.route {
                RouteRef::Borrowed(route) => RouteRef::Owned(Arc::clone(route)),
                RouteRef::Owned(route) => RouteRef::Owned(route),
            },
            captures: match self.captures.is_empty() {
                true => Values::new(),
                false => self.captures.into_iter().map(CaptureValue::into_owned).collect(),
            },
            rest: Cow::Owned(self.rest.into_owned()),
        }
    }

    /// Tells whether nothing of the path is in it: then every match of the same target without captures is the same.
    pub fn is_bare(&self) -> bool {
        self.captures.is_empty() && self.rest.is_empty()
    }

    /// Returns what follows the prefix of a mount; empty for other routes, unless their expression has no end.
    pub fn rest(&self) -> &str {
        &self.rest
    }

    /// Returns the argument that the view takes at this position; see [`Route::parameters`].
    ///
    /// An optional group that took no part gives [`CaptureValue::None`].
    #[inline]
    pub fn argument(&self, position: usize) -> Option<&CaptureValue<'_>> {
        let sources = &self.parameters().get(position)?.sources;
        let mut value = None;
        for source in sources {
            let found = match *source {
                Source::Capture(index) => self.captures.get(index),
                Source::Given { level, index } => {
                    self.levels.get(level).and_then(|level| level.kwargs.get(index)).map(|(_, value)| value)
                }
            };
            if value.is_none() || found.is_some_and(|found| !found.is_none() || is_given(source)) {
                value = found;
            }
        }
        value
    }

    /// Goes through the arguments that the view takes, in order.
    pub fn arguments(&self) -> impl Iterator<Item = &CaptureValue<'_>> {
        (0..self.parameters().len()).filter_map(|position| self.argument(position))
    }

    /// Returns the positional arguments of Django's call of the view.
    ///
    /// There are some only where groups of regular expressions have no names.
    pub fn args(&self) -> Vec<&CaptureValue<'_>> {
        let mut args = Vec::new();
        let mut named = false;
        for (position, level) in self.levels.iter().rev().enumerate() {
            let captures = self.captures.get(level.captures.clone()).unwrap_or_default();
            named |= !level.kwargs.is_empty()
                || (!level.names.is_empty() && captures.iter().any(|capture| !capture.is_none()));
            if level.names.is_empty() && (position == 0 || !named) {
                args.splice(0..0, captures);
            }
        }
        args
    }

    /// Returns the named arguments of Django's call of the view, in order.
    pub fn kwargs(&self) -> Vec<(&str, &CaptureValue<'_>)> {
        let mut kwargs = Vec::new();
        for (position, level) in self.levels.iter().enumerate() {
            for (name, value) in self.captured(position) {
                insert(&mut kwargs, name, value);
            }
            for (name, value) in &level.kwargs {
                insert(&mut kwargs, name, value);
            }
        }
        kwargs
    }

    /// Returns the named argument of this name.
    pub fn kwarg(&self, name: &str) -> Option<&CaptureValue<'_>> {
        self.kwargs().into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Returns the named captures of the innermost pattern, as Django does.
    pub fn captured_kwargs(&self) -> Vec<(&str, &CaptureValue<'_>)> {
        self.levels.len().checked_sub(1).map(|last| self.captured(last).collect()).unwrap_or_default()
    }

    /// Returns the arguments given beside the captures, by the route and by the tables that include it.
    pub fn extra_kwargs(&self) -> Vec<(&str, &CaptureValue<'_>)> {
        let mut extra = Vec::new();
        for (name, value) in self.levels.iter().flat_map(|level| &level.kwargs) {
            insert(&mut extra, name, value);
        }
        extra
    }

    /// The named captures of one level that took part.
    fn captured(&self, level: usize) -> impl Iterator<Item = (&str, &CaptureValue<'_>)> {
        let level = self.levels.get(level);
        let names = level.map(|level| level.names.as_slice()).unwrap_or_default();
        let captures = level.and_then(|level| self.captures.get(level.captures.clone())).unwrap_or_default();
        names.iter().map(|name| &**name).zip(captures).filter(|(_, value)| !value.is_none())
    }
}

fn is_given(source: &Source) -> bool {
    matches!(source, Source::Given { .. })
}

/// Inserts as a Python dictionary does: a known key keeps its place.
fn insert<'m>(kwargs: &mut Vec<(&'m str, &'m CaptureValue<'m>)>, name: &'m str, value: &'m CaptureValue<'m>) {
    match kwargs.iter_mut().find(|(known, _)| *known == name) {
        Some((_, slot)) => *slot = value,
        None => kwargs.push((name, value)),
    }
}

impl Deref for ResolverMatch<'_> {
    type Target = Route;

    #[inline]
    fn deref(&self) -> &Route {
        match &self.route {
            RouteRef::Borrowed(route) => route,
            RouteRef::Owned(route) => route,
        }
    }
}

impl fmt::Debug for ResolverMatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResolverMatch")
            .field("route", &self.route())
            .field("view_name", &self.view_name())
            .field("args", &self.args())
            .field("kwargs", &self.kwargs())
            .finish_non_exhaustive()
    }
}
