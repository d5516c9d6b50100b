//! The tokens of a template: text, `{{ variable }}`, `{% tag %}` and `{# comment #}`.

use memchr::memmem::Finder;

/// What a piece of a template is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Variable,
    Block,
    Comment,
}

/// A piece of a template, with the line on which it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'s> {
    pub(crate) kind: Kind,
    /// The text; of a tag what stands between its braces, without the space around it.
    pub(crate) contents: &'s str,
    pub(crate) line: usize,
}

/// Splits a template as Django does: a tag ends on the line where it starts, or it is text.
pub(crate) fn tokens(source: &str) -> Vec<Token<'_>> {
    Lexer { source, text_from: 0, line: 1, verbatim: None, found: Vec::new() }.run()
}

struct Lexer<'s> {
    source: &'s str,
    /// Where the text begins that no token holds yet.
    text_from: usize,
    line: usize,
    /// The tag that ends the verbatim block we are in.
    verbatim: Option<String>,
    found: Vec<Token<'s>>,
}

impl<'s> Lexer<'s> {
    fn run(mut self) -> Vec<Token<'s>> {
        let mut closers = [Closer::new("%}"), Closer::new("}}"), Closer::new("#}")];
        let bytes = self.source.as_bytes();
        let mut line_end = LineEnd::default();
        for at in memchr::memchr_iter(b'{', bytes) {
            if at < self.text_from {
                continue;
            }
            let (kind, closer) = match bytes.get(at + 1) {
                Some(b'%') => (Kind::Block, &mut closers[0]),
                Some(b'{') => (Kind::Variable, &mut closers[1]),
                Some(b'#') => (Kind::Comment, &mut closers[2]),
                _ => continue,
            };
            if let Some(end) = closer.after(bytes, at + 2).filter(|end| *end < line_end.after(bytes, at)) {
                self.tag(kind, at, end);
            }
        }
        self.text(self.source.len());
        self.found
    }

    fn tag(&mut self, kind: Kind, start: usize, end: usize) {
        let contents = self.source[start + 2..end].trim_matches(is_python_space);
        match &self.verbatim {
            // Inside of verbatim all is text but the tag that ends it.
            Some(ending) if kind == Kind::Block && contents == ending => self.verbatim = None,
            Some(_) => {
                // The text that follows goes on after this tag, as in Django.
                return self.skipped(end + 2);
            }
            None if kind == Kind::Block && (contents == "verbatim" || contents.starts_with("verbatim ")) => {
                self.verbatim = Some(format!("end{contents}"));
            }
            None => {}
        }
        self.text(start);
        self.found.push(Token { kind, contents, line: self.line });
        self.text_from = end + 2;
    }

    /// Keeps a tag inside of verbatim as text.
    fn skipped(&mut self, end: usize) {
        self.text(end);
    }

    fn text(&mut self, end: usize) {
        if end > self.text_from {
            let contents = &self.source[self.text_from..end];
            self.found.push(Token { kind: Kind::Text, contents, line: self.line });
            self.line += memchr::memchr_iter(b'\n', contents.as_bytes()).count();
            self.text_from = end;
        }
    }
}

/// The next place of a closing mark; remembered, so that looking for it is linear in the template.
struct Closer {
    mark: Finder<'static>,
    searched_from: usize,
    found: Option<usize>,
}

impl Closer {
    fn new(mark: &'static str) -> Self {
        Self { mark: Finder::new(mark), searched_from: usize::MAX, found: None }
    }

    fn after(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        let known = self.searched_from <= from && self.found.is_none_or(|at| at >= from);
        if !known {
            self.searched_from = from;
            self.found = self.mark.find(&bytes[from..]).map(|at| from + at);
        }
        self.found
    }
}

/// The next end of a line; remembered for the same reason.
#[derive(Default)]
struct LineEnd {
    at: Option<usize>,
}

impl LineEnd {
    fn after(&mut self, bytes: &[u8], from: usize) -> usize {
        match self.at {
            Some(at) if at >= from => at,
            _ => {
                let at = memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |at| from + at);
                self.at = Some(at);
                at
            }
        }
    }
}

/// What Python's `str.strip` and `str.split` take for space.
pub(crate) fn is_python_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{1c}'..='\u{1f}')
}

#[cfg(test)]
mod tests {
    use super::Kind::{Block, Comment, Text, Variable};
    use super::*;

    type Row<'s> = (Kind, &'s str, usize);

    fn table(source: &str) -> Vec<Row<'_>> {
        tokens(source).into_iter().map(|token| (token.kind, token.contents, token.line)).collect()
    }

    #[test]
    fn a_template_is_split_as_django_splits_it() {
        let cases: &[(&str, &[Row<'_>])] = &[
            ("", &[]),
            ("a", &[(Text, "a", 1)]),
            ("{{ a }}", &[(Variable, "a", 1)]),
            ("{{a}}{%b%}{#c#}", &[(Variable, "a", 1), (Block, "b", 1), (Comment, "c", 1)]),
            (
                "a\n{{ b }}\n{% c %}",
                &[(Text, "a\n", 1), (Variable, "b", 2), (Text, "\n", 2), (Block, "c", 3)],
            ),
            ("{{ a\n}}", &[(Text, "{{ a\n}}", 1)]),
            ("{{ a", &[(Text, "{{ a", 1)]),
            ("{{{ a }}}", &[(Variable, "{ a", 1), (Text, "}", 1)]),
            ("{%%}", &[(Block, "", 1)]),
            ("{%}", &[(Text, "{%}", 1)]),
            ("{% a }} %}", &[(Block, "a }}", 1)]),
            ("{{ a %} }}", &[(Variable, "a %}", 1)]),
            ("{ {% a %}", &[(Text, "{ ", 1), (Block, "a", 1)]),
        ];
        for (source, expected) in cases {
            assert_eq!(table(source), *expected, "{source:?}");
        }
    }

    #[test]
    fn inside_of_verbatim_all_is_text() {
        let kinds = |source: &'static str| -> Vec<(Kind, &str)> {
            tokens(source).into_iter().map(|token| (token.kind, token.contents)).collect()
        };
        assert_eq!(
            kinds("{% verbatim %}{{ a }}{% b %}{% endverbatim %}{{ c }}"),
            [
                (Block, "verbatim"),
                (Text, "{{ a }}"),
                (Text, "{% b %}"),
                (Block, "endverbatim"),
                (Variable, "c")
            ]
        );
        assert_eq!(
            kinds("{% verbatim x %}{% endverbatim %}{% endverbatim x %}"),
            [(Block, "verbatim x"), (Text, "{% endverbatim %}"), (Block, "endverbatim x")]
        );
    }
}
