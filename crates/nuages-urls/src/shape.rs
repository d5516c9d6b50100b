//! The texts that a pattern stands for when it is reversed.
//!
//! Django (`django.utils.regex_helper.normalize`) keeps of every repetition the least number, of an optional group
//! with captures both choices, of a class its first character, and gives up on alternatives outside of captures.
//! What comes out is only proposed: `reverse` checks the finished text against the pattern.

use std::sync::Arc;

use regex_syntax::ast::{
    Assertion, AssertionKind, Ast, ClassPerlKind, ClassSet, ClassSetItem, GroupKind, RepetitionKind,
    RepetitionRange,
};

/// More proposals than this are refused; each optional group with a capture doubles them.
const MAX_CANDIDATES: usize = 256;
/// A longer proposal (from repetitions such as `{1000000}`) is refused.
const MAX_PIECES: usize = 1024;

/// A part of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    Param(ParamName),
}

/// What a parameter is called by who reverses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ParamName {
    Named(Arc<str>),
    /// An unnamed group, by its position in its own pattern.
    Unnamed(usize),
}

pub(crate) type Candidate = Vec<Piece>;

/// All proposals of one pattern.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// Empty if the pattern has alternatives outside of captures: Django then proposes the empty text alone.
    pub(crate) candidates: Vec<Candidate>,
    /// The number of unnamed groups, to number those of patterns joined together.
    pub(crate) unnamed: usize,
}

/// What the index and the start-up checks need to know about a regular expression.
#[derive(Debug)]
pub(crate) struct Anatomy {
    pub(crate) shape: Shape,
    /// For each capturing group, whether it may take no part in a match.
    pub(crate) optional: Vec<bool>,
    /// Every match begins with this text.
    pub(crate) head: String,
    /// Whether the expression is that text between `^` and `$`.
    pub(crate) is_literal: bool,
}

/// Takes a translated regular expression apart.
///
/// # Errors
/// A message if there are too many proposals.
pub(crate) fn dissect(ast: &Ast, groups: &[Option<Arc<str>>]) -> Result<Anatomy, String> {
    let mut walk = Walk { groups, unnamed: 0 };
    let candidates = match walk.candidates(ast) {
        Ok(candidates) => candidates.into_iter().map(join_text).collect(),
        Err(Halt::Alternatives) => Vec::new(),
        Err(Halt::TooMany) => {
            return Err(
                "there are too many optional groups or repetitions; split the route into several".into()
            );
        }
    };
    let mut optional = Vec::new();
    find_optional(ast, false, &mut optional);
    let (head, is_literal) = literal_head(ast);
    Ok(Anatomy { shape: Shape { candidates, unnamed: walk.unnamed }, optional, head, is_literal })
}

enum Halt {
    Alternatives,
    TooMany,
}

struct Walk<'a> {
    groups: &'a [Option<Arc<str>>],
    unnamed: usize,
}

impl Walk<'_> {
    fn candidates(&mut self, ast: &Ast) -> Result<Vec<Candidate>, Halt> {
        match ast {
            Ast::Empty(_) | Ast::Flags(_) | Ast::Assertion(_) => Ok(vec![Vec::new()]),
            Ast::Literal(literal) => Ok(text(literal.c)),
            Ast::Dot(_) => Ok(text('.')),
            Ast::ClassPerl(class) => Ok(text(perl(&class.kind, class.negated))),
            Ast::ClassUnicode(_) => Ok(text('x')),
            Ast::ClassBracketed(class) if class.negated => Ok(text('^')),
            Ast::ClassBracketed(class) => Ok(text(first_of(&class.kind))),
            Ast::Alternation(_) => Err(Halt::Alternatives),
            Ast::Group(group) => match &group.kind {
                GroupKind::CaptureIndex(index) => {
                    let name =
                        (*index as usize).checked_sub(1).and_then(|index| self.groups.get(index)).cloned();
                    let name = name.flatten().map_or_else(
                        || {
                            self.unnamed += 1;
                            ParamName::Unnamed(self.unnamed - 1)
                        },
                        ParamName::Named,
                    );
                    Ok(vec![vec![Piece::Param(name)]])
                }
                _ => self.candidates(&group.ast),
            },
            Ast::Concat(concat) => {
                let mut joined = vec![Vec::new()];
                for ast in &concat.asts {
                    joined = product(&joined, &self.candidates(ast)?)?;
                }
                Ok(joined)
            }
            Ast::Repetition(repetition) => {
                let once = self.candidates(&repetition.ast)?;
                match least(&repetition.op.kind) {
                    0 if holds_capture(&repetition.ast) => {
                        Ok(std::iter::once(Vec::new()).chain(once).collect())
                    }
                    0 => Ok(vec![Vec::new()]),
                    count if count as usize > MAX_PIECES => Err(Halt::TooMany),
                    count => {
                        let mut joined = once.clone();
                        for _ in 1..count {
                            joined = product(&joined, &once)?;
                        }
                        Ok(joined)
                    }
                }
            }
        }
    }
}

