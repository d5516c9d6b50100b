//! A lenient reader of HTML, which sees tags where Python's `html.parser` sees them.
//!
//! It does not search for an end twice where none is, so that it is linear in a text full of beginnings.

use std::ops::ControlFlow;

use crate::python::{html_unescape, is_space};

/// What a reader of HTML reports to; it may stop the reading.
pub(super) trait Handler {
    /// Text between tags.
    fn data(&mut self, text: &str) -> ControlFlow<()>;
    /// `<name …>` with its whole source.
    fn start(&mut self, _name: &str, _source: &str) {}
    /// `</name>`.
    fn end(&mut self, _name: &str) {}
    /// `&name;` or `&name`, or with a number `#…`, if references are not resolved.
    fn reference(&mut self, _name: &str) {}
}

/// Whether references such as `&amp;` are text, or reported.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum References {
    /// They are resolved within the text.
    Resolved,
    /// They are reported by their names.
    Reported,
}

/// A reader, somewhere in its text.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    references: References,
    /// The element whose content is no markup, while in one.
    raw: Option<&'static str>,
    /// Where the last `>` is.
    last_close: Option<usize>,
    /// No comment ends any more.
    no_comment_end: bool,
}

/// Whether more text could follow.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum More {
    /// What is not complete is left.
    Maybe,
    /// What is not complete is text.
    None,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, references: References) -> Self {
        Self { text, at: 0, references, raw: None, last_close: text.rfind('>'), no_comment_end: false }
    }

    /// Reads on, as far as it goes.
    pub(super) fn read(&mut self, handler: &mut impl Handler, more: More) -> ControlFlow<()> {
        let length = self.text.len();
        while self.at < length {
            let Some(next) = self.next_markup() else { break };
            if self.at < next {
                self.data(handler, self.at..next)?;
            }
            self.at = next;
            if next == length {
                break;
            }
            let rest = self.text.get(next..).unwrap_or_default();
            let goes_on = if rest.starts_with('<') {
                self.tag(handler, rest, more)?
            } else if rest.starts_with("&#") {
                self.number(handler, rest)?
            } else {
                self.name(handler, rest, more)?
            };
            if !goes_on {
                break;
            }
        }
        if more == More::None && self.at < length && self.raw.is_none() {
            self.data(handler, self.at..length)?;
            self.at = length;
        }
        ControlFlow::Continue(())
    }

    /// Where the next tag or reference begins, or the text ends; nothing if that cannot be known yet.
    fn next_markup(&self) -> Option<usize> {
        let rest = self.text.get(self.at..)?;
        if let Some(raw) = self.raw {
            return raw_end(rest, raw).map(|found| self.at + found);
        }
        if self.references == References::Reported {
            return Some(rest.find(['<', '&']).map_or(self.text.len(), |found| self.at + found));
        }
        if let Some(found) = rest.find('<') {
            return Some(self.at + found);
        }
        // A reference near the end may still go on.
        let near: usize = self.text.chars().rev().take(34).map(char::len_utf8).sum();
        let from = (self.text.len() - near).max(self.at);
        let tail = self.text.get(from..).unwrap_or_default();
        match tail.rfind('&') {
            Some(found) if !tail[found..].contains(|c| c == ';' || is_space(c)) => None,
            _ => Some(self.text.len()),
        }
    }

    fn data(&self, handler: &mut impl Handler, range: std::ops::Range<usize>) -> ControlFlow<()> {
        let text = self.text.get(range).unwrap_or_default();
        match self.references {
            References::Resolved if self.raw.is_none() => handler.data(&html_unescape(text)),
            _ => handler.data(text),
        }
    }

    /// Reads what begins with `<`; says whether the reading goes on.
    fn tag(&mut self, handler: &mut impl Handler, rest: &str, more: More) -> ControlFlow<(), bool> {
        let letter = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic());
        let end = if letter {
            self.start_tag(handler, rest)?
        } else if rest.starts_with("</") {
            self.end_tag(handler, rest)?
        } else if rest.starts_with("<!--") {
            self.comment(rest)
        } else if rest.starts_with("<?") || rest.starts_with("<!") {
            self.close(rest, 2).map(|close| close + 1)
        } else if rest.len() > 1 {
            handler_data(handler, "<")?;
            Some(1)
        } else {
            return ControlFlow::Continue(false);
        };
        let end = match (end, more) {
            (Some(end), _) => end,
            (None, More::Maybe) => return ControlFlow::Continue(false),
            (None, More::None) => {
                let end = match self.close(rest, 1) {
                    Some(close) => close + 1,
                    None => rest[1..].find('<').map_or(1, |found| found + 1),
                };
                self.data(handler, self.at..self.at + end).map_continue(|()| end)?
            }
        };
        self.at += end;
        ControlFlow::Continue(true)
    }

    /// Where the next `>` is in the rest of the text.
    fn close(&self, rest: &str, from: usize) -> Option<usize> {
        self.last_close.filter(|last| *last >= self.at + from)?;
        rest[from..].find('>').map(|found| found + from)
    }

    /// The length of a start tag, if it is complete.
    fn start_tag(&mut self, handler: &mut impl Handler, rest: &str) -> ControlFlow<(), Option<usize>> {
        if self.last_close.is_none_or(|last| last < self.at) {
            return ControlFlow::Continue(None);
        }
        let name_end = 1 + tag_name(&rest[1..]);
        let end = attributes(rest, name_end);
        let (length, complete, empty) = match rest.as_bytes().get(end) {
            Some(b'>') => (end + 1, true, false),
            Some(b'/') if rest[end..].starts_with("/>") => (end + 2, true, true),
            None | Some(b'/' | b'=' | b'a'..=b'z' | b'A'..=b'Z') => return ControlFlow::Continue(None),
            Some(_) => (end, false, false),
        };
        let source = &rest[..length];
        if !complete {
            handler_data(handler, source)?;
            return ControlFlow::Continue(Some(length));
        }
        let name = rest[1..name_end].to_lowercase();
        handler.start(&name, source);
        if empty {
            handler.end(&name);
        } else {
            self.raw = ["script", "style"].into_iter().find(|raw| *raw == name);
        }
        ControlFlow::Continue(Some(length))
    }

    /// The length of an end tag, if it is complete.
    fn end_tag(&mut self, handler: &mut impl Handler, rest: &str) -> ControlFlow<(), Option<usize>> {
        let Some(close) = self.close(rest, 1) else { return ControlFlow::Continue(None) };
        if let Some((name, length)) = plain_end_tag(rest) {
            let name = name.to_ascii_lowercase();
            if self.raw.is_some_and(|raw| raw != name) {
                handler_data(handler, &rest[..=close])?;
                return ControlFlow::Continue(Some(close + 1));
            }
            handler.end(&name);
            self.raw = None;
            return ControlFlow::Continue(Some(length));
        }
        if self.raw.is_some() {
            handler_data(handler, &rest[..=close])?;
        } else if rest[2..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            let name_end = 2 + tag_name(&rest[2..]);
            let Some(close) = self.close(rest, name_end) else { return ControlFlow::Continue(None) };
            handler.end(&rest[2..name_end].to_lowercase());
            return ControlFlow::Continue(Some(close + 1));
        }
        ControlFlow::Continue(Some(close + 1))
    }

    /// The length of a comment, if it ends: with `--`, blanks and `>`.
    fn comment(&mut self, rest: &str) -> Option<usize> {
        if self.no_comment_end {
            return None;
        }
        let mut from = 4;
        while let Some(found) = rest.get(from..)?.find("--") {
            let after = &rest[from + found + 2..];
            let bare = after.trim_start_matches(is_space);
            if bare.starts_with('>') {
                return Some(rest.len() - bare.len() + 1);
            }
            from += found + 1;
        }
        self.no_comment_end = true;
        None
    }

    /// Reads what begins with `&#`.
    fn number(&mut self, handler: &mut impl Handler, rest: &str) -> ControlFlow<(), bool> {
        let hexadecimal = rest[2..].starts_with(['x', 'X']);
        let digits = 2 + usize::from(hexadecimal);
        let is_digit = |c: char| if hexadecimal { c.is_ascii_hexdigit() } else { c.is_ascii_digit() };
        let end = rest[digits..].find(|c| !is_digit(c)).map(|found| digits + found);
        match end {
            // After a decimal number a letter up to f could still be a digit, says the pattern that Python uses.
            Some(end) if end > digits && !rest[end..].starts_with(|c: char| c.is_ascii_hexdigit()) => {
                handler.reference(&rest[1..end]);
                self.at += end + usize::from(rest[end..].starts_with(';'));
                ControlFlow::Continue(true)
            }
            _ => {
                if rest.contains(';') {
                    handler_data(handler, "&#")?;
                    self.at += 2;
                }
                ControlFlow::Continue(false)
            }
        }
    }

    /// Reads what begins with `&` and no number.
    fn name(&mut self, handler: &mut impl Handler, rest: &str, more: More) -> ControlFlow<(), bool> {
        if let Some(end) = entity_name(rest) {
            handler.reference(&rest[1..end]);
            self.at += end + usize::from(rest[end..].starts_with(';'));
            return ControlFlow::Continue(true);
        }
        if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '#') {
            if more == More::None && rest.len() == 2 {
                self.at += 1;
            }
            return ControlFlow::Continue(false);
        }
        if rest.len() == 1 {
            return ControlFlow::Continue(false);
        }
        handler_data(handler, "&")?;
        self.at += 1;
        ControlFlow::Continue(true)
    }
}

