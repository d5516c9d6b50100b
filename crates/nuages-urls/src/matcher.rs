//! Matching one pattern against the start of what is left of a path.
//!
//! Patterns of `path()` are matched by hand wherever each capture can only end at one place; then there is nothing to
//! backtrack, and the result is the regular expression's. All others are left to the engine.

use regex::{Captures, Regex, RegexBuilder};

use crate::builtin::Builtin;
use crate::converter::AnyConverter;
use crate::pattern::{Body, Capture, Pattern, Token, path_engine};
use crate::value::{CaptureValue, Values};

/// The largest compiled expression, in bytes. `\w{100}` takes about 1.5 MB.
const REGEX_SIZE_LIMIT: usize = 8 << 20;
/// The cache that the engine may fill while it searches, in bytes.
const REGEX_CACHE_LIMIT: usize = 2 << 20;

pub(crate) enum Matcher {
    /// Nothing more to match; at an endpoint, nothing may be left.
    Nothing {
        endpoint: bool,
    },
    /// Captures, each followed by a text that ends it.
    Steps {
        steps: Box<[Step]>,
        endpoint: bool,
    },
    Engine(Box<Engine>),
}

pub(crate) struct Step {
    converter: Builtin,
    tail: Box<str>,
}

pub(crate) struct Engine {
    regex: Regex,
    groups: Box<[Group]>,
    has_dollar: bool,
}

struct Group {
    index: usize,
    converter: Option<AnyConverter>,
}

/// Compiles an expression in the engine's dialect, within limits.
///
/// # Errors
/// A message that tells what is wrong.
pub(crate) fn compile(engine: &str) -> Result<Regex, String> {
    RegexBuilder::new(engine).size_limit(REGEX_SIZE_LIMIT).dfa_size_limit(REGEX_CACHE_LIMIT).build().map_err(
        |error| match error {
            regex::Error::CompiledTooBig(_) => format!(
                "the regular expression is larger than {} MiB when compiled; use smaller repetitions",
                REGEX_SIZE_LIMIT >> 20
            ),
            error => format!("the regular expression is invalid: {error}"),
        },
    )
}

impl Matcher {
    /// Makes the matcher of a pattern, and the literal text that stands before it.
    ///
    /// # Errors
    /// A message about the regular expression.
    pub(crate) fn new(pattern: &Pattern) -> Result<(String, Self), String> {
        match &pattern.body {
            Body::Path(tokens) => match Self::by_hand(tokens, &pattern.captures, pattern.endpoint) {
                Some(made) => Ok(made),
                None => Self::path_by_engine(tokens, pattern),
            },
            Body::Regex(body) if body.is_literal => Ok((body.head.clone(), Self::Nothing { endpoint: true })),
            Body::Regex(body) => {
                // Django's fullmatch, which a line feed at the end does not satisfy.
                let whole = pattern.endpoint && pattern.source.ends_with('$');
                let regex = if whole {
                    compile(&format!(r"^(?:{})\z", body.engine))?
                } else {
                    compile(&body.engine)?
                };
                let groups = body.groups.iter().map(|index| Group { index: *index, converter: None });
                let has_dollar = body.has_dollar && !whole;
                let engine = Engine { regex, groups: groups.collect(), has_dollar };
                Ok((String::new(), Self::Engine(Box::new(engine))))
            }
        }
    }

    fn path_by_engine(tokens: &[Token], pattern: &Pattern) -> Result<(String, Self), String> {
        let (lead, tokens) = match tokens.split_first() {
            Some((Token::Text(lead), rest)) => (lead.clone(), rest),
            _ => (String::new(), tokens),
        };
        let end = if pattern.endpoint { r"\z" } else { "" };
        let regex = compile(&format!("^{}{end}", path_engine(tokens, &pattern.captures)))?;
        let converter =
            |capture: &Capture| capture.converter.as_ref().map(|(_, converter)| converter.clone());
        let groups = pattern
            .captures
            .iter()
            .enumerate()
            .map(|(index, capture)| Group { index: index + 1, converter: converter(capture) });
        let engine = Engine { regex, groups: groups.collect(), has_dollar: false };
        Ok((lead, Self::Engine(Box::new(engine))))
    }

    /// Makes the matcher without the engine, if every capture can only end at one place.
    pub(crate) fn by_hand(tokens: &[Token], captures: &[Capture], endpoint: bool) -> Option<(String, Self)> {
        let (lead, mut tokens) = match tokens.split_first() {
            Some((Token::Text(lead), rest)) => (lead.clone(), rest),
            _ => (String::new(), tokens),
        };
        let mut steps = Vec::new();
        while let Some((token, rest)) = tokens.split_first() {
            let Token::Capture(index) = token else { return None };
            let (_, AnyConverter::Builtin(converter)) = captures.get(*index)?.converter.as_ref()? else {
                return None;
            };
            let (tail, rest) = match rest.split_first() {
                Some((Token::Text(tail), rest)) => (tail.as_str(), rest),
                _ => ("", rest),
            };
            let last = rest.is_empty();
            let certain = match tail.chars().next() {
                // The end of the path bounds the last capture of an endpoint, whatever stands between.
                _ if last && endpoint => true,
                // Nothing follows a prefix, so the capture takes all it can.
                None if last => true,
                None => *converter == Builtin::Uuid,
                Some(next) => converter.ends_before(next),
            };
            if !certain {
                return None;
            }
            steps.push(Step { converter: *converter, tail: tail.into() });
            tokens = rest;
        }
        let matcher = if steps.is_empty() {
            Self::Nothing { endpoint }
        } else {
            Self::Steps { steps: steps.into(), endpoint }
        };
        Some((lead, matcher))
    }

