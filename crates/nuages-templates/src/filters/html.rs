//! Filters that escape, or say that nothing needs to be escaped, and those that turn lines into markup.

use minijinja::{Error, State, Value};

use super::input::{autoescape, conditional_escape, items, safe, unfit};
use super::{ArgCount, Filter};
use crate::escape::{escape, escape_js};
use crate::python;

pub(super) const FILTERS: &[Filter] = &[
    Filter::new("escape", ArgCount::None, escape_filter).safe(),
    Filter::new("escapejs", ArgCount::None, escapejs),
    Filter::new("escapeseq", ArgCount::None, escapeseq).safe(),
    Filter::new("force_escape", ArgCount::None, force_escape).safe(),
    Filter::new("linebreaks", ArgCount::None, linebreaks).safe(),
    Filter::new("linebreaksbr", ArgCount::None, linebreaksbr).safe(),
    Filter::new("linenumbers", ArgCount::None, linenumbers).safe(),
    Filter::new("safe", ArgCount::None, safe_filter).safe(),
    Filter::new("safeseq", ArgCount::None, safeseq).safe(),
];

fn escape_filter(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(safe(conditional_escape(value)))
}

fn force_escape(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(safe(escape(&python::str(value))))
}

fn escapejs(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(safe(escape_js(&python::str(value))))
}

fn escapeseq(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    let items = items(value).ok_or_else(|| unfit("escapeseq", value))?;
    Ok(items.map(|item| safe(conditional_escape(&item))).collect())
}

fn safe_filter(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(safe(python::str(value)))
}

fn safeseq(_: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    let items = items(value).ok_or_else(|| unfit("safeseq", value))?;
    Ok(items.map(|item| safe(python::str(&item))).collect())
}

/// The text with `\n` at the end of lines, escaped if the template escapes and it is not safe.
fn lines(state: &State<'_, '_>, value: &Value) -> String {
    let text = python::str(value);
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text };
    if autoescape(state) && !value.is_safe() { escape(&text).into_owned() } else { text.into_owned() }
}

fn linebreaks(state: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    let text = lines(state, value);
    let mut html = String::with_capacity(text.len() + 16);
    let mut rest = &*text;
    loop {
        let end = rest.find("\n\n").unwrap_or(rest.len());
        html.push_str("<p>");
        html.push_str(&rest[..end].replace('\n', "<br>"));
        html.push_str("</p>");
        if end == rest.len() {
            return Ok(safe(html));
        }
        html.push_str("\n\n");
        rest = rest[end..].trim_start_matches('\n');
    }
}

fn linebreaksbr(state: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    Ok(safe(lines(state, value).replace('\n', "<br>")))
}

fn linenumbers(state: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    let text = python::str(value);
    let escapes = autoescape(state) && !value.is_safe();
    let width = (text.matches('\n').count() + 1).to_string().len();
    let lines = text.split('\n').enumerate().map(|(at, line)| {
        let line = if escapes { escape(line) } else { line.into() };
        format!("{:0width$}. {line}", at + 1)
    });
    Ok(safe(lines.collect::<Vec<_>>().join("\n")))
}
