//! Results that are references, as in Python: what is appended to a list in place shows in every result that shows it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// The lists that results show, by the name that they have in the session now.
#[derive(Default)]
pub(crate) struct References {
    lists: HashMap<String, List>,
}

/// A list, as long as anybody shows it.
#[derive(Clone)]
pub(crate) struct List(Arc<Mutex<Vec<Box<RawValue>>>>);

/// The result of an operation, to be written when all of them have run.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Shown {
    Value(Box<RawValue>),
    List(List),
    Values(Vec<Shown>),
    Items(Vec<(String, Shown)>),
}

impl References {
    /// The value of this name.
    pub(crate) fn show(&mut self, name: &str, value: Box<RawValue>) -> Shown {
        match serde_json::from_str(value.get()) {
            Ok(items) => {
                let list = self.lists.entry(name.to_owned());
                Shown::List(list.or_insert_with(|| List(Arc::new(Mutex::new(items)))).clone())
            }
            Err(_) => Shown::Value(value),
        }
    }

    /// The list of this name has grown in place.
    pub(crate) fn append(&self, name: &str, value: Box<RawValue>) {
        if let Some(List(items)) = self.lists.get(name) {
            items.lock().unwrap_or_else(PoisonError::into_inner).push(value);
        }
    }

    /// The name no longer means that list.
    pub(crate) fn forget(&mut self, name: &str) {
        self.lists.remove(name);
    }

    /// The names mean nothing any more.
    pub(crate) fn forget_all(&mut self) {
        self.lists.clear();
    }
}

impl Serialize for List {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).serialize(serializer)
    }
}
