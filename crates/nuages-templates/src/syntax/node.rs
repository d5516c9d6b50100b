//! The syntax tree of a template.

use super::condition::Condition;
use super::expression::Expression;

/// A piece of a template that was understood, and where it starts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) kind: Kind,
}

pub(crate) type Nodes = Vec<Node>;

/// Names and their values, in order.
pub(crate) type Bindings = Vec<(String, Expression)>;

impl Node {
    /// The nodes inside of it, body by body.
    pub(crate) fn bodies(&self) -> Vec<&Nodes> {
        match &self.kind {
            Kind::Autoescape { body, .. }
            | Kind::Block { body, .. }
            | Kind::Cache { body, .. }
            | Kind::Filter { body, .. }
            | Kind::TimeZone { body, .. }
            | Kind::LocalTime { body, .. }
            | Kind::Body(body)
            | Kind::Spaceless { body }
            | Kind::With { body, .. } => vec![body],
            Kind::For(for_loop) => std::iter::once(&for_loop.body).chain(&for_loop.empty).collect(),
            Kind::If { branches, otherwise } => {
                branches.iter().map(|(_, body)| body).chain(otherwise).collect()
            }
            Kind::IfChanged { body, otherwise, .. } => vec![body, otherwise],
            _ => Vec::new(),
        }
    }
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Text(String),
    /// A tag that prints nothing.
    Silence,
    Variable(Expression),
    Autoescape {
        on: bool,
        body: Nodes,
    },
    Block {
        name: String,
        body: Nodes,
    },
    Cache {
        timeout: Expression,
        name: String,
        vary: Vec<Expression>,
        /// The name of the cache.
        using: Option<Expression>,
        body: Nodes,
    },
    CsrfToken,
    Custom(Call),
    Cycle {
        cycle: usize,
        values: Vec<Expression>,
        name: Option<String>,
        silent: bool,
    },
    Debug,
    Extends(Expression),
    Filter {
        filters: Expression,
        body: Nodes,
    },
    FirstOf {
        values: Vec<Expression>,
        target: Option<String>,
    },
    For(Box<For>),
    If {
        branches: Vec<(Condition, Nodes)>,
        otherwise: Option<Nodes>,
    },
    IfChanged {
        values: Vec<Expression>,
        body: Nodes,
        otherwise: Nodes,
    },
    Include {
        template: Expression,
        with: Bindings,
        only: bool,
    },
    /// A constant that a tag of i18n or l10n puts into a variable.
    Constant {
        value: Constant,
        target: String,
    },
    /// A body that is run as it is: `{% language %}`, `{% localize %}`.
    Body(Nodes),
    Lorem {
        count: Expression,
        method: Method,
        common: bool,
    },
    Now {
        format: String,
        target: Option<String>,
    },
    Prefix {
        prefix: Prefix,
        target: Option<String>,
    },
    QueryString {
        base: Option<Expression>,
        changes: Bindings,
        target: Option<String>,
    },
    Regroup {
        list: Expression,
        by: Expression,
        target: String,
    },
    ResetCycle {
        cycle: usize,
    },
    Spaceless {
        body: Nodes,
    },
    Static {
        path: Expression,
        target: Option<String>,
    },
    Translate {
        text: Expression,
        noop: bool,
        target: Option<String>,
    },
    TranslateBlock(Box<TranslateBlock>),
    TimeZone {
        zone: Expression,
        body: Nodes,
    },
    LocalTime {
        on: bool,
        body: Nodes,
    },
    Url {
        name: Expression,
        args: Vec<Expression>,
        kwargs: Bindings,
        target: Option<String>,
    },
    WidthRatio {
        value: Expression,
        maximum: Expression,
        width: Expression,
        target: Option<String>,
    },
    With {
        bindings: Bindings,
        body: Nodes,
    },
}

/// A loop.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct For {
    pub(crate) targets: Vec<String>,
    pub(crate) list: Expression,
    pub(crate) reversed: bool,
    pub(crate) body: Nodes,
    pub(crate) empty: Option<Nodes>,
    /// Whether something in the body may look at `forloop`.
    pub(crate) watched: bool,
}

/// `{% blocktranslate %}`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TranslateBlock {
    pub(crate) with: Bindings,
    pub(crate) count: Option<(String, Expression)>,
    pub(crate) singular: Vec<TranslatePart>,
    pub(crate) plural: Vec<TranslatePart>,
    pub(crate) trimmed: bool,
    pub(crate) target: Option<String>,
}

/// Text or a variable in `{% blocktranslate %}`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TranslatePart {
    Text(String),
    Variable(String),
}

/// A tag of the application's own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) inclusion: bool,
    pub(crate) args: Vec<Expression>,
    pub(crate) kwargs: Bindings,
    pub(crate) target: Option<String>,
}

/// What a tag puts into a variable that the settings determine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Constant {
    Language,
    LanguageBidi,
    TimeZone,
}

/// How `{% lorem %}` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Words,
    Paragraphs,
    Blocks,
}

/// A prefix of URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prefix {
    Static,
    Media,
}
