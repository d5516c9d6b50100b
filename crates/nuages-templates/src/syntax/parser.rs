//! From tokens to the syntax tree.

use std::collections::BTreeSet;

use super::expression::{Expression, Operand, expression};
use super::lexer::{self, Token, is_python_space, tokens};
use super::library::{is_builtin_tag, library_of_filter, library_of_tag};
use super::node::{Bindings, Kind, Node, Nodes};
use super::vocabulary::Vocabulary;
use super::words::{keyword, words};
use super::{Parsed, SyntaxError, Use, UseKind, tags};
use crate::filters::{self, ArgCount};

/// How deep blocks may lie in each other: a template is read and run by recursion.
const DEEPEST: usize = 50;

/// How many words a tag may have: more than that no call can be given.
const LONGEST: usize = 1000;

/// Reads a template.
///
/// # Errors
///
/// What is wrong in it, with the line.
pub(crate) fn parse(source: &str, name: &str, vocabulary: &Vocabulary) -> Result<Parsed, SyntaxError> {
    let mut parser = Parser {
        tokens: tokens(source),
        at: 0,
        line: 1,
        name,
        vocabulary,
        open: Vec::new(),
        loaded_tags: BTreeSet::new(),
        loaded_filters: BTreeSet::new(),
        blocks: Vec::new(),
        cycles: Vec::new(),
        last_cycle: None,
        watched: 0,
        uses: Vec::new(),
    };
    for library in vocabulary.preloaded() {
        parser.load(library)?;
    }
    let nodes = parser.until(&[])?;
    Ok(Parsed { nodes, blocks: parser.blocks, uses: parser.uses, cycles: parser.cycles.len() })
}

/// What has been read of a template.
pub(crate) struct Parser<'s> {
    tokens: Vec<Token<'s>>,
    at: usize,
    /// The line of the tag at hand.
    pub(crate) line: usize,
    /// The template's name, to which relative names refer.
    pub(crate) name: &'s str,
    vocabulary: &'s Vocabulary,
    /// The tags that wait for their end.
    open: Vec<(String, usize)>,
    loaded_tags: BTreeSet<String>,
    loaded_filters: BTreeSet<String>,
    pub(crate) blocks: Vec<String>,
    /// The cycles so far; those that have a name can be used again.
    pub(crate) cycles: Vec<NamedCycle>,
    pub(crate) last_cycle: Option<usize>,
    /// How many things so far may look at `forloop`.
    pub(crate) watched: usize,
    pub(crate) uses: Vec<Use>,
}

/// A `{% cycle %}`, for those that refer to it.
#[derive(Debug, Clone)]
pub(crate) struct NamedCycle {
    pub(crate) name: Option<String>,
    pub(crate) values: Vec<Expression>,
    pub(crate) silent: bool,
}

/// A tag: its name and what follows it.
pub(crate) struct Tag<'t> {
    pub(crate) name: &'t str,
    /// All of it, with the name.
    pub(crate) contents: &'t str,
    /// The words behind the name.
    pub(crate) words: Vec<String>,
}

impl<'s> Parser<'s> {
    /// Reads nodes until one of these tags, which stays to be read; at the end of the template without them.
    pub(crate) fn until(&mut self, ends: &[&str]) -> Result<Nodes, SyntaxError> {
        let mut nodes = Nodes::new();
        while let Some(token) = self.tokens.get(self.at).copied() {
            self.line = token.line;
            match token.kind {
                lexer::Kind::Comment => {}
                lexer::Kind::Text => {
                    nodes.push(Node { line: token.line, kind: Kind::Text(token.contents.to_owned()) });
                }
                lexer::Kind::Variable => {
                    if token.contents.is_empty() {
                        return Err(self.error("empty variable tag; write a name between the braces"));
                    }
                    let expression = self.expression(token.contents)?;
                    nodes.push(Node { line: token.line, kind: Kind::Variable(expression) });
                }
                lexer::Kind::Block => {
                    let Some(name) =
                        token.contents.split(is_python_space).next().filter(|name| !name.is_empty())
                    else {
                        return Err(self.error("empty block tag; write the name of a tag in it"));
                    };
                    if ends.contains(&name) {
                        return Ok(nodes);
                    }
                    self.at += 1;
                    let kind = self.tag(token, name, ends, &nodes)?;
                    nodes.push(Node { line: token.line, kind });
                    continue;
                }
            }
            self.at += 1;
        }
        match (self.open.last(), ends) {
            (Some((tag, line)), [_, ..]) => Err(SyntaxError::new(*line, format!("unclosed tag '{tag}'"))
                .with_hint(format!("close it with {}", listed(ends)))),
            _ => Ok(nodes),
        }
    }