fn handler_data(handler: &mut impl Handler, text: &str) -> ControlFlow<()> {
    handler.data(text)
}

/// Where `</name>` of a raw element is.
fn raw_end(text: &str, name: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find("</") {
        let after = text[from + found + 2..].trim_start_matches(is_space);
        let named = after.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        if named && after[name.len()..].trim_start_matches(is_space).starts_with('>') {
            return Some(from + found);
        }
        from += found + 2;
    }
    None
}

/// The length of a tag's name.
fn tag_name(text: &str) -> usize {
    text.find(['\t', '\n', '\r', '\u{c}', ' ', '/', '>', '\0']).unwrap_or(text.len())
}

/// `</ name >` without anything else: the name, and the length.
fn plain_end_tag(rest: &str) -> Option<(&str, usize)> {
    let after = rest[2..].trim_start_matches(is_space);
    let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || "-.:_".contains(c)))?;
    let (name, after) = after.split_at(end);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let after = after.trim_start_matches(is_space).strip_prefix('>')?;
    Some((name, rest.len() - after.len()))
}

/// Where the name of `&name` ends; something that is no letter or digit has to follow.
fn entity_name(rest: &str) -> Option<usize> {
    if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    match rest[1..].find(|c| !inside(c)) {
        Some(end) => Some(end + 1),
        // At the end of the text the name gives back a last dot or hyphen.
        None => rest.rfind(['-', '.']).filter(|end| *end > 1),
    }
}

