//! Zstandard (RFC 8878).

use std::io::{Result, Write};

use bytes::Bytes;
use zstd::stream::write::Encoder as ZstdEncoder;

use super::encoder::Encoder;

/// The level that its authors take where none is asked for.
const LEVEL: i32 = 3;
/// The first bytes of a frame that readers skip, least significant first.
const SKIPPABLE: [u8; 4] = [0x50, 0x2A, 0x4D, 0x18];

pub(super) struct Zstd {
    encoder: ZstdEncoder<'static, Vec<u8>>,
}

impl Zstd {
    /// The padding is a frame of its own, which readers skip.
    pub(super) fn new(padding: &[u8]) -> Result<Self> {
        let mut before = Vec::new();
        if !padding.is_empty() {
            let length = u32::try_from(padding.len()).unwrap_or_default();
            before.extend_from_slice(&SKIPPABLE);
            before.extend_from_slice(&length.to_le_bytes());
            before.extend_from_slice(padding);
        }
        Ok(Self { encoder: ZstdEncoder::new(before, LEVEL)? })
    }
}

impl Encoder for Zstd {
    fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.encoder.write_all(piece)
    }

    fn flush(&mut self) -> Result<()> {
        self.encoder.flush()
    }

    fn finish(&mut self) -> Result<()> {
        self.encoder.do_finish()
    }

    fn take(&mut self) -> Bytes {
        std::mem::take(self.encoder.get_mut()).into()
    }
}