    /// Reads a body and the tag that ends it.
    pub(crate) fn body(&mut self, end: &str) -> Result<Nodes, SyntaxError> {
        let nodes = self.until(&[end])?;
        self.next();
        Ok(nodes)
    }

    /// The next token, which is read with that.
    pub(crate) fn next(&mut self) -> Option<Token<'s>> {
        let token = self.tokens.get(self.at).copied()?;
        self.at += 1;
        self.line = token.line;
        Some(token)
    }

    /// The contents of the tag that ended a body.
    pub(crate) fn end_tag(&mut self) -> &'s str {
        self.next().map_or("", |token| token.contents)
    }

    fn tag(
        &mut self,
        token: Token<'s>,
        name: &'s str,
        ends: &[&str],
        before: &[Node],
    ) -> Result<Kind, SyntaxError> {
        self.known(name, ends)?;
        if self.open.len() >= DEEPEST {
            return Err(self
                .error(format!("tags in tags, deeper than {DEEPEST}"))
                .with_hint("move the inner part into a template of its own and include it"));
        }
        if name == "extends" && (!self.open.is_empty() || before.iter().any(|node| !node.is_text())) {
            return Err(self.error("{% extends %} must be the first tag of the template"));
        }
        self.open.push((name.to_owned(), token.line));
        let words = words(token.contents).split_off(1);
        if words.len() > LONGEST {
            return Err(self
                .error(format!("a tag of more than {LONGEST} words; put them into a list of the context")));
        }
        let tag = Tag { name, contents: token.contents, words };
        let kind = tags::parse(self, &tag)?;
        self.open.pop();
        Ok(kind)
    }

    fn known(&self, name: &str, ends: &[&str]) -> Result<(), SyntaxError> {
        if is_builtin_tag(name) || self.loaded_tags.contains(name) || self.vocabulary.tag(name).is_some() {
            return Ok(());
        }
        let mut error = match ends {
            [] => self.error(format!("unknown tag '{name}'")),
            ends => self.error(format!("unknown tag '{name}', expected {}", listed(ends))),
        };
        error.hint = if let Some(library) = library_of_tag(name) {
            Some(format!("write {{% load {library} %}} before it"))
        } else if name.starts_with("end") || matches!(name, "else" | "elif" | "empty" | "plural") {
            Some("remove it, or open the block that it ends".to_owned())
        } else if let Some(near) = self.vocabulary.nearest_tag(name) {
            Some(format!("did you mean '{near}'?"))
        } else {
            Some("register it with Engine::simple_tag or Engine::inclusion_tag".to_owned())
        };
        Err(error)
    }

    /// Makes the tags and filters of a library known.
    pub(crate) fn load(&mut self, name: &str) -> Result<(), SyntaxError> {
        if let Some(library) = super::library::library(name) {
            self.loaded_tags.extend(library.tags.iter().map(|&tag| tag.to_owned()));
            self.loaded_filters.extend(library.filters.iter().map(|&filter| filter.to_owned()));
            return Ok(());
        }
        if self.vocabulary.has_library(name) {
            return Ok(());
        }
        Err(self.error(format!("'{name}' is not a known library")).with_hint(format!(
            "register its tags and filters, and its name with Engine::library(\"{name}\")"
        )))
    }

    /// Makes some tags and filters of a library known.
    pub(crate) fn load_from(&mut self, names: &[&str], from: &str) -> Result<(), SyntaxError> {
        let library = super::library::library(from);
        for &name in names {
            let tag = library.is_some_and(|library| library.tags.contains(&name));
            let filter = library.is_some_and(|library| library.filters.contains(&name));
            let own = self.vocabulary.has_library(from)
                && (self.vocabulary.tag(name).is_some() || self.vocabulary.has_filter(name));
            if tag {
                self.loaded_tags.insert(name.to_owned());
            }
            if filter {
                self.loaded_filters.insert(name.to_owned());
            }
            if !tag && !filter && !own {
                // An unknown library says so first.
                self.load(from)?;
                return Err(self.error(format!("'{name}' is not a tag or filter of the library '{from}'")));
            }
        }
        Ok(())
    }

    /// Reads a value with its filters, which must be known.
    pub(crate) fn expression(&mut self, text: &str) -> Result<Expression, SyntaxError> {
        let found = expression(text).map_err(|message| self.error(message))?;
        for filter in &found.filters {
            self.known_filter(&filter.name, filter.argument.as_ref())?;
        }
        self.watched += found.variables().filter(|path| path.first() == "forloop").count();
        Ok(found)
    }

    fn known_filter(&self, name: &str, argument: Option<&Operand>) -> Result<(), SyntaxError> {
        if self.vocabulary.has_filter(name) {
            return Ok(());
        }
        let library = library_of_filter(name);
        let available = library.is_none() || self.loaded_filters.contains(name);
        match filters::find(name).filter(|_| available) {
            Some(filter) => match (filter.args, argument) {
                (ArgCount::None, Some(_)) => {
                    Err(self.error(format!("the filter '{name}' takes no argument; remove it")))
                }
                (ArgCount::Required, None) => Err(self
                    .error(format!("the filter '{name}' needs an argument"))
                    .with_hint(format!("write |{name}:\"…\""))),
                _ => Ok(()),
            },
            None => {
                let hint = match (library, self.vocabulary.nearest_filter(name)) {
                    (Some(library), _) if filters::find(name).is_some() => {
                        format!("write {{% load {library} %}} before it")
                    }
                    (_, Some(near)) => format!("did you mean '{near}'?"),
                    _ => "register it with Engine::filter".to_owned(),
                };
                Err(self.error(format!("unknown filter '{name}'")).with_hint(hint))
            }
        }
    }

    /// Reads `name=value` words, as many as there are, and Django's older `value as name` if asked for.
    pub(crate) fn bindings(&mut self, words: &mut Vec<String>, older: bool) -> Result<Bindings, SyntaxError> {
        let mut found = Bindings::new();
        let Some(first) = words.first() else { return Ok(found) };
        let keywords = keyword(first).0.is_some();
        if !keywords && (!older || words.len() < 3 || words[1] != "as") {
            return Ok(found);
        }
        while let Some(word) = words.first().cloned() {
            let (name, value) = if keywords {
                let (Some(name), value) = keyword(&word) else { break };
                words.remove(0);
                (name.to_owned(), value.to_owned())
            } else {
                if words.len() < 3 || words[1] != "as" {
                    break;
                }
                let name = words.drain(..3).nth(2).unwrap_or_default();
                (name, word)
            };
            let value = self.expression(&value)?;
            found.retain(|(known, _)| *known != name);
            found.push((name, value));
            if !keywords {
                if words.first().is_none_or(|word| word != "and") {
                    break;
                }
                words.remove(0);
            }
        }
        Ok(found)
    }

    /// Remembers what `check` can verify later.
    pub(crate) fn uses(&mut self, kind: UseKind) {
        self.uses.push(Use { line: self.line, kind });
    }

    pub(crate) fn own_tag(&self, name: &str) -> Option<bool> {
        self.vocabulary.tag(name)
    }

    pub(crate) fn error(&self, message: impl Into<String>) -> SyntaxError {
        SyntaxError::new(self.line, message)
    }
}

impl Node {
    fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text(_))
    }
}

fn listed(ends: &[&str]) -> String {
    let ends: Vec<String> = ends.iter().map(|end| format!("{{% {end} %}}")).collect();
    ends.join(" or ")
}
