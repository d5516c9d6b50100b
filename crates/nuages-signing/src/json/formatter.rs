//! The `serde_json` formatter that writes as Python does.

use std::io::{self, Write};

use serde_json::ser::Formatter;

use super::{JsonError, MAX_DEPTH, Style, float, fragment, text};

pub(crate) struct PythonFormatter<'a> {
    style: &'a Style,
    depth: usize,
    /// Whether the list or object that ends next holds anything: an empty one stays on its line.
    filled: bool,
    scratch: String,
}

impl<'a> PythonFormatter<'a> {
    pub(crate) fn new(style: &'a Style) -> Self {
        Self { style, depth: 0, filled: false, scratch: String::new() }
    }

    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        if self.depth >= MAX_DEPTH {
            return Err(io::Error::other(JsonError::too_deep()));
        }
        self.depth = self.depth.saturating_add(1);
        self.filled = false;
        writer.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        if self.filled {
            self.new_line(writer)?;
        }
        self.filled = true;
        writer.write_all(bracket)
    }

    fn item<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(self.style.item_separator().as_bytes())?;
        }
        self.filled = true;
        self.new_line(writer)
    }

    fn new_line<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        let Some(indentation) = self.style.indentation() else { return Ok(()) };
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(indentation.as_bytes()))
    }

    /// Writes what `push` leaves in the scratch text.
    fn scratch<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        push: impl FnOnce(&mut String),
    ) -> io::Result<()> {
        self.scratch.clear();
        push(&mut self.scratch);
        writer.write_all(self.scratch.as_bytes())
    }
}

impl Formatter for PythonFormatter<'_> {
    fn write_f32<W: ?Sized + Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        self.scratch(writer, |out| float::push_f32(out, value))
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        self.scratch(writer, |out| float::push_f64(out, value))
    }

    fn write_number_str<W: ?Sized + Write>(&mut self, writer: &mut W, value: &str) -> io::Result<()> {
        self.scratch(writer, |out| fragment::push_literal(out, value))
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let ascii = self.style.escapes();
        // What serde_json itself escapes never gets here.
        if text::is_plain(fragment) || !ascii {
            return writer.write_all(fragment.as_bytes());
        }
        self.scratch(writer, |out| {
            fragment.chars().for_each(|character| text::push_char(out, character, ascii))
        })
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.item(writer, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.item(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(self.style.key_separator().as_bytes())
    }

    fn write_raw_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if fragment::is_settled(fragment) {
            return writer.write_all(fragment.as_bytes());
        }
        self.scratch.clear();
        fragment::restyle(&mut self.scratch, fragment, self.style, self.depth).map_err(io::Error::other)?;
        writer.write_all(self.scratch.as_bytes())
    }
}
