//! `request.GET`: the fields of the query string.

use std::fmt;
use std::ops::Deref;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};

use super::head::Head;
use crate::encoding::Encoding;
use crate::error::{Error, ErrorKind, Result};
use crate::query_dict::{ParseError, QueryDict};

/// The fields of a query string (`HttpRequest.GET`); parsed when first asked, it derefs to [`QueryDict`].
///
/// A query that cannot be taken (more fields than `DATA_UPLOAD_MAX_NUMBER_FIELDS`) reads as an empty one, and
/// the request is answered with status 400 whatever the view says, unless the view asks with
/// [`check`](Self::check).
///
/// ```
/// use nuages_http::HttpRequest;
///
/// let request = HttpRequest::test("GET", "/search/?q=tea&tag=green&tag=black").build();
/// assert_eq!(request.GET.get("q"), Some("tea"));
/// assert_eq!(request.GET.getlist("tag"), ["green", "black"]);
/// assert_eq!(request.GET.get("page"), None);
/// ```
#[derive(Clone)]
pub struct Query {
    head: Arc<Head>,
    encoding: Option<Arc<str>>,
    parsed: OnceLock<Result<QueryDict, (ErrorKind, String)>>,
}

impl Query {
    pub(super) fn new(head: Arc<Head>, encoding: Option<Arc<str>>) -> Self {
        Self { head, encoding, parsed: OnceLock::new() }
    }

    /// The same query, to be decoded anew.
    pub(super) fn in_encoding(&self, encoding: Arc<str>) -> Self {
        Self::new(self.head.clone(), Some(encoding))
    }

    fn parsed(&self) -> &Result<QueryDict, (ErrorKind, String)> {
        self.parsed.get_or_init(|| {
            let limit = self.head.site.settings().DATA_UPLOAD_MAX_NUMBER_FIELDS;
            let encoding = self.encoding.as_deref().map_or(Encoding::UTF_8, Encoding::new);
            QueryDict::options()
                .encoding(encoding)
                .max_number_fields(limit)
                .parse_bytes(self.head.query().as_bytes())
                .map_err(|error| match error {
                    ParseError::Encoding(_) => (ErrorKind::BadRequest, error.to_string()),
                    _ => (ErrorKind::TooManyFields, error.to_string()),
                })
        })
    }

    /// The fields, or why there are none.
    ///
    /// # Errors
    /// [`ErrorKind::TooManyFields`].
    pub fn check(&self) -> Result<&QueryDict> {
        self.parsed().as_ref().map_err(|(kind, message)| Error::new(*kind, message.clone()))
    }
}

impl Deref for Query {
    type Target = QueryDict;

    fn deref(&self) -> &QueryDict {
        // Not configuration: an empty dictionary that never changes.
        static EMPTY: OnceLock<QueryDict> = OnceLock::new();
        match self.parsed() {
            Ok(fields) => fields,
            Err(_) => {
                self.head.query_failed.store(true, Ordering::Relaxed);
                EMPTY.get_or_init(QueryDict::default)
            }
        }
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.parsed(), f)
    }
}
