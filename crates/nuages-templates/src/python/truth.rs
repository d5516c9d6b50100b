//! `bool()`.

use minijinja::Value;
use minijinja::value::ValueKind;

/// Says whether Python takes a value for true.
///
/// ```
/// use nuages_templates::{Value, python::truth};
///
/// assert!(!truth(&Value::from("")));
/// assert!(!truth(&Value::from(0.0)));
/// assert!(truth(&Value::from("0")));
/// assert!(!truth(&Value::from(Vec::<i32>::new())));
/// ```
pub fn truth(value: &Value) -> bool {
    match value.kind() {
        // An iterable without a length is a generator, which is true even if nothing is in it.
        ValueKind::Iterable => value.len() != Some(0),
        _ => value.is_true(),
    }
}
