//! From a name and arguments back to a URL.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;

use crate::error::{NoReverseMatch, NoReverseMatchKind};
use crate::quote;
use crate::scope::{Possibility, Scope};
use crate::shape::{Candidate, ParamName, Piece};
use crate::value::CaptureValue;

/// A call of Django's `reverse()`; ends with [`url`](Self::url).
///
/// ```
/// use nuages_urls::{Converters, Entry, NoReverseMatchKind, Resolver};
///
/// let entries = vec![Entry::path("items/<int:pk>/<slug:tail>", ()).name("item")];
/// let resolver = Resolver::new(entries, &Converters::new()).unwrap();
/// assert_eq!(resolver.reverse("item").arg(5).arg("red").url().unwrap(), "/items/5/red");
/// let url = resolver.reverse("item").kwarg("pk", 5).kwarg("tail", "red").query([("q", "a b")]).fragment("top").url();
/// assert_eq!(url.unwrap(), "/items/5/red?q=a+b#top");
/// let error = resolver.reverse("item").arg(5).url().unwrap_err();
/// assert_eq!(error.kind(), NoReverseMatchKind::WrongArguments);
/// ```
#[derive(Clone)]
#[must_use = "a reversal does nothing until `url` is called"]
pub struct Reverse<'a> {
    root: &'a Scope,
    name: &'a str,
    prefix: Cow<'a, str>,
    current_app: Option<&'a str>,
    args: Vec<CaptureValue<'a>>,
    kwargs: Vec<(Cow<'a, str>, CaptureValue<'a>)>,
    query: Option<String>,
    fragment: Option<Cow<'a, str>>,
}

/// The value of a field of a query string: one, or several under the same name.
///
/// ```
/// use nuages_urls::{Converters, Entry, QueryValues, Resolver};
///
/// let entries = vec![Entry::path("articles/", "list").name("articles")];
/// let resolver = Resolver::new(entries, &Converters::new()).unwrap();
/// let query = [("tag", QueryValues::several(["rust", "web"])), ("page", 2.into())];
/// assert_eq!(resolver.reverse("articles").query(query).url().unwrap(), "/articles/?tag=rust&tag=web&page=2");
/// ```
#[derive(Debug, Clone)]
pub struct QueryValues<'a>(Vec<CaptureValue<'a>>);

impl<'a, V: Into<CaptureValue<'a>>> From<V> for QueryValues<'a> {
    fn from(value: V) -> Self {
        Self(vec![value.into()])
    }
}

impl<'a> QueryValues<'a> {
    /// Several values under one name; none at all leave the name out.
    pub fn several<V: Into<CaptureValue<'a>>>(values: impl IntoIterator<Item = V>) -> Self {
        Self(values.into_iter().map(Into::into).collect())
    }
}

impl<'a> Reverse<'a> {
    pub(crate) fn new(root: &'a Scope, name: &'a str) -> Self {
        Self {
            root,
            name,
            prefix: Cow::Borrowed("/"),
            current_app: None,
            args: Vec::new(),
            kwargs: Vec::new(),
            query: None,
            fragment: None,
        }
    }

    /// Adds a positional argument.
    pub fn arg<'v: 'a>(mut self, value: impl Into<CaptureValue<'v>>) -> Self {
        self.args.push(value.into());
        self
    }

