//! A file as a stream.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::blocking::blocking;
use super::uploaded_file::{UploadedFile, elsewhere};
use crate::body::BodyError;
use crate::error::Result;

/// So many bytes are read at once.
const PIECE: usize = 64 * 1024;

/// The content of a file, piece by piece; an [`http_body::Body`] too. A file that turns out shorter than it was is an
/// error, not an end.
///
/// ```
/// use nuages_http::UploadedFile;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let file = UploadedFile::simple("a.txt", "text/plain", "hello");
/// let (mut chunks, mut size) = (file.chunks(), 0);
/// while let Some(chunk) = chunks.next().await? {
///     size += chunk.len();
/// }
/// assert_eq!(size, 5);
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
pub struct FileStream {
    state: State,
    /// The place of the next byte in the file.
    at: u64,
    /// How many bytes have yet to come.
    left: u64,
    /// Keeps the temporary file.
    _held: Option<UploadedFile>,
}

type Reading = Pin<Box<dyn Future<Output = io::Result<(Arc<File>, Bytes)>> + Send>>;

enum State {
    Memory(Bytes),
    Path(PathBuf),
    File(Arc<File>),
    Reading(Reading),
    Elsewhere,
    Ended,
}

impl FileStream {
    fn new(state: State, left: u64, held: Option<UploadedFile>) -> Self {
        Self { state, at: 0, left, _held: held }
    }

    pub(crate) fn of_bytes(bytes: Bytes) -> Self {
        let length = bytes.len() as u64;
        Self::new(State::Memory(bytes), length, None)
    }

    pub(super) fn at_path(path: &Path, length: u64, held: UploadedFile) -> Self {
        Self::new(State::Path(path.to_path_buf()), length, Some(held))
    }

    pub(super) fn nowhere() -> Self {
        Self::new(State::Elsewhere, 0, None)
    }

    /// So many bytes of an open file, from this place on. The file's own position does not matter, so that several
    /// streams may share it.
    #[must_use]
    pub fn of_file(file: Arc<File>, start: u64, length: u64) -> Self {
        Self { at: start, ..Self::new(State::File(file), length, None) }
    }

    /// The next piece; none at the end.
    ///
    /// # Errors
    /// If the file cannot be read, or has become shorter.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        Ok(std::future::poll_fn(|cx| self.poll_piece(cx)).await.transpose()?)
    }

    fn moved(&mut self, piece: &Bytes) {
        self.at = self.at.saturating_add(piece.len() as u64);
        self.left = self.left.saturating_sub(piece.len() as u64);
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        loop {
            let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(PIECE);
            if most == 0 && !matches!(self.state, State::Elsewhere) {
                self.state = State::Ended;
            }
            self.state = match std::mem::replace(&mut self.state, State::Ended) {
                State::Memory(mut bytes) => {
                    let piece = bytes.split_to(bytes.len().min(most));
                    self.moved(&piece);
                    self.state = State::Memory(bytes);
                    return Poll::Ready(Some(Ok(piece)));
                }
                State::Path(path) => {
                    let at = self.at;
                    State::Reading(Box::pin(blocking(move || read(Arc::new(File::open(path)?), at, most))))
                }
                State::File(file) => {
                    let at = self.at;
                    State::Reading(Box::pin(blocking(move || read(file, at, most))))
                }
                State::Reading(mut reading) => match reading.as_mut().poll(cx) {
                    Poll::Pending => {
                        self.state = State::Reading(reading);
                        return Poll::Pending;
                    }
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(Ok((file, piece))) => {
                        if piece.is_empty() {
                            let error = "the file has become shorter while it was read";
                            return Poll::Ready(Some(Err(io::Error::new(
                                io::ErrorKind::UnexpectedEof,
                                error,
                            ))));
                        }
                        self.moved(&piece);
                        self.state = State::File(file);
                        return Poll::Ready(Some(Ok(piece)));
                    }
                },
                State::Elsewhere => return Poll::Ready(Some(Err(elsewhere()))),
                State::Ended => return Poll::Ready(None),
            };
        }
    }
}

/// Reads up to so many bytes, from this place on.
fn read(file: Arc<File>, at: u64, most: usize) -> io::Result<(Arc<File>, Bytes)> {
    let mut piece = BytesMut::zeroed(most);
    let mut filled = 0;
    while let Some(room) = piece.get_mut(filled..).filter(|room| !room.is_empty()) {
        match read_at(&file, room, at.saturating_add(filled as u64)) {
            Ok(0) => break,
            Ok(length) => filled = filled.saturating_add(length),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    piece.truncate(filled);
    Ok((file, piece.freeze()))
}

#[cfg(unix)]
fn read_at(file: &File, room: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, room, at)
}

#[cfg(windows)]
fn read_at(file: &File, room: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, room, at)
}

impl HttpBody for FileStream {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        self.get_mut()
            .poll_piece(cx)
            .map(|piece| piece.map(|piece| piece.map(Frame::data).map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0 && !matches!(self.state, State::Elsewhere)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
