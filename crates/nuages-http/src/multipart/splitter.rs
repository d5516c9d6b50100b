//! Finding the parts in bytes that arrive piece by piece. It does no I/O, and the pieces change nothing.

use bytes::{Buf, Bytes, BytesMut};
use memchr::memmem::{self, Finder};

/// The blank line behind a part's headers must end within this many bytes, as in Django.
const LONGEST_HEAD: usize = 1024;

const BLANK_LINE: &[u8] = b"\r\n\r\n";

/// What stands next in the body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A part begins. Its headers; none if no blank line ends them.
    Head(Option<Bytes>),
    /// A piece of the part's content.
    Data(Bytes),
    /// The part has ended.
    End,
    /// The body has ended.
    Finished,
    /// More bytes are needed.
    Starved,
}

/// Why it is no multipart form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    /// The headers of a part are too long.
    LongHead,
    /// The body ends before its last boundary.
    Cut,
}

impl Malformed {
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::LongHead => "the headers of a part of the form are longer than 1024 bytes",
            Self::Cut => "the form ends before its last boundary",
        }
    }
}

/// As Django's parser it takes what precedes the first boundary and what follows the last one for parts, takes a boundary
/// wherever it stands, and drops one line end before it. Unlike Django's it wants the closing boundary: a form that was cut
/// is no form.
pub(super) struct Splitter {
    separator: Finder<'static>,
    buffer: BytesMut,
    /// No separator begins before this place.
    scanned: usize,
    /// Where the next separator begins, once it has been found.
    found: Option<usize>,
    place: Place,
    /// Has a boundary been seen?
    separated: bool,
    /// Did the last boundary say that it is the last?
    closed: bool,
    /// Will no more bytes come?
    ended: bool,
}

#[derive(Clone, Copy)]
enum Place {
    Head,
    Content,
    Finished,
}

impl Splitter {
    pub(super) fn new(boundary: &str) -> Self {
        Self {
            separator: Finder::new(format!("--{boundary}").as_bytes()).into_owned(),
            buffer: BytesMut::new(),
            scanned: 0,
            found: None,
            place: Place::Head,
            separated: false,
            closed: false,
            ended: false,
        }
    }

