//! What stands in `{{ … }}` and as a value in tags: a literal or a variable, and its filters.

use super::words::{string_end, unescape};
use crate::python::is_word;

/// A value with its filters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expression {
    pub(crate) base: Operand,
    pub(crate) filters: Vec<FilterCall>,
}

/// A literal or a variable.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    /// A string in quotes; Django takes it for safe.
    Text(String),
    Integer(String),
    Float(f64),
    Variable(Path),
}

/// A variable and the attributes that are looked up in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) segments: Vec<String>,
}

/// A filter, with its argument.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FilterCall {
    pub(crate) name: String,
    pub(crate) argument: Option<Operand>,
}

/// How many filters one value may have, and how many attributes one variable: beyond that it is no template that
/// somebody wrote.
const LONGEST: usize = 100;

impl Expression {
    /// The literal text, if it is one and has no filters.
    pub(crate) fn literal(&self) -> Option<&str> {
        match &self.base {
            Operand::Text(text) if self.filters.is_empty() => Some(text),
            _ => None,
        }
    }

    /// Every variable in it.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &Path> {
        let arguments = self.filters.iter().filter_map(|filter| filter.argument.as_ref());
        std::iter::once(&self.base).chain(arguments).filter_map(|operand| match operand {
            Operand::Variable(path) => Some(path),
            _ => None,
        })
    }
}

impl Path {
    pub(crate) fn first(&self) -> &str {
        self.segments.first().map_or("", String::as_str)
    }

    pub(crate) fn text(&self) -> String {
        self.segments.join(".")
    }
}

/// Reads an expression.
///
/// # Errors
///
/// What is wrong with it.
pub(crate) fn expression(text: &str) -> Result<Expression, String> {
    let mut rest = text;
    let mut base = None;
    let mut filters = Vec::new();
    while !rest.is_empty() {
        match &base {
            None => {
                let Some((operand, length)) = operand(rest)? else { break };
                base = Some(operand);
                rest = &rest[length..];
            }
            Some(_) => {
                let Some((filter, length)) = filter(rest)? else { break };
                filters.push(filter);
                rest = &rest[length..];
            }
        }
    }
    let Some(base) = base else {
        return Err(format!("could not find a variable at the start of {text:?}"));
    };
    if !rest.is_empty() {
        return Err(format!("could not parse the remainder {rest:?} of {text:?}"));
    }
    if filters.len() > LONGEST {
        return Err(format!("{} filters in a row are more than {LONGEST}", filters.len()));
    }
    Ok(Expression { base, filters })
}

/// Reads a variable as Django's `Variable` does, where only a name is asked for.
pub(crate) fn variable(text: &str) -> Result<Operand, String> {
    match number(text) {
        Some(number) => Ok(number),
        None if text.starts_with('_') || text.contains("._") => Err(format!(
            "variables and attributes may not begin with underscores: {text:?}; give the value another name in the context"
        )),
        None => {
            let segments: Vec<String> = text.split('.').map(str::to_owned).collect();
            if segments.len() > LONGEST {
                return Err(format!("{} attributes in a row are more than {LONGEST}", segments.len()));
            }
            Ok(Operand::Variable(Path { segments }))
        }
    }
}

fn operand(text: &str) -> Result<Option<(Operand, usize)>, String> {
    if let Some((literal, length)) = constant(text) {
        return Ok(Some((Operand::Text(literal), length)));
    }
    let length = name_length(text).or_else(|| number_length(text));
    length.map(|length| Ok((variable(&text[..length])?, length))).transpose()
}

/// A string in quotes, marked for translation or not.
fn constant(text: &str) -> Option<(String, usize)> {
    let (translated, inner) = match text.strip_prefix("_(") {
        Some(inner) => (true, inner),
        None => (false, text),
    };
    let quote = inner.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let length = string_end(inner, quote)?;
    let literal = unescape(&inner[..length])?;
    match translated {
        true => inner[length..].starts_with(')').then_some((literal, length + 3)),
        false => Some((literal, length)),
    }
}

fn name_length(text: &str) -> Option<usize> {
    let length = text.find(|letter| !is_word(letter) && letter != '.').unwrap_or(text.len());
    (length > 0).then_some(length)
}

