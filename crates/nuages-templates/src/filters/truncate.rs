//! `truncatechars`, `truncatewords` and what they do with HTML.

use std::ops::ControlFlow;

use minijinja::{Error, State, Value};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::input::{Raised, int, required, unfit};
use super::markup::{Handler, More, Reader, References};
use super::{ArgCount, Filter};
use crate::escape::escape;
use crate::python::{self, is_space};

pub(super) const FILTERS: &[Filter] = &[
    Filter::new("truncatechars", ArgCount::Required, truncatechars).safe(),
    Filter::new("truncatechars_html", ArgCount::Required, truncatechars_html).safe(),
    Filter::new("truncatewords", ArgCount::Required, truncatewords).safe(),
    Filter::new("truncatewords_html", ArgCount::Required, truncatewords_html).safe(),
];

/// What is put where the text was cut.
const AFTER_CHARS: &str = "…";
const AFTER_WORDS: &str = " …";

/// Cuts a text by an argument; if that is no number, the text stays.
fn cut(
    filter: &str,
    value: &Value,
    arg: Option<&Value>,
    to: impl Fn(&str, usize) -> String,
) -> Result<Value, Error> {
    let arg = required(filter, arg)?;
    let text = python::str(value);
    match int(arg) {
        Ok(length) if length <= 0 => Ok(Value::from("")),
        Ok(length) => Ok(Value::from(to(&text, usize::try_from(length).unwrap_or(usize::MAX)))),
        Err(Raised::Value) => Ok(Value::from(text)),
        Err(_) => Err(unfit(filter, arg)),
    }
}

fn truncatechars(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    cut("truncatechars", value, arg, |text, length| {
        let text: String = text.nfc().collect();
        // Combining characters take no room; the one that replaces what is cut takes that of one.
        let mut bases =
            text.char_indices().filter(|(_, c)| canonical_combining_class(*c) == 0).map(|(at, _)| at);
        let end = bases.nth(length - 1).unwrap_or(text.len());
        if bases.next().is_none() {
            return text;
        }
        format!("{}{AFTER_CHARS}", &text[..end])
    })
}

fn truncatewords(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    cut("truncatewords", value, arg, |text, length| {
        let mut words = python::words(text);
        let kept: Vec<&str> = words.by_ref().take(length).collect();
        let kept = kept.join(" ");
        if words.next().is_none() || kept.ends_with(AFTER_WORDS) { kept } else { kept + AFTER_WORDS }
    })
}

fn truncatechars_html(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    cut("truncatechars_html", value, arg, |text, length| {
        let text: String = text.nfc().collect();
        let total = text.chars().count();
        truncated(&text, Unit::Chars { length, total, seen: 0, written: 0 }, length - 1)
    })
}

fn truncatewords_html(_: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
    cut("truncatewords_html", value, arg, |text, length| truncated(text, Unit::Words, length))
}

fn truncated(text: &str, unit: Unit, remaining: usize) -> String {
    let mut cutter = Cutter { unit, remaining, open: Vec::new(), output: String::with_capacity(text.len()) };
    if Reader::new(text, References::Resolved).read(&mut cutter, More::Maybe).is_break() {
        for name in std::mem::take(&mut cutter.open).iter().rev() {
            cutter.write(&format!("</{name}>"));
        }
    }
    cutter.output
}

/// What is counted.
enum Unit {
    Words,
    /// Characters, of which so many have been seen out of so many in the source, and so many written.
    Chars {
        length: usize,
        total: usize,
        seen: usize,
        written: usize,
    },
}

/// Copies HTML until enough is written, and knows which elements are open.
struct Cutter {
    unit: Unit,
    remaining: usize,
    open: Vec<String>,
    output: String,
}

impl Cutter {
    fn write(&mut self, text: &str) {
        if let Unit::Chars { written, .. } = &mut self.unit {
            *written += text.chars().count();
        }
        self.output.push_str(text);
    }

    /// Writes as much as there is room for, and says whether that was all.
    fn write_some(&mut self, text: &str, count: usize, after: &str) -> ControlFlow<()> {
        if self.remaining >= count {
            self.remaining -= count;
            self.write(&escape(text));
            return ControlFlow::Continue(());
        }
        self.remaining = 0;
        let text = escape(text);
        self.write(&text);
        if matches!(self.unit, Unit::Chars { .. }) || !text.ends_with(after) {
            self.write(after);
        }
        ControlFlow::Break(())
    }
}

impl Handler for Cutter {
    fn data(&mut self, data: &str) -> ControlFlow<()> {
        let remaining = self.remaining;
        match &mut self.unit {
            Unit::Chars { length, total, seen, written } => {
                let count = data.chars().count();
                *seen += count;
                if *seen == *length && *written + count == *total {
                    // The text ends just where it would be cut.
                    self.output.push_str(data);
                    return ControlFlow::Break(());
                }
                let end = data.char_indices().nth(remaining).map_or(data.len(), |(end, _)| end);
                self.write_some(&data[..end], count, AFTER_CHARS)
            }
            Unit::Words => {
                let words = inner_words(data);
                let kept = words.get(..remaining.min(words.len())).unwrap_or_default().join(" ");
                self.write_some(&kept, words.len(), AFTER_WORDS)
            }
        }
    }

    fn start(&mut self, name: &str, source: &str) {
        self.write(source);
        if !is_void(name) {
            self.open.push(name.to_owned());
        }
    }

    fn end(&mut self, name: &str) {
        if is_void(name) {
            return;
        }
        self.write(&format!("</{name}>"));
        if self.open.last().is_some_and(|open| open == name) {
            self.open.pop();
        }
    }
}

/// A text split at the blanks between words; those at its ends belong to the first and the last.
fn inner_words(text: &str) -> Vec<&str> {
    let inner = text.trim_matches(is_space);
    if inner.is_empty() {
        return vec![text];
    }
    let mut words: Vec<&str> = python::words(inner).collect();
    let lead = text.len() - text.trim_start_matches(is_space).len();
    let trail = text.trim_end_matches(is_space).len();
    let (only, count) = (words.len() == 1, words.len());
    if let Some(first) = words.first_mut() {
        *first = &text[..if only { text.len() } else { lead + first.len() }];
    }
    if let Some(last) = words.last_mut().filter(|_| count > 1) {
        *last = &text[trail - last.len()..];
    }
    words
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "frame"
            | "spacer"
    )
}
