//! Routes that no path reaches, because an earlier one takes all that they would match.
//!
//! The answer is conservative: only `path()` patterns are compared whose segments are each a text or a single
//! capture, and chains written exactly alike. A `path` capture counts as covering `str`, although a line feed
//! would tell them apart.

use std::collections::HashMap;
use std::sync::Arc;

use crate::builtin::Builtin;
use crate::converter::AnyConverter;
use crate::error::UrlWarning;
use crate::pattern::{Body, Pattern, Token};
use crate::route::Route;

/// Comparisons made at most; a table that needs more is not searched any further.
const MAX_COMPARISONS: usize = 4_000_000;

/// What stands between two slashes.
enum Segment<'a> {
    Text(String),
    Capture(&'a AnyConverter),
}

struct Shape<'a> {
    segments: Vec<Segment<'a>>,
    /// Whether anything may follow the last segment.
    open: bool,
}

/// How a chain of `path()` patterns begins.
struct Head {
    text: String,
    /// Whether there are captures after the text.
    more: bool,
    then: Then,
}

/// What may follow the text of a head.
#[derive(PartialEq, Eq)]
enum Then {
    /// What the pattern says.
    Specific,
    /// Anything that is not empty.
    Something,
    /// Anything or nothing.
    Anything,
}

impl Head {
    /// Tells whether a route that begins so is covered by this catch-all.
    fn takes(&self, later: &Self) -> bool {
        let more = later.more || later.text.len() > self.text.len();
        later.text.starts_with(&self.text)
            && match self.then {
                Then::Specific => false,
                Then::Something => more && later.then != Then::Anything,
                Then::Anything => true,
            }
    }
}

fn head(chain: &[Arc<Pattern>]) -> Option<Head> {
    let mut text = String::new();
    let mut captures = Vec::new();
    for pattern in chain {
        let Body::Path(tokens) = &pattern.body else { return None };
        for token in tokens {
            match token {
                Token::Text(part) if captures.is_empty() => text.push_str(part),
                // A text after a capture.
                Token::Text(_) => captures.push(None),
                Token::Capture(index) => captures.push(pattern.captures.get(*index)?.converter.as_ref()),
            }
        }
    }
    let endpoint = chain.last()?.endpoint;
    let then = match captures.as_slice() {
        [] if !endpoint => Then::Anything,
        [Some((_, converter))] if endpoint && is_path(converter) => Then::Something,
        _ => Then::Specific,
    };
    Some(Head { text, more: !captures.is_empty(), then })
}

/// Warns of each route that an earlier one covers.
pub(crate) fn covered(chains: &[Vec<Arc<Pattern>>], routes: &[&Route]) -> Vec<UrlWarning> {
    let shapes: Vec<Option<Shape<'_>>> = chains.iter().map(|chain| shape(chain)).collect();
    let mut warnings = Vec::new();
    let mut sources: HashMap<String, usize> = HashMap::new();
    // Earlier routes by their first segment, and those whose first segment is a capture.
    let mut by_text: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut by_capture: Vec<usize> = Vec::new();
    let mut catch_alls: Vec<(usize, Head)> = Vec::new();
    let mut comparisons = 0;
    for (at, (chain, later)) in chains.iter().zip(&shapes).enumerate() {
        let Some(route) = routes.get(at) else { continue };
        // A route without captures matches one path, and is looked up when the table is built.
        let fixed = later.as_ref().is_some_and(|later| !has_capture(later));
        let same = if fixed { at } else { *sources.entry(identity(chain)).or_insert(at) };
        let mut hidden_by = (same != at).then_some(same);
        if let Some(head) = head(chain) {
            if hidden_by.is_none() && !fixed {
                hidden_by = catch_alls.iter().find(|(_, earlier)| earlier.takes(&head)).map(|(at, _)| *at);
            }
            if head.then != Then::Specific {
                catch_alls.push((at, head));
            }
        }
        if let Some(later) = later {
            let first = match later.segments.first() {
                Some(Segment::Text(text)) => Some(text.as_str()),
                _ => None,
            };
            let alike = first.and_then(|text| by_text.get(text)).map(Vec::as_slice).unwrap_or_default();
            if hidden_by.is_none() && !fixed && comparisons < MAX_COMPARISONS {
                comparisons += alike.len() + by_capture.len();
                let earlier = alike.iter().chain(&by_capture).copied();
                hidden_by = earlier
                    .filter(|earlier| {
                        shapes
                            .get(*earlier)
                            .and_then(Option::as_ref)
                            .is_some_and(|earlier| covers(earlier, later))
                    })
                    .min();
            }
            match later.segments.first() {
                Some(Segment::Text(text)) if !(later.open && later.segments.len() == 1) => {
                    by_text.entry(text).or_default().push(at);
                }
                _ => by_capture.push(at),
            }
        }
        if let Some(earlier) = hidden_by.and_then(|earlier| routes.get(earlier)) {
            warnings.push(warning(route, earlier));
        }
    }
    warnings
}

