//! Several parts of a file in one answer: multipart/byteranges (RFC 9110, section 14.6).

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use nuages_signing::{RANDOM_STRING_CHARS, get_random_string};

use super::file::{FileContent, content_range};
use crate::body::BodyError;
use crate::byte_range::ByteRange;
use crate::uploads::FileStream;

/// The body: each part behind its own headers.
pub(super) struct ByteRanges {
    boundary: String,
    pieces: VecDeque<FileStream>,
    left: u64,
}

impl ByteRanges {
    pub(super) fn new(
        content: &FileContent,
        length: u64,
        content_type: &str,
        ranges: Vec<ByteRange>,
    ) -> Self {
        // Random, so that nobody puts the boundary of the next answer into a file.
        let boundary = get_random_string(24, RANDOM_STRING_CHARS);
        let mut pieces = VecDeque::new();
        for range in ranges {
            let range_header = content_range(range, length);
            let head = format!(
                "\r\n--{boundary}\r\nContent-Type: {content_type}\r\nContent-Range: {range_header}\r\n\r\n"
            );
            pieces.push_back(FileStream::of_bytes(head.into()));
            pieces.push_back(content.stream(range));
        }
        pieces.push_back(FileStream::of_bytes(format!("\r\n--{boundary}--\r\n").into()));
        let left = pieces.iter().filter_map(|piece| piece.size_hint().exact()).fold(0, u64::saturating_add);
        Self { boundary, pieces, left }
    }

    pub(super) fn content_type(&self) -> String {
        format!("multipart/byteranges; boundary={}", self.boundary)
    }

    pub(super) fn length(&self) -> u64 {
        self.left
    }
}

impl HttpBody for ByteRanges {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        while let Some(piece) = self.pieces.front_mut() {
            match Pin::new(piece).poll_frame(cx) {
                Poll::Ready(None) => drop(self.pieces.pop_front()),
                Poll::Ready(Some(Ok(frame))) => {
                    let length = frame.data_ref().map_or(0, |data| data.len() as u64);
                    self.left = self.left.saturating_sub(length);
                    return Poll::Ready(Some(Ok(frame)));
                }
                answer => return answer,
            }
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
