//! The socket as hyper sees it: counted, and with the sniffed bytes put back.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::progress::Progress;
use crate::socket::Socket;

/// What an HTTP/2 client with prior knowledge sends first (RFC 9113, 3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Room for the method and the version around the target in a request line.
const LINE_EXTRA: usize = 64;

/// The version that the first bytes of a connection tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sniffed {
    Http1,
    Http2,
    /// The peer left without a byte.
    Nothing,
}

/// A socket that counts its bytes in [`Progress`] and knows what its first bytes were.
#[derive(Debug)]
pub(crate) struct Wire {
    socket: Socket,
    progress: Arc<Progress>,
    sniffed: [u8; PREFACE.len()],
    filled: usize,
    replayed: usize,
    line: Line,
}

/// How much of the current request line has arrived.
#[derive(Debug, Default)]
struct Line {
    /// Only HTTP/1 has lines.
    watched: bool,
    head: usize,
    bytes: usize,
    complete: bool,
}

impl Wire {
    pub(crate) fn new(socket: Socket, progress: Arc<Progress>) -> Self {
        Self { socket, progress, sniffed: [0; PREFACE.len()], filled: 0, replayed: 0, line: Line::default() }
    }

    /// The socket itself, uncounted.
    pub(crate) fn socket(&mut self) -> Pin<&mut Socket> {
        Pin::new(&mut self.socket)
    }

    /// Whether a byte has arrived.
    pub(crate) fn has_begun(&self) -> bool {
        self.filled > 0
    }

    /// Reads until the first bytes tell the version.
    pub(crate) fn poll_sniff(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Sniffed>> {
        loop {
            let known = self.sniffed.get(..self.filled).unwrap_or_default();
            if known == PREFACE {
                return Poll::Ready(Ok(Sniffed::Http2));
            }
            if !PREFACE.starts_with(known) {
                self.line.watched = true;
                return Poll::Ready(Ok(Sniffed::Http1));
            }
            let mut buf = ReadBuf::new(self.sniffed.get_mut(self.filled..).unwrap_or_default());
            ready!(Pin::new(&mut self.socket).poll_read(cx, &mut buf))?;
            let n = buf.filled().len();
            if n == 0 {
                self.progress.ended.set(true);
                // Less than a preface: hyper tells such a peer what is wrong.
                let sniffed = if self.filled == 0 { Sniffed::Nothing } else { Sniffed::Http1 };
                return Poll::Ready(Ok(sniffed));
            }
            self.filled += n;
        }
    }

    /// Puts the sniffed bytes in front, where they are not a whole buffer's worth of the socket.
    fn replay(&mut self, buf: &mut ReadBuf<'_>) -> usize {
        let rest = self.sniffed.get(self.replayed..self.filled).unwrap_or_default();
        let n = rest.len().min(buf.remaining());
        buf.put_slice(rest.get(..n).unwrap_or_default());
        self.replayed += n;
        n
    }

    /// Refuses a request line that is longer than a target may be, before its end arrives.
    fn watch_line(&mut self, bytes: &[u8]) -> io::Result<()> {
        let progress = &self.progress;
        if !self.line.watched || progress.in_flight.get() > 0 || progress.body_open.get() {
            return Ok(());
        }
        let head = progress.heads.get();
        if self.line.head != head {
            self.line = Line { watched: true, head, bytes: 0, complete: false };
        }
        if self.line.complete {
            return Ok(());
        }
        // Nearly every head comes in one piece, which needs no search.
        if bytes.ends_with(b"\r\n\r\n") && bytes.len() <= progress.shared.limits.target_bytes {
            self.line.complete = true;
            return Ok(());
        }
        match bytes.iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                self.line.complete = true;
                self.line.bytes += end;
            }
            None => self.line.bytes += bytes.len(),
        }
        if self.line.bytes > progress.shared.limits.target_bytes.saturating_add(LINE_EXTRA) {
            progress.long_target.set(true);
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(())
    }

    fn wrote(&self, outcome: &Poll<io::Result<usize>>) {
        self.progress.write_blocked.set(outcome.is_pending());
        if let Poll::Ready(Ok(n)) = outcome {
            self.progress.written.advance(*n);
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if wire.progress.fail_read.take() {
            wire.progress.read_blocked.set(false);
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let before = buf.filled().len();
        let replayed = if wire.replayed < wire.filled { wire.replay(buf) } else { 0 };
        if buf.remaining() > 0 && !wire.progress.ended.get() {
            match Pin::new(&mut wire.socket).poll_read(cx, buf) {
                Poll::Ready(Ok(())) => {}
                // The replayed bytes come first; the error or the wait shows again at the next read.
                Poll::Ready(Err(_)) | Poll::Pending if replayed > 0 => {}
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {
                    wire.progress.read_blocked.set(true);
                    return Poll::Pending;
                }
            }
        }
        wire.progress.read_blocked.set(false);
        let bytes = buf.filled().get(before..).unwrap_or_default();
        if bytes.is_empty() {
            wire.progress.ended.set(true);
            return Poll::Ready(Ok(()));
        }
        wire.progress.read.advance(bytes.len());
        Poll::Ready(wire.watch_line(bytes))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        let outcome = Pin::new(&mut wire.socket).poll_write(cx, data);
        wire.wrote(&outcome);
        outcome
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        let outcome = Pin::new(&mut wire.socket).poll_write_vectored(cx, data);
        wire.wrote(&outcome);
        outcome
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(cx)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.progress.reset.get() {
            self.socket.reset_on_drop();
        }
    }
}
