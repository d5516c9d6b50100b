//! A `QueryDict` as templates see it: `{{ request.GET.page }}` is the last value of its name.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectExt, Value};
use nuages_http::QueryDict;

/// Names to their last value, in the order in which they came; `lists` has all values.
pub(super) struct QueryValue(pub(super) QueryDict);

impl Object for QueryValue {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        match self.0.get(key) {
            Some(value) => Some(Value::from(value)),
            None if key == "urlencode" => self.0.urlencode().ok().map(Value::from),
            None if key == "lists" => Some(
                self.0
                    .lists()
                    .map(|(name, values)| Value::from(vec![Value::from(name), Value::from(values.to_vec())]))
                    .collect(),
            ),
            None => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.mapped_enumerator(|this| {
            Box::new(this.0.keys().map(Value::from).collect::<Vec<_>>().into_iter())
        })
    }
}

/// Never a value: a form may hold a password.
impl fmt::Debug for QueryValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<QueryDict>")
    }
}
