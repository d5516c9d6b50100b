//! What compresses, piece by piece.

use bytes::Bytes;

/// A compressor that is given pieces, and from which what it has written so far can be taken.
pub(super) trait Encoder: Send {
    /// Takes a piece in.
    fn write(&mut self, piece: &[u8]) -> std::io::Result<()>;

    /// Writes out everything that was taken in, so that the client can read it.
    fn flush(&mut self) -> std::io::Result<()>;

    /// Writes the end.
    fn finish(&mut self) -> std::io::Result<()>;

    /// What was written since the last time.
    fn take(&mut self) -> Bytes;
}
