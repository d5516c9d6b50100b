//! The changing half of [`QueryDict`]: Django's methods, each of which an immutable dictionary refuses.

use std::sync::OnceLock;

use super::fields::Fields;
use super::{ImmutableError, Lists, QueryDict};
use crate::encoding::Encoding;

impl QueryDict {
    pub(super) fn lists_mut(&mut self) -> &mut Lists {
        let (index, fields) = (&mut self.index, &mut self.fields);
        self.changed.get_or_insert_with(|| {
            let fields = std::mem::take(fields);
            index.take().unwrap_or_else(|| Box::new(fields.to_lists()))
        })
    }

    /// Adds a value, whether or not the dictionary can be changed.
    pub(crate) fn append(&mut self, key: String, value: String) {
        self.lists_mut().entry(key).or_default().push(value);
    }

    /// The same, not to be changed any more.
    pub(crate) fn freeze(self) -> Self {
        Self { mutable: false, ..self }
    }

    fn changing(&mut self) -> Result<&mut Lists, ImmutableError> {
        if self.mutable { Ok(self.lists_mut()) } else { Err(ImmutableError) }
    }

    /// Gives the field this one value: Django's `query[key] = value`.
    ///
    /// # Errors
    ///
    /// [`ImmutableError`] if this dictionary is immutable, as for every method that changes one.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) -> Result<(), ImmutableError> {
        self.changing()?.insert(key.into(), vec![value.into()]);
        Ok(())
    }

    /// Removes the field and answers whether it was there (where it was not, Django's `del query[key]` is a KeyError).
    ///
    /// # Errors
    ///
    /// [`ImmutableError`].
    pub fn delete(&mut self, key: &str) -> Result<bool, ImmutableError> {
        Ok(self.changing()?.shift_remove(key).is_some())
    }

    /// Gives the field these values.
    ///
    /// # Errors
    ///
    /// [`ImmutableError`].
    pub fn setlist<V: Into<String>>(
        &mut self,
        key: impl Into<String>,
        list: impl IntoIterator<Item = V>,
    ) -> Result<(), ImmutableError> {
        let list = list.into_iter().map(Into::into).collect();
        self.changing()?.insert(key.into(), list);
        Ok(())
    }

    /// Adds a value to those of the field.
    ///
    /// # Errors
    ///
    /// [`ImmutableError`].
    pub fn appendlist(
        &mut self,
        key: impl Into<String>,
        value: impl Into<String>,
    ) -> Result<(), ImmutableError> {
        self.changing()?.entry(key.into()).or_default().push(value.into());
        Ok(())
    }

    /// Gives the field this value unless it exists, and answers its last value: None if its list is empty.
    ///
    /// # Errors
    ///
    /// [`ImmutableError`].
    pub fn setdefault(
        &mut self,
        key: impl Into<String>,
        default: impl Into<String>,
    ) -> Result<Option<&str>, ImmutableError> {
        let list = self.changing()?.entry(key.into()).or_insert_with(|| vec![default.into()]);
        Ok(list.last().map(String::as_str))
    }

    /// Gives the field these values unless it exists, and answers its list, which may be changed.
    ///
    /// # Errors
    ///
    /// [`ImmutableError`].
    pub fn setlistdefault<V: Into<String>>(
        &mut self,
        key: impl Into<String>,
        default: impl IntoIterator<Item = V>,
    ) -> Result<&mut Vec<String>, ImmutableError> {
        let entry = self.changing()?.entry(key.into());
        Ok(entry.or_insert_with(|| default.into_iter().map(Into::into).collect()))
    }

    /// Removes the field and answers its values: None if it was not there (without a default, Django's KeyError).
    ///
    /// # Errors
    ///
    /// [`ImmutableError`].
    pub fn pop(&mut self, key: &str) -> Result<Option<Vec<String>>, ImmutableError> {
        Ok(self.changing()?.shift_remove(key))
    }

    /// Removes the last field and answers it with its values: None if there is none (Django's KeyError).
    ///
    /// # Errors
    ///
    /// [`ImmutableError`].
    pub fn popitem(&mut self) -> Result<Option<(String, Vec<String>)>, ImmutableError> {
        Ok(self.changing()?.pop())
    }

    /// Adds these values to those of their fields: `update` extends, in Django too.
    ///
    /// ```
    /// use nuages_http::QueryDict;
    ///
    /// let mut query = QueryDict::parse("a=1")?.copy();
    /// query.update([("a", "2"), ("b", "3")])?;
    /// assert_eq!(query.getlist("a"), ["1", "2"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ImmutableError`], but not for an update by nothing.
    pub fn update<K: Into<String>, V: Into<String>>(
        &mut self,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Result<(), ImmutableError> {
        for (key, value) in pairs {
            self.appendlist(key, value)?;
        }
        Ok(())
    }

    /// Adds all values of another dictionary, and its fields without a value.
    ///
    /// # Errors
    ///
    /// [`ImmutableError`], but not for an update by nothing.
    pub fn update_lists(&mut self, other: &Self) -> Result<(), ImmutableError> {
        for (key, list) in other.lists() {
            let own = self.setlistdefault::<String>(key, [])?;
            own.extend_from_slice(list);
        }
        Ok(())
    }

    /// Removes every field.
    ///
    /// # Errors
    ///
    /// [`ImmutableError`].
    pub fn clear(&mut self) -> Result<(), ImmutableError> {
        self.changing()?.clear();
        Ok(())
    }
}

/// A dictionary of these fields that can be changed.
impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for QueryDict {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut lists = Lists::new();
        for (key, value) in pairs {
            lists.entry(key.into()).or_default().push(value.into());
        }
        Self {
            fields: Fields::default(),
            index: OnceLock::new(),
            changed: Some(Box::new(lists)),
            mutable: true,
            encoding: Encoding::UTF_8,
        }
    }
}
