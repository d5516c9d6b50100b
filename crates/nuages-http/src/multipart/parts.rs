//! The parts of a body that is being received.

use bytes::Bytes;

use super::splitter::{Event, Malformed, Splitter};
use crate::body::Body;
use crate::error::{ErrorKind, Result};
use crate::request::Failure;

/// A body that came whole is handed on in pieces of this size (Django's `FileUploadHandler.chunk_size`).
const PIECE: usize = 64 * 1024;

pub(super) struct Parts {
    body: Body,
    /// What has been received and not been looked at.
    waiting: Bytes,
    splitter: Splitter,
    /// Is a part open, of which the end has not been seen?
    open: bool,
}

impl Parts {
    /// None if the body has no bytes at all.
    pub(super) async fn begin(body: Body, boundary: &str) -> Result<Option<Self>, Failure> {
        let mut parts = Self { body, waiting: Bytes::new(), splitter: Splitter::new(boundary), open: false };
        Ok(if parts.receive().await? { Some(parts) } else { None })
    }

    /// The headers of the next part, `Some(None)` if it has none, or None after the last part. What is left of the one
    /// before is passed over.
    pub(super) async fn next_part(&mut self) -> Result<Option<Option<Bytes>>, Failure> {
        while self.open {
            self.next_piece().await?;
        }
        match self.next_event().await? {
            Event::Head(head) => {
                self.open = true;
                Ok(Some(head))
            }
            _ => Ok(None),
        }
    }

    /// The next piece of the part's content.
    pub(super) async fn next_piece(&mut self) -> Result<Option<Bytes>, Failure> {
        if !self.open {
            return Ok(None);
        }
        if let Event::Data(data) = self.next_event().await? {
            return Ok(Some(data));
        }
        self.open = false;
        Ok(None)
    }

    async fn next_event(&mut self) -> Result<Event, Failure> {
        loop {
            match self.splitter.next().map_err(malformed)? {
                Event::Starved => {
                    if !self.receive().await? {
                        self.splitter.end();
                    }
                }
                event => return Ok(event),
            }
        }
    }

    /// Hands more bytes to the splitter; false at the end of the body.
    async fn receive(&mut self) -> Result<bool, Failure> {
        while self.waiting.is_empty() {
            match self.body.next_chunk().await.map_err(|error| Failure::of(&error))? {
                Some(bytes) => self.waiting = bytes,
                None => return Ok(false),
            }
        }
        let piece = self.waiting.split_to(self.waiting.len().min(PIECE));
        self.splitter.push(&piece);
        Ok(true)
    }
}

fn malformed(malformed: Malformed) -> Failure {
    Failure::new(ErrorKind::BadMultipart, malformed.message())
}
