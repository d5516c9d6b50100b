//! Reading the body, whole or as a stream.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use bytes::{Bytes, BytesMut};
use http_body::Body as _;

use super::HttpRequest;
use crate::body::Body;
use crate::error::{Error, ErrorKind, Result};

/// Why a body could not be read; kept, because every later reader gets the same answer.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    kind: ErrorKind,
    message: String,
}

impl Failure {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// Another error, of which the kind and the words are kept.
    pub(crate) fn of(error: &Error) -> Self {
        Self::new(error.kind(), error.to_string())
    }

    pub(super) fn kind(&self) -> ErrorKind {
        self.kind
    }

    #[track_caller]
    pub(super) fn error(&self) -> Error {
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
    #[doc(alias = "request.body")]
    pub async fn body(&self) -> Result<&Bytes> {
        let read = self.shared().read().bytes.get_or_init(|| self.read_body()).await;
        read.as_ref().map_err(Failure::error)
    }

    /// The body as a stream, for a view that does not want it in memory; no limit holds for it.
    ///
    /// # Errors
    /// [`ErrorKind::BodyTaken`] if it was taken or read before.
    #[doc(alias = "request.read")]
    #[doc(alias = "readline")]
    pub fn take_body(&self) -> Result<Body> {
        self.stream().ok_or_else(|| taken().error())
    }

    pub(super) fn stream(&self) -> Option<Body> {
        self.shared().body.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// How long the body says that it is, at least. A body that says too much is refused before it is taken, so that a
    /// form with large files can still be read by [`FILES`](Self::FILES).
    fn announced(&self) -> u64 {
        let body = self.shared().body.lock().unwrap_or_else(PoisonError::into_inner);
        body.as_ref().map_or(0, |body| body.size_hint().lower())
    }

    pub(super) async fn read_body(&self) -> Result<Bytes, Failure> {
        let limit = self.settings().DATA_UPLOAD_MAX_MEMORY_SIZE.unwrap_or(usize::MAX);
        if self.announced() > limit as u64 {
            return Err(too_large(limit));
        }
        let mut body = self.stream().ok_or_else(taken)?;
        let mut whole = Bytes::new();
        let mut more = BytesMut::new();
        while let Some(data) = body.next_chunk().await.map_err(|error| Failure::of(&error))? {
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

    /// Did a view read an empty [`GET`](super::RequestFields::GET) because the real one could not be taken?
    #[doc(hidden)]
    #[must_use]
    pub fn query_failed(&self) -> bool {
        self.head().query_failed.load(Ordering::Relaxed)
    }
}

pub(super) fn taken() -> Failure {
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
