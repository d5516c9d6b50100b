//! `wordwrap`.

use minijinja::{Error, State, Value};

use super::input::{raised, required_int};
use super::{ArgCount, Filter};
use crate::python;

pub(super) const FILTERS: &[Filter] = &[Filter::new("wordwrap", ArgCount::Required, wordwrap).safe()];

fn wordwrap(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    let width = required_int("wordwrap", arg)?;
    let text = python::str(value);
    let mut wrapped: Vec<String> = Vec::new();
    for line in python::split_lines(&text) {
        let Some(width) = usize::try_from(width).ok().filter(|width| *width > 0) else {
            return Err(raised("the argument of the filter wordwrap must be above zero"));
        };
        let before = wrapped.len();
        wrap(&expand_tabs(line), width, &mut wrapped);
        if wrapped.len() == before {
            wrapped.push(line.to_owned());
        }
    }
    if text.ends_with('\n') {
        wrapped.push(String::new());
    }
    Ok(Value::from(wrapped.join("\n")))
}

/// Python's `textwrap` for one line, with words kept whole: a line takes words as long as they fit, and loses the blanks at its ends.
fn wrap(text: &str, width: usize, lines: &mut Vec<String>) {
    let first = lines.len();
    let mut chunks = Chunks(text).peekable();
    while chunks.peek().is_some() {
        if lines.len() > first {
            chunks.next_if(|chunk| is_blank(chunk));
        }
        let (mut line, mut used): (Vec<&str>, usize) = (Vec::new(), 0);
        while let Some(chunk) = chunks.peek() {
            let length = chunk.chars().count();
            // A word that is longer than any line has one for itself.
            let alone = line.is_empty() && length > width;
            if used + length > width && !alone {
                break;
            }
            used += length;
            line.extend(chunks.next());
            if alone {
                break;
            }
        }
        if line.last().is_some_and(|chunk| is_blank(chunk)) {
            line.pop();
        }
        if !line.is_empty() {
            lines.push(line.concat());
        }
    }
}

fn is_blank(chunk: &str) -> bool {
    chunk.chars().all(python::is_space)
}

/// The words of a line and the blanks between them.
struct Chunks<'a>(&'a str);

impl<'a> Iterator for Chunks<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let space = |c: char| matches!(c, '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | ' ');
        let blank = space(self.0.chars().next()?);
        let end = self.0.find(|c| space(c) != blank).unwrap_or(self.0.len());
        let (chunk, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(chunk)
    }
}

/// Python's `str.expandtabs` of one line.
fn expand_tabs(line: &str) -> String {
    let mut expanded = String::with_capacity(line.len());
    let mut column = 0;
    for c in line.chars() {
        if c == '\t' {
            let blanks = 8 - column % 8;
            expanded.extend(std::iter::repeat_n(' ', blanks));
            column += blanks;
        } else {
            expanded.push(c);
            column += 1;
        }
    }
    expanded
}
