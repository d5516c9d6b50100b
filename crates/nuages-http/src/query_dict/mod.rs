//! [`QueryDict`]: the fields of a query string or of a form, of which each may have several values.

mod change;
mod error;
mod fields;
mod options;
mod output;

use std::sync::OnceLock;

use indexmap::IndexMap;

pub use error::{ImmutableError, MultiValueDictKeyError, ParseError};
pub use options::QueryDictOptions;

use crate::encoding::Encoding;
use fields::Fields;

type Lists = IndexMap<String, Vec<String>>;

/// Up to this many fields are searched one by one: cheaper than to index them.
const SCANNED: usize = 32;

/// The fields of a query string or of a form, in their order, each with a list of values (Django's `QueryDict`).
///
/// What a request holds is immutable, as in Django: change a [`copy`](Self::copy).
///
/// ```
/// use nuages_http::QueryDict;
///
/// let query = QueryDict::parse("colour=red&colour=blue&page=2")?;
/// assert_eq!(query.get("colour"), Some("blue"));
/// assert_eq!(query.getlist("colour"), ["red", "blue"]);
///
/// let mut next = query.copy();
/// next.set("page", "3")?;
/// assert_eq!(next.urlencode()?, "colour=red&colour=blue&page=3");
/// next.appendlist("colour", "green")?;
/// assert_eq!(next.pop("colour")?.unwrap(), ["red", "blue", "green"]);
/// assert_eq!(next.setdefault("order", "name")?, Some("name"));
/// assert_eq!(next.items().collect::<Vec<_>>(), [("page", Some("3")), ("order", Some("name"))]);
/// assert!(query.contains("colour") && !query.is_mutable());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
#[doc(alias = "MultiValueDict")]
pub struct QueryDict {
    /// What was parsed; emptied by the first change.
    fields: Fields,
    /// The same by name, made when first needed.
    index: OnceLock<Box<Lists>>,
    /// The lists since the first change.
    changed: Option<Box<Lists>>,
    mutable: bool,
    encoding: Encoding,
}

impl QueryDict {
    /// An empty dictionary that can be changed: Django's `QueryDict(mutable=True)`. (`default()` is an immutable one.)
    #[must_use]
    pub fn mutable() -> Self {
        Self { mutable: true, ..Self::default() }
    }

    /// An immutable dictionary of this query string: Django's `QueryDict(query)`.
    ///
    /// # Errors
    ///
    /// [`ParseError`] for more than 1,000 fields; [`options`](Self::options) set other limits.
    pub fn parse(query: &str) -> Result<Self, ParseError> {
        QueryDictOptions::default().parse(query)
    }

    /// Encoding, mutability and limits, and then `parse`, `parse_bytes` or `fromkeys`.
    ///
    /// ```
    /// use nuages_http::QueryDict;
    ///
    /// let query = QueryDict::options().encoding("iso-8859-1").mutable(true).parse("name=%E9")?;
    /// assert_eq!(query.get("name"), Some("\u{e9}"));
    /// # Ok::<(), nuages_http::query_dict::ParseError>(())
    /// ```
    pub fn options() -> QueryDictOptions {
        QueryDictOptions::default()
    }

    /// An immutable dictionary with one value for each of these names: Django's `QueryDict.fromkeys`.
    pub fn fromkeys<K: Into<String>>(keys: impl IntoIterator<Item = K>, value: impl Into<String>) -> Self {
        QueryDictOptions::default().fromkeys(keys, value)
    }

    fn from_fields(fields: Fields, mutable: bool, encoding: Encoding) -> Self {
        Self { fields, index: OnceLock::new(), changed: None, mutable, encoding }
    }

    fn by_name(&self) -> &Lists {
        match &self.changed {
            Some(lists) => lists,
            None => self.index.get_or_init(|| Box::new(self.fields.to_lists())),
        }
    }

    /// The fields, if they have not been indexed and are few enough to be searched.
    fn scanned(&self) -> Option<&Fields> {
        let unindexed = self.changed.is_none() && self.index.get().is_none();
        (unindexed && self.fields.len() <= SCANNED).then_some(&self.fields)
    }

