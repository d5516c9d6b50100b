//! A query string taken apart: all names and values in one text, in their order.

use percent_encoding::percent_decode;

use super::Lists;
use crate::encoding::{Encoding, LookupError};
use crate::quoting::unquote_to_bytes;

/// No more fields than this are expected: a form of nothing but separators shall not cost memory.
const EXPECTED: usize = 1000;

/// The decoded names and values, one behind the other, so that parsing allocates twice and not for each field.
#[derive(Clone, Default)]
pub(super) struct Fields {
    text: String,
    ends: Vec<End>,
}

/// Where a field's name and its value end; both begin where the one before ends.
#[derive(Clone, Copy, Default)]
struct End {
    name: usize,
    value: usize,
}

impl Fields {
    /// Python's `parse_qsl(query, keep_blank_values=True, encoding=…)`.
    pub(super) fn parse(query: &str, encoding: &Encoding) -> Result<Self, LookupError> {
        if query.is_empty() {
            return Ok(Self::default());
        }
        let mut decoder = Decoder { encoding, utf_8: encoding.is_utf_8(), scratch: Vec::new() };
        let mut fields = Self {
            text: String::with_capacity(query.len()),
            ends: Vec::with_capacity(count(query).min(EXPECTED)),
        };
        for field in query.split('&').filter(|field| !field.is_empty()) {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            decoder.push(name, &mut fields.text)?;
            let name = fields.text.len();
            decoder.push(value, &mut fields.text)?;
            fields.ends.push(End { name, value: fields.text.len() });
        }
        Ok(fields)
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let pair = self.between(start, *end);
            start = end.value;
            pair
        })
    }

    /// The value of the last field of this name.
    pub(super) fn last(&self, name: &str) -> Option<&str> {
        (0..self.ends.len()).rev().find_map(|at| {
            let end = self.ends.get(at).copied()?;
            let start =
                at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |before| before.value);
            let (candidate, value) = self.between(start, end);
            (candidate == name).then_some(value)
        })
    }

    fn between(&self, start: usize, end: End) -> (&str, &str) {
        let part = |from, to| self.text.get(from..to).unwrap_or_default();
        (part(start, end.name), part(end.name, end.value))
    }

    pub(super) fn to_lists(&self) -> Lists {
        let mut lists = Lists::with_capacity(self.len());
        for (name, value) in self.iter() {
            match lists.get_mut(name) {
                Some(list) => list.push(value.to_owned()),
                None => {
                    lists.insert(name.to_owned(), vec![value.to_owned()]);
                }
            }
        }
        lists
    }
}

/// The number of fields, empty ones included: what `DATA_UPLOAD_MAX_NUMBER_FIELDS` counts.
pub(super) fn count(query: &str) -> usize {
    if query.is_empty() { 0 } else { query.bytes().filter(|byte| *byte == b'&').count().saturating_add(1) }
}

struct Decoder<'a> {
    encoding: &'a Encoding,
    utf_8: bool,
    /// The bytes of one field, kept for the next.
    scratch: Vec<u8>,
}

impl Decoder<'_> {
    /// Python's `unquote(part.replace("+", " "), encoding, errors="replace")`.
    fn push(&mut self, part: &str, output: &mut String) -> Result<(), LookupError> {
        let (mut plus, mut percent) = (false, false);
        for byte in part.bytes() {
            plus |= byte == b'+';
            percent |= byte == b'%';
        }
        match (plus, percent) {
            (false, false) => output.push_str(part),
            (true, false) => output.extend(part.chars().map(|c| if c == '+' { ' ' } else { c })),
            (_, true) if self.utf_8 => self.push_utf_8(part, plus, output),
            (true, true) => self.push_runs(&part.replace('+', " "), output)?,
            (false, true) => self.push_runs(part, output)?,
        }
        Ok(())
    }

    fn push_utf_8(&mut self, part: &str, plus: bool, output: &mut String) {
        self.scratch.clear();
        if plus {
            let blanks: Vec<u8> = part.bytes().map(|byte| if byte == b'+' { b' ' } else { byte }).collect();
            self.scratch.extend(percent_decode(&blanks));
        } else {
            self.scratch.extend(percent_decode(part.as_bytes()));
        }
        match str::from_utf8(&self.scratch) {
            Ok(text) => output.push_str(text),
            Err(_) => output.push_str(&String::from_utf8_lossy(&self.scratch)),
        }
    }

    /// Python decodes each run of ASCII by itself: text that was not escaped is text already.
    fn push_runs(&self, mut part: &str, output: &mut String) -> Result<(), LookupError> {
        while !part.is_empty() {
            let (run, rest) = split_at_char(part, |c| !c.is_ascii());
            output.push_str(&self.encoding.decode(&unquote_to_bytes(run.as_bytes()))?);
            let (text, rest) = split_at_char(rest, |c| c.is_ascii());
            output.push_str(text);
            part = rest;
        }
        Ok(())
    }
}

fn split_at_char(text: &str, found: impl Fn(char) -> bool) -> (&str, &str) {
    text.find(found).and_then(|at| text.split_at_checked(at)).unwrap_or((text, ""))
}