fn number_length(text: &str) -> Option<usize> {
    let digits = text.strip_prefix(['-', '+', '.'])?;
    digits.starts_with(|first: char| first.is_ascii_digit()).then(|| {
        1 + digits
            .find(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != 'e')
            .unwrap_or(digits.len())
    })
}

fn number(text: &str) -> Option<Operand> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits_between = |text: &str| {
        // Python allows one underscore between digits.
        !text.starts_with('_') && !text.ends_with('_') && !text.contains("__")
    };
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        || !digits_between(unsigned)
    {
        return None;
    }
    let plain = text.strip_prefix('+').unwrap_or(text).replace('_', "");
    if text.contains(['.', 'e', 'E']) {
        if text.ends_with('.') || text.contains("_.") || text.contains("._") {
            return None;
        }
        return plain.parse().ok().map(Operand::Float);
    }
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let is_number = digits.bytes().all(|digit| digit.is_ascii_digit())
        // `int("007")` is seven in Python.
        && !digits.is_empty();
    is_number.then(|| {
        let digits = digits.trim_start_matches('0');
        let sign = if plain.starts_with('-') && !digits.is_empty() { "-" } else { "" };
        Operand::Integer(if digits.is_empty() { "0".to_owned() } else { format!("{sign}{digits}") })
    })
}

fn filter(text: &str) -> Result<Option<(FilterCall, usize)>, String> {
    let trimmed = text.trim_start();
    let Some(after_bar) = trimmed.strip_prefix('|') else { return Ok(None) };
    let start = after_bar.trim_start();
    let name_end = start.find(|letter| !is_word(letter)).unwrap_or(start.len());
    if name_end == 0 {
        return Ok(None);
    }
    let name = start[..name_end].to_owned();
    let mut consumed = text.len() - start.len() + name_end;
    let argument = match text[consumed..].strip_prefix(':') {
        Some(argument) => operand(argument)?.map(|(operand, length)| {
            consumed += 1 + length;
            operand
        }),
        None => None,
    };
    Ok(Some((FilterCall { name, argument }, consumed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Operand {
        Operand::Variable(Path { segments: text.split('.').map(str::to_owned).collect() })
    }

    fn text(text: &str) -> Operand {
        Operand::Text(text.to_owned())
    }

    #[test]
    fn an_operand_is_what_django_takes_it_for() {
        let cases = [
            ("a", path("a")),
            ("a.b.0", path("a.b.0")),
            ("a.", path("a.")),
            ("größe", path("größe")),
            ("2x", path("2x")),
            ("1.2.3", path("1.2.3")),
            ("2.", path("2.")),
            ("1", Operand::Integer("1".to_owned())),
            ("-1", Operand::Integer("-1".to_owned())),
            ("+7", Operand::Integer("7".to_owned())),
            ("007", Operand::Integer("7".to_owned())),
            ("1_000", Operand::Integer("1000".to_owned())),
            ("1.5", Operand::Float(1.5)),
            ("1e3", Operand::Float(1000.0)),
            (".5", Operand::Float(0.5)),
            ("\"a b\"", text("a b")),
            ("'a\\'b'", text("a'b")),
            ("_(\"a\")", text("a")),
            ("''", text("")),
        ];
        for (source, expected) in cases {
            assert_eq!(expression(source).map(|found| found.base), Ok(expected), "{source}");
        }
    }

    #[test]
    fn filters_have_one_argument_or_none() {
        let found = expression("a|lower | cut:\" \"|default:b.c|add:-1").unwrap();
        let filters: Vec<_> =
            found.filters.iter().map(|filter| (filter.name.as_str(), filter.argument.clone())).collect();
        assert_eq!(
            filters,
            [
                ("lower", None),
                ("cut", Some(text(" "))),
                ("default", Some(path("b.c"))),
                ("add", Some(Operand::Integer("-1".to_owned())))
            ]
        );
    }

    #[test]
    fn what_django_refuses_is_refused() {
        for source in
            ["|a", "", "a b", "a|", "a|b:", "a||b", "a|b:c:d", "_a", "a._b", "\"a", "a-b", "a|b : c", "1e-5"]
        {
            assert!(expression(source).is_err(), "{source}");
        }
    }
}
