//! What `{{ dict.items }}` gives: a list that prints as Python's views of dictionaries do.

use std::fmt;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr, Tuple};

use crate::python;

/// A view of a dictionary.
#[derive(Debug)]
pub(super) struct View {
    name: &'static str,
    items: Vec<Value>,
}

impl View {
    /// What one of a dictionary's methods gives.
    pub(super) fn of(dictionary: &Value, method: &str) -> Option<Value> {
        let keys = dictionary.try_iter().into_iter().flatten();
        let value = |key: &Value| dictionary.get_item(key).unwrap_or_default();
        let (name, items) = match method {
            "items" => {
                ("dict_items", keys.map(|key| Tuple::from([key.clone(), value(&key)]).into()).collect())
            }
            "keys" => ("dict_keys", keys.collect()),
            "values" => ("dict_values", keys.map(|key| value(&key)).collect()),
            _ => return None,
        };
        Some(Value::from_object(Self { name, items }))
    }
}

impl Object for View {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let view = Arc::clone(self);
        Enumerator::Iter(Box::new(
            (0..self.items.len()).map(move |at| view.items.get(at).cloned().unwrap_or_default()),
        ))
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.items.len())
    }

    fn get_value(self: &Arc<Self>, _: &Value) -> Option<Value> {
        None
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.name, python::repr(&Value::from(self.items.clone())))
    }
}
