//! From entries to a table: every mistake is collected, none stops the rest.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::panic::Location;
use std::sync::Arc;

use crate::checks;
use crate::converter::Converters;
use crate::coverage;
use crate::entry::{Entry, Goal, Syntax};
use crate::error::{UrlError, UrlErrorKind, UrlErrors, UrlWarning};
use crate::index::{Index, Key};
use crate::matcher::Matcher;
use crate::pattern::{Body, Pattern, Token};
use crate::route::{Level, Route, parameters};
use crate::scope::{Kwargs, Possibility, Scope};
use crate::table::{Branch, Leaf, Node, Table, Then};

/// What a built table consists of.
pub(crate) type Compiled<T> = (Table<T>, Scope, Vec<UrlWarning>);

/// Builds a table, asking `check` of each route.
///
/// # Errors
/// [`UrlErrors`] with everything that is wrong.
pub(crate) fn compile<T>(
    entries: Vec<Entry<T>>,
    converters: &Converters,
    check: impl FnMut(&Route, &T) -> Result<(), String>,
) -> Result<Compiled<T>, UrlErrors> {
    let mut compiler = Compiler {
        converters,
        check,
        nodes: Vec::new(),
        leaves: Vec::new(),
        chains: Vec::new(),
        errors: Vec::new(),
        warnings: Vec::new(),
        broken: false,
    };
    for (name, message, location) in &converters.mistakes {
        compiler.error(UrlErrorKind::Converter, name, location, message.clone());
    }
    let mut scope = Scope::default();
    let mut list = List::default();
    compiler.list(entries, "", &Chain::default(), &mut list, &mut scope);
    let root = compiler.finish(list);
    if !compiler.broken {
        checks::conflicting_names(&scope, "", &mut compiler.errors);
    }
    if !compiler.errors.is_empty() {
        return Err(UrlErrors(compiler.errors));
    }
    let routes: Vec<&Route> = compiler.leaves.iter().map(|leaf| &*leaf.route).collect();
    compiler.warnings.extend(coverage::covered(&compiler.chains, &routes));
    let table = Table { nodes: compiler.nodes, root, leaves: compiler.leaves };
    Ok((table, scope, compiler.warnings))
}

struct Compiler<'c, T, F> {
    converters: &'c Converters,
    check: F,
    nodes: Vec<Node>,
    leaves: Vec<Leaf<T>>,
    /// The patterns of each leaf.
    chains: Vec<Vec<Arc<Pattern>>>,
    errors: Vec<UrlError>,
    warnings: Vec<UrlWarning>,
    /// Whether a pattern is missing, so that names can't be compared.
    broken: bool,
}

/// A list under construction.
#[derive(Default)]
struct List {
    branches: Vec<Branch>,
    keys: Vec<Key>,
}

/// What leads to the list that is being built.
#[derive(Clone, Default)]
struct Chain {
    patterns: Vec<Arc<Pattern>>,
    kwargs: Vec<Kwargs>,
    /// How many of the patterns lie outside of the innermost namespace.
    outside: usize,
    app_names: Vec<String>,
    namespaces: Vec<String>,
}

/// The parts of an entry that are left when its goal is taken.
struct Head {
    source: String,
    name: Option<String>,
    view_path: Option<String>,
    location: &'static Location<'static>,
}

