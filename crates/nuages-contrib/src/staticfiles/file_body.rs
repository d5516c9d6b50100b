//! Parts of a file, and what stands between them, as the body of a response.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::task::{JoinHandle, spawn_blocking};

use super::ranges::ByteRange;

/// How much is read at once.
pub(super) const CHUNK: u64 = 64 * 1024;

/// A piece of the body.
#[derive(Debug)]
pub(super) enum Piece {
    Text(Bytes),
    Part(ByteRange),
}

/// Reads a file bit by bit on threads that may block. A file that has become shorter meanwhile is an error, which
/// cuts the connection: a part never passes for the whole.
pub(super) struct FileBody {
    file: Arc<File>,
    pieces: VecDeque<Piece>,
    left: u64,
    reading: Option<JoinHandle<io::Result<Bytes>>>,
}

impl FileBody {
    pub(super) fn new(file: File, pieces: impl IntoIterator<Item = Piece>) -> Self {
        let pieces: VecDeque<Piece> = pieces.into_iter().collect();
        let left = pieces.iter().fold(0_u64, |sum, piece| sum.saturating_add(piece.length()));
        Self { file: Arc::new(file), pieces, left, reading: None }
    }

    /// All the bytes that are to come.
    pub(super) fn length(&self) -> u64 {
        self.left
    }

    /// What comes next: text at once, or the beginning of a part by way of a thread.
    fn next(&mut self) -> Option<Result<Bytes, ByteRange>> {
        loop {
            match self.pieces.pop_front()? {
                Piece::Text(text) if text.is_empty() => {}
                Piece::Text(text) => return Some(Ok(text)),
                Piece::Part(part) if part.length() == 0 => {}
                Piece::Part(part) => {
                    let end = part.end.min(part.start.saturating_add(CHUNK));
                    if end < part.end {
                        self.pieces.push_front(Piece::Part(ByteRange { start: end, end: part.end }));
                    }
                    return Some(Err(ByteRange { start: part.start, end }));
                }
            }
        }
    }

    fn sent(&mut self, bytes: Bytes) -> Frame<Bytes> {
        self.left = self.left.saturating_sub(bytes.len() as u64);
        Frame::data(bytes)
    }
}

impl Piece {
    fn length(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::Part(part) => part.length(),
        }
    }
}

/// Reads exactly this part.
pub(super) fn read(file: &File, part: ByteRange) -> io::Result<Bytes> {
    let length = usize::try_from(part.length()).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, part.start)?;
    Ok(bytes.into())
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.reading.is_none() {
            match self.next() {
                None => return Poll::Ready(None),
                Some(Ok(text)) => return Poll::Ready(Some(Ok(self.sent(text)))),
                Some(Err(part)) => {
                    let file = self.file.clone();
                    self.reading = Some(spawn_blocking(move || read(&file, part)));
                }
            }
        }
        let Some(reading) = &mut self.reading else { return Poll::Ready(None) };
        let read = ready!(Pin::new(reading).poll(cx));
        self.reading = None;
        Poll::Ready(Some(match read {
            Ok(Ok(bytes)) => Ok(self.sent(bytes)),
            Ok(Err(error)) => {
                self.pieces.clear();
                Err(error)
            }
            Err(error) => Err(io::Error::other(error)),
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