    /// Adds positional arguments.
    pub fn args<'v: 'a, V: Into<CaptureValue<'v>>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.args.extend(values.into_iter().map(|value| -> CaptureValue<'a> { value.into() }));
        self
    }

    /// Adds a named argument. Named and positional ones can't be mixed.
    pub fn kwarg<'n: 'a, 'v: 'a>(
        mut self,
        name: impl Into<Cow<'n, str>>,
        value: impl Into<CaptureValue<'v>>,
    ) -> Self {
        let (name, value): (Cow<'a, str>, CaptureValue<'a>) = (name.into(), value.into());
        match self.kwargs.iter_mut().find(|(known, _)| *known == name) {
            Some((_, slot)) => *slot = value,
            None => self.kwargs.push((name, value)),
        }
        self
    }

    /// Adds named arguments.
    pub fn kwargs<'n: 'a, 'v: 'a, K: Into<Cow<'n, str>>, V: Into<CaptureValue<'v>>>(
        self,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        pairs.into_iter().fold(self, |reverse, (name, value)| reverse.kwarg(name, value))
    }

    /// Sets the namespace that the caller is in, which decides between the instances of an application.
    pub fn current_app(mut self, namespace: &'a str) -> Self {
        self.current_app = Some(namespace);
        self
    }

    /// Sets the path under which the site is mounted, Django's script prefix; `/` by default.
    pub fn script_prefix(mut self, prefix: &'a str) -> Self {
        self.prefix =
            if prefix.ends_with('/') { Cow::Borrowed(prefix) } else { Cow::Owned(format!("{prefix}/")) };
        self
    }

    /// Sets the query string, encoded as `urlencode(…, doseq=True)`; without fields there is none.
    pub fn query<'v, K: AsRef<str>, V: Into<QueryValues<'v>>>(
        mut self,
        fields: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let mut query = String::new();
        for (name, values) in fields {
            for value in values.into().0 {
                quote::pair(&mut query, name.as_ref(), &value.to_string());
            }
        }
        self.query = Some(query);
        self
    }

    /// Sets a query string that is already encoded, without the question mark.
    pub fn query_string(mut self, query: impl Into<String>) -> Self {
        self.query = Some(query.into());
        self
    }

    /// Sets the fragment, which is added as it is.
    pub fn fragment(mut self, fragment: impl Into<Cow<'a, str>>) -> Self {
        self.fragment = Some(fragment.into());
        self
    }

    /// Makes the URL.
    ///
    /// # Errors
    /// [`NoReverseMatch`] if a namespace or the name is unknown, or no route of that name takes the arguments.
    pub fn url(self) -> Result<String, NoReverseMatch> {
        let (scope, view) = self.scope()?;
        let mut url = self.path(scope, view)?;
        if let Some(query) = self.query.filter(|query| !query.is_empty()) {
            url.push('?');
            url.push_str(&query);
        }
        if let Some(fragment) = self.fragment {
            url.push('#');
            url.push_str(&fragment);
        }
        Ok(url)
    }

    /// Finds the namespace that the name speaks of.
    fn scope(&self) -> Result<(&'a Scope, &'a str), NoReverseMatch> {
        let (namespaces, view) = self.name.rsplit_once(':').unwrap_or(("", self.name));
        let mut scope = self.root;
        if view.len() == self.name.len() {
            return Ok((scope, view));
        }
        let mut current = self.current_app.filter(|app| !app.is_empty()).map(|app| app.split(':'));
        let mut resolved = Vec::new();
        for wanted in namespaces.split(':') {
            let here = current.as_mut().and_then(Iterator::next);
            let mut namespace = wanted;
            // The name may be that of an application, of which there are several instances.
            if let Some(instances) = scope.apps.get(wanted) {
                match here.filter(|here| instances.iter().any(|instance| instance == here)) {
                    Some(here) if !here.is_empty() => namespace = here,
                    _ if instances.iter().any(|instance| instance == wanted) => {}
                    _ => namespace = instances.last().map_or(wanted, String::as_str),
                }
            }
            if here != Some(namespace) {
                current = None;
            }
            scope = scope
                .namespaces
                .get(namespace)
                .ok_or_else(|| unknown_namespace(scope, namespace, &resolved))?;
            resolved.push(namespace);
        }
        Ok((scope, view))
    }

    fn path(&self, scope: &Scope, view: &str) -> Result<String, NoReverseMatch> {
        if !self.args.is_empty() && !self.kwargs.is_empty() {
            return Err(NoReverseMatch {
                kind: NoReverseMatchKind::MixedArguments,
                message: format!("'{}' was given positional and named arguments; use one kind", self.name),
            });
        }
        let possibilities = scope.names.get(view).map(Vec::as_slice).unwrap_or_default();
        for possibility in possibilities.iter().rev() {
            for candidate in &possibility.candidates {
                if let Some(path) = self.try_candidate(possibility, candidate)? {
                    return Ok(quote::path(&format!("{}{path}", self.prefix)));
                }
            }
        }
        Err(self.no_match(possibilities))
    }

    /// Fills the arguments into a proposal; `None` if they don't fit.
    fn try_candidate(
        &self,
        possibility: &Possibility,
        candidate: &Candidate,
    ) -> Result<Option<String>, NoReverseMatch> {
        let params: Vec<&str> = candidate
            .iter()
            .filter_map(|piece| match piece {
                Piece::Param(ParamName::Named(name)) => Some(&**name),
                _ => None,
            })
            .collect();
        let texts = if self.args.is_empty() {
            if !self.takes_kwargs(possibility, &params) {
                return Ok(None);
            }
            write_all(possibility, self.kwargs.iter().map(|(name, value)| (&**name, value)))
        } else {
            if self.args.len() != params.len() {
                return Ok(None);
            }
            write_all(possibility, params.iter().copied().zip(&self.args))
        };
        let Some(texts) = texts else { return Ok(None) };
        let mut path = String::new();
        for piece in candidate {
            match piece {
                Piece::Text(text) => path.push_str(text),
                Piece::Param(ParamName::Named(name)) => {
                    // Of two equal names the last argument counts, as in a dictionary.
                    let text = texts.iter().rev().find(|(known, _)| *known == &**name).map(|(_, text)| text);
                    path.push_str(text.ok_or_else(|| self.missing(name))?);
                }
                Piece::Param(ParamName::Unnamed(_)) => return Ok(None),
            }
        }
        Ok(possibility.accepts(&path).then_some(path))
    }

    /// Each argument must be a parameter or have a default, each parameter must be given or have a default, and an
    /// argument that is no parameter must equal its default.
    fn takes_kwargs(&self, possibility: &Possibility, params: &[&str]) -> bool {
        let default = |name: &str| possibility.defaults.iter().find(|(known, _)| **known == *name);
        self.kwargs.iter().all(|(name, value)| {
            params.contains(&&**name) || default(name).is_some_and(|(_, default)| default == value)
        }) && params
            .iter()
            .all(|param| self.kwargs.iter().any(|(name, _)| name == param) || default(param).is_some())
    }

    fn missing(&self, name: &str) -> NoReverseMatch {
        NoReverseMatch {
            kind: NoReverseMatchKind::MissingArgument,
            message: format!(
                "'{}' needs the argument '{name}', although the route has a default for it",
                self.name
            ),
        }
    }

    fn no_match(&self, possibilities: &[Possibility]) -> NoReverseMatch {
        if possibilities.is_empty() {
            return NoReverseMatch {
                kind: NoReverseMatchKind::UnknownName,
                message: format!(
                    "no route has the name '{}'; give one .name(…), or check the spelling",
                    self.name
                ),
            };
        }
        let mut given = String::new();
        for value in &self.args {
            let _ = write!(given, "{}'{value}'", separator(&given));
        }
        for (name, value) in &self.kwargs {
            let _ = write!(given, "{}{name}='{value}'", separator(&given));
        }
        let mut seen = HashSet::new();
        let tried: Vec<String> = possibilities
            .iter()
            .rev()
            .map(|possibility| format!("'{}' ({})", possibility.pattern(), possibility.location))
            .filter(|tried| seen.insert(tried.clone()))
            .collect();
        NoReverseMatch {
            kind: NoReverseMatchKind::WrongArguments,
            message: format!(
                "no route '{}' takes the arguments ({given}); tried {}",
                self.name,
                tried.join(", ")
            ),
        }
    }
}

fn separator(before: &str) -> &'static str {
    if before.is_empty() { "" } else { ", " }
}

/// Writes the arguments as text; `None` if a converter refuses one.
fn write_all<'n>(
    possibility: &Possibility,
    arguments: impl Iterator<Item = (&'n str, &'n CaptureValue<'n>)>,
) -> Option<Vec<(&'n str, String)>> {
    arguments
        .map(|(name, value)| {
            let text = match possibility.converter(name) {
                Some(converter) => converter.write(value)?,
                None => value.to_string(),
            };
            Some((name, text))
        })
        .collect()
}

fn unknown_namespace(scope: &Scope, namespace: &str, resolved: &[&str]) -> NoReverseMatch {
    let mut known: Vec<&str> = scope.namespaces.keys().chain(scope.apps.keys()).map(String::as_str).collect();
    known.sort_unstable();
    known.dedup();
    let inside =
        if resolved.is_empty() { String::new() } else { format!(" inside '{}'", resolved.join(":")) };
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    NoReverseMatch {
        kind: NoReverseMatchKind::UnknownNamespace,
        message: format!("'{namespace}' is not a registered namespace{inside}; known are: {known}"),
    }
}
