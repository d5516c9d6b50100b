//! A typed map that grows through a shared reference and never shrinks.

use std::any::Any;
use std::fmt;
use std::sync::OnceLock;

type Link = OnceLock<Box<Node<dyn Any + Send + Sync>>>;

/// Values by their type, append-only: what was put in stays until the map ends, so references stay good.
///
/// ```
/// use nuages_http::Extensions;
/// let map = Extensions::default();
/// assert_eq!(map.get_or_insert_with(|| 5_u32), &5);
/// assert_eq!(map.get_or_insert_with(|| 6_u32), &5);
/// assert_eq!(map.get::<u64>(), None);
/// ```
#[derive(Default)]
pub struct Extensions {
    first: Link,
}

struct Node<T: ?Sized> {
    next: Link,
    value: T,
}

impl Extensions {
    /// The value of this type.
    #[must_use]
    pub fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        let mut link = &self.first;
        while let Some(node) = link.get() {
            if let Some(found) = node.value.downcast_ref() {
                return Some(found);
            }
            link = &node.next;
        }
        None
    }

    /// The value of this type, made now if there is none. Of two that insert at once the first one wins.
    pub fn get_or_insert_with<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> &T {
        if let Some(found) = self.get() {
            return found;
        }
        let mut node: Box<Node<dyn Any + Send + Sync>> = Box::new(Node { next: Link::new(), value: make() });
        let mut link = &self.first;
        loop {
            node = match link.set(node) {
                Ok(()) => {
                    if let Some(found) = link.get().and_then(|node| node.value.downcast_ref()) {
                        return found;
                    }
                    unreachable!("the node set a moment ago holds a value of its own type");
                }
                Err(node) => node,
            };
            if let Some(taken) = link.get() {
                if let Some(found) = taken.value.downcast_ref() {
                    return found;
                }
                link = &taken.next;
            }
        }
    }
}

impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Extensions { .. }")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_types_and_threads() {
        let map = Extensions::default();
        std::thread::scope(|scope| {
            for n in 0..8_u32 {
                let map = &map;
                scope.spawn(move || {
                    map.get_or_insert_with(|| n);
                    map.get_or_insert_with(|| n.to_string());
                });
            }
        });
        let number = map.get::<u32>().copied();
        assert_eq!(map.get_or_insert_with(|| 99_u32), &number.unwrap());
        assert!(map.get::<String>().is_some());
    }
}
