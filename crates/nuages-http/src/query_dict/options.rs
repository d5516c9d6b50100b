//! How a QueryDict is made: encoding, mutability and limits.

use std::borrow::Cow;

use super::fields::{self, Fields};
use super::{ParseError, QueryDict};
use crate::encoding::{CodecError, Encoding, latin_1};

/// What [`QueryDict::options`] starts: Django's keyword arguments, and the two limits that Django reads from settings.
///
/// Without a call: UTF-8, immutable, 1,000 fields, any number of bytes.
///
/// ```
/// use nuages_http::QueryDict;
/// use nuages_http::query_dict::ParseError;
///
/// let mut fields = QueryDict::options().mutable(true).parse("page=2")?;
/// fields.set("page", "3")?;
/// assert_eq!(fields.urlencode()?, "page=3");
///
/// let refused = QueryDict::options().max_number_fields(1).parse("a=1&b=2");
/// assert!(matches!(refused, Err(ParseError::TooManyFields { limit: 1 })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct QueryDictOptions {
    encoding: Encoding,
    mutable: bool,
    max_number_fields: Option<usize>,
    max_memory_size: Option<usize>,
}

/// The default of `DATA_UPLOAD_MAX_NUMBER_FIELDS`.
const MAX_NUMBER_FIELDS: usize = 1000;

impl Default for QueryDictOptions {
    fn default() -> Self {
        Self {
            encoding: Encoding::UTF_8,
            mutable: false,
            max_number_fields: Some(MAX_NUMBER_FIELDS),
            max_memory_size: None,
        }
    }
}

impl QueryDictOptions {
    /// The encoding of escaped bytes, and of what `urlencode` writes.
    pub fn encoding(self, encoding: impl Into<Encoding>) -> Self {
        Self { encoding: encoding.into(), ..self }
    }

    /// Whether the dictionary can be changed.
    pub fn mutable(self, mutable: bool) -> Self {
        Self { mutable, ..self }
    }

    /// `DATA_UPLOAD_MAX_NUMBER_FIELDS`, None for no limit. Empty fields count, as in Django.
    pub fn max_number_fields(self, limit: impl Into<Option<usize>>) -> Self {
        Self { max_number_fields: limit.into(), ..self }
    }

    /// `DATA_UPLOAD_MAX_MEMORY_SIZE` in bytes of the query string, None for no limit.
    pub fn max_memory_size(self, limit: impl Into<Option<usize>>) -> Self {
        Self { max_memory_size: limit.into(), ..self }
    }

    /// Parses a query string that is text already: only its escapes are decoded.
    ///
    /// # Errors
    ///
    /// [`ParseError`] beyond a limit, found before anything is allocated, and for escapes in an unknown encoding.
    pub fn parse(self, query: &str) -> Result<QueryDict, ParseError> {
        self.check_size(query.len())?;
        if let Some(limit) = self.max_number_fields
            && fields::count(query) > limit
        {
            return Err(ParseError::TooManyFields { limit });
        }
        let fields = Fields::parse(query, &self.encoding)?;
        Ok(QueryDict::from_fields(fields, self.mutable, self.encoding))
    }

    /// Parses the bytes of a query string or of a form: text in the encoding or, if they are not, in Latin-1.
    ///
    /// # Errors
    ///
    /// [`ParseError`] beyond a limit, and for an unknown encoding.
    pub fn parse_bytes(self, query: &[u8]) -> Result<QueryDict, ParseError> {
        self.check_size(query.len())?;
        if query.is_empty() {
            return self.parse("");
        }
        let text = match self.encoding.decode_strict(query) {
            Ok(text) => text,
            Err(CodecError::Lookup(error)) => return Err(error.into()),
            Err(_) => latin_1(query),
        };
        // The limit is one of bytes sent: text may have become longer in UTF-8.
        let options = Self { max_memory_size: None, ..self };
        match text {
            Cow::Borrowed(text) => options.parse(text),
            Cow::Owned(text) => options.parse(&text),
        }
    }

    /// One value for each of these names; a repeated name repeats the value.
    pub fn fromkeys<K: Into<String>>(
        self,
        keys: impl IntoIterator<Item = K>,
        value: impl Into<String>,
    ) -> QueryDict {
        let value = value.into();
        let mut dict = QueryDict::from_fields(Fields::default(), self.mutable, self.encoding);
        for key in keys {
            dict.lists_mut().entry(key.into()).or_default().push(value.clone());
        }
        dict
    }

    fn check_size(&self, size: usize) -> Result<(), ParseError> {
        match self.max_memory_size {
            Some(limit) if size > limit => Err(ParseError::TooBig { limit }),
            _ => Ok(()),
        }
    }
}