/// Where the attributes of a start tag end, which begin after its name.
fn attributes(rest: &str, from: usize) -> usize {
    let bytes = rest.as_bytes();
    let byte = |at: usize| bytes.get(at).copied();
    let skip = |mut at: usize| {
        // Blanks, and slashes that do not end the tag.
        while let Some(c) = rest.get(at..).and_then(|rest| rest.chars().next()) {
            if is_space(c) || (c == '/' && byte(at + 1) != Some(b'>')) {
                at += c.len_utf8();
            } else {
                break;
            }
        }
        at
    };
    let blanks = |at: usize| rest.len() - rest[at..].trim_start_matches(is_space).len();
    let mut at = skip(from);
    loop {
        let before = at.checked_sub(1).and_then(byte);
        let separated =
            before.is_some_and(|c| matches!(c, b'\'' | b'"' | b'/')) || rest[..at].ends_with(is_space);
        let name = rest[at..].chars().next().filter(|c| !is_space(*c) && !matches!(c, '/' | '>'));
        let Some(first) = name.filter(|_| separated) else { return blanks(at) };
        let name_start = at + first.len_utf8();
        let name_rest = &rest[name_start..];
        at = name_start
            + name_rest.find(|c| is_space(c) || matches!(c, '/' | '=' | '>')).unwrap_or(name_rest.len());
        if let Some(end) = value(rest, blanks(at)) {
            at = blanks(end);
        }
        at = skip(at);
    }
}

/// Where the value of an attribute ends, if there is one: `=` and a text in quotes or without.
fn value(rest: &str, at: usize) -> Option<usize> {
    let after = rest[at..].trim_start_matches('=');
    if after.len() == rest.len() - at {
        return None;
    }
    let after = after.trim_start_matches(is_space);
    let start = rest.len() - after.len();
    match after.chars().next() {
        Some(quote @ ('\'' | '"')) => after[1..].find(quote).map(|end| start + end + 2),
        _ => Some(start + after.find(|c| is_space(c) || c == '>').unwrap_or(after.len())),
    }
}
