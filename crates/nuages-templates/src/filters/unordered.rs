//! `unordered_list`.

use minijinja::value::ValueKind;
use minijinja::{Error, State, Value};

use super::input::{autoescape, conditional_escape, items, raised, safe, unfit};
use super::{ArgCount, Filter};
use crate::python::{self, truth};

pub(super) const FILTERS: &[Filter] = &[Filter::new("unordered_list", ArgCount::None, unordered_list).safe()];

/// How many lists may lie in one another; Python's own limit lies in the same region.
const DEPTH: usize = 200;

fn unordered_list(state: &State<'_, '_>, value: &Value, _: Option<&Value>) -> Result<Value, Error> {
    let mut html = String::new();
    let list = items(value).ok_or_else(|| unfit("unordered_list", value))?;
    write_list(&mut html, list, 1, autoescape(state))?;
    Ok(safe(html))
}

/// Writes the entries of a list; a list that follows an entry is that entry's own.
fn write_list(
    html: &mut String,
    list: impl Iterator<Item = Value>,
    tabs: usize,
    escapes: bool,
) -> Result<(), Error> {
    if tabs > DEPTH {
        return Err(raised(format!(
            "the filter unordered_list takes at most {DEPTH} lists within one another"
        )));
    }
    let indent = "\t".repeat(tabs);
    let mut list = list.peekable();
    let mut first = true;
    while let Some(item) = list.next() {
        if !std::mem::take(&mut first) {
            html.push('\n');
        }
        html.push_str(&indent);
        html.push_str("<li>");
        html.push_str(&if escapes { conditional_escape(&item) } else { python::str(&item).into_owned() });
        if let Some(children) =
            list.next_if(|next| matches!(next.kind(), ValueKind::Seq | ValueKind::Iterable))
            && truth(&children)
        {
            html.push_str(&format!("\n{indent}<ul>\n"));
            write_list(html, items(&children).into_iter().flatten(), tabs + 1, escapes)?;
            html.push_str(&format!("\n{indent}</ul>\n{indent}"));
        }
        html.push_str("</li>");
    }
    Ok(())
}
