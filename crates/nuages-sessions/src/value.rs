//! A value in a session.

use std::fmt;
use std::sync::{Arc, OnceLock};

use nuages_cache::pickle;
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::SessionError;
use crate::data::from_raw;

/// A value of a session, as JSON text.
///
/// It is a reference, as in Python: a clone sees what [`change_unnoticed`](crate::Session::change_unnoticed) does to the
/// value later, as everybody who holds a list sees what is appended to it. Setting the name to another value is not
/// seen.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// # let engine = nuages_sessions::SessionEngine::for_tests();
/// # let handle = engine.session(None);
/// # let session = handle.session().await?;
/// session.set("cart", ["pen"])?;
/// let cart = session.value("cart").ok_or("it was set a moment ago")?;
/// session.change_unnoticed("cart", |cart: &mut Vec<String>| cart.push("ink".into()))?;
/// assert_eq!(cart.raw().get(), r#"["pen","ink"]"#);
/// session.set("cart", [""; 0])?;
/// assert_eq!(cart.raw().get(), r#"["pen","ink"]"#);
/// # Ok::<_, Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
pub struct SessionValue {
    raw: Box<RawValue>,
    /// What it is in Python, if JSON does not show all of it.
    python: Option<Arc<pickle::Value>>,
    /// What was done to it in place, shared by all clones; none as long as there is no clone.
    changes: OnceLock<Arc<Changes>>,
}

/// A list that only grows, so that its end can be lent out.
#[derive(Default)]
struct Changes(OnceLock<Box<Change>>);

struct Change {
    raw: Box<RawValue>,
    later: Changes,
}

impl SessionValue {
    pub(crate) fn new(raw: Box<RawValue>) -> Self {
        Self::of_python(raw, None)
    }

    /// A value that Django has pickled.
    pub(crate) fn of_python(raw: Box<RawValue>, python: Option<Arc<pickle::Value>>) -> Self {
        Self { raw, python, changes: OnceLock::new() }
    }

    /// What it is in Python, if JSON does not show all of it and nobody has changed it.
    pub(crate) fn python(&self) -> Option<&pickle::Value> {
        let changed = self.changes.get().is_some_and(|changes| changes.last().is_some());
        self.python.as_deref().filter(|_| !changed)
    }

    /// The JSON text.
    #[must_use]
    pub fn raw(&self) -> &RawValue {
        let last = self.changes.get().and_then(|changes| changes.last());
        last.map_or(&self.raw, |change| &change.raw)
    }

    /// The value as a `T`.
    ///
    /// # Errors
    ///
    /// `TypeError` if it is none.
    pub fn get<T: DeserializeOwned>(&self) -> Result<T, SessionError> {
        let value = "a value";
        from_raw(value, self.raw())?.ok_or_else(|| SessionError::null(value))
    }

    /// A copy that does not see later changes.
    pub(crate) fn detached(&self) -> Self {
        let python = self.python().and(self.python.clone());
        Self::of_python(self.raw().to_owned(), python)
    }

    /// Changes it in place, for all who hold it.
    pub(crate) fn change(&self, raw: Box<RawValue>) {
        let changes = self.changes.get_or_init(Arc::default);
        changes.push(raw);
    }

    /// Changes it, if nobody else holds it; gives the text back otherwise.
    pub(crate) fn change_alone(&mut self, raw: Box<RawValue>) -> Result<(), Box<RawValue>> {
        if self.changes.get().is_some_and(|changes| Arc::strong_count(changes) > 1) {
            return Err(raw);
        }
        *self = Self::new(raw);
        Ok(())
    }
}

impl Changes {
    fn last(&self) -> Option<&Change> {
        let mut last = self.0.get()?;
        while let Some(later) = last.later.0.get() {
            last = later;
        }
        Some(last)
    }

    fn push(&self, raw: Box<RawValue>) {
        let (mut change, mut at) = (Box::new(Change { raw, later: Self::default() }), self);
        while let Err(back) = at.0.set(change) {
            change = back;
            let Some(next) = at.0.get() else { return };
            at = &next.later;
        }
    }
}

/// Without recursion: a list may be long.
impl Drop for Changes {
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(mut change) = next {
            next = change.later.0.take();
        }
    }
}

impl Clone for SessionValue {
    fn clone(&self) -> Self {
        let changes = Arc::clone(self.changes.get_or_init(Arc::default));
        Self { raw: self.raw.clone(), python: self.python.clone(), changes: OnceLock::from(changes) }
    }
}

impl Serialize for SessionValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw().serialize(serializer)
    }
}

/// Shows no data.
impl fmt::Debug for SessionValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionValue(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> SessionValue {
        SessionValue::new(RawValue::from_string(json.to_owned()).unwrap())
    }

    fn change(value: &SessionValue, json: &str) {
        value.change(RawValue::from_string(json.to_owned()).unwrap());
    }

    #[test]
    fn clones_see_changes_in_place() {
        let one = value("1");
        let (two, apart) = (one.clone(), one.detached());
        change(&one, "2");
        change(&two, "3");
        assert_eq!((one.raw().get(), two.raw().get(), apart.raw().get()), ("3", "3", "1"));
        assert_eq!(two.clone().get::<u32>().unwrap(), 3);
        let mut one = one;
        assert!(one.change_alone(RawValue::NULL.to_owned()).is_err());
        drop(two);
        assert!(one.change_alone(RawValue::NULL.to_owned()).is_ok());
        assert_eq!(one.raw().get(), "null");
    }

    #[test]
    fn a_long_list_of_changes_ends_well() {
        let one = value("0");
        let mut at = one.changes.get_or_init(Arc::default).as_ref();
        for _ in 0..200_000 {
            at.push(RawValue::NULL.to_owned());
            at = &at.0.get().unwrap().later;
        }
        assert_eq!(one.raw().get(), "null");
    }
}
