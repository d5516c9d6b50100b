//! The dictionary of a session.

use std::fmt;
use std::sync::Arc;

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use nuages_cache::pickle;
use nuages_signing::json;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::{SessionError, SessionValue};

/// Names and values in order. A value is kept as its JSON text, so that whatever Django wrote (integers of any length,
/// `1.0`, half a surrogate pair) survives byte for byte.
///
/// A clone is cheap and a snapshot, as a copied dictionary in Python: neither sees what the other sets or deletes, but a
/// [value](SessionValue) that is changed in place is one in both.
///
/// ```
/// use nuages_sessions::SessionData;
///
/// let data = SessionData::from_json(r#"{"visits": 3, "price": 1.0}"#)?;
/// assert_eq!(data.get::<u32>("visits")?, Some(3));
/// assert_eq!(data.keys().collect::<Vec<_>>(), ["visits", "price"]);
/// assert!(data.contains("price") && data.get_raw("price").is_some_and(|raw| raw.get() == "1.0"));
/// assert_eq!(data.to_json()?, r#"{"visits":3,"price":1.0}"#);
/// # Ok::<(), nuages_sessions::SessionError>(())
/// ```
#[derive(Clone, Default)]
pub struct SessionData {
    map: Arc<Map>,
    /// What Python has under keys that are no text: not shown, and kept.
    unnamed: Option<Arc<[(pickle::Value, pickle::Value)]>>,
}

type Map = IndexMap<String, SessionValue, RandomState>;

/// What a session mostly holds at least: the three names of a login and a few more.
const USUAL: usize = 7;

impl SessionData {
    /// An empty dictionary.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a JSON object; of names that occur twice the last one counts, as in Python.
    ///
    /// # Errors
    ///
    /// `ValueError` if it is anything else.
    pub fn from_json(text: &str) -> Result<Self, SessionError> {
        serde_json::from_str(text).map_err(|_| SessionError::unreadable())
    }

    /// The dictionary of anything that serialises as an object: a map, a struct.
    ///
    /// # Errors
    ///
    /// `TypeError` if it does not.
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Result<Self, SessionError> {
        let text = to_raw("the session", value)?;
        serde_json::from_str(text.get()).map_err(|_| SessionError::mistyped::<Self>("the session"))
    }

    /// The text that Django's serializer writes for it.
    ///
    /// # Errors
    ///
    /// `TypeError`, for values that nest too deep.
    pub fn to_json(&self) -> Result<String, SessionError> {
        json::to_string(self).map_err(|source| SessionError::unwritable("the session", source))
    }

    /// The value of `name`, if there is one. JSON's null is none for a type that has no null.
    ///
    /// # Errors
    ///
    /// `TypeError` if the value is not of type `T`.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, SessionError> {
        self.get_raw(name).map_or(Ok(None), |raw| from_raw(name, raw))
    }

    /// The value of `name`, which must be there.
    pub(crate) fn require<T: DeserializeOwned>(&self, name: &str) -> Result<T, SessionError> {
        match self.get(name)? {
            Some(value) => Ok(value),
            None if self.contains(name) => Err(SessionError::null(name)),
            None => Err(SessionError::absent(name)),
        }
    }

    /// The JSON text of the value.
    #[must_use]
    pub fn get_raw(&self, name: &str) -> Option<&RawValue> {
        self.value(name).map(SessionValue::raw)
    }

    /// The value as it stands here.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&SessionValue> {
        self.map.get(name)
    }

    /// Is there such a name?
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// The number of names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Is there nothing in it?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty() && self.unnamed.is_none()
    }

    /// Names and the JSON texts of their values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.map.iter().map(|(name, value)| (name.as_str(), value.raw()))
    }

    /// Names in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.map.keys().map(String::as_str)
    }

    /// The values as they stand here, in order.
    pub fn values(&self) -> impl Iterator<Item = &SessionValue> {
        self.map.values()
    }

    pub(crate) fn iter_values(&self) -> impl Iterator<Item = (&str, &SessionValue)> {
        self.map.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub(crate) fn insert_value(&mut self, name: String, value: SessionValue) {
        Arc::make_mut(&mut self.map).insert(name, value);
    }

    /// What a pickle has under keys that are no text.
    pub(crate) fn unnamed(&self) -> &[(pickle::Value, pickle::Value)] {
        self.unnamed.as_deref().unwrap_or_default()
    }

    pub(crate) fn set_unnamed(&mut self, entries: Vec<(pickle::Value, pickle::Value)>) {
        self.unnamed = (!entries.is_empty()).then(|| entries.into());
    }

    pub(crate) fn insert(&mut self, name: &str, raw: Box<RawValue>) {
        let map = Arc::make_mut(&mut self.map);
        match map.get_mut(name) {
            Some(value) => *value = SessionValue::new(raw),
            None => drop(map.insert(name.to_owned(), SessionValue::new(raw))),
        }
    }

    /// Says whether there was such a name.
    pub(crate) fn remove(&mut self, name: &str) -> bool {
        self.contains(name) && Arc::make_mut(&mut self.map).shift_remove(name).is_some()
    }

    /// Changes a value in place, for all who hold it.
    pub(crate) fn change(&mut self, name: &str, raw: Box<RawValue>) {
        let raw = match Arc::get_mut(&mut self.map).and_then(|map| map.get_mut(name)) {
            None => raw,
            Some(value) => match value.change_alone(raw) {
                Ok(()) => return,
                Err(raw) => raw,
            },
        };
        if let Some(value) = self.map.get(name) {
            value.change(raw);
        }
    }

    /// A copy that does not see later changes in place either.
    pub(crate) fn detached(&self) -> Self {
        let copy = |(name, value): (&String, &SessionValue)| (name.clone(), value.detached());
        Self { map: Arc::new(self.map.iter().map(copy).collect()), unnamed: self.unnamed.clone() }
    }

    /// Do both share one map? Then nothing was changed in between.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.map, &other.map)
    }
}

