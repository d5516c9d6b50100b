//! The media type of a request's body.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::head::Head;
use crate::encoding::Encoding;
use crate::header_parameters::{HeaderParameters, parse_header_parameters};

/// The media type of a body (`HttpRequest.content_type`), in lower case, without parameters; it derefs to `str`.
///
/// ```
/// use nuages_http::HttpRequest;
/// let request = HttpRequest::test("POST", "/").header("Content-Type", "Text/HTML; charset=utf-8").build();
/// assert_eq!(&*request.content_type, "text/html");
/// assert_eq!(request.content_type.params().get("charset"), Some("utf-8"));
/// ```
#[derive(Clone)]
pub struct ContentType {
    /// None if the request has no Content-Type.
    head: Option<Arc<Head>>,
    parsed: OnceLock<Arc<Parsed>>,
}

type Parsed = (String, HeaderParameters);

impl ContentType {
    pub(super) fn new(head: &Arc<Head>) -> Self {
        let head = head.headers.contains_key(http::header::CONTENT_TYPE).then(|| head.clone());
        Self { head, parsed: OnceLock::new() }
    }

    fn parsed(&self) -> &Parsed {
        self.parsed.get_or_init(|| {
            let header = self
                .head
                .as_ref()
                .and_then(|head| head.header(http::header::CONTENT_TYPE))
                .unwrap_or_default();
            // A header that cannot be parsed has no parameters.
            let (name, parameters) = parse_header_parameters(&header).unwrap_or_default();
            Arc::new((name.into_owned(), parameters))
        })
    }

    /// The parameters (`HttpRequest.content_params`), such as `charset`.
    #[must_use]
    pub fn params(&self) -> &HeaderParameters {
        &self.parsed().1
    }

    pub(crate) fn header_is_ascii(&self) -> bool {
        self.head.as_ref().is_none_or(|head| {
            head.headers.get(http::header::CONTENT_TYPE).is_none_or(|value| value.to_str().is_ok())
        })
    }

    /// The charset, if there is one and it is known.
    pub(super) fn charset(&self) -> Option<Arc<str>> {
        self.head.as_ref()?;
        let charset = self.params().get("charset")?;
        Encoding::new(charset).is_known().then(|| charset.into())
    }
}

impl Deref for ContentType {
    type Target = str;

    fn deref(&self) -> &str {
        if self.head.is_some() { &self.parsed().0 } else { "" }
    }
}

impl PartialEq<&str> for ContentType {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl fmt::Debug for ContentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
