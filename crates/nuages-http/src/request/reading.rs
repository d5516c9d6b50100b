//! Reading the body.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use bytes::{Bytes, BytesMut};
use http_body::Body as _;

use super::HttpRequest;
use crate::body::Body;
use crate::error::{Error, ErrorKind, Result};
use crate::query_dict::QueryDict;

/// Why a body could not be read; kept, because every later reader gets the same answer.
#[derive(Clone)]
pub(super) struct Failure {
    kind: ErrorKind,
    message: String,
}

impl Failure {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    #[track_caller]
    fn error(&self) -> Error {
        Error::new(self.kind, self.message.clone())
    }
}

impl HttpRequest {
    /// The whole body (`HttpRequest.body`), read once.
    ///
    /// # Errors
    /// - [`ErrorKind::TooLarge`]: more than `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes, found while reading.
    /// - [`ErrorKind::UnreadableBody`]: the client left or was too slow; never a short whole.
    /// - [`ErrorKind::BodyTaken`]: it was taken by [`take_body`](Self::take_body).
    pub async fn body(&self) -> Result<&Bytes> {
        let read = self.shared().read().bytes.get_or_init(|| self.read_body()).await;
        read.as_ref().map_err(Failure::error)
    }

    /// The body as a stream, for a view that does not want it in memory; no limit holds for it.
    ///
    /// # Errors
    /// [`ErrorKind::BodyTaken`] if it was taken or read before.
    pub fn take_body(&self) -> Result<Body> {
        self.stream().ok_or_else(|| taken().error())
    }

    fn stream(&self) -> Option<Body> {
        self.shared().body.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    async fn read_body(&self) -> Result<Bytes, Failure> {
        let limit = self.settings().DATA_UPLOAD_MAX_MEMORY_SIZE.unwrap_or(usize::MAX);
        let mut body = self.stream().ok_or_else(taken)?;
        if body.size_hint().lower() > limit as u64 {
            return Err(too_large(limit));
        }
        let mut whole = Bytes::new();
        let mut more = BytesMut::new();
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            let frame = frame.map_err(|error| {
                Failure::new(ErrorKind::UnreadableBody, format!("the body could not be read: {error}"))
            })?;
            // Trailers are dropped: they must never pass for headers.
            let Ok(data) = frame.into_data() else { continue };
            if whole.len().saturating_add(more.len()).saturating_add(data.len()) > limit {
                return Err(too_large(limit));
            }
            if whole.is_empty() && more.is_empty() {
                whole = data;
            } else {
                if more.is_empty() {
                    more.extend_from_slice(&whole);
                    whole = Bytes::new();
                }
                more.extend_from_slice(&data);
            }
        }
        Ok(if more.is_empty() { whole } else { more.freeze() })
    }

    /// The fields of a form in the body (`HttpRequest.POST`); empty if the method is not POST or the body is no form.
    ///
    /// # Errors
    /// As [`body`](Self::body), and [`ErrorKind::TooManyFields`] for more than `DATA_UPLOAD_MAX_NUMBER_FIELDS`
    /// fields, [`ErrorKind::BadRequest`] for a form in another charset than UTF-8.
    ///
    /// ```
    /// # use nuages_http::HttpRequest;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let request = HttpRequest::test("POST", "/login/").form("name=Ada&name=Eve").build();
    /// let form = request.POST().await?;
    /// assert_eq!(form.get("name"), Some("Eve"));
    /// # Ok::<(), nuages_http::Error>(()) })?;
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    #[expect(non_snake_case, reason = "the name is Django's")]
    pub async fn POST(&self) -> Result<&QueryDict> {
        // Asked each time: `set_encoding` may have been called since.
        self.check_form_encoding()?;
        let read = self.shared().read().post.get_or_init(|| self.read_post()).await;
        read.as_ref().map_err(Failure::error)
    }

    /// A form is in UTF-8, whatever its charset parameter says (RFC 1866); as Django, another one is refused.
    pub(super) fn check_form_encoding(&self) -> Result<()> {
        let is_form =
            self.method == http::Method::POST && self.content_type == "application/x-www-form-urlencoded";
        if is_form && self.encoding().is_some_and(|encoding| !encoding.eq_ignore_ascii_case("utf-8")) {
            return Err(Error::new(
                ErrorKind::BadRequest,
                "a form of the type application/x-www-form-urlencoded must be in UTF-8",
            ));
        }
        Ok(())
    }

    async fn read_post(&self) -> Result<QueryDict, Failure> {
        if self.method != http::Method::POST || self.content_type != "application/x-www-form-urlencoded" {
            if self.method == http::Method::POST && self.content_type == "multipart/form-data" {
                return Err(Failure::new(
                    ErrorKind::UnsupportedMediaType,
                    "multipart/form-data is not read by POST(): send application/x-www-form-urlencoded, or read body()",
                ));
            }
            return Ok(QueryDict::default());
        }
        let read = self.shared().read().bytes.get_or_init(|| self.read_body()).await;
        let body = read.as_ref().map_err(Clone::clone)?;
        let limit = self.settings().DATA_UPLOAD_MAX_NUMBER_FIELDS;
        QueryDict::options()
            .max_number_fields(limit)
            .parse_bytes(body)
            .map_err(|error| Failure::new(ErrorKind::TooManyFields, error.to_string()))
    }

    /// Did a view read an empty [`GET`](super::RequestFields::GET) because the real one could not be taken?
    #[doc(hidden)]
    #[must_use]
    pub fn query_failed(&self) -> bool {
        self.head().query_failed.load(Ordering::Relaxed)
    }
}

fn taken() -> Failure {
    Failure::new(
        ErrorKind::BodyTaken,
        "the body was taken as a stream before; read it only once, or use body()",
    )
}

fn too_large(limit: usize) -> Failure {
    Failure::new(
        ErrorKind::TooLarge,
        format!(
            "the body exceeds DATA_UPLOAD_MAX_MEMORY_SIZE ({limit} bytes); raise it, or take the body as a stream"
        ),
    )
}
