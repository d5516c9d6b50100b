//! A handler that lets pictures through, and none that is too large.

use bytes::{Bytes, BytesMut};
use nuages::prelude::*;
use nuages::{FileUploadHandler, NewFile, Received, UploadInfo};

/// The most that one picture may have, in bytes.
const MOST: u64 = 5 << 20;

/// What pictures begin with.
const BEGINNINGS: [&[u8]; 3] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8"];

/// As much as must be there to tell.
const LONGEST: usize = 8;

// ANCHOR: pictures_only
/// Skips what is no picture, whatever its name and its type say, before anything of it is stored.
#[derive(Default)]
pub(crate) struct PicturesOnly {
    name: String,
    /// The beginning of a file that came in small pieces, until it is long enough; none once the file is known.
    held: Option<BytesMut>,
}

impl FileUploadHandler for PicturesOnly {
    async fn new_file(&mut self, file: &UploadInfo) -> Result<NewFile> {
        file.name().clone_into(&mut self.name);
        self.held = Some(BytesMut::new());
        Ok(NewFile::Continue)
    }

    async fn receive_data_chunk(&mut self, chunk: Bytes, start: u64) -> Result<Received> {
        if start + chunk.len() as u64 > MOST {
            let message = format!("{} has more than {} MiB", self.name, MOST >> 20);
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        let Some(mut beginning) = self.held.take() else { return Ok(Received::Next(chunk)) };
        beginning.extend_from_slice(&chunk);
        if beginning.len() < LONGEST {
            self.held = Some(beginning);
            return Ok(Received::Kept);
        }
        let is_picture = BEGINNINGS.iter().any(|known| beginning.starts_with(known));
        Ok(if is_picture { Received::Next(beginning.freeze()) } else { Received::SkipFile })
    }
}
// ANCHOR_END: pictures_only

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_beginning_may_come_byte_by_byte() {
        let file: &[u8] = b"GIF89a and so on";
        let mut handler = PicturesOnly { held: Some(BytesMut::new()), ..PicturesOnly::default() };
        let mut passed = Vec::new();
        for (start, byte) in file.iter().enumerate() {
            match handler.receive_data_chunk(Bytes::copy_from_slice(&[*byte]), start as u64).await.unwrap() {
                Received::Next(piece) => passed.extend_from_slice(&piece),
                received => assert_eq!((received, start < LONGEST - 1), (Received::Kept, true)),
            }
        }
        assert_eq!(passed, file);
    }
}
