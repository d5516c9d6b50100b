//! `{% regroup %}`.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Enumerator, Object, ObjectRepr};
use minijinja::{Environment, Value};

use crate::python;

pub(super) fn register(env: &mut Environment<'_>) {
    env.add_function("_groups", || Value::from_object(Groups::default()));
    env.add_filter("_group", |groups: Value, key: Value, item: Value| {
        if let Some(groups) = groups.downcast_object_ref::<Groups>() {
            groups.add(if key.is_undefined() { Value::from(()) } else { key }, item);
        }
    });
    env.add_filter("_grouped", |groups: Value| -> Value {
        groups.downcast_object_ref::<Groups>().map(Groups::take).unwrap_or_default().into()
    });
}

/// The groups so far.
#[derive(Debug, Default)]
struct Groups(Mutex<Vec<(Value, Vec<Value>)>>);

impl Object for Groups {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

impl Groups {
    /// Adds an item to the group at hand, or begins another where the key changes.
    fn add(&self, key: Value, item: Value) {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match groups.last_mut() {
            Some((last, items)) if python::equal(last, &key) => items.push(item),
            _ => groups.push((key, vec![item])),
        }
    }

    fn take(&self) -> Vec<Value> {
        let groups = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        groups
            .into_iter()
            .map(|(grouper, list)| Value::from_object(Group { grouper, list: Value::from(list) }))
            .collect()
    }
}

/// A group: Django's `GroupedResult`, which is a tuple whose fields have names.
#[derive(Debug)]
pub(super) struct Group {
    grouper: Value,
    list: Value,
}

impl Object for Group {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match (key.as_usize(), key.as_str()) {
            (Some(0), _) | (_, Some("grouper")) => Some(self.grouper.clone()),
            (Some(1), _) | (_, Some("list")) => Some(self.list.clone()),
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(2)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GroupedResult(grouper={}, list={})", python::repr(&self.grouper), python::repr(&self.list))
    }
}