/// The warning that a route is hidden by an earlier one.
pub(crate) fn warning(route: &Route, earlier: &Route) -> UrlWarning {
    UrlWarning {
        id: "nuages.urls.W001",
        route: route.route().to_owned(),
        location: route.location(),
        message: format!(
            "no path reaches the route, because '{}' ({}) comes first and matches all of them; declare this one before",
            earlier.route(),
            earlier.location()
        ),
    }
}

/// A text that is equal only for chains of equal patterns.
fn identity(chain: &[Arc<Pattern>]) -> String {
    let mut identity = String::new();
    for pattern in chain {
        identity.push(match pattern.body {
            Body::Path(_) => 'p',
            Body::Regex(_) => 'r',
        });
        identity.push(if pattern.endpoint { '.' } else { '/' });
        for capture in &pattern.captures {
            // Converters of one name are the same in one table.
            identity.push_str(capture.converter.as_ref().map_or("", |(name, _)| name));
            identity.push(':');
        }
        match &pattern.body {
            Body::Path(tokens) => {
                for token in tokens {
                    match token {
                        Token::Text(text) => identity.push_str(text),
                        Token::Capture(_) => identity.push('\0'),
                    }
                }
            }
            Body::Regex(body) => identity.push_str(&body.engine),
        }
        identity.push('\u{1}');
    }
    identity
}

/// Cuts a chain into segments; `None` if it can't be compared.
fn shape(chain: &[Arc<Pattern>]) -> Option<Shape<'_>> {
    let mut segments: Vec<Option<Segment<'_>>> = vec![None];
    for (position, pattern) in chain.iter().enumerate() {
        let Body::Path(tokens) = &pattern.body else { return None };
        let innermost = position + 1 == chain.len();
        // A prefix takes all it can; only after a slash is that what the joined pattern does.
        let ends_in_slash = matches!(tokens.last(), Some(Token::Text(text)) if text.ends_with('/'));
        if !innermost && !pattern.captures.is_empty() && !ends_in_slash {
            return None;
        }
        for (at, token) in tokens.iter().enumerate() {
            match token {
                Token::Text(text) => {
                    for (part, text) in text.split('/').enumerate() {
                        if part > 0 {
                            segments.push(None);
                        }
                        if text.is_empty() {
                            continue;
                        }
                        match segments.last_mut()? {
                            empty @ None => *empty = Some(Segment::Text(text.to_owned())),
                            Some(Segment::Text(before)) => before.push_str(text),
                            Some(Segment::Capture(_)) => return None,
                        }
                    }
                }
                Token::Capture(index) => {
                    let (_, converter) = pattern.captures.get(*index)?.converter.as_ref()?;
                    let last = innermost && pattern.endpoint && at + 1 == tokens.len();
                    if is_path(converter) && !last {
                        return None;
                    }
                    let segment = segments.last_mut()?;
                    if segment.is_some() {
                        return None;
                    }
                    *segment = Some(Segment::Capture(converter));
                }
            }
        }
    }
    let open = chain.last().is_some_and(|pattern| !pattern.endpoint);
    let segments =
        segments.into_iter().map(|segment| segment.unwrap_or_else(|| Segment::Text(String::new())));
    Some(Shape { segments: segments.collect(), open })
}

fn is_path(converter: &AnyConverter) -> bool {
    matches!(converter, AnyConverter::Builtin(Builtin::Path))
}

fn has_capture(shape: &Shape<'_>) -> bool {
    shape.open || shape.segments.iter().any(|segment| matches!(segment, Segment::Capture(_)))
}

/// Tells whether every path that `later` matches is matched by `earlier`.
fn covers(earlier: &Shape<'_>, later: &Shape<'_>) -> bool {
    if later.open && !earlier.open {
        return false;
    }
    let Some((last, before)) = earlier.segments.split_last() else { return false };
    if later.segments.len() <= before.len() {
        return false;
    }
    let (beginning, rest) = later.segments.split_at(before.len());
    if !before.iter().zip(beginning).all(|(earlier, later)| segment_covers(earlier, later)) {
        return false;
    }
    match (last, rest) {
        (Segment::Capture(converter), rest) if is_path(converter) => {
            !matches!(rest, [Segment::Text(text)] if text.is_empty())
        }
        (Segment::Text(text), [first, ..]) if earlier.open => match first {
            Segment::Text(other) => other.starts_with(text.as_str()),
            Segment::Capture(_) => text.is_empty(),
        },
        (last, [only]) => !earlier.open && segment_covers(last, only),
        _ => false,
    }
}

fn segment_covers(earlier: &Segment<'_>, later: &Segment<'_>) -> bool {
    match (earlier, later) {
        (Segment::Text(a), Segment::Text(b)) => a == b,
        (Segment::Text(_), Segment::Capture(_)) => false,
        (Segment::Capture(AnyConverter::Builtin(builtin)), Segment::Text(text)) => {
            !text.is_empty() && builtin.run(text) == text.len() && builtin.read(text).is_some()
        }
        (Segment::Capture(AnyConverter::Custom(_)), Segment::Text(_)) => false,
        (Segment::Capture(a), Segment::Capture(b)) => a.covers(b),
    }
}
