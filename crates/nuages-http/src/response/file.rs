//! Answers that are files.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::StatusCode;
use http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderValue, LAST_MODIFIED, RANGE,
};

use super::byteranges::ByteRanges;
use super::headers::{BadHeader, header_value};
use super::{HttpResponse, ROOM};
use crate::body::Body;
use crate::byte_range::{ByteRange, Ranges, parse_range};
use crate::content_disposition::{Disposition, content_disposition_header};
use crate::content_types::guess_type;
use crate::error::Result;
use crate::http_date::format_http_date;
use crate::preconditions::{self, Precondition};
use crate::request::HttpRequest;
use crate::uploads::{FileStream, blocking};

/// A file as an answer (`FileResponse`): it is streamed, with its type, its length and its name.
///
/// What Django leaves to others is here too: [`respond_to`](Self::respond_to) answers parts of a file (Range) and 304 where
/// the client has it already.
///
/// ```
/// # use nuages_http::{FileResponse, HttpRequest};
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("report.pdf");
/// # std::fs::write(&path, "0123456789")?;
/// let request = HttpRequest::test("GET", "/report").header("Range", "bytes=2-4").build();
/// let response = FileResponse::open(&path).await?.as_attachment().respond_to(&request)?;
/// assert_eq!(response.status(), 206);
/// assert_eq!(response.header("content-range").as_deref(), Some("bytes 2-4/10"));
/// assert_eq!(response.header("content-type").as_deref(), Some("application/pdf"));
/// assert_eq!(
///     response.header("content-disposition").as_deref(),
///     Some("attachment; filename=\"report.pdf\"")
/// );
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[must_use = "call .respond_to(&request) or .into_response()"]
pub struct FileResponse {
    content: FileContent,
    length: u64,
    name: String,
    disposition: Disposition,
    content_type: Option<String>,
    modified: Option<SystemTime>,
    etag: Option<String>,
}

/// What the bytes are taken from.
pub(super) enum FileContent {
    Memory(Bytes),
    Open(Arc<File>),
}

impl FileContent {
    pub(super) fn stream(&self, range: ByteRange) -> FileStream {
        match self {
            Self::Memory(bytes) => {
                let start = usize::try_from(range.start).unwrap_or(usize::MAX).min(bytes.len());
                let length = usize::try_from(range.length).unwrap_or(usize::MAX);
                let end = start.saturating_add(length).min(bytes.len());
                FileStream::of_bytes(bytes.slice(start..end))
            }
            Self::Open(file) => FileStream::of_file(file.clone(), range.start, range.length),
        }
    }
}

