//! The index: which routes can match a path at all.
//!
//! Each route of a list has a key, the literal text that every path it matches begins with. matchit finds the longest
//! key that the path begins with, and with it, in order of declaration, the routes whose key is a beginning of that
//! one. These are all routes that can match, and they are then tried in that order, so the answer is the answer of the
//! whole list. What matchit finds is compared with this definition when the index is built; where it disagreed, or
//! where the index would be large, the list is tried from the start.

use std::collections::HashMap;

use matchit::Router;

/// Lists of routes under keys that contain each other can grow quadratically; beyond this an index is no gain.
const MAX_ENTRIES: usize = 1 << 20;

/// What every path that a route matches begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) text: String,
    /// Whether the path is that text and nothing else.
    pub(crate) exact: bool,
}

impl Key {
    /// Tells whether a path may be matched by the route of this key.
    fn admits(&self, path: &str) -> bool {
        if self.exact { path == self.text } else { path.starts_with(&self.text) }
    }
}

pub(crate) enum Index {
    /// Every route may match.
    Linear,
    Keyed(Box<Keyed>),
}

pub(crate) struct Keyed {
    router: Router<usize>,
    lists: Vec<Box<[usize]>>,
    /// The routes for a path without a known beginning.
    otherwise: Box<[usize]>,
    /// The routes for the empty path, which matchit does not match.
    empty: Box<[usize]>,
}

impl Index {
    /// Makes the index of a list of routes.
    pub(crate) fn new(keys: &[Key]) -> Self {
        if keys.iter().all(|key| key.text.is_empty() && !key.exact) {
            return Self::Linear;
        }
        match Keyed::new(keys) {
            Some(keyed) if keyed.agrees(keys) => Self::Keyed(Box::new(keyed)),
            _ => Self::Linear,
        }
    }

    /// The routes that may match, in order; `None` for all of them.
    #[inline]
    pub(crate) fn candidates(&self, path: &str) -> Option<&[usize]> {
        match self {
            Self::Linear => None,
            Self::Keyed(keyed) => Some(keyed.candidates(path)),
        }
    }
}

impl Keyed {
    fn new(keys: &[Key]) -> Option<Self> {
        let mut open: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut exact: HashMap<&str, Vec<usize>> = HashMap::new();
        for (position, key) in keys.iter().enumerate() {
            let lists = if key.exact { &mut exact } else { &mut open };
            lists.entry(&key.text).or_default().push(position);
        }
        let beginning_with = |text: &str| {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            let found = ends.filter_map(|end| open.get(text.get(..end)?));
            found.flatten().copied().collect::<Vec<usize>>()
        };
        let mut keyed = Self {
            router: Router::new(),
            lists: Vec::new(),
            otherwise: open.get("").cloned().unwrap_or_default().into(),
            empty: Box::default(),
        };
        let mut entries = 0;
        let mut texts: Vec<&str> = open.keys().chain(exact.keys()).copied().collect();
        texts.sort_unstable();
        texts.dedup();
        for text in texts {
            let longer = beginning_with(text);
            let mut whole = longer.clone();
            whole.extend(exact.get(text).into_iter().flatten());
            entries += longer.len() + whole.len();
            if entries > MAX_ENTRIES {
                return None;
            }
            if text.is_empty() {
                keyed.empty = sorted(whole);
                continue;
            }
            let literal = text.replace('{', "{{").replace('}', "}}");
            if open.contains_key(text) {
                keyed.router.insert(format!("{literal}{{*rest}}"), keyed.lists.len()).ok()?;
                keyed.lists.push(sorted(longer));
            }
            keyed.router.insert(literal, keyed.lists.len()).ok()?;
            keyed.lists.push(sorted(whole));
        }
        if !open.contains_key("") && !exact.contains_key("") {
            keyed.empty = Box::default();
        }
        Some(keyed)
    }

    #[inline]
    fn candidates(&self, path: &str) -> &[usize] {
        if path.is_empty() {
            return &self.empty;
        }
        match self.router.at(path) {
            Ok(found) => self.lists.get(*found.value).map_or(&self.otherwise, |list| list),
            Err(_) => &self.otherwise,
        }
    }

    /// Compares the index with its definition, for each key and for a path that goes on after it.
    fn agrees(&self, keys: &[Key]) -> bool {
        let mut by_length: HashMap<&str, Vec<usize>> = HashMap::new();
        for (position, key) in keys.iter().enumerate() {
            by_length.entry(&key.text).or_default().push(position);
        }
        let defined = |path: &str| {
            let ends = path.char_indices().map(|(at, _)| at).chain([path.len()]);
            let known = ends.filter_map(|end| by_length.get(path.get(..end)?)).flatten().copied();
            sorted(known.filter(|at| keys.get(*at).is_some_and(|key| key.admits(path))).collect())
        };
        by_length.keys().all(|text| {
            let paths = [(*text).to_owned(), format!("{text}\u{1}"), format!("{text}/\u{1}/")];
            paths.iter().all(|path| *self.candidates(path) == *defined(path))
        })
    }
}

fn sorted(mut list: Vec<usize>) -> Box<[usize]> {
    list.sort_unstable();
    list.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        match text.strip_suffix('!') {
            Some(text) => Key { text: text.into(), exact: true },
            None => Key { text: text.into(), exact: false },
        }
    }

    #[test]
    fn candidates_are_those_of_the_definition() {
        let keys: Vec<Key> =
            ["a/", "a/b!", "", "ab", "a", "{x}/", "ünï/", "!", "a/b", "{{", "*", "{*r}!", "ab/c/", "a/b!"]
                .map(key)
                .into();
        let index = Index::new(&keys);
        assert!(matches!(index, Index::Keyed(_)));
        for path in [
            "", "a", "a/", "a/b", "a/bc", "ab", "abc", "ab/c/d", "{x}/y", "{x", "ünï/x", "ünü", "q", "{{}",
            "*x", "{*r}", "/", "//",
        ] {
            let expected: Vec<usize> =
                (0..keys.len()).filter(|at| keys.get(*at).is_some_and(|key| key.admits(path))).collect();
            assert_eq!(index.candidates(path).unwrap(), expected, "{path}");
        }
    }

    #[test]
    fn an_index_that_would_be_large_is_not_made() {
        let keys: Vec<Key> = (0..3000).map(|n| Key { text: "a".repeat(n % 1500), exact: false }).collect();
        assert!(matches!(Index::new(&keys), Index::Linear));
    }
}
