//! What a view or a middleware returns when it cannot answer.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::panic::Location;

use http::StatusCode;

use crate::HttpResponse;

/// What views return: an answer, or an [`Error`] that becomes one.
pub type Result<T = HttpResponse, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn StdError + Send + Sync>;

/// The kinds of errors, each named after the exception of Django that it stands for.
///
/// ```
/// use nuages_http::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::PermissionDenied, "only for members");
/// assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::PermissionDenied, 403));
/// assert_eq!(ErrorKind::NotFound.django_name(), "Http404");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// `Http404`, status 404.
    #[doc(alias = "Http404")]
    NotFound,
    /// `PermissionDenied`, status 403.
    PermissionDenied,
    /// `BadRequest`, status 400.
    BadRequest,
    /// `SuspiciousOperation`, status 400, logged as a matter of security.
    #[doc(alias = "SuspiciousOperation")]
    Suspicious,
    /// `DisallowedHost`: the Host header is malformed or not in ALLOWED_HOSTS; status 400.
    DisallowedHost,
    /// `DisallowedRedirect`: a redirect to a scheme that is not allowed; status 400.
    DisallowedRedirect,
    /// `TooManyFieldsSent`: more fields than DATA_UPLOAD_MAX_NUMBER_FIELDS; status 400.
    #[doc(alias = "TooManyFieldsSent")]
    TooManyFields,
    /// `RequestDataTooBig`: a body larger than DATA_UPLOAD_MAX_MEMORY_SIZE; status 400.
    #[doc(alias = "RequestDataTooBig")]
    TooLarge,
    /// `TooManyFilesSent`: more files than DATA_UPLOAD_MAX_NUMBER_FILES; status 400.
    #[doc(alias = "TooManyFilesSent")]
    TooManyFiles,
    /// `MultiPartParserError`: a multipart form that cannot be read; status 400.
    #[doc(alias = "MultiPartParserError")]
    BadMultipart,
    /// `SessionInterrupted`: the session was deleted while the request ran; status 400.
    SessionInterrupted,
    /// `UnreadablePostError`: the body ended early or came too slowly; status 400.
    #[doc(alias = "UnreadablePostError")]
    UnreadableBody,
    /// `RawPostDataException`: the body was taken as a stream and cannot be read again; status 500.
    #[doc(alias = "RawPostDataException")]
    BodyTaken,
    /// The body has a content type that the view does not read; status 415.
    UnsupportedMediaType,
    /// A server that the answer needs is away; status 503 with Retry-After.
    Unavailable,
    /// `ImproperlyConfigured`, status 500.
    ImproperlyConfigured,
    /// Anything else, status 500.
    Internal,
}

impl ErrorKind {
    /// The status that an error of this kind is answered with.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::PermissionDenied => StatusCode::FORBIDDEN,
            Self::BadRequest
            | Self::Suspicious
            | Self::DisallowedHost
            | Self::DisallowedRedirect
            | Self::TooManyFields
            | Self::TooManyFiles
            | Self::TooLarge
            | Self::BadMultipart
            | Self::SessionInterrupted
            | Self::UnreadableBody => StatusCode::BAD_REQUEST,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::BodyTaken | Self::ImproperlyConfigured | Self::Internal => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// Is it a `SuspiciousOperation`, which Django logs under `django.security`?
    #[must_use]
    pub fn is_suspicious(self) -> bool {
        matches!(
            self,
            Self::Suspicious
                | Self::DisallowedHost
                | Self::DisallowedRedirect
                | Self::TooManyFields
                | Self::TooManyFiles
                | Self::TooLarge
        )
    }

    /// The name of Django's exception.
    #[must_use]
    pub fn django_name(self) -> &'static str {
        match self {
            Self::NotFound => "Http404",
            Self::PermissionDenied => "PermissionDenied",
            Self::BadRequest => "BadRequest",
            Self::Suspicious => "SuspiciousOperation",
            Self::DisallowedHost => "DisallowedHost",
            Self::DisallowedRedirect => "DisallowedRedirect",
            Self::TooManyFields => "TooManyFieldsSent",
            Self::TooManyFiles => "TooManyFilesSent",
            Self::TooLarge => "RequestDataTooBig",
            Self::BadMultipart => "MultiPartParserError",
            Self::SessionInterrupted => "SessionInterrupted",
            Self::UnreadableBody => "UnreadablePostError",
            Self::BodyTaken => "RawPostDataException",
            Self::UnsupportedMediaType => "UnsupportedMediaType",
            Self::Unavailable => "Unavailable",
            Self::ImproperlyConfigured => "ImproperlyConfigured",
            Self::Internal => "Exception",
        }
    }
}

/// An error on its way to become an answer: its kind, what to say, its source, and where it was made.
///
/// Every error of another library becomes one by `?`, of the kind [`ErrorKind::Internal`]; an error with another
/// status is made with [`Error::new`] or by [`OrStatus`](crate::OrStatus). It is one pointer wide.
///
/// ```
/// use nuages_http::{Error, ErrorKind, Result};
///
/// fn number(text: &str) -> Result<u32> {
///     if text.is_empty() {
///         return Err(Error::new(ErrorKind::BadRequest, "the number is missing"));
///     }
///     Ok(text.parse()?)
/// }
/// assert_eq!(number("").unwrap_err().status(), 400);
/// assert_eq!(number("x").unwrap_err().status(), 500);
///
/// let error = Error::with_source(ErrorKind::Unavailable, std::io::Error::other("no route")).retry_after(30);
/// assert_eq!((error.status().as_u16(), error.retry_after_seconds()), (503, Some(30)));
/// assert!(error.source().is_some() && error.location().line() > 0);
/// ```
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    source: Option<Source>,
    /// The type of the source, if it has a name.
    source_name: Option<&'static str>,
    location: &'static Location<'static>,
    retry_after: Option<u32>,
}