    /// Takes more bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// No more bytes will come.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    pub(super) fn next(&mut self) -> Result<Event, Malformed> {
        self.search();
        match self.place {
            Place::Head => self.head(),
            Place::Content => self.content(),
            Place::Finished => Ok(Event::Finished),
        }
    }

    /// Looks for the next separator, at no byte twice but for the few that may begin one.
    fn search(&mut self) {
        if self.found.is_some() {
            return;
        }
        let start = self.scanned.min(self.buffer.len());
        let found = self.buffer.get(start..).and_then(|rest| self.separator.find(rest));
        self.found = found.and_then(|at| at.checked_add(start));
        let may_begin_one = self.separator.needle().len().saturating_sub(1);
        self.scanned = self.found.unwrap_or(self.buffer.len().saturating_sub(may_begin_one).max(start));
    }

    /// How many bytes certainly belong to this part.
    fn known(&self) -> usize {
        match self.found {
            Some(at) => {
                let content = self.buffer.get(..at).unwrap_or_default();
                let content = content.strip_suffix(b"\n").unwrap_or(content);
                content.strip_suffix(b"\r").unwrap_or(content).len()
            }
            None if self.ended => self.buffer.len(),
            // A line end may belong to a separator that has not arrived.
            None => self.scanned.saturating_sub(2),
        }
    }

    fn head(&mut self) -> Result<Event, Malformed> {
        let known = self.known();
        let part = self.buffer.get(..known).unwrap_or_default();
        let closes = self.separated && part.starts_with(b"--");
        let window = part.get(..LONGEST_HEAD).unwrap_or(part);
        if let Some(at) = memmem::find(window, BLANK_LINE) {
            let head = self.take(at);
            self.drop_front(BLANK_LINE.len());
            self.begin(closes);
            return Ok(Event::Head(Some(head)));
        }
        if known >= LONGEST_HEAD {
            return Err(Malformed::LongHead);
        }
        if self.found.is_none() && !self.ended {
            return Ok(Event::Starved);
        }
        self.begin(closes);
        Ok(Event::Head(None))
    }

    fn begin(&mut self, closes: bool) {
        self.closed = closes;
        self.place = Place::Content;
    }

    fn content(&mut self) -> Result<Event, Malformed> {
        let known = self.known();
        if known > 0 {
            return Ok(Event::Data(self.take(known)));
        }
        if let Some(at) = self.found {
            self.drop_front(at.saturating_add(self.separator.needle().len()));
            self.found = None;
            self.separated = true;
            self.place = Place::Head;
            return Ok(Event::End);
        }
        if !self.ended {
            return Ok(Event::Starved);
        }
        if !self.closed {
            return Err(Malformed::Cut);
        }
        self.place = Place::Finished;
        Ok(Event::End)
    }

    fn take(&mut self, length: usize) -> Bytes {
        let taken = self.buffer.split_to(length.min(self.buffer.len())).freeze();
        self.moved(taken.len());
        taken
    }

    fn drop_front(&mut self, length: usize) {
        let length = length.min(self.buffer.len());
        self.buffer.advance(length);
        self.moved(length);
    }

    fn moved(&mut self, length: usize) {
        self.scanned = self.scanned.saturating_sub(length);
        self.found = self.found.map(|at| at.saturating_sub(length));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Split = Result<Vec<(Option<Vec<u8>>, Vec<u8>)>, Malformed>;

    /// The parts of a body that arrives in pieces of this size.
    fn split(body: &[u8], size: usize) -> Split {
        let mut splitter = Splitter::new("b");
        let mut pieces = body.chunks(size);
        let mut parts = Vec::new();
        loop {
            match splitter.next()? {
                Event::Head(head) => parts.push((head.map(|head| head.to_vec()), Vec::new())),
                Event::Data(data) => parts.last_mut().unwrap().1.extend_from_slice(&data),
                Event::End => {}
                Event::Finished => return Ok(parts),
                Event::Starved => match pieces.next() {
                    Some(piece) => splitter.push(piece),
                    None => splitter.end(),
                },
            }
        }
    }

    fn raw(content: &str) -> (Option<Vec<u8>>, Vec<u8>) {
        (None, content.as_bytes().to_vec())
    }

    fn part(head: &str, content: &str) -> (Option<Vec<u8>>, Vec<u8>) {
        (Some(head.as_bytes().to_vec()), content.as_bytes().to_vec())
    }

    #[test]
    fn parts_are_split_as_by_django() {
        for (body, expected) in [
            ("--b\r\nH: 1\r\n\r\nx\r\n--b--\r\n", vec![raw(""), part("\r\nH: 1", "x"), raw("--\r\n")]),
            // Line ends of other kinds, none at all, and a boundary within a line.
            ("--b\nH\r\n\r\nx\n--b--", vec![raw(""), part("\nH", "x"), raw("--")]),
            ("--b\r\nH\r\n\r\nx--b--", vec![raw(""), part("\r\nH", "x"), raw("--")]),
            ("--b\r\nH\r\n\r\nx\r\r--b--", vec![raw(""), part("\r\nH", "x\r"), raw("--")]),
            // No blank line; what would be one is the line end of the boundary.
            ("--b\r\nH\r\n--b--", vec![raw(""), raw("\r\nH"), raw("--")]),
            ("--b\r\nH\r\n\r\n--b--", vec![raw(""), raw("\r\nH\r\n"), raw("--")]),
            ("--b\r\nH\r\n\r\n\r\n--b--", vec![raw(""), part("\r\nH", ""), raw("--")]),
            // What precedes and follows.
            ("pre--b--\r\nafter", vec![raw("pre"), raw("--\r\nafter")]),
            ("--b--\r\nH\r\n\r\nafter", vec![raw(""), part("--\r\nH", "after")]),
            ("--b----b--", vec![raw(""), raw("--"), raw("--")]),
        ] {
            for size in 1..=body.len() {
                assert_eq!(split(body.as_bytes(), size).as_ref(), Ok(&expected), "{body:?} by {size}");
            }
        }
    }

    #[test]
    fn what_was_cut_is_no_form() {
        let whole = b"--b\r\nH: 1\r\n\r\nx\r\n--b\r\nH: 2\r\n\r\ny\r\n--b--";
        for length in 1..whole.len() {
            assert_eq!(split(&whole[..length], 7), Err(Malformed::Cut), "{length}");
        }
        for text in ["--", "--x", "nothing at all", "--c\r\n\r\n--c--"] {
            assert_eq!(split(text.as_bytes(), 3), Err(Malformed::Cut), "{text}");
        }
    }

    #[test]
    fn heads_are_bounded() {
        for (length, fits) in [(1018, true), (1020, true), (1021, false), (5000, false)] {
            let body = format!("--b{}\r\n\r\nx\r\n--b--", "h".repeat(length));
            for size in [1, 64, 8192] {
                let expected = if fits { Ok(3) } else { Err(Malformed::LongHead) };
                assert_eq!(
                    split(body.as_bytes(), size).map(|parts| parts.len()),
                    expected,
                    "{length} by {size}"
                );
            }
        }
        assert_eq!(split("x".repeat(3000).as_bytes(), 100), Err(Malformed::LongHead));
        assert_eq!(split(format!("--b{}--b--", "x".repeat(1024)).as_bytes(), 100), Err(Malformed::LongHead));
    }

    #[test]
    fn nothing_but_what_may_be_a_separator_is_kept() {
        let mut splitter = Splitter::new("boundary");
        splitter.push(b"--boundary\r\nH\r\n\r\n");
        for _ in 0..4 {
            splitter.next().unwrap();
        }
        for _ in 0..100 {
            splitter.push(&b"\r\n--boundarx".repeat(100));
            while splitter.next().unwrap() != Event::Starved {}
            assert!(splitter.buffer.len() <= 12, "{}", splitter.buffer.len());
        }
    }

    proptest! {
        #[test]
        fn pieces_change_nothing(
            tokens in proptest::collection::vec(
                prop_oneof![
                    Just("--b"), Just("--"), Just("\r\n"), Just("\r"), Just("\n"), Just("-"), Just("b"), Just("\r\n\r\n"), Just("x"),
                ],
                0..40,
            ),
            size in 1_usize..20,
        ) {
            let body = tokens.concat();
            prop_assert_eq!(split(body.as_bytes(), size), split(body.as_bytes(), body.len().max(1)));
        }
    }
}
