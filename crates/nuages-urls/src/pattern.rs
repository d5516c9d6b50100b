//! One pattern, parsed: the route of a `path()` or the regular expression of a `re_path()`.

use std::sync::Arc;

use crate::converter::{AnyConverter, Converters, ValueType};
use crate::dialect::{self, is_identifier, translate};
use crate::entry::Syntax;
use crate::error::UrlErrorKind;
use crate::shape::{self, ParamName, Piece, Shape};

/// A parsed pattern.
pub(crate) struct Pattern {
    pub(crate) source: String,
    /// Whether a view follows, and not more patterns.
    pub(crate) endpoint: bool,
    pub(crate) captures: Vec<Capture>,
    pub(crate) body: Body,
    pub(crate) shape: Shape,
}

/// What a pattern captures under one name, or at one position.
pub(crate) struct Capture {
    pub(crate) name: Option<Arc<str>>,
    /// `None` for the group of a regular expression.
    pub(crate) converter: Option<(String, AnyConverter)>,
    pub(crate) optional: bool,
}

pub(crate) enum Body {
    Path(Vec<Token>),
    Regex(RegexBody),
}

/// A part of a `path()` pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Text(String),
    /// The capture of this index.
    Capture(usize),
}

pub(crate) struct RegexBody {
    /// The expression in the engine's dialect, with all groups capturing.
    pub(crate) engine: String,
    /// For each capture, its group.
    pub(crate) groups: Vec<usize>,
    pub(crate) has_dollar: bool,
    /// Every match begins with this text.
    pub(crate) head: String,
    /// Whether the pattern is that text and nothing else.
    pub(crate) is_literal: bool,
}

/// What is wrong with a pattern.
pub(crate) type Mistake = (UrlErrorKind, String);

impl Capture {
    pub(crate) fn value_type(&self) -> ValueType {
        self.converter.as_ref().map_or(ValueType::Group, |(_, converter)| converter.value_type())
    }
}

impl Pattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(crate) fn parse(
        syntax: Syntax,
        source: &str,
        endpoint: bool,
        converters: &Converters,
    ) -> Result<Self, Vec<Mistake>> {
        match syntax {
            Syntax::Path => Self::parse_path(source, endpoint, converters),
            Syntax::Regex => Self::parse_regex(source, endpoint).map_err(|mistake| vec![mistake]),
        }
    }

    fn parse_path(source: &str, endpoint: bool, converters: &Converters) -> Result<Self, Vec<Mistake>> {
        let mut reader =
            PathReader { converters, captures: Vec::new(), tokens: Vec::new(), mistakes: Vec::new() };
        reader.read(source);
        if !reader.mistakes.is_empty() {
            return Err(reader.mistakes);
        }
        let piece = |token: &Token| match token {
            Token::Text(text) => Piece::Text(text.clone()),
            Token::Capture(index) => {
                let name = reader.captures.get(*index).and_then(|capture| capture.name.clone());
                Piece::Param(ParamName::Named(name.unwrap_or_default()))
            }
        };
        let shape = Shape { candidates: vec![reader.tokens.iter().map(piece).collect()], unnamed: 0 };
        Ok(Self {
            source: source.to_owned(),
            endpoint,
            captures: reader.captures,
            body: Body::Path(reader.tokens),
            shape,
        })
    }

    fn parse_regex(source: &str, endpoint: bool) -> Result<Self, Mistake> {
        let mistake = |message: String| (UrlErrorKind::Regex, message);
        let translation = translate(source, true).map_err(mistake)?;
        // Checked here so that a message shows the expression as the engine sees it only when it must.
        let ast = regex_syntax::ast::parse::Parser::new()
            .parse(&translation.shape)
            .map_err(|error| mistake(format!("the regular expression is invalid: {}", error.kind())))?;
        let names: Vec<Option<Arc<str>>> =
            translation.groups.iter().map(|name| name.as_deref().map(Arc::from)).collect();
        let anatomy = shape::dissect(&ast, &names).map_err(mistake)?;
        // Named groups hide unnamed ones, as in Django.
        let named = names.iter().any(Option::is_some);
        let mut captures = Vec::new();
        let mut groups = Vec::new();
        for (index, name) in names.into_iter().enumerate() {
            if name.is_some() || !named {
                let optional = anatomy.optional.get(index).copied().unwrap_or(true);
                captures.push(Capture { name, converter: None, optional });
                groups.push(index + 1);
            }
        }
        Ok(Self {
            source: source.to_owned(),
            endpoint,
            captures,
            shape: anatomy.shape,
            body: Body::Regex(RegexBody {
                engine: translation.engine,
                groups,
                has_dollar: translation.has_dollar,
                head: anatomy.head,
                is_literal: anatomy.is_literal && endpoint,
            }),
        })
    }

    /// The pattern for the engine, without a leading `^`, as it is joined to others.
    pub(crate) fn engine(&self) -> String {
        match &self.body {
            Body::Path(tokens) => {
                let mut engine = path_engine(tokens, &self.captures);
                if self.endpoint {
                    engine.push_str(r"\z");
                }
                engine
            }
            Body::Regex(body) => body.engine.strip_prefix('^').unwrap_or(&body.engine).to_owned(),
        }
    }
}

/// A `path()` pattern as a regular expression, each capture a group.
pub(crate) fn path_engine(tokens: &[Token], captures: &[Capture]) -> String {
    let mut engine = String::new();
    for token in tokens {
        match token {
            Token::Text(text) => engine.push_str(&regex_syntax::escape(text)),
            Token::Capture(index) => {
                let regex = match captures.get(*index).and_then(|capture| capture.converter.as_ref()) {
                    Some((_, AnyConverter::Builtin(builtin))) => builtin.regex().to_owned(),
                    // Checked when the pattern was parsed.
                    Some((_, AnyConverter::Custom(custom))) => translate(custom.pattern(), false)
                        .map(|translation| translation.engine)
                        .unwrap_or_default(),
                    None => String::new(),
                };
                engine.push('(');
                engine.push_str(&regex);
                engine.push(')');
            }
        }
    }
    engine
}