    /// The last value of this field, or None if there is no such field or its list is empty.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        match self.scanned() {
            Some(fields) => fields.last(key),
            None => self.by_name().get(key).and_then(|list| list.last()).map(String::as_str),
        }
    }

    /// The last value of this field: Django's `query[key]`, which answers an empty list for an empty list: here, None.
    ///
    /// # Errors
    ///
    /// [`MultiValueDictKeyError`] if there is no such field.
    pub fn getitem(&self, key: &str) -> Result<Option<&str>, MultiValueDictKeyError> {
        if let Some(fields) = self.scanned() {
            return fields.last(key).map(Some).ok_or_else(|| MultiValueDictKeyError::new(key));
        }
        match self.by_name().get(key) {
            Some(list) => Ok(list.last().map(String::as_str)),
            None => Err(MultiValueDictKeyError::new(key)),
        }
    }

    /// The last value of a field that must have one.
    ///
    /// # Errors
    ///
    /// [`MultiValueDictKeyError`], which names the field, if there is none.
    pub fn require(&self, key: &str) -> Result<&str, MultiValueDictKeyError> {
        self.get(key).ok_or_else(|| MultiValueDictKeyError::new(key))
    }

    /// All values of this field; none if there is no such field.
    #[must_use]
    pub fn getlist(&self, key: &str) -> &[String] {
        self.getlist_or(key, &[])
    }

    /// All values of this field, or `default` if there is no such field. A field's list may be empty.
    #[must_use]
    pub fn getlist_or<'a>(&'a self, key: &str, default: &'a [String]) -> &'a [String] {
        self.by_name().get(key).map_or(default, Vec::as_slice)
    }

    /// Whether there is such a field, if only with an empty list: Django's `key in query`.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        match self.scanned() {
            Some(fields) => fields.last(key).is_some(),
            None => self.by_name().contains_key(key),
        }
    }

    /// The number of different names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_name().len()
    }

    /// Whether there is no field at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.changed {
            Some(lists) => lists.is_empty(),
            None => self.fields.len() == 0,
        }
    }

    /// The names, each once, in the order in which they first came.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.by_name().keys().map(String::as_str)
    }

    /// The last value of each name; None where its list is empty.
    pub fn values(&self) -> impl Iterator<Item = Option<&str>> {
        self.items().map(|(_, value)| value)
    }

    /// Each name with its last value; None where its list is empty.
    pub fn items(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.lists().map(|(key, list)| (key, list.last().map(String::as_str)))
    }

    /// Each name with all its values.
    pub fn lists(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.by_name().iter().map(|(key, list)| (key.as_str(), list.as_slice()))
    }

    /// The names with their last values, as a plain map; None where a list is empty.
    #[must_use]
    pub fn dict(&self) -> IndexMap<&str, Option<&str>> {
        self.items().collect()
    }

    /// Every field as it was sent, repeated names repeated, in their order; after a change, grouped by name.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let changed = self.changed.iter().flat_map(|lists| lists.iter());
        let changed = changed.flat_map(|(key, list)| list.iter().map(|value| (key.as_str(), value.as_str())));
        self.fields.iter().chain(changed)
    }

    /// A copy that can be changed, of everything (Django's `copy()`; `clone()` keeps the mutability).
    #[must_use]
    pub fn copy(&self) -> Self {
        Self { mutable: true, ..self.clone() }
    }

    /// Whether it can be changed.
    #[must_use]
    pub fn is_mutable(&self) -> bool {
        self.mutable
    }

    /// The encoding of what `urlencode` writes.
    #[must_use]
    pub fn encoding(&self) -> &Encoding {
        &self.encoding
    }

    /// Sets the encoding of what `urlencode` writes; what was parsed stays as it is.
    pub fn set_encoding(&mut self, encoding: impl Into<Encoding>) {
        self.encoding = encoding.into();
    }
}
