//! What can be wrong with a table, a path or a call of `reverse`.

use std::fmt;
use std::panic::Location;

/// The kinds of [`UrlError`].
///
/// ```
/// use nuages_urls::{Converters, Entry, Resolver, UrlErrorKind};
///
/// let entries = vec![Entry::re_path("articles/(", "archive")];
/// let errors = Resolver::new(entries, &Converters::new()).err().unwrap();
/// assert_eq!(errors.iter().next().unwrap().kind(), UrlErrorKind::Regex);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlErrorKind {
    /// A pattern names a converter that is not registered.
    UnknownConverter,
    /// A `path()` pattern has angle brackets that are no capture.
    MalformedCapture,
    /// A parameter's name is no identifier.
    InvalidParameterName,
    /// A pattern names a parameter twice.
    DuplicateParameter,
    /// A regular expression is invalid, unsupported or too large.
    Regex,
    /// A converter is registered badly.
    Converter,
    /// An included table has a namespace, but no application name.
    NamespaceWithoutAppName,
    /// An option stands on an entry that can't have it.
    MisplacedOption,
    /// Two routes have one name, and the later one takes all arguments of the former.
    ConflictingName,
    /// The check of the caller refused the route (arity, types of captures).
    View,
}

/// One thing wrong with a table, found at start-up.
///
/// ```
/// use nuages_urls::{Converters, Entry, Resolver, UrlError, UrlErrorKind};
///
/// let entries = vec![Entry::path("<yyyy:year>/", "archive")];
/// let errors = Resolver::new(entries, &Converters::new()).err().unwrap();
/// let error: &UrlError = errors.iter().next().unwrap();
/// assert_eq!((error.kind(), error.route()), (UrlErrorKind::UnknownConverter, "<yyyy:year>/"));
/// assert!(error.message().contains("yyyy"));
/// ```
#[derive(Debug, Clone)]
pub struct UrlError {
    pub(crate) kind: UrlErrorKind,
    pub(crate) route: String,
    pub(crate) location: &'static Location<'static>,
    pub(crate) message: String,
}

impl UrlError {
    /// Returns the kind.
    pub fn kind(&self) -> UrlErrorKind {
        self.kind
    }

    /// Returns the pattern as it was written; for [`UrlErrorKind::Converter`] the converter's name.
    pub fn route(&self) -> &str {
        &self.route
    }

    /// Returns the place of the `path(…)`.
    pub fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// Returns what is wrong and how it is put right.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.kind == UrlErrorKind::Converter { "converter" } else { "route" };
        write!(f, "{what} '{}' ({}): {}", self.route, self.location, self.message)
    }
}

impl std::error::Error for UrlError {}

/// Everything wrong with a table.
///
/// ```
/// use nuages_urls::{Converters, Entry, Resolver, UrlErrorKind, UrlErrors};
///
/// let entries = vec![Entry::path("<yyyy:year>/", "archive"), Entry::path("<int:a>/<int:a>/", "twice")];
/// let errors: UrlErrors = Resolver::new(entries, &Converters::new()).err().unwrap();
/// let kinds: Vec<_> = errors.iter().map(|error| error.kind()).collect();
/// assert_eq!(kinds, [UrlErrorKind::UnknownConverter, UrlErrorKind::DuplicateParameter]);
/// ```
#[derive(Debug, Clone)]
pub struct UrlErrors(pub(crate) Vec<UrlError>);

impl UrlErrors {
    /// Goes through the errors, in order of declaration.
    pub fn iter(&self) -> std::slice::Iter<'_, UrlError> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a UrlErrors {
    type Item = &'a UrlError;
    type IntoIter = std::slice::Iter<'a, UrlError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for UrlErrors {
    type Item = UrlError;
    type IntoIter = std::vec::IntoIter<UrlError>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// One line for each error.
impl fmt::Display for UrlErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, error) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for UrlErrors {}

/// Something doubtful in a table that still works.
///
/// ```
/// use nuages_urls::{Converters, Entry, Resolver, UrlWarning};
///
/// let resolver = Resolver::new(vec![Entry::path("/articles/", "list")], &Converters::new()).unwrap();
/// let warning: &UrlWarning = &resolver.warnings()[0];
/// assert_eq!((warning.id(), warning.route()), ("urls.W002", "/articles/"));
/// assert!(warning.message().ends_with("remove the slash"));
/// ```
#[derive(Debug, Clone)]
pub struct UrlWarning {
    pub(crate) id: &'static str,
    pub(crate) route: String,
    pub(crate) location: &'static Location<'static>,
    pub(crate) message: String,
}

impl UrlWarning {
    /// Returns the id: Django's where Django has the check, else one that begins with `nuages.`.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Returns the pattern as it was written.
    pub fn route(&self) -> &str {
        &self.route
    }

    /// Returns the place of the `path(…)`.
    pub fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// Returns what is doubtful and how it is put right.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for UrlWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "route '{}' ({}): {} [{}]", self.route, self.location, self.message, self.id)
    }
}

/// No route matches a path: Django's `Resolver404`, with the routes that were tried.
///
/// ```
/// use nuages_urls::{Converters, Entry, Resolver, Resolver404};
///
/// let shop = Entry::include("shop/", vec![Entry::path("cart/", "cart")]);
/// let resolver = Resolver::new(vec![shop], &Converters::new()).unwrap();
/// assert!(resolver.resolve("/shop/basket/").is_none());
/// let error: Resolver404 = resolver.not_found("/shop/basket/");
/// assert_eq!(error.path(), "/shop/basket/");
/// assert_eq!(error.tried(), [["shop/", "cart/"]]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolver404 {
    pub(crate) path: String,
    pub(crate) tried: Vec<Vec<String>>,
}

impl Resolver404 {
    /// Returns the path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the patterns tried, in order; each a chain of included prefixes and the pattern itself.
    pub fn tried(&self) -> &[Vec<String>] {
        &self.tried
    }
}

impl fmt::Display for Resolver404 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no route matches {:?}; {} patterns were tried", self.path, self.tried.len())
    }
}

impl std::error::Error for Resolver404 {}

/// The kinds of [`NoReverseMatch`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoReverseMatchKind {
    /// The name has a namespace that is not there.
    UnknownNamespace,
    /// No route has the name.
    UnknownName,
    /// Routes have the name, but none takes the arguments.
    WrongArguments,
    /// Both positional and named arguments were given; Django raises `ValueError`.
    MixedArguments,
    /// A parameter was left out because it has a default, which the URL can't show; Django raises `KeyError`.
    MissingArgument,
}

/// `reverse` found no URL.
///
/// ```
/// use nuages_urls::{Converters, Entry, NoReverseMatch, NoReverseMatchKind, Resolver};
///
/// let entries = vec![Entry::path("articles/", "list").name("articles")];
/// let resolver = Resolver::new(entries, &Converters::new()).unwrap();
/// let error: NoReverseMatch = resolver.reverse("article").url().unwrap_err();
/// assert_eq!(error.kind(), NoReverseMatchKind::UnknownName);
/// assert!(error.to_string().contains("article"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoReverseMatch {
    pub(crate) kind: NoReverseMatchKind,
    pub(crate) message: String,
}

impl NoReverseMatch {
    /// Returns the kind.
    pub fn kind(&self) -> NoReverseMatchKind {
        self.kind
    }
}

impl fmt::Display for NoReverseMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NoReverseMatch {}
