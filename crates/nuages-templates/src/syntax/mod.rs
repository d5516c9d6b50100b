//! Django's template language: from text to a syntax tree.

pub(crate) mod condition;
pub(crate) mod expression;
pub(crate) mod lexer;
pub(crate) mod library;
pub(crate) mod node;
mod parser;
mod tags;
pub(crate) mod vocabulary;
pub(crate) mod words;

pub(crate) use parser::parse;

/// A template that was read.
#[derive(Debug, Clone)]
pub(crate) struct Parsed {
    pub(crate) nodes: node::Nodes,
    /// The names of its blocks.
    pub(crate) blocks: Vec<String>,
    /// What can be verified without rendering it.
    pub(crate) uses: Vec<Use>,
    /// How many cycles it has.
    pub(crate) cycles: usize,
}

/// Something that a template names literally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) line: usize,
    pub(crate) kind: UseKind,
}

/// What a template names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum UseKind {
    /// A template that it extends or includes.
    Template(String),
    /// A static file.
    Static(String),
    /// A URL, with the number of arguments and the names of the keyword arguments.
    Url { name: String, args: usize, kwargs: Vec<String> },
}

/// What is wrong in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) line: usize,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl SyntaxError {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into(), hint: None }
    }

    fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
