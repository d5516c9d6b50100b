//! The values that a pickle made, by number; and the tree of them.

use chrono::FixedOffset;

use super::error::PickleError;
use super::limits::Limits;
use super::shape::Class;
use super::value::Value;

/// The number of a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Id(u32);

impl Id {
    fn index(self) -> usize {
        // 32 bits fit.
        self.0 as usize
    }
}

pub(super) enum Node {
    /// A value that holds no other.
    Leaf(Value),
    /// A time zone, which is no value, but a part of one.
    Zone(FixedOffset),
    /// A class, likewise.
    Class(Class),
    List(Vec<Id>),
    Tuple(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    Set(Vec<Id>),
    FrozenSet(Vec<Id>),
}

pub(super) struct Table {
    nodes: Vec<Node>,
    limits: Limits,
}

const NO_NODE: PickleError = PickleError::Malformed("a value is missing");

impl Table {
    pub(super) fn new(limits: Limits) -> Table {
        Table { nodes: Vec::new(), limits }
    }

    pub(super) fn add(&mut self, node: Node) -> Result<Id, PickleError> {
        if self.nodes.len() >= self.limits.values {
            return Err(PickleError::Limit("values"));
        }
        let id = u32::try_from(self.nodes.len()).map_err(|_| PickleError::Limit("values"))?;
        self.nodes.push(node);
        Ok(Id(id))
    }

    pub(super) fn node(&self, id: Id) -> Result<&Node, PickleError> {
        self.nodes.get(id.index()).ok_or(NO_NODE)
    }

    pub(super) fn node_mut(&mut self, id: Id) -> Result<&mut Node, PickleError> {
        self.nodes.get_mut(id.index()).ok_or(NO_NODE)
    }

    /// The tree under `root`.
    pub(super) fn build(self, root: Id) -> Result<Value, PickleError> {
        let mut uses = vec![0u32; self.nodes.len()];
        let mut count = |id: &Id| {
            if let Some(uses) = uses.get_mut(id.index()) {
                *uses = uses.saturating_add(1);
            }
        };
        count(&root);
        for node in &self.nodes {
            match node {
                Node::List(items) | Node::Tuple(items) | Node::Set(items) | Node::FrozenSet(items) => {
                    items.iter().for_each(&mut count);
                }
                Node::Dict(entries) => entries.iter().for_each(|(key, value)| {
                    count(key);
                    count(value);
                }),
                Node::Leaf(_) | Node::Zone(_) | Node::Class(_) => {}
            }
        }
        let Limits { size, depth, values } = self.limits;
        Builder { nodes: self.nodes, uses, size, values }.build(root, depth, false)
    }
}

struct Builder {
    nodes: Vec<Node>,
    /// How often each is referred to: what is used once is moved, what is shared is copied.
    uses: Vec<u32>,
    /// Bytes of text that the tree may still take.
    size: usize,
    /// Values that the tree may still take.
    values: usize,
}

impl Builder {
    /// The tree under `id`, which is `shared` if something above it is.
    fn build(&mut self, id: Id, depth: usize, shared: bool) -> Result<Value, PickleError> {
        self.values = self.values.checked_sub(1).ok_or(PickleError::Limit("values"))?;
        let shared = shared || self.uses.get(id.index()).is_none_or(|uses| *uses > 1);
        let node = self.nodes.get_mut(id.index()).ok_or(NO_NODE)?;
        let items_of = |items: &mut Vec<Id>| if shared { items.clone() } else { std::mem::take(items) };
        if let Node::Leaf(value) = node {
            let length = match value {
                Value::Str(text) => text.len(),
                Value::Bytes(bytes) => bytes.len(),
                _ => 0,
            };
            self.size = self.size.checked_sub(length).ok_or(PickleError::Limit("size"))?;
            return Ok(if shared { value.clone() } else { std::mem::replace(value, Value::None) });
        }
        let depth = depth.checked_sub(1).ok_or(PickleError::Limit("depth"))?;
        match node {
            Node::List(items) => {
                let items = items_of(items);
                Ok(Value::List(self.build_all(items, depth, shared)?))
            }
            Node::Tuple(items) => {
                let items = items_of(items);
                Ok(Value::Tuple(self.build_all(items, depth, shared)?))
            }
            Node::Set(items) => {
                let items = items_of(items);
                Ok(Value::Set(self.build_keys(items, depth, shared)?))
            }
            Node::FrozenSet(items) => {
                let items = items_of(items);
                Ok(Value::FrozenSet(self.build_keys(items, depth, shared)?))
            }
            Node::Dict(entries) => {
                let entries = if shared { entries.clone() } else { std::mem::take(entries) };
                let build = |(key, value)| {
                    Ok((self.build_key(key, depth, shared)?, self.build(value, depth, shared)?))
                };
                Ok(Value::Dict(entries.into_iter().map(build).collect::<Result<_, _>>()?))
            }
            Node::Leaf(_) | Node::Zone(_) | Node::Class(_) => {
                Err(PickleError::Malformed("a class or a time zone stands where a value is due"))
            }
        }
    }

    fn build_all(&mut self, ids: Vec<Id>, depth: usize, shared: bool) -> Result<Vec<Value>, PickleError> {
        ids.into_iter().map(|id| self.build(id, depth, shared)).collect()
    }

    fn build_keys(&mut self, ids: Vec<Id>, depth: usize, shared: bool) -> Result<Vec<Value>, PickleError> {
        ids.into_iter().map(|id| self.build_key(id, depth, shared)).collect()
    }

    /// A key of a dictionary or a member of a set: what Python can hash.
    fn build_key(&mut self, id: Id, depth: usize, shared: bool) -> Result<Value, PickleError> {
        let key = self.build(id, depth, shared)?;
        if key.is_hashable() { Ok(key) } else { Err(PickleError::Malformed("a key cannot be hashed")) }
    }
}