struct PathReader<'a> {
    converters: &'a Converters,
    captures: Vec<Capture>,
    tokens: Vec<Token>,
    mistakes: Vec<Mistake>,
}

impl PathReader<'_> {
    fn mistake(&mut self, kind: UrlErrorKind, message: String) {
        self.mistakes.push((kind, message));
    }

    fn read(&mut self, source: &str) {
        let mut rest = source;
        while let Some((text, after)) = rest.split_once('<') {
            self.text(text);
            let Some((inner, after)) = after.split_once('>') else {
                self.mistake(
                    UrlErrorKind::MalformedCapture,
                    "a '<' is not closed; write '<converter:name>', or use re_path() for a literal '<'"
                        .into(),
                );
                return;
            };
            self.capture(inner);
            rest = after;
        }
        self.text(rest);
    }

    fn text(&mut self, text: &str) {
        if text.contains('>') {
            self.mistake(
                UrlErrorKind::MalformedCapture,
                "a '>' closes nothing; write '<converter:name>', or use re_path() for a literal '>'".into(),
            );
        }
        if !text.is_empty() {
            self.tokens.push(Token::Text(text.to_owned()));
        }
    }

    fn capture(&mut self, inner: &str) {
        if inner.contains(|c: char| c.is_ascii_whitespace() || c == '\x0b') {
            return self.mistake(
                UrlErrorKind::MalformedCapture,
                format!("'<{inner}>' contains white space; remove it"),
            );
        }
        if inner.is_empty() || inner.contains('<') {
            return self.mistake(
                UrlErrorKind::MalformedCapture,
                format!("'<{inner}>' is no capture; write '<converter:name>' or '<name>'"),
            );
        }
        let (converter, name) = match inner.split_once(':') {
            Some((converter, name)) if !converter.is_empty() && !name.is_empty() => (converter, name),
            Some(_) => {
                return self.mistake(
                    UrlErrorKind::MalformedCapture,
                    format!("'<{inner}>' lacks a part; write '<converter:name>' or '<name>'"),
                );
            }
            None => ("str", inner),
        };
        if !is_identifier(name) {
            return self.mistake(
                UrlErrorKind::InvalidParameterName,
                format!("the parameter name '{name}' is not an identifier; use letters, digits and '_'"),
            );
        }
        if self.captures.iter().any(|capture| capture.name.as_deref() == Some(name)) {
            return self.mistake(
                UrlErrorKind::DuplicateParameter,
                format!("the parameter '{name}' occurs twice; give one another name"),
            );
        }
        let Some(found) = self.converters.get(converter) else {
            let known = self.converters.names().join(", ");
            return self.mistake(
                UrlErrorKind::UnknownConverter,
                format!("the converter '{converter}' is not known; register it, or use one of {known}"),
            );
        };
        if let AnyConverter::Custom(custom) = &found
            && let Err(message) = check_converter(custom.pattern())
        {
            return self.mistake(UrlErrorKind::Regex, format!("the converter '{converter}': {message}"));
        }
        self.tokens.push(Token::Capture(self.captures.len()));
        self.captures.push(Capture {
            name: Some(name.into()),
            converter: Some((converter.to_owned(), found)),
            optional: false,
        });
    }
}

/// Checks the regular expression of a custom converter.
fn check_converter(regex: &str) -> Result<(), String> {
    let translation = dialect::translate(regex, false)?;
    if translation.groups.is_empty() {
        Ok(())
    } else {
        Err("its regular expression has a named group; write '(?:' instead".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<UrlErrorKind> {
        Pattern::parse(Syntax::Path, source, true, &Converters::new())
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|(kind, _)| kind)
            .collect()
    }

    #[test]
    fn mistakes_in_paths() {
        use UrlErrorKind::{DuplicateParameter, InvalidParameterName, MalformedCapture, UnknownConverter};
        let cases: [(&str, &[UrlErrorKind]); 16] = [
            ("a/<int:b>/<c>", &[]),
            ("", &[]),
            ("<größe>", &[]),
            ("<int:a", &[MalformedCapture]),
            ("a>", &[MalformedCapture]),
            ("<>", &[MalformedCapture]),
            ("<a<int:b>", &[MalformedCapture]),
            ("<int:>", &[MalformedCapture]),
            ("<:a>", &[MalformedCapture]),
            ("<int: a>", &[MalformedCapture]),
            ("<a\n>", &[MalformedCapture]),
            ("<int:1>", &[InvalidParameterName]),
            ("<int:a-b>", &[InvalidParameterName]),
            ("<a>/<a>", &[DuplicateParameter]),
            ("<foo:a>", &[UnknownConverter]),
            ("<foo:a>/<int:1>/>", &[UnknownConverter, InvalidParameterName, MalformedCapture]),
        ];
        for (source, expected) in cases {
            assert_eq!(kinds(source), expected, "{source}");
        }
    }

    #[test]
    fn engines() {
        let cases = [
            (Syntax::Path, "a.b/<int:x>$", r"a\.b/([0-9]+)\$\z"),
            (Syntax::Regex, r"^a(?P<x>\d)$", r"a(\d)$"),
            (Syntax::Regex, r"a", r"a"),
        ];
        for (syntax, source, engine) in cases {
            let pattern =
                Pattern::parse(syntax, source, true, &Converters::new()).unwrap_or_else(|_| panic!());
            assert_eq!(pattern.engine(), engine);
        }
    }
}
