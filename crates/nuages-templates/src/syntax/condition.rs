//! The conditions of `{% if %}`, with Django's precedence of operators.

use super::expression::Expression;

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    Value(Expression),
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Compare(Comparison, Box<Condition>, Box<Condition>),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    Is,
    IsNot,
}

/// How many words a condition may have: it is read and run by recursion.
const LONGEST: usize = 300;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Not,
    Compare(Comparison),
}

impl Operator {
    fn binding(self) -> u8 {
        match self {
            Self::Or => 6,
            Self::And => 7,
            Self::Not => 8,
            Self::Compare(Comparison::In | Comparison::NotIn) => 9,
            Self::Compare(_) => 10,
        }
    }
}

enum Word<'w> {
    Operator(Operator, &'w str),
    Value(&'w str),
}

/// Reads a condition from the words of a tag; `value` reads what is no operator.
///
/// # Errors
///
/// What is wrong with it.
pub(crate) fn condition(
    words: &[String],
    value: &mut dyn FnMut(&str) -> Result<Expression, String>,
) -> Result<Condition, String> {
    if words.len() > LONGEST {
        return Err(format!("a condition of {} words is longer than {LONGEST}; split it", words.len()));
    }
    let mut parser = Parser { words: joined(words), at: 0, value };
    let found = parser.expression(0)?;
    match parser.words.get(parser.at) {
        None => Ok(found),
        Some(Word::Operator(_, text) | Word::Value(text)) => {
            Err(format!("unused {text:?} at the end of the condition; write 'and' or 'or' before it"))
        }
    }
}

/// Makes one word of `is not` and of `not in`.
fn joined(words: &[String]) -> Vec<Word<'_>> {
    let mut found = Vec::with_capacity(words.len());
    let mut rest = words.iter().map(String::as_str).peekable();
    while let Some(word) = rest.next() {
        let comparison = |comparison| Word::Operator(Operator::Compare(comparison), word);
        found.push(match word {
            "or" => Word::Operator(Operator::Or, word),
            "and" => Word::Operator(Operator::And, word),
            "not" if rest.next_if_eq(&"in").is_some() => comparison(Comparison::NotIn),
            "not" => Word::Operator(Operator::Not, word),
            "is" if rest.next_if_eq(&"not").is_some() => comparison(Comparison::IsNot),
            "is" => comparison(Comparison::Is),
            "in" => comparison(Comparison::In),
            "==" => comparison(Comparison::Equal),
            "!=" => comparison(Comparison::NotEqual),
            "<" => comparison(Comparison::Less),
            "<=" => comparison(Comparison::LessOrEqual),
            ">" => comparison(Comparison::Greater),
            ">=" => comparison(Comparison::GreaterOrEqual),
            _ => Word::Value(word),
        });
    }
    found
}

struct Parser<'w, 'v> {
    words: Vec<Word<'w>>,
    at: usize,
    value: &'v mut dyn FnMut(&str) -> Result<Expression, String>,
}

impl Parser<'_, '_> {
    fn expression(&mut self, binding: u8) -> Result<Condition, String> {
        let mut left = self.first()?;
        while let Some(&Word::Operator(operator, text)) = self.words.get(self.at) {
            // `not` has a binding too; in the place of a comparison it is an error.
            if operator.binding() <= binding {
                break;
            }
            self.at += 1;
            let right = |parser: &mut Self| parser.expression(operator.binding()).map(Box::new);
            left = match operator {
                Operator::Or => Condition::Or(Box::new(left), right(self)?),
                Operator::And => Condition::And(Box::new(left), right(self)?),
                Operator::Compare(comparison) => Condition::Compare(comparison, Box::new(left), right(self)?),
                Operator::Not => return Err(format!("not expecting {text:?} in this position")),
            };
        }
        Ok(left)
    }

    fn first(&mut self) -> Result<Condition, String> {
        let word = self.words.get(self.at).ok_or("unexpected end of the condition")?;
        self.at += 1;
        match *word {
            Word::Operator(Operator::Not, _) => {
                Ok(Condition::Not(Box::new(self.expression(Operator::Not.binding())?)))
            }
            Word::Operator(_, text) => Err(format!("not expecting {text:?} in this position")),
            Word::Value(text) => Ok(Condition::Value((self.value)(text)?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::expression::expression;
    use super::super::words::words;
    use super::*;

    fn shape(condition: &Condition) -> String {
        match condition {
            Condition::Value(expression) => match &expression.base {
                super::super::expression::Operand::Variable(path) => path.text(),
                other => format!("{other:?}"),
            },
            Condition::Not(inner) => format!("!{}", shape(inner)),
            Condition::And(left, right) => format!("({}&{})", shape(left), shape(right)),
            Condition::Or(left, right) => format!("({}|{})", shape(left), shape(right)),
            Condition::Compare(comparison, left, right) => {
                format!("({} {comparison:?} {})", shape(left), shape(right))
            }
        }
    }

    #[test]
    fn precedence_is_djangos() {
        let cases = [
            ("a", "a"),
            ("not a", "!a"),
            ("a or b and c", "(a|(b&c))"),
            ("a and b or c", "((a&b)|c)"),
            ("not a and b", "(!a&b)"),
            ("not a == b", "!(a Equal b)"),
            ("a == b or c != d", "((a Equal b)|(c NotEqual d))"),
            ("a not in b", "(a NotIn b)"),
            ("a is not b", "(a IsNot b)"),
            ("a < b < c", "((a Less b) Less c)"),
            ("a in b == c", "(a In (b Equal c))"),
            ("a == not b", "(a Equal !b)"),
            ("not not a", "!!a"),
        ];
        for (source, expected) in cases {
            let found = condition(&words(source), &mut expression).map(|found| shape(&found));
            assert_eq!(found.as_deref(), Ok(expected), "{source}");
        }
    }

    #[test]
    fn what_django_refuses_is_refused() {
        for source in
            ["", "a b", "and a", "a and", "not", "a not b", "a == ", "a or or b", "a in", "a is is b"]
        {
            assert!(condition(&words(source), &mut expression).is_err(), "{source}");
        }
    }
}
