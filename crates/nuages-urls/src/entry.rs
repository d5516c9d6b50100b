//! One line of a URL table, before the table is built.

use std::fmt;
use std::panic::Location;

use crate::value::CaptureValue;

/// One line of a URL table: Django's `path()`, `re_path()`, and `include()` in either.
///
/// It remembers the place of the call, and every message about it names that place. Functions that wrap these
/// constructors carry `#[track_caller]` so that the place stays the application's.
///
/// ```
/// use nuages_urls::{Converters, Entry, Resolver};
///
/// let shop = vec![Entry::path("", "index").name("index"), Entry::path("<int:pk>/", "item").name("item")];
/// let entries = vec![
///     Entry::path("about/", "about").name("about").kwarg("page", 1),
///     Entry::re_path(r"^archive/(?P<year>[0-9]{4})/$", "archive").name("archive"),
///     Entry::include("shop/", shop).app_name("shop"),
/// ];
/// let resolver = Resolver::new(entries, &Converters::new()).unwrap();
/// assert_eq!(*resolver.resolve("/shop/5/").unwrap().target(), "item");
/// ```
pub struct Entry<T> {
    pub(crate) syntax: Syntax,
    pub(crate) source: String,
    pub(crate) goal: Goal<T>,
    pub(crate) name: Option<String>,
    pub(crate) view_path: Option<String>,
    pub(crate) kwargs: Vec<(String, CaptureValue<'static>)>,
    pub(crate) namespace: Option<String>,
    pub(crate) app_name: Option<String>,
    pub(crate) location: &'static Location<'static>,
}

/// How a pattern is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    Path,
    Regex,
}

/// What an entry leads to.
pub(crate) enum Goal<T> {
    View(T),
    Mount(T),
    Include(Vec<Entry<T>>),
}

impl<T> Entry<T> {
    /// A route in the syntax of `path()`: `"articles/<int:year>/<slug:slug>/"`, without a leading slash.
    #[track_caller]
    pub fn path(route: impl Into<String>, target: T) -> Self {
        Self::at(Location::caller(), Syntax::Path, route.into(), Goal::View(target))
    }

    /// A route as a regular expression in Python's syntax: `r"^page-(?P<page>[0-9]+)/$"`.
    ///
    /// Look-around and backreferences are errors at start-up: patterns are matched in linear time.
    #[track_caller]
    pub fn re_path(regex: impl Into<String>, target: T) -> Self {
        Self::at(Location::caller(), Syntax::Regex, regex.into(), Goal::View(target))
    }

    /// A prefix in the syntax of `path()`, with the table of what follows it.
    #[track_caller]
    pub fn include(route: impl Into<String>, entries: Vec<Self>) -> Self {
        Self::at(Location::caller(), Syntax::Path, route.into(), Goal::Include(entries))
    }

    /// A prefix as a regular expression, with the table of what follows it.
    #[track_caller]
    pub fn re_include(regex: impl Into<String>, entries: Vec<Self>) -> Self {
        Self::at(Location::caller(), Syntax::Regex, regex.into(), Goal::Include(entries))
    }

    /// A prefix in the syntax of `path()`, with a target that takes every path that begins with it.
    ///
    /// What follows the prefix is [`ResolverMatch::rest`](crate::ResolverMatch::rest).
    #[track_caller]
    pub fn mount(route: impl Into<String>, target: T) -> Self {
        Self::at(Location::caller(), Syntax::Path, route.into(), Goal::Mount(target))
    }

    fn at(location: &'static Location<'static>, syntax: Syntax, source: String, goal: Goal<T>) -> Self {
        Self {
            syntax,
            source,
            goal,
            name: None,
            view_path: None,
            kwargs: Vec::new(),
            namespace: None,
            app_name: None,
            location,
        }
    }

    /// Names the route for `reverse`.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Says what the view is called, as in `"blog.views.show"`: the match's `view_name` where the route has no name.
    #[must_use]
    pub fn view_path(mut self, view_path: impl Into<String>) -> Self {
        self.view_path = Some(view_path.into());
        self
    }

    /// Gives the view an argument beside the captures; it wins over a capture of the same name.
    #[must_use]
    pub fn kwarg(mut self, name: impl Into<String>, value: impl Into<CaptureValue<'static>>) -> Self {
        let (name, value) = (name.into(), value.into());
        match self.kwargs.iter_mut().find(|(known, _)| *known == name) {
            Some((_, slot)) => *slot = value,
            None => self.kwargs.push((name, value)),
        }
        self
    }

    /// Sets the instance namespace of an included table; it needs an [`app_name`](Self::app_name) as well.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// Sets the application namespace of an included table, which is also the instance namespace by default.
    #[must_use]
    pub fn app_name(mut self, app_name: impl Into<String>) -> Self {
        self.app_name = Some(app_name.into());
        self
    }

    /// Tells where the entry was made.
    pub fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// Applies a function to every target, those of included tables too.
    ///
    /// ```
    /// use nuages_urls::Entry;
    ///
    /// let entry: Entry<usize> = Entry::include("a/", vec![Entry::path("b/", "view")]).map(&mut str::len);
    /// assert_eq!(entry.route(), "a/");
    /// ```
    pub fn map<U>(self, change: &mut impl FnMut(T) -> U) -> Entry<U> {
        let goal = match self.goal {
            Goal::View(target) => Goal::View(change(target)),
            Goal::Mount(target) => Goal::Mount(change(target)),
            Goal::Include(entries) => {
                let mut changed = Vec::with_capacity(entries.len());
                for entry in entries {
                    changed.push(entry.map(change));
                }
                Goal::Include(changed)
            }
        };
        Entry {
            syntax: self.syntax,
            source: self.source,
            goal,
            name: self.name,
            view_path: self.view_path,
            kwargs: self.kwargs,
            namespace: self.namespace,
            app_name: self.app_name,
            location: self.location,
        }
    }

    /// Returns the pattern as it was written.
    pub fn route(&self) -> &str {
        &self.source
    }
}

impl<T> fmt::Debug for Entry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.goal {
            Goal::View(_) => "view",
            Goal::Mount(_) => "mount",
            Goal::Include(_) => "include",
        };
        f.debug_struct("Entry")
            .field("route", &self.source)
            .field("leads_to", &kind)
            .field("name", &self.name)
            .field("location", &self.location.to_string())
            .finish()
    }
}