fn text(c: char) -> Vec<Candidate> {
    vec![vec![Piece::Text(c.to_string())]]
}

/// Joins each of the first with each of the second, as Django orders them.
fn product(first: &[Candidate], second: &[Candidate]) -> Result<Vec<Candidate>, Halt> {
    if first.len().saturating_mul(second.len()) > MAX_CANDIDATES {
        return Err(Halt::TooMany);
    }
    let mut joined = Vec::with_capacity(first.len() * second.len());
    for head in first {
        for tail in second {
            if head.len() + tail.len() > MAX_PIECES {
                return Err(Halt::TooMany);
            }
            joined.push(head.iter().chain(tail).cloned().collect());
        }
    }
    Ok(joined)
}

/// Joins neighbouring texts into one.
fn join_text(candidate: Candidate) -> Candidate {
    let mut joined: Candidate = Vec::with_capacity(candidate.len());
    for piece in candidate {
        match (joined.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
            (_, piece) => joined.push(piece),
        }
    }
    joined
}

/// Joins the shapes of a chain of patterns; unnamed groups are numbered through and called `_0`, `_1`, …
///
/// # Errors
/// A message if there are too many proposals.
pub(crate) fn join<'a>(shapes: impl IntoIterator<Item = &'a Shape>) -> Result<Vec<Candidate>, String> {
    let mut joined = vec![Vec::new()];
    let mut unnamed = 0;
    for shape in shapes {
        if shape.candidates.is_empty() {
            return Ok(vec![Vec::new()]);
        }
        let numbered: Vec<Candidate> = shape
            .candidates
            .iter()
            .map(|candidate| candidate.iter().map(|piece| number(piece, unnamed)).collect())
            .collect();
        joined = product(&joined, &numbered).map_err(|_| {
            "the included prefixes and the pattern have too many optional groups; split the route into several"
        })?;
        unnamed += shape.unnamed;
    }
    Ok(joined.into_iter().map(join_text).collect())
}

fn number(piece: &Piece, offset: usize) -> Piece {
    match piece {
        Piece::Param(ParamName::Unnamed(index)) => {
            Piece::Param(ParamName::Named(format!("_{}", offset + index).into()))
        }
        piece => piece.clone(),
    }
}

/// Django sees a capture in a group, but not in an optional group within the group.
fn holds_capture(ast: &Ast) -> bool {
    match ast {
        Ast::Group(group) => matches!(group.kind, GroupKind::CaptureIndex(_)) || holds_capture(&group.ast),
        Ast::Concat(concat) => concat.asts.iter().any(holds_capture),
        Ast::Repetition(repetition) => least(&repetition.op.kind) > 0 && holds_capture(&repetition.ast),
        _ => false,
    }
}

fn least(kind: &RepetitionKind) -> u32 {
    match kind {
        RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => 0,
        RepetitionKind::OneOrMore => 1,
        RepetitionKind::Range(
            RepetitionRange::Exactly(least)
            | RepetitionRange::AtLeast(least)
            | RepetitionRange::Bounded(least, _),
        ) => *least,
    }
}

fn perl(kind: &ClassPerlKind, negated: bool) -> char {
    match (kind, negated) {
        (ClassPerlKind::Digit, false) => '0',
        (ClassPerlKind::Space, false) => ' ',
        (ClassPerlKind::Word, true) => '!',
        _ => 'x',
    }
}

fn first_of(set: &ClassSet) -> char {
    match set {
        ClassSet::Item(item) => first_of_item(item),
        ClassSet::BinaryOp(operation) => first_of(&operation.lhs),
    }
}

fn first_of_item(item: &ClassSetItem) -> char {
    match item {
        ClassSetItem::Literal(literal) => literal.c,
        ClassSetItem::Range(range) => range.start.c,
        ClassSetItem::Perl(class) => perl(&class.kind, class.negated),
        ClassSetItem::Bracketed(class) => first_of(&class.kind),
        ClassSetItem::Union(union) => union.items.first().map_or('x', first_of_item),
        ClassSetItem::Empty(_) | ClassSetItem::Ascii(_) | ClassSetItem::Unicode(_) => 'x',
    }
}

fn find_optional(ast: &Ast, optional: bool, found: &mut Vec<bool>) {
    match ast {
        Ast::Group(group) => {
            if matches!(group.kind, GroupKind::CaptureIndex(_)) {
                found.push(optional);
            }
            find_optional(&group.ast, optional, found);
        }
        Ast::Concat(concat) => concat.asts.iter().for_each(|ast| find_optional(ast, optional, found)),
        Ast::Alternation(alternatives) => {
            alternatives.asts.iter().for_each(|ast| find_optional(ast, true, found));
        }
        Ast::Repetition(repetition) => {
            find_optional(&repetition.ast, optional || least(&repetition.op.kind) == 0, found);
        }
        _ => {}
    }
}

