//! The last moments of a socket: an answer of our own, and patience until the peer has read it.

use std::io;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::wire::Wire;

/// The most that is read only to be thrown away.
const MOST: usize = 1024 * 1024;

/// A socket that is being closed while its peer may still send.
///
/// Closing a socket with unread bytes resets the connection, and a reset can overtake the answer. So: write,
/// close our side, then read on for a moment until the peer closes its side.
#[derive(Debug)]
pub(crate) struct Closing {
    wire: Wire,
    answer: Vec<u8>,
    written: usize,
    shut: bool,
    thrown_away: usize,
}

impl Closing {
    pub(crate) fn new(wire: Wire, answer: Vec<u8>) -> Self {
        Self { wire, answer, written: 0, shut: false, thrown_away: 0 }
    }

    /// Ready when the socket can be dropped.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut socket = self.wire.socket();
        while let Some(rest) = self.answer.get(self.written..).filter(|rest| !rest.is_empty()) {
            let n = ready!(socket.as_mut().poll_write(cx, rest))?;
            if n == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += n;
        }
        if !self.shut {
            ready!(socket.as_mut().poll_shutdown(cx))?;
            self.shut = true;
        }
        let mut waste = [0; 4096];
        while self.thrown_away < MOST {
            let mut buf = ReadBuf::new(&mut waste);
            ready!(socket.as_mut().poll_read(cx, &mut buf))?;
            match buf.filled().len() {
                0 => break,
                n => self.thrown_away += n,
            }
        }
        Poll::Ready(Ok(()))
    }
}
