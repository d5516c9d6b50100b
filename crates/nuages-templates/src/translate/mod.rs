//! From the syntax tree to source that minijinja runs, line by line where it was.

mod expression;
mod flow;
pub(crate) mod identifier;
mod quote;
mod scope;
mod tags;

use std::sync::atomic::{AtomicU64, Ordering};

use crate::syntax::Parsed;
use crate::syntax::node::{Kind, Node};
use expression::Missing;
use identifier::mangle;
use scope::Scope;

/// What of the settings changes how a template is translated.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// Django's `string_if_invalid`, if it is not empty.
    pub(crate) invalid: Option<String>,
}

/// Translates a template.
pub(crate) fn translate(parsed: &Parsed, options: &Options) -> String {
    let mut emitter = Emitter {
        out: String::new(),
        line: 1,
        options,
        block: None,
        scopes: vec![Scope::plain()],
        cycles: fresh(parsed.cycles as u64),
        temporaries: 0,
    };
    match parsed.nodes.iter().find_map(|node| match &node.kind {
        Kind::Extends(parent) => Some((node.line, parent)),
        _ => None,
    }) {
        Some((line, parent)) => {
            // What stands before it is text at most, and printed before the parent.
            for node in parsed.nodes.iter().take_while(|node| !matches!(node.kind, Kind::Extends(_))) {
                emitter.go_on_to(node.line);
                emitter.node(&node.kind);
            }
            emitter.go_on_to(line);
            let parent = emitter.value(parent, Missing::Empty);
            emitter.push(&format!("{{% extends _extends({parent}) %}}"));
            emitter.blocks(&parsed.nodes);
        }
        None => emitter.nodes(&parsed.nodes),
    }
    emitter.out
}

/// Numbers that no other template has, for what is remembered while rendering.
fn fresh(count: u64) -> u64 {
    // Not configuration: the next number for a tag that remembers something while it is rendered.
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(count, Ordering::Relaxed)
}

/// The name of a filter behind `django_`.
pub(crate) fn filter_name(name: &str) -> std::borrow::Cow<'_, str> {
    if identifier::is_identifier(name) { name.into() } else { mangle(name) }
}

/// Writes the source.
struct Emitter<'p> {
    out: String,
    /// The line that is being written.
    line: usize,
    options: &'p Options,
    /// The block that we are in.
    block: Option<String>,
    scopes: Vec<Scope>,
    /// The number of the template's first cycle.
    cycles: u64,
    temporaries: usize,
}

impl Emitter<'_> {
    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            self.go_on_to(node.line);
            self.node(&node.kind);
        }
    }

    /// Of a template that extends another only the blocks count, wherever they are.
    fn blocks(&mut self, nodes: &[Node]) {
        for node in nodes {
            if let Kind::Block { name, body } = &node.kind {
                self.go_on_to(node.line);
                self.a_block(name, body);
            } else {
                for body in node.bodies() {
                    self.blocks(body);
                }
            }
        }
    }

    /// Goes on to a line of the template, past what is not translated.
    fn go_on_to(&mut self, line: usize) {
        if line > self.line {
            self.out.push_str("{#");
            self.out.extend(std::iter::repeat_n('\n', line - self.line));
            self.out.push_str("#}");
            self.line = line;
        }
    }

    fn push(&mut self, source: &str) {
        self.out.push_str(source);
    }

    fn text(&mut self, text: &str) {
        self.line += memchr::memchr_iter(b'\n', text.as_bytes()).count();
        quote::text(&mut self.out, text);
    }

    /// Prints an expression of minijinja's.
    fn print(&mut self, expression: &str) {
        self.push(&format!("{{{{ {expression} }}}}"));
    }

    /// A name that no other variable has.
    fn temporary(&mut self) -> String {
        self.temporaries += 1;
        format!("_t{}", self.temporaries)
    }

    /// Runs a body and keeps its output in a variable, whose name is returned.
    fn captured(&mut self, body: &[Node]) -> String {
        let name = self.temporary();
        self.push(&format!("{{% set {name} %}}"));
        self.nodes(body);
        self.push("{% endset %}");
        name
    }

    fn a_block(&mut self, name: &str, body: &[Node]) {
        self.push(&format!("{{% block {} %}}", mangle(name)));
        let outer = self.block.replace(name.to_owned());
        self.scopes.push(Scope::plain());
        self.nodes(body);
        self.push("{% endblock %}");
        self.leave();
        self.block = outer;
    }
}