impl FileResponse {
    /// The file at this path, under its own name, with the time of its last change and an ETag made of time and length.
    ///
    /// Never build the path from what a client sent without a check: nothing here keeps `../` out.
    ///
    /// # Errors
    /// If it cannot be opened, or is no ordinary file: [`or_404`](crate::OrStatus::or_404) makes it a 404.
    pub async fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_path_buf();
        blocking(move || {
            // Asked before it is opened: to open a pipe would wait for its other end.
            if !std::fs::metadata(&path)?.is_file() {
                return Err(no_file());
            }
            let response = Self::of_file(File::open(&path)?)?;
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            Ok(Self { name: name.unwrap_or_default(), ..response })
        })
        .await
    }

    /// An open file, from its beginning, with the time of its last change and an ETag made of time and length; it has no
    /// name yet.
    ///
    /// # Errors
    /// If it is no ordinary file.
    pub fn of_file(file: File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(no_file());
        }
        let modified = metadata.modified().ok();
        let since = modified.and_then(|modified| modified.duration_since(UNIX_EPOCH).ok());
        let etag = since.map(|since| format!("\"{:x}-{:x}\"", since.as_nanos(), metadata.len()));
        let content = FileContent::Open(Arc::new(file));
        Ok(Self { modified, etag, ..Self::new(content, metadata.len()) })
    }

    /// Bytes that are sent as a file would be.
    ///
    /// ```
    /// use nuages_http::FileResponse;
    /// let response = FileResponse::of_bytes("a,b\n").filename("table.csv").into_response()?;
    /// assert_eq!(response.header("content-type").as_deref(), Some("text/csv"));
    /// assert_eq!(response.header("content-length").as_deref(), Some("4"));
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    pub fn of_bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let length = bytes.len() as u64;
        Self::new(FileContent::Memory(bytes), length)
    }

    fn new(content: FileContent, length: u64) -> Self {
        Self {
            content,
            length,
            name: String::new(),
            disposition: Disposition::Inline,
            content_type: None,
            modified: None,
            etag: None,
        }
    }

    /// Browsers save it, instead of showing it (`as_attachment`).
    pub fn as_attachment(self) -> Self {
        Self { disposition: Disposition::Attachment, ..self }
    }

    /// The name under which it is sent (`filename`), from which its type is guessed too; folders are cut off. An empty one
    /// changes nothing.
    pub fn filename(self, name: &str) -> Self {
        match name.rsplit('/').next() {
            Some(name) if !name.is_empty() => Self { name: name.to_owned(), ..self },
            _ => self,
        }
    }

    /// Its media type; else [`guess_type`] of its name.
    pub fn content_type(self, content_type: impl Into<String>) -> Self {
        Self { content_type: Some(content_type.into()), ..self }
    }

    /// Its ETag, with its quotes; none: no ETag.
    pub fn etag(self, etag: impl Into<Option<String>>) -> Self {
        Self { etag: etag.into(), ..self }
    }

    /// The length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Has it no bytes?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The whole file, whatever the request asked for.
    ///
    /// # Errors
    /// A name, type or ETag that is no header's value.
    pub fn into_response(self) -> Result<HttpResponse, BadHeader> {
        let headers = self.headers()?;
        let whole = ByteRange { start: 0, length: self.length };
        let body = Body::stream(self.content.stream(whole));
        Ok(HttpResponse::from_parts(StatusCode::OK, headers, body))
    }

    /// What the request asked for: the file, parts of it (206, 416), or that the client has it (304, 412).
    ///
    /// Range is read for GET alone; more than 16 ranges, or ranges that ask for more bytes than there are, get the whole.
    ///
    /// # Errors
    /// As [`into_response`](Self::into_response).
    pub fn respond_to(self, request: &HttpRequest) -> Result<HttpResponse, BadHeader> {
        let sent = request.headers.raw();
        let modified = self.modified.and_then(seconds);
        let etag = self.etag.as_deref();
        match preconditions::check(&request.method, sent, etag, modified) {
            Precondition::Proceed => {}
            Precondition::NotModified => return self.without_content(StatusCode::NOT_MODIFIED),
            Precondition::Failed => return self.without_content(StatusCode::PRECONDITION_FAILED),
        }
        let wanted = sent.get(RANGE).filter(|_| request.method == http::Method::GET);
        let ranges = match wanted.and_then(|range| range.to_str().ok()) {
            Some(range) if preconditions::is_same(sent, etag, modified) => parse_range(range, self.length),
            _ => Ranges::Whole,
        };
        let mut response = match ranges {
            Ranges::Whole => self.into_response()?,
            Ranges::Unsatisfiable => {
                let mut response = HttpResponse::new("").with_status(StatusCode::RANGE_NOT_SATISFIABLE);
                let range = format!("bytes */{}", self.length);
                response.headers_mut().insert(CONTENT_RANGE, header_value("Content-Range", &range)?);
                response
            }
            Ranges::Some(ranges) => match *ranges {
                [range] => self.one(range)?,
                _ => self.several(ranges)?,
            },
        };
        response.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        Ok(response)
    }

    fn one(self, range: ByteRange) -> Result<HttpResponse, BadHeader> {
        let mut headers = self.headers()?;
        headers.insert(CONTENT_LENGTH, range.length.into());
        headers.insert(CONTENT_RANGE, header_value("Content-Range", &content_range(range, self.length))?);
        let body = Body::stream(self.content.stream(range));
        Ok(HttpResponse::from_parts(StatusCode::PARTIAL_CONTENT, headers, body))
    }

    fn several(self, ranges: Vec<ByteRange>) -> Result<HttpResponse, BadHeader> {
        let mut headers = self.headers()?;
        let parts = ByteRanges::new(&self.content, self.length, &self.content_type_or_guess(), ranges);
        headers.insert(CONTENT_TYPE, header_value("Content-Type", &parts.content_type())?);
        headers.insert(CONTENT_LENGTH, parts.length().into());
        Ok(HttpResponse::from_parts(StatusCode::PARTIAL_CONTENT, headers, Body::stream(parts)))
    }

    /// The headers of the whole file.
    fn headers(&self) -> Result<HeaderMap, BadHeader> {
        let mut headers = HeaderMap::with_capacity(ROOM);
        headers.insert(CONTENT_TYPE, header_value("Content-Type", &self.content_type_or_guess())?);
        headers.insert(CONTENT_LENGTH, self.length.into());
        if let Some(disposition) = content_disposition_header(self.disposition, &self.name) {
            headers.insert(CONTENT_DISPOSITION, header_value("Content-Disposition", &disposition)?);
        }
        self.validators(&mut headers)?;
        Ok(headers)
    }

    fn validators(&self, headers: &mut HeaderMap) -> Result<(), BadHeader> {
        if let Some(modified) = self.modified {
            let date = format_http_date(&modified.into());
            headers.insert(LAST_MODIFIED, header_value("Last-Modified", &date)?);
        }
        if let Some(etag) = &self.etag {
            headers.insert(ETAG, header_value("ETag", etag)?);
        }
        Ok(())
    }

    fn without_content(&self, status: StatusCode) -> Result<HttpResponse, BadHeader> {
        let mut headers = HeaderMap::with_capacity(ROOM);
        self.validators(&mut headers)?;
        Ok(HttpResponse::from_parts(status, headers, Body::empty()))
    }

    fn content_type_or_guess(&self) -> Cow<'_, str> {
        match &self.content_type {
            Some(content_type) => Cow::Borrowed(content_type),
            None => Cow::Borrowed(guess_type(&self.name)),
        }
    }
}

pub(super) fn content_range(range: ByteRange, length: u64) -> String {
    format!("bytes {}-{}/{length}", range.start, range.last())
}

fn seconds(time: SystemTime) -> Option<i64> {
    i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

fn no_file() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "not an ordinary file, so it is not sent")
}

impl HttpResponse {
    /// The file at this path, as the request asks for it: [`FileResponse::open`], [`FileResponse::respond_to`].
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such file, another one if it cannot be read.
    pub async fn file(request: &HttpRequest, path: impl AsRef<Path>) -> Result<Self> {
        let file = match FileResponse::open(path).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(crate::Error::with_source(crate::ErrorKind::NotFound, error));
            }
            opened => opened?,
        };
        Ok(file.respond_to(request)?)
    }
}
