//! `striptags`.

use std::ops::ControlFlow;

use minijinja::{Error, State, Value};

use super::input::raised;
use super::markup::{Handler, More, Reader, References};
use super::{ArgCount, Filter};
use crate::python;

pub(super) const FILTERS: &[Filter] = &[Filter::new("striptags", ArgCount::None, striptags).safe()];

/// How often tags that only show when others are gone are taken away.
const DEPTH: usize = 50;

fn striptags(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    let mut text = python::str(value).into_owned();
    if text.split('>').any(is_suspicious) {
        return Err(suspicious());
    }
    let mut depth = 0;
    while text.contains('<') && text.contains('>') {
        if depth == DEPTH {
            return Err(suspicious());
        }
        let stripped = strip(&text);
        if stripped.matches('<').count() == text.matches('<').count() {
            break;
        }
        text = stripped;
        depth += 1;
    }
    Ok(Value::from(text))
}

fn suspicious() -> Error {
    raised(format!(
        "the filter striptags found more than {DEPTH} tags within one another; that is no text worth showing"
    ))
}

/// A tag that does not close for a thousand characters and holds many more.
fn is_suspicious(part: &str) -> bool {
    let starts = part.match_indices('<').map(|(at, _)| &part[at + 1..]);
    let Some(open) = starts.into_iter().find(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
    else {
        return false;
    };
    open.chars().nth(1000).is_some() && open.matches('<').count() + 1 >= DEPTH
}

fn strip(text: &str) -> String {
    let mut kept = Kept(String::with_capacity(text.len()));
    let mut reader = Reader::new(text, References::Reported);
    // It is never stopped.
    let _ =
        reader.read(&mut kept, More::Maybe).is_continue() && reader.read(&mut kept, More::None).is_continue();
    kept.0
}

struct Kept(String);

impl Handler for Kept {
    fn data(&mut self, text: &str) -> ControlFlow<()> {
        self.0.push_str(text);
        ControlFlow::Continue(())
    }

    fn reference(&mut self, name: &str) {
        self.0.push('&');
        self.0.push_str(name);
        self.0.push(';');
    }
}
