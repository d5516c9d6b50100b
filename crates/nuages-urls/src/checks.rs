//! What is doubtful in single patterns and among names; most of it Django's own system checks.

use crate::entry::{Entry, Goal, Syntax};
use crate::error::{UrlError, UrlErrorKind, UrlWarning};
use crate::scope::{Possibility, Scope};
use crate::shape::{Candidate, ParamName, Piece};

/// Checks a pattern as it was written.
pub(crate) fn pattern<T>(entry: &Entry<T>, warnings: &mut Vec<UrlWarning>) {
    let source = entry.source.as_str();
    let mut warn = |id, message: &str| {
        warnings.push(UrlWarning {
            id,
            route: entry.source.clone(),
            location: entry.location,
            message: message.to_owned(),
        });
    };
    let endpoint = matches!(entry.goal, Goal::View(_));
    let is_path = entry.syntax == Syntax::Path;
    let slash = if is_path {
        source.starts_with('/')
    } else {
        ["/", "^/", r"^\/"].iter().any(|s| source.starts_with(s))
    };
    if slash && ((is_path && endpoint) || !source.ends_with('/')) {
        warn(
            "urls.W002",
            "the pattern begins with '/', which no path has left at that place; remove the slash",
        );
    }
    if !is_path && !endpoint && source.ends_with('$') && !source.ends_with(r"\$") {
        warn(
            "urls.W001",
            "the pattern of an included table ends in '$', so nothing can follow; remove the '$'",
        );
    }
    if is_path && (source.contains("(?P<") || source.starts_with('^') || source.ends_with('$')) {
        warn(
            "2_0.W001",
            "the pattern looks like a regular expression; use re_path(), or leave out '(?P<', '^' and '$'",
        );
    }
    if entry.name.as_ref().is_some_and(|name| name.contains(':')) {
        warn("urls.W003", "the name has a ':' in it and is read as a namespace; remove the colon");
    }
}

/// Finds routes that have the same name and take the same arguments, of which only the last can ever be reversed.
pub(crate) fn conflicting_names(scope: &Scope, namespace: &str, errors: &mut Vec<UrlError>) {
    let mut names: Vec<_> = scope.names.iter().collect();
    names.sort_unstable_by_key(|(name, _)| *name);
    for (name, possibilities) in names {
        for (position, later) in possibilities.iter().enumerate() {
            let earlier = possibilities.iter().take(position).find(|earlier| hides(later, earlier));
            if let Some(earlier) = earlier {
                errors.push(UrlError {
                    kind: UrlErrorKind::ConflictingName,
                    route: later.pattern(),
                    location: later.location,
                    message: format!(
                        "the name '{namespace}{name}' and its arguments are those of the route '{}' ({}), which could \
                         not be reversed any more; give one another name, or include it under a namespace",
                        earlier.pattern(),
                        earlier.location
                    ),
                });
            }
        }
    }
    let mut namespaces: Vec<_> = scope.namespaces.iter().collect();
    namespaces.sort_unstable_by_key(|(name, _)| *name);
    for (name, inner) in namespaces {
        conflicting_names(inner, &format!("{namespace}{name}:"), errors);
    }
}

/// Tells whether `later` takes all arguments that `earlier` takes, and leads elsewhere. Where that can't be known,
/// as with regular expressions, the answer is no.
fn hides(later: &Possibility, earlier: &Possibility) -> bool {
    later.pattern() != earlier.pattern()
        && later.defaults == earlier.defaults
        && earlier.candidates.iter().all(|candidate| {
            let wanted = params(candidate);
            later.candidates.iter().any(|other| params(other) == wanted)
                && wanted.iter().all(|name| match (later.converter(name), earlier.converter(name)) {
                    (Some(later), Some(earlier)) => later.covers(earlier),
                    _ => false,
                })
        })
}

fn params(candidate: &Candidate) -> Vec<&str> {
    candidate
        .iter()
        .filter_map(|piece| match piece {
            Piece::Param(ParamName::Named(name)) => Some(&**name),
            _ => None,
        })
        .collect()
}
