//! Text encodings by the names and rules of Python: what `charset=` in a Content-Type and `request.encoding` mean.
//!
//! Latin-1 and ASCII are Python's, not the browsers' (to which both are windows-1252), and so are the other encodings of
//! one byte. Those of several bytes are encoding_rs's. Unknown to nuages are UTF-7, the DOS and EBCDIC code pages, and
//! Python's codecs that are no charsets (`hex`, `idna`).

mod codec;
mod labels;
mod single_byte;
mod wide;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use codec::Codec;
pub(crate) use codec::latin_1;

/// A text encoding, under the label it was asked for.
///
/// Like Django's `encoding` attributes it holds any label: that it is unknown shows where text is decoded or encoded.
/// [`Encoding::for_label`] asks at once. Cheap to clone.
///
/// ```
/// use nuages_http::encoding::Encoding;
///
/// let latin_1 = Encoding::new("ISO-8859-1");
/// assert_eq!(latin_1.decode(b"caf\xe9")?, "caf\u{e9}");
/// assert!(Encoding::new("nonsense").decode(b"x").is_err());
/// # Ok::<(), nuages_http::encoding::LookupError>(())
/// ```
#[derive(Clone)]
pub struct Encoding(Kind);

#[derive(Clone)]
enum Kind {
    Utf8,
    Named(Arc<Named>),
}

struct Named {
    label: Box<str>,
    codec: Option<Codec>,
}

impl Encoding {
    /// UTF-8, Django's `DEFAULT_CHARSET`.
    pub const UTF_8: Self = Self(Kind::Utf8);

    /// The encoding of this label, which may be unknown.
    pub fn new(label: impl AsRef<str>) -> Self {
        let label = label.as_ref();
        if label == "utf-8" {
            return Self::UTF_8;
        }
        Self(Kind::Named(Arc::new(Named { label: label.into(), codec: labels::lookup(label) })))
    }

    /// The encoding of this label: Python's `codecs.lookup`.
    ///
    /// # Errors
    ///
    /// [`LookupError`] if nuages does not know it.
    pub fn for_label(label: impl AsRef<str>) -> Result<Self, LookupError> {
        let encoding = Self::new(label);
        encoding.codec()?;
        Ok(encoding)
    }

    /// The label, as it was given.
    #[must_use]
    pub fn label(&self) -> &str {
        match &self.0 {
            Kind::Utf8 => "utf-8",
            Kind::Named(named) => &named.label,
        }
    }

    /// Whether nuages can decode and encode it.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.codec().is_ok()
    }

    /// Whether it is UTF-8, under any of its names.
    #[must_use]
    pub fn is_utf_8(&self) -> bool {
        matches!(self.codec(), Ok(Codec::Utf8))
    }

    fn codec(&self) -> Result<Codec, LookupError> {
        match &self.0 {
            Kind::Utf8 => Ok(Codec::Utf8),
            Kind::Named(named) => named.codec.ok_or_else(|| LookupError { label: named.label.clone() }),
        }
    }

    /// The text of these bytes; what cannot be decoded becomes U+FFFD (Python's `errors="replace"`).
    ///
    /// # Errors
    ///
    /// [`LookupError`] if the encoding is unknown.
    pub fn decode<'a>(&self, bytes: &'a [u8]) -> Result<Cow<'a, str>, LookupError> {
        Ok(self.codec()?.decode(bytes))
    }

    /// The text of these bytes, all of which must be decodable.
    ///
    /// # Errors
    ///
    /// [`CodecError`] if the encoding is unknown or a byte is wrong in it.
    pub fn decode_strict<'a>(&self, bytes: &'a [u8]) -> Result<Cow<'a, str>, CodecError> {
        self.codec()?.decode_strict(bytes).ok_or_else(|| CodecError::Undecodable(self.clone()))
    }

    /// The bytes of this text.
    ///
    /// # Errors
    ///
    /// [`CodecError`] if the encoding is unknown or has no bytes for a character.
    pub fn encode<'a>(&self, text: &'a str) -> Result<Cow<'a, [u8]>, CodecError> {
        self.codec()?.encode(text).ok_or_else(|| CodecError::Unencodable(self.clone()))
    }
}

impl Default for Encoding {
    fn default() -> Self {
        Self::UTF_8
    }
}

impl From<&str> for Encoding {
    fn from(label: &str) -> Self {
        Self::new(label)
    }
}

impl From<String> for Encoding {
    fn from(label: String) -> Self {
        Self::new(label)
    }
}

/// Two encodings are equal if their labels are.
impl PartialEq for Encoding {
    fn eq(&self, other: &Self) -> bool {
        self.label() == other.label()
    }
}

impl Eq for Encoding {}

impl fmt::Debug for Encoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Encoding").field(&self.label()).finish()
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.label())
    }
}

/// No encoding has this label (Python's LookupError).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookupError {
    label: Box<str>,
}

impl LookupError {
    /// The label that was asked for.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The class of the exception in Django or Python.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        "LookupError"
    }
}

impl fmt::Display for LookupError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "unknown encoding {:?}: use a charset such as \"utf-8\" or \"iso-8859-1\"",
            self.label
        )
    }
}

impl Error for LookupError {}

/// Text could not be decoded or encoded (Python's LookupError, UnicodeDecodeError and UnicodeEncodeError).
///
/// ```
/// use nuages_http::encoding::{CodecError, Encoding};
///
/// let ascii = Encoding::new("ascii");
/// assert_eq!(ascii.decode_strict(b"caf\xe9"), Err(CodecError::Undecodable(ascii.clone())));
/// assert_eq!(ascii.encode("caf\u{e9}"), Err(CodecError::Unencodable(ascii.clone())));
/// assert_eq!(Encoding::new("nonsense").encode("a").unwrap_err().django_name(), "LookupError");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodecError {
    /// The encoding is unknown.
    Lookup(LookupError),
    /// A byte means nothing in this encoding.
    Undecodable(Encoding),
    /// A character has no bytes in this encoding.
    Unencodable(Encoding),
}

impl CodecError {
    /// The class of the exception in Django or Python.
    #[must_use]
    pub fn django_name(&self) -> &'static str {
        match self {
            Self::Lookup(error) => error.django_name(),
            Self::Undecodable(_) => "UnicodeDecodeError",
            Self::Unencodable(_) => "UnicodeEncodeError",
        }
    }
}

impl fmt::Display for CodecError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lookup(error) => error.fmt(formatter),
            Self::Undecodable(encoding) => {
                write!(formatter, "these bytes are not {encoding}: name their real encoding")
            }
            Self::Unencodable(encoding) => {
                write!(formatter, "{encoding} lacks a character of the text: use utf-8")
            }
        }
    }
}

impl Error for CodecError {}

impl From<LookupError> for CodecError {
    fn from(error: LookupError) -> Self {
        Self::Lookup(error)
    }
}
