//! The built table: lists of branches, each with its index, and the leaves they lead to.

use std::sync::Arc;

use crate::index::Index;
use crate::matcher::Matcher;
use crate::route::Route;
use crate::value::Values;

/// All routes of a resolver.
pub(crate) struct Table<T> {
    pub(crate) nodes: Vec<Node>,
    pub(crate) root: usize,
    pub(crate) leaves: Vec<Leaf<T>>,
}

/// A list of patterns that stand beside each other. Tables included under a literal prefix are part of the list.
pub(crate) struct Node {
    pub(crate) branches: Vec<Branch>,
    pub(crate) index: Index,
}

/// One pattern of a list.
pub(crate) struct Branch {
    /// The literal text before anything else.
    pub(crate) lead: Box<str>,
    pub(crate) matcher: Matcher,
    pub(crate) then: Then,
}

/// What follows a pattern.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Then {
    Leaf(usize),
    Node(usize),
}

pub(crate) struct Leaf<T> {
    pub(crate) target: T,
    pub(crate) route: Arc<Route>,
    /// The only path that the route matches, if it has no captures.
    pub(crate) literal: Option<String>,
}

/// Whether the index is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Search {
    Indexed,
    Linear,
}

impl<T> Table<T> {
    /// Finds the first leaf that matches, and what is left of the path after it.
    #[inline]
    pub(crate) fn find<'a>(
        &self,
        search: Search,
        path: &'a str,
        values: &mut Values<'a>,
    ) -> Option<(usize, &'a str)> {
        self.descend(search, self.root, path, values)
    }

    fn descend<'a>(
        &self,
        search: Search,
        node: usize,
        path: &'a str,
        values: &mut Values<'a>,
    ) -> Option<(usize, &'a str)> {
        let node = self.nodes.get(node)?;
        let candidates = if search == Search::Indexed { node.index.candidates(path) } else { None };
        match candidates {
            Some(candidates) => candidates
                .iter()
                .find_map(|position| self.branch(search, node.branches.get(*position)?, path, values)),
            None => node.branches.iter().find_map(|branch| self.branch(search, branch, path, values)),
        }
    }

    #[inline]
    fn branch<'a>(
        &self,
        search: Search,
        branch: &Branch,
        path: &'a str,
        values: &mut Values<'a>,
    ) -> Option<(usize, &'a str)> {
        let rest = path.strip_prefix(&*branch.lead)?;
        let before = values.len();
        let found = branch.matcher.run(rest, values).and_then(|rest| match branch.then {
            Then::Leaf(leaf) => Some((leaf, rest)),
            Then::Node(node) => self.descend(search, node, rest, values),
        });
        if found.is_none() {
            values.truncate(before);
        }
        found
    }
}