impl<T, F: FnMut(&Route, &T) -> Result<(), String>> Compiler<'_, T, F> {
    fn error(
        &mut self,
        kind: UrlErrorKind,
        route: &str,
        location: &'static Location<'static>,
        message: impl Into<String>,
    ) {
        self.errors.push(UrlError { kind, route: route.to_owned(), location, message: message.into() });
    }

    fn list(
        &mut self,
        entries: Vec<Entry<T>>,
        lead: &str,
        chain: &Chain,
        list: &mut List,
        scope: &mut Scope,
    ) {
        for entry in entries {
            self.entry(entry, lead, chain, list, scope);
        }
    }

    fn entry(&mut self, entry: Entry<T>, lead: &str, chain: &Chain, list: &mut List, scope: &mut Scope) {
        self.check_options(&entry);
        let endpoint = matches!(entry.goal, Goal::View(_));
        checks::pattern(&entry, &mut self.warnings);
        let parsed = Pattern::parse(entry.syntax, &entry.source, endpoint, self.converters);
        let pattern = match parsed {
            Ok(pattern) => Arc::new(pattern),
            Err(mistakes) => {
                for (kind, message) in mistakes {
                    self.error(kind, &entry.source, entry.location, message);
                }
                self.broken = true;
                if !matches!(entry.goal, Goal::Include(_)) {
                    return;
                }
                // What is included is still looked through for its own mistakes.
                match Pattern::parse(Syntax::Path, "", endpoint, self.converters) {
                    Ok(pattern) => Arc::new(pattern),
                    Err(_) => return,
                }
            }
        };
        let (own, matcher) = match Matcher::new(&pattern) {
            Ok(made) => made,
            Err(message) => return self.error(UrlErrorKind::Regex, &entry.source, entry.location, message),
        };
        let lead = format!("{lead}{own}");
        let mut chain = chain.clone();
        chain.patterns.push(Arc::clone(&pattern));
        let kwargs: Kwargs = entry.kwargs.into_iter().map(|(name, value)| (Arc::from(name), value)).collect();
        chain.kwargs.push(kwargs);
        let head = Head {
            source: entry.source,
            name: entry.name,
            view_path: entry.view_path,
            location: entry.location,
        };
        let then = match entry.goal {
            Goal::View(target) | Goal::Mount(target) => {
                self.leaf(target, head, &chain, scope);
                Then::Leaf(self.leaves.len().saturating_sub(1))
            }
            Goal::Include(entries) => {
                let mut inner = Scope::default();
                let namespace = entry.namespace.or_else(|| entry.app_name.clone());
                let inner_scope = match (&entry.app_name, &namespace) {
                    (Some(app_name), Some(namespace)) => {
                        chain.app_names.push(app_name.clone());
                        chain.namespaces.push(namespace.clone());
                        chain.outside = chain.patterns.len();
                        &mut inner
                    }
                    _ => &mut *scope,
                };
                if let Matcher::Nothing { .. } = matcher {
                    self.list(entries, &lead, &chain, list, inner_scope);
                    self.close(inner, namespace, entry.app_name, &head, scope);
                    return;
                }
                let mut included = List::default();
                self.list(entries, "", &chain, &mut included, inner_scope);
                self.close(inner, namespace, entry.app_name, &head, scope);
                Then::Node(self.finish(included))
            }
        };
        list.keys.push(key(&lead, &matcher, &pattern));
        list.branches.push(Branch { lead: lead.into(), matcher, then });
    }

    /// Puts a finished namespace where it belongs.
    fn close(
        &mut self,
        inner: Scope,
        namespace: Option<String>,
        app_name: Option<String>,
        head: &Head,
        scope: &mut Scope,
    ) {
        let (Some(namespace), Some(app_name)) = (namespace, app_name) else { return };
        scope.apps.entry(app_name).or_default().push(namespace.clone());
        match scope.namespaces.entry(namespace) {
            // As in Django, the first that was declared is reversed.
            Slot::Occupied(taken) => self.warnings.push(UrlWarning {
                id: "urls.W005",
                route: head.source.clone(),
                location: head.location,
                message: format!(
                    "the namespace '{}' is not unique, so not all its routes can be reversed; \
                     give the table another namespace",
                    taken.key()
                ),
            }),
            Slot::Vacant(slot) => {
                slot.insert(inner);
            }
        }
    }

    fn check_options(&mut self, entry: &Entry<T>) {
        let mut wrong = |kind, message: &str| {
            self.errors.push(UrlError {
                kind,
                route: entry.source.clone(),
                location: entry.location,
                message: message.to_owned(),
            });
        };
        if matches!(entry.goal, Goal::Include(_)) {
            if entry.name.is_some() || entry.view_path.is_some() {
                wrong(UrlErrorKind::MisplacedOption, "an included table has no name; use .namespace(…)");
            }
            if entry.namespace.is_some() && entry.app_name.is_none() {
                wrong(
                    UrlErrorKind::NamespaceWithoutAppName,
                    "a namespace needs an application name as well; add .app_name(…)",
                );
            }
        } else if entry.namespace.is_some() || entry.app_name.is_some() {
            wrong(UrlErrorKind::MisplacedOption, "only an included table has a namespace; use .name(…)");
        }
        for name in [&entry.namespace, &entry.app_name].into_iter().flatten() {
            if name.is_empty() || name.contains(':') {
                wrong(UrlErrorKind::MisplacedOption, "a namespace is not empty and has no ':' in it");
            }
        }
    }

    /// Makes the leaf of a view, and enters its name.
    fn leaf(&mut self, target: T, head: Head, chain: &Chain, scope: &mut Scope) {
        let mut levels = Vec::with_capacity(chain.patterns.len());
        let mut before = 0;
        for (pattern, kwargs) in chain.patterns.iter().zip(&chain.kwargs) {
            let captures = before..before + pattern.captures.len();
            before = captures.end;
            let names = pattern.captures.iter().filter_map(|capture| capture.name.clone()).collect();
            levels.push(Level { captures, names, kwargs: kwargs.clone() });
        }
        let view_name = {
            let mut parts = chain.namespaces.clone();
            parts.extend(head.name.clone().or_else(|| head.view_path.clone()));
            parts.join(":")
        };
        let route = Route {
            route: join_routes(&chain.patterns),
            chain: chain.patterns.iter().map(|pattern| pattern.source.clone()).collect(),
            url_name: head.name.clone(),
            view_path: head.view_path,
            view_name,
            app_name: chain.app_names.join(":"),
            app_names: chain.app_names.clone(),
            namespace: chain.namespaces.join(":"),
            namespaces: chain.namespaces.clone(),
            location: head.location,
            is_mount: chain.patterns.last().is_some_and(|pattern| !pattern.endpoint),
            parameters: parameters(&chain.patterns, &levels),
            levels,
        };
        if let Err(message) = (self.check)(&route, &target) {
            self.error(UrlErrorKind::View, &head.source, head.location, message);
        }
        if let Some(name) = head.name {
            match Possibility::new(chain.patterns.clone(), defaults(chain), head.location) {
                Ok(possibility) => scope.names.entry(name).or_default().push(possibility),
                Err(message) => self.error(UrlErrorKind::Regex, &head.source, head.location, message),
            }
        }
        self.leaves.push(Leaf { target, route: Arc::new(route), literal: literal(&chain.patterns) });
        self.chains.push(chain.patterns.clone());
    }

    fn finish(&mut self, list: List) -> usize {
        let index = Index::new(&list.keys);
        self.nodes.push(Node { branches: list.branches, index });
        self.nodes.len() - 1
    }
}

