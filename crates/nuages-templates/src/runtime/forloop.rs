//! Loops: the variable `forloop`, turning around, unpacking.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Enumerator, Object, ObjectRepr, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Value};

pub(super) fn register(env: &mut Environment<'_>) {
    env.add_filter("_loop", |list: Value, parent: Value| -> Result<Value, Error> {
        let items = list.try_iter()?.collect();
        Ok(Value::from_object(ForLoop {
            items,
            turn: AtomicUsize::new(0),
            parent,
            remembered: Mutex::default(),
        }))
    });
    env.add_filter("_items", |forloop: Value| match forloop.downcast_object::<ForLoop>() {
        Some(forloop) => Value::from_object(Items(forloop)),
        None => forloop,
    });
    // What `forloop` is where a loop has nothing to do: that of the loop around it.
    env.add_filter("_around", |forloop: Value| match forloop.downcast_object_ref::<ForLoop>() {
        Some(forloop) => forloop.parent.clone(),
        None => forloop,
    });
    env.add_filter("_reversed", |list: Value| -> Result<Value, Error> {
        let mut items: Vec<Value> = list.try_iter()?.collect();
        items.reverse();
        Ok(Value::from(items))
    });
    env.add_filter("_unpacked", unpacked);
}

/// Django's `forloop`.
#[derive(Debug)]
pub(super) struct ForLoop {
    items: Vec<Value>,
    /// Which item is at hand.
    turn: AtomicUsize,
    parent: Value,
    /// What the `{% ifchanged %}` of this loop have seen last, by their numbers.
    remembered: Mutex<HashMap<u64, Vec<Value>>>,
}

impl ForLoop {
    /// Whether the values of an `{% ifchanged %}` differ from those of the time before.
    pub(super) fn changed(&self, number: u64, values: Vec<Value>) -> bool {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        super::memory::differs(&mut remembered, number, values)
    }
}

impl Object for ForLoop {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let turn = self.turn.load(Ordering::Relaxed);
        let left = self.items.len().saturating_sub(turn);
        match key {
            "counter" => Some(Value::from(turn + 1)),
            "counter0" => Some(Value::from(turn)),
            "revcounter" => Some(Value::from(left)),
            "revcounter0" => Some(Value::from(left.saturating_sub(1))),
            "first" => Some(Value::from(turn == 0)),
            "last" => Some(Value::from(left == 1)),
            "parentloop" if self.parent.is_undefined() => Some(Value::from_pairs::<_, Value, Value>([])),
            "parentloop" => Some(self.parent.clone()),
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["parentloop", "counter0", "counter", "revcounter", "revcounter0", "first", "last"])
    }
}

/// The items of a loop; taking one is a turn of the loop.
#[derive(Debug)]
struct Items(Arc<ForLoop>);

impl Object for Items {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let forloop = Arc::clone(&self.0);
        let turns = 0..forloop.items.len();
        Enumerator::Iter(Box::new(turns.map(move |turn| {
            forloop.turn.store(turn, Ordering::Relaxed);
            forloop.items.get(turn).cloned().unwrap_or_default()
        })))
    }
}

/// Checks what is unpacked into several variables, and makes lists of texts.
fn unpacked(list: Value, count: usize) -> Result<Value, Error> {
    let items: Result<Vec<Value>, Error> = list
        .try_iter()?
        .map(|item| {
            let length = match item.kind() {
                ValueKind::String | ValueKind::Seq | ValueKind::Map | ValueKind::Iterable => item.len(),
                _ => Some(1),
            };
            if length.is_some_and(|length| length != count) {
                let length = length.unwrap_or_default();
                return Err(Error::new(
                    ErrorKind::CannotUnpack,
                    format!("the loop has {count} variables, but an item has {length} values"),
                ));
            }
            Ok(if item.as_str().is_some() { item.try_iter()?.collect() } else { item })
        })
        .collect();
    items.map(Value::from)
}