    /// Matches, adds the captured values, and returns what is left.
    ///
    /// After `None`, values may have been added; they mean nothing.
    #[inline]
    pub(crate) fn run<'a>(&self, rest: &'a str, values: &mut Values<'a>) -> Option<&'a str> {
        match self {
            Self::Nothing { endpoint } => (!endpoint || rest.is_empty()).then_some(rest),
            Self::Steps { steps, endpoint } => walk(steps, *endpoint, rest, |converter, text| {
                let Some(value) = converter.read(text) else { return false };
                values.push(value);
                true
            }),
            Self::Engine(engine) => engine.run(rest, values),
        }
    }

    /// Tells whether the text matches, whatever its converters think of the values.
    pub(crate) fn accepts(&self, rest: &str) -> bool {
        match self {
            Self::Nothing { endpoint } => !endpoint || rest.is_empty(),
            Self::Steps { steps, endpoint } => walk(steps, *endpoint, rest, |_, _| true).is_some(),
            Self::Engine(engine) => engine.regex.is_match(rest),
        }
    }
}

/// Takes the steps, showing each captured text to `take`, which may refuse it.
#[inline]
fn walk<'a>(
    steps: &[Step],
    endpoint: bool,
    mut rest: &'a str,
    mut take: impl FnMut(Builtin, &'a str) -> bool,
) -> Option<&'a str> {
    let (last, before) = steps.split_last()?;
    for step in before {
        rest = step.take(rest, &mut take)?;
    }
    if !endpoint {
        return last.take(rest, &mut take);
    }
    let text = rest.strip_suffix(&*last.tail)?;
    let whole = !text.is_empty() && last.converter.run(text) == text.len();
    (whole && take(last.converter, text)).then_some("")
}

impl Step {
    #[inline]
    fn take<'a>(&self, rest: &'a str, take: &mut impl FnMut(Builtin, &'a str) -> bool) -> Option<&'a str> {
        let (text, after) = rest.split_at_checked(self.converter.run(rest))?;
        let after = after.strip_prefix(&*self.tail)?;
        (!text.is_empty() && take(self.converter, text)).then_some(after)
    }
}

impl Engine {
    fn run<'a>(&self, rest: &'a str, values: &mut Values<'a>) -> Option<&'a str> {
        if self.groups.is_empty() {
            let end = self.on_lines(rest, |text| self.regex.find(text).map(|found| found.end()))?;
            return rest.get(end..);
        }
        let captures = self.on_lines(rest, |text| self.regex.captures(text))?;
        for group in &self.groups {
            values.push(group.read(&captures)?);
        }
        rest.get(captures.get(0)?.end()..)
    }

    /// Searches as Python does, whose `$` also matches before a last line feed.
    fn on_lines<'a, R>(&self, text: &'a str, search: impl Fn(&'a str) -> Option<R>) -> Option<R> {
        search(text).or_else(|| search(text.strip_suffix('\n').filter(|_| self.has_dollar)?))
    }
}

impl Group {
    /// The value of the group; `None` if its converter refuses the text.
    fn read<'a>(&self, captures: &Captures<'a>) -> Option<CaptureValue<'a>> {
        let Some(found) = captures.get(self.index) else { return Some(CaptureValue::None) };
        match &self.converter {
            None => Some(CaptureValue::from(found.as_str())),
            Some(AnyConverter::Builtin(builtin)) => builtin.read(found.as_str()),
            Some(AnyConverter::Custom(custom)) => custom.read(found.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::converter::Converters;
    use crate::entry::Syntax;

    fn matcher(source: &str, endpoint: bool) -> (String, Matcher) {
        let pattern = Pattern::parse(Syntax::Path, source, endpoint, &Converters::new());
        Matcher::new(&pattern.unwrap_or_else(|_| panic!("{source}"))).unwrap()
    }

    #[test]
    fn only_ambiguous_patterns_need_the_engine() {
        let cases = [
            ("about/", true, false),
            ("<int:a>-<int:b>/", true, false),
            ("<path:a>/end", true, false),
            ("<slug:a>-x", true, false),
            ("<uuid:a><slug:b>", true, false),
            ("<slug:a>/<str:b>.html", true, false),
            ("<slug:a>-<slug:b>", true, true),
            ("<int:a><int:b>", true, true),
            ("<path:a>/", false, true),
            ("<path:a>/<int:b>", true, true),
            ("<str:a>.<str:b>", true, true),
        ];
        for (source, endpoint, engine) in cases {
            assert_eq!(matches!(matcher(source, endpoint).1, Matcher::Engine(_)), engine, "{source}");
        }
    }

    #[test]
    fn greedy_and_backtracking() {
        let cases: [(&str, &str, Option<&[&str]>); 9] = [
            ("<slug:a>-<slug:b>", "x-y-z", Some(&["x-y", "z"])),
            ("<path:a>/end", "a/end/end", Some(&["a/end"])),
            ("<path:a>/end", "/end", None),
            ("<path:a>/<int:b>", "a/1/2", Some(&["a/1", "2"])),
            ("<int:a><int:b>", "123", Some(&["12", "3"])),
            ("<str:a>.<str:b>", "a.b.c", Some(&["a.b", "c"])),
            ("<path:a>", "a\n", None),
            ("<str:a>", "a\n", Some(&["a\n"])),
            ("<int:a>-<int:b>", "1-", None),
        ];
        for (source, path, expected) in cases {
            let mut values = Values::new();
            let rest = matcher(source, true).1.run(path, &mut values);
            let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
            let expected = expected.map(|texts| texts.iter().map(ToString::to_string).collect());
            assert_eq!(rest.map(|_| texts), expected, "{source} {path:?}");
        }
    }
}