/// The routes joined as Django does: `^` is dropped wherever something stands before it.
fn join_routes(patterns: &[Arc<Pattern>]) -> String {
    let mut route = String::new();
    for pattern in patterns {
        let source = if route.is_empty() {
            &pattern.source
        } else {
            pattern.source.strip_prefix('^').unwrap_or(&pattern.source)
        };
        route.push_str(source);
    }
    route
}

/// The arguments that `reverse` compares: those of the route and of the tables around it, up to the namespace. The
/// outer ones win, as in Django, although they lose when a path is resolved.
fn defaults(chain: &Chain) -> Kwargs {
    let mut merged = HashMap::new();
    let mut order = Vec::new();
    for (name, value) in chain.kwargs.get(chain.outside..).unwrap_or_default().iter().rev().flatten() {
        if merged.insert(Arc::clone(name), value.clone()).is_none() {
            order.push(Arc::clone(name));
        }
    }
    order.into_iter().filter_map(|name| merged.remove(&name).map(|value| (name, value))).collect()
}

/// The path of a chain of `path()` patterns without captures.
fn literal(patterns: &[Arc<Pattern>]) -> Option<String> {
    let mut path = String::from("/");
    for pattern in patterns {
        let Body::Path(tokens) = &pattern.body else { return None };
        for token in tokens {
            let Token::Text(text) = token else { return None };
            path.push_str(text);
        }
    }
    patterns.last().is_some_and(|pattern| pattern.endpoint).then_some(path)
}

fn key(lead: &str, matcher: &Matcher, pattern: &Pattern) -> Key {
    let exact = matches!(matcher, Matcher::Nothing { endpoint: true });
    let head = match &pattern.body {
        Body::Regex(body) if !body.is_literal => body.head.as_str(),
        _ => "",
    };
    Key { text: format!("{lead}{head}"), exact }
}
