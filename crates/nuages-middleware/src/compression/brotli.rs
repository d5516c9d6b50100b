//! Brotli (RFC 7932).

use std::io::{Error, Result};

use brotli::enc::StandardAlloc;
use brotli::enc::encode::{BrotliEncoderOperation, BrotliEncoderParameter, BrotliEncoderStateStruct};
use bytes::Bytes;

use super::encoder::Encoder;

/// Smaller than gzip's best, in the time of gzip's usual.
const QUALITY: u32 = 5;
/// A window of 512 KiB: what a connection may hold in memory.
const WINDOW: u32 = 19;

pub(super) struct Brotli {
    state: BrotliEncoderStateStruct<StandardAlloc>,
    written: Vec<u8>,
}

impl Brotli {
    /// The padding is a block of metadata, which readers skip.
    pub(super) fn new(padding: &[u8]) -> Result<Self> {
        let mut state = BrotliEncoderStateStruct::new(StandardAlloc::default());
        state.set_parameter(BrotliEncoderParameter::BROTLI_PARAM_QUALITY, QUALITY);
        state.set_parameter(BrotliEncoderParameter::BROTLI_PARAM_LGWIN, WINDOW);
        let mut brotli = Self { state, written: Vec::new() };
        if !padding.is_empty() {
            brotli.run(BrotliEncoderOperation::BROTLI_OPERATION_EMIT_METADATA, padding)?;
        }
        Ok(brotli)
    }

    fn run(&mut self, operation: BrotliEncoderOperation, piece: &[u8]) -> Result<()> {
        let (mut left, mut at) = (piece.len(), 0);
        loop {
            // The compressor keeps what it writes; it is asked for it below.
            let worked = self.state.compress_stream(
                operation,
                &mut left,
                piece,
                &mut at,
                &mut 0,
                &mut [],
                &mut 0,
                &mut None,
                &mut |_, _, _, _| (),
            );
            if !worked {
                return Err(Error::other("brotli could not compress"));
            }
            let mut size = 0;
            let output = self.state.take_output(&mut size);
            // The slice goes on to the end of the compressor's own buffer.
            self.written.extend_from_slice(output.get(..size).unwrap_or(output));
            if left == 0 && !self.state.has_more_output() && size == 0 {
                return Ok(());
            }
        }
    }
}

impl Encoder for Brotli {
    fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.run(BrotliEncoderOperation::BROTLI_OPERATION_PROCESS, piece)
    }

    fn flush(&mut self) -> Result<()> {
        self.run(BrotliEncoderOperation::BROTLI_OPERATION_FLUSH, &[])
    }

    fn finish(&mut self) -> Result<()> {
        self.run(BrotliEncoderOperation::BROTLI_OPERATION_FINISH, &[])
    }

    fn take(&mut self) -> Bytes {
        std::mem::take(&mut self.written).into()
    }
}
