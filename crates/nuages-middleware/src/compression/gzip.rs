//! gzip (RFC 1952).

use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::GzBuilder;
use flate2::write::GzEncoder;

use super::encoder::Encoder;

/// Python's level, which Django uses.
const LEVEL: u32 = 6;

pub(super) struct Gzip {
    encoder: GzEncoder<Vec<u8>>,
}

impl Gzip {
    /// The padding stands in the header, as the name of a file.
    pub(super) fn new(padding: &[u8]) -> Self {
        let builder = GzBuilder::new();
        let builder = if padding.is_empty() { builder } else { builder.filename(padding) };
        Self { encoder: builder.write(Vec::new(), Compression::new(LEVEL)) }
    }
}

impl Encoder for Gzip {
    fn write(&mut self, piece: &[u8]) -> std::io::Result<()> {
        self.encoder.write_all(piece)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.encoder.flush()
    }

    fn finish(&mut self) -> std::io::Result<()> {
        self.encoder.try_finish()
    }

    fn take(&mut self) -> Bytes {
        std::mem::take(self.encoder.get_mut()).into()
    }
}