/// The JSON text of a value, as Python writes it.
pub(crate) fn to_raw<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<Box<RawValue>, SessionError> {
    let text = json::to_string(value).map_err(|source| SessionError::unwritable(name, source))?;
    // A copy of just that length: to cut the text down to it in place costs the allocator more.
    RawValue::from_string(text.as_str().to_owned()).map_err(|source| SessionError::unwritable(name, source))
}

pub(crate) fn from_raw<T: DeserializeOwned>(name: &str, raw: &RawValue) -> Result<Option<T>, SessionError> {
    match serde_json::from_str(raw.get()) {
        Ok(value) => Ok(Some(value)),
        Err(_) if raw.get() == "null" => Ok(None),
        Err(_) => Err(SessionError::mistyped::<T>(name)),
    }
}

/// The same names with the same texts, in any order.
impl PartialEq for SessionData {
    fn eq(&self, other: &Self) -> bool {
        let same =
            |(name, raw): (&str, &RawValue)| other.get_raw(name).is_some_and(|text| text.get() == raw.get());
        self.len() == other.len() && self.iter().all(same)
    }
}

impl Serialize for SessionData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.map.iter())
    }
}

impl<'de> Deserialize<'de> for SessionData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Dictionary;

        impl<'de> Visitor<'de> for Dictionary {
            type Value = SessionData;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<SessionData, A::Error> {
                let mut map = Map::with_capacity_and_hasher(USUAL, RandomState::default());
                while let Some((name, raw)) = access.next_entry()? {
                    map.insert(name, SessionValue::new(raw));
                }
                Ok(SessionData { map: Arc::new(map), unnamed: None })
            }
        }

        deserializer.deserialize_map(Dictionary)
    }
}

/// Shows the names only: values are nobody's business.
impl fmt::Debug for SessionData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_django_wrote_survives() {
        let text = r#"{"big":123456789012345678901234567890,"one":1.0,"e":1e+16,"half":"\ud800","n":null}"#;
        let data = SessionData::from_json(text).unwrap();
        assert_eq!(data.to_json().unwrap(), text);
        assert_eq!(data.get::<f64>("one").unwrap(), Some(1.0));
        assert_eq!(data.get::<u32>("n").unwrap(), None);
        assert_eq!(data.get::<serde_json::Value>("n").unwrap(), Some(serde_json::Value::Null));
        assert_eq!(data.get::<u32>("absent").unwrap(), None);
        assert_eq!(data.get::<u32>("half").unwrap_err().kind(), crate::SessionErrorKind::TypeError);
    }

    #[test]
    fn null_is_not_absent() {
        let data = SessionData::from_json(r#"{"n":null}"#).unwrap();
        let kind = |name| data.require::<u32>(name).unwrap_err().kind();
        assert_eq!(kind("n"), crate::SessionErrorKind::TypeError);
        assert_eq!(kind("absent"), crate::SessionErrorKind::KeyError);
        assert_eq!(data.require::<Option<u32>>("n").unwrap(), None);
    }

    #[test]
    fn names_are_ordered_as_in_python() {
        let mut data = SessionData::from_json(r#"{"a":1,"b":2,"a":3}"#).unwrap();
        assert_eq!(data.to_json().unwrap(), r#"{"a":3,"b":2}"#);
        data.insert("a", to_raw("a", &4).unwrap());
        data.remove("b");
        data.insert("b", to_raw("b", &5).unwrap());
        assert_eq!(data.to_json().unwrap(), r#"{"a":4,"b":5}"#);
    }

    #[test]
    fn a_clone_is_a_snapshot() {
        let mut data = SessionData::from_json(r#"{"a":1}"#).unwrap();
        let before = data.clone();
        assert!(data.is_same(&before));
        data.insert("a", to_raw("a", &2).unwrap());
        assert!(!data.is_same(&before));
        assert_eq!(before.get::<u32>("a").unwrap(), Some(1));
        assert_ne!(data, before);

        let before = data.clone();
        data.change("a", to_raw("a", &3).unwrap());
        assert_eq!(before.get::<u32>("a").unwrap(), Some(3), "changes in place are everybody's");
        let (apart, text) = (data.detached(), data.to_json().unwrap());
        data.change("a", to_raw("a", &4).unwrap());
        assert_eq!(apart.to_json().unwrap(), text);
    }

    #[test]
    fn only_objects_are_sessions() {
        for text in ["", "[1]", "1", "null", "{\"a\":NaN}", "{\"a\":1", "{} {}"] {
            assert!(SessionData::from_json(text).is_err(), "{text}");
        }
        assert!(SessionData::from_serialize(&[1]).is_err());
        assert_eq!(format!("{:?}", SessionData::from_json(r#"{"a":"secret"}"#).unwrap()), r#"{"a"}"#);
    }
}