impl Error {
    /// An error of this kind; the message is for the log and, in debug mode, for the page.
    #[track_caller]
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self::build(kind, message.into(), None, None)
    }

    /// An error of this kind that another error caused.
    #[track_caller]
    pub fn with_source<E: Into<Box<dyn StdError + Send + Sync>>>(kind: ErrorKind, source: E) -> Self {
        Self::build(kind, Cow::Borrowed(""), Some(source.into()), short_name::<E>())
    }

    #[track_caller]
    fn build(
        kind: ErrorKind,
        message: Cow<'static, str>,
        source: Option<Source>,
        source_name: Option<&'static str>,
    ) -> Self {
        let location = Location::caller();
        Self { inner: Box::new(Inner { kind, message, source, source_name, location, retry_after: None }) }
    }

    /// Says in how many seconds the client may try again; sent as Retry-After.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.inner.retry_after = Some(seconds);
        self
    }

    /// The same error as another kind, when what caused it turns out to call for another status.
    #[must_use]
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.inner.kind = kind;
        self
    }

    /// What kind it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// What a log or a debug page calls it: the exception of Django that its kind stands for; for an error of any other
    /// library the name of its type, as Python would print it.
    ///
    /// ```
    /// use nuages_http::{Error, ErrorKind};
    /// assert_eq!(Error::from("x".parse::<u32>().unwrap_err()).name(), "ParseIntError");
    /// assert_eq!(Error::new(ErrorKind::NotFound, "no such page").name(), "Http404");
    /// ```
    #[must_use]
    pub fn name(&self) -> &'static str {
        match (self.inner.kind, self.inner.source_name) {
            (ErrorKind::Internal, Some(name)) => name,
            (kind, _) => kind.django_name(),
        }
    }

    /// The status that it is answered with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.inner.kind.status()
    }

    /// The seconds given to [`retry_after`](Self::retry_after).
    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u32> {
        self.inner.retry_after
    }

    /// What caused it, if another error did.
    #[must_use]
    pub fn source(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.inner.source.as_deref()
    }

    /// The source, if it is a `T`.
    ///
    /// ```
    /// use nuages_http::Error;
    /// let error = Error::from("x".parse::<u32>().unwrap_err());
    /// assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
    /// ```
    #[must_use]
    pub fn downcast_ref<T: StdError + 'static>(&self) -> Option<&T> {
        self.inner.source.as_deref().and_then(|source| source.downcast_ref())
    }

    /// Where in the source code it was made.
    #[must_use]
    pub fn location(&self) -> &'static Location<'static> {
        self.inner.location
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&*self.inner.message, &self.inner.source) {
            ("", Some(source)) => source.fmt(f),
            ("", None) => f.write_str(self.inner.kind.django_name()),
            (message, _) => f.write_str(message),
        }
    }
}

/// The name of a type without its path; none for text and for what hides its type.
fn short_name<E>() -> Option<&'static str> {
    let name = std::any::type_name::<E>();
    let path = name.split('<').next()?;
    if path.starts_with(['&', '(', '[']) || path.starts_with("alloc::") {
        return None;
    }
    path.rsplit_once("::").map(|(_, name)| name)
}

/// The name, the message, the place, and each cause on a line of its own.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.name())?;
        write!(Printable(f), "{self}")?;
        write!(f, "\n  at {}", self.inner.location)?;
        let mut cause = match (&*self.inner.message, self.inner.source.as_deref()) {
            ("", Some(source)) => source.source(),
            (_, source) => source.map(|source| source as &dyn StdError),
        };
        while let Some(error) = cause {
            f.write_str("\n  caused by: ")?;
            write!(Printable(f), "{error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// Writes text with its control characters escaped: a message may quote the client, and must not forge a line of the log.
struct Printable<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for Printable<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|c| {
            if c.is_control() { write!(self.0, "{}", c.escape_debug()) } else { self.0.write_char(c) }
        })
    }
}

impl<E: Into<Box<dyn StdError + Send + Sync>>> From<E> for Error {
    #[track_caller]
    fn from(source: E) -> Self {
        Self::with_source(ErrorKind::Internal, source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_error_converts_and_keeps_its_place() {
        fn fails() -> Result<u32> {
            Ok("x".parse::<u32>()?)
        }
        let error = fails().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal);
        assert!(error.location().file().ends_with("error.rs"), "{}", error.location());
        assert_eq!(Error::from("text").to_string(), "text");
        assert_eq!(Error::from(String::from("text")).to_string(), "text");
        assert_eq!(std::mem::size_of::<Error>(), 8);
    }

    #[test]
    fn names() {
        let unnamed: [Error; 4] = [
            "text".into(),
            String::from("text").into(),
            Source::from("text").into(),
            std::borrow::Cow::from("text").into(),
        ];
        for error in unnamed {
            assert_eq!(error.name(), "Exception");
        }
        let absent = nuages_cookies::Cookies::default().require("visits").map(drop).unwrap_err();
        assert_eq!(Error::from(absent.clone()).name(), "KeyError");
        assert_eq!(Error::with_source(ErrorKind::BadRequest, absent).name(), "BadRequest");
    }

    #[test]
    fn a_message_cannot_forge_a_line() {
        let text = format!("{:?}", Error::from("no such name x\n INFO nuages.access: GET /admin 200\u{1b}["));
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains(r"x\n INFO") && !text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn debug_shows_the_chain() {
        let io = std::io::Error::other("disk");
        let text = format!("{:?}", Error::with_source(ErrorKind::Unavailable, io));
        assert!(text.starts_with("Unavailable: disk\n  at "), "{text}");
    }
}