/// The text after a leading `^` that every match begins with, and whether only `$` follows it.
fn literal_head(ast: &Ast) -> (String, bool) {
    let asts = match ast {
        Ast::Concat(concat) => concat.asts.as_slice(),
        single => std::slice::from_ref(single),
    };
    let Some((Ast::Assertion(anchor), rest)) = asts.split_first() else { return (String::new(), false) };
    if !is_anchor(anchor, &[AssertionKind::StartLine, AssertionKind::StartText]) {
        return (String::new(), false);
    }
    let mut head = String::new();
    for (position, ast) in rest.iter().enumerate() {
        match ast {
            Ast::Literal(literal) => head.push(literal.c),
            Ast::Assertion(end) if position + 1 == rest.len() => {
                return (head, is_anchor(end, &[AssertionKind::EndLine]));
            }
            _ => return (head, false),
        }
    }
    (head, false)
}

fn is_anchor(assertion: &Assertion, kinds: &[AssertionKind]) -> bool {
    kinds.contains(&assertion.kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::translate;

    /// Proposals in Django's notation, `None` where it proposes the empty text alone.
    fn proposals(source: &str) -> Option<Vec<String>> {
        let translation = translate(source, true).unwrap();
        let groups: Vec<_> = translation.groups.iter().map(|name| name.as_deref().map(Arc::from)).collect();
        let ast = regex_syntax::ast::parse::Parser::new().parse(&translation.shape).unwrap();
        let shape = dissect(&ast, &groups).unwrap().shape;
        let show = |candidate: &Candidate| {
            let text = |piece: &Piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Param(ParamName::Named(name)) => format!("%({name})s"),
                Piece::Param(ParamName::Unnamed(index)) => format!("%(_{index})s"),
            };
            candidate.iter().map(text).collect::<String>()
        };
        (!shape.candidates.is_empty()).then(|| shape.candidates.iter().map(show).collect())
    }

    #[test]
    fn proposals_are_djangos() {
        let cases: [(&str, &[&str]); 14] = [
            ("", &[""]),
            (r"^re/(?P<y>[0-9]{4})/$", &["re/%(y)s/"]),
            (r"^a(?:page-(?P<p>\d+)/)?$", &["a", "apage-%(p)s/"]),
            (r"^(p-(\d+)/)?$", &["", "%(_0)s"]),
            (r"^([a-z])/(\d)$", &["%(_0)s/%(_1)s"]),
            (r"^[aA][b-d][^x]\d\D\w\W\s\S.$", &["ab^0xx! x."]),
            (r"^a?b*c+d{2}e{0,3}f{2,}$", &["cddff"]),
            (r"^(\d)(?:(x)|y)$", &[]),
            (r"^(a|b)/$", &["%(_0)s/"]),
            // Django does not look into an optional group within an optional group.
            (r"^(?:x(?:(?P<a>\d))?)?$", &[""]),
            (r"^(?:x(?:(?P<a>\d)))?$", &["", "x%(a)s"]),
            (r"^(?:(?P<a>a)/)?(?:(?P<b>b)/)?$", &["", "%(b)s/", "%(a)s/", "%(a)s/%(b)s/"]),
            (r"^(a){2}$", &["%(_0)s%(_0)s"]),
            (r"^\.\-/[\w]$", &[".-/x"]),
        ];
        for (source, expected) in cases {
            assert_eq!(proposals(source).unwrap_or_default(), expected, "{source}");
        }
    }

    #[test]
    fn proposals_are_bounded() {
        for source in ["(a)?".repeat(9), "a{100000}".into(), "(?:(?:(?:a{64}){64}){64}){64}".into()] {
            let translation = translate(&source, true).unwrap();
            let groups = vec![None; translation.groups.len()];
            let ast = regex_syntax::ast::parse::Parser::new().parse(&translation.shape).unwrap();
            assert!(dissect(&ast, &groups).is_err(), "{source}");
        }
    }

    #[test]
    fn heads() {
        let cases = [
            (r"^re/(\d)", "re/", false),
            (r"^about/$", "about/", true),
            (r"^ab?", "a", false),
            (r"^a|b", "", false),
            (r"about/$", "", false),
            (r"(?i)^about/$", "", false),
            (r"^a\.b\Z", "a.b", false),
        ];
        for (source, head, is_literal) in cases {
            let translation = translate(source, true).unwrap();
            let groups = vec![None; translation.groups.len()];
            let ast = regex_syntax::ast::parse::Parser::new().parse(&translation.shape).unwrap();
            let anatomy = dissect(&ast, &groups).unwrap();
            assert_eq!((anatomy.head.as_str(), anatomy.is_literal), (head, is_literal), "{source}");
        }
    }
}
