//! Values and conditions, written for minijinja.

use super::Emitter;
use super::identifier::{is_identifier, mangle};
use super::quote::string;
use crate::runtime::lookup::is_method;
use crate::syntax::condition::{Comparison, Condition};
use crate::syntax::expression::{Expression, FilterCall, Operand, Path};

/// What a variable is that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// Nothing, which prints as nothing: for what is printed at once.
    Nothing,
    /// An empty string: for what is put into a variable or handed to a tag.
    Empty,
    /// None: for conditions and loops, as with Django's `ignore_failures`.
    None,
}

/// Filters whose argument never gets into the output, so that it need not be marked as safe.
const PLAIN_ARGUMENTS: &[&str] = &[
    "date",
    "dictsort",
    "dictsortreversed",
    "floatformat",
    "get_digit",
    "slice",
    "stringformat",
    "time",
    "truncatechars",
    "truncatechars_html",
    "truncatewords",
    "truncatewords_html",
    "urlizetrunc",
    "wordwrap",
];

impl Emitter<'_> {
    /// A value with its filters.
    pub(super) fn value(&self, expression: &Expression, missing: Missing) -> String {
        let base = self.operand(&expression.base);
        let variable = match &expression.base {
            Operand::Variable(path) if constant(path).is_none() && !self.is_block(path) => Some(path),
            _ => None,
        };
        let filters = &expression.filters;
        let Some(path) = variable else { return self.filtered(base, filters) };
        match (missing, self.options.invalid.as_deref()) {
            (Missing::None, _) if filters.is_empty() => base,
            (Missing::None, _) => self.filtered(format!("{base}|_none"), filters),
            (_, Some(invalid)) => {
                let invalid = string(&invalid.replace("%s", &path.text()));
                format!("({} if {base} is defined else {invalid})", self.filtered(base.clone(), filters))
            }
            (Missing::Empty, None) if filters.is_empty() => format!("({base}|_blank)"),
            _ => self.filtered(base, filters),
        }
    }

    /// A value that is called, looked up or compared further: in parentheses where it needs them.
    pub(super) fn closed(&self, expression: &Expression, missing: Missing) -> String {
        let value = self.value(expression, missing);
        if value.contains('|') { format!("({value})") } else { value }
    }

    /// Several values, with commas between.
    pub(super) fn values(&self, expressions: &[Expression], missing: Missing) -> String {
        let values: Vec<String> =
            expressions.iter().map(|expression| self.value(expression, missing)).collect();
        values.join(", ")
    }

    /// Names and values as a dictionary.
    pub(super) fn dictionary(&self, bindings: &[(String, Expression)]) -> String {
        let pairs: Vec<String> = bindings
            .iter()
            .map(|(name, value)| format!("{}: {}", string(name), self.value(value, Missing::Empty)))
            .collect();
        format!("{{{}}}", pairs.join(", "))
    }

    /// A value to which filters are applied.
    pub(super) fn filtered(&self, base: String, filters: &[FilterCall]) -> String {
        let mut out = base;
        for filter in filters {
            out.push_str("|django_");
            out.push_str(&super::filter_name(&filter.name));
            if let Some(argument) = &filter.argument {
                let argument = match argument {
                    Operand::Text(text) if PLAIN_ARGUMENTS.contains(&filter.name.as_str()) => string(text),
                    Operand::Variable(path) if constant(path).is_none() => {
                        format!("{}|_must({})", self.path(path), string(&path.text()))
                    }
                    other => self.operand(other),
                };
                out.push('(');
                out.push_str(&argument);
                out.push(')');
            }
        }
        out
    }

    fn operand(&self, operand: &Operand) -> String {
        match operand {
            Operand::Text(text) => format!("{}|_s", string(text)),
            // Beyond what minijinja can hold it is a float, as near as that comes.
            Operand::Integer(digits) if digits.parse::<i128>().is_err() => {
                format!("{}|_float", string(digits))
            }
            Operand::Integer(digits) if digits.starts_with('-') => format!("({digits})"),
            Operand::Integer(digits) => digits.clone(),
            Operand::Float(number) => format!("{}|_float", string(&number.to_string())),
            Operand::Variable(path) => self.path(path),
        }
    }

    /// A variable and its attributes: minijinja's own lookup wherever that does what Django does.
    pub(super) fn path(&self, path: &Path) -> String {
        let mut segments = path.segments.iter().map(String::as_str);
        let first = segments.next().unwrap_or_default();
        let mut out = match (constant(path), &self.block) {
            (Some(constant), _) => constant.to_owned(),
            (None, Some(block)) if self.is_block(path) => match segments.next() {
                Some("super") => format!("(super() if {} is _inherited else \"\")", string(block)),
                _ => format!("({}|_s)", string(block)),
            },
            _ => mangle(first).into_owned(),
        };
        for segment in segments {
            if is_identifier(segment) && !is_method(segment) {
                out.push('.');
                out.push_str(segment);
            } else {
                out = format!("({out}|_at({}))", string(segment));
            }
        }
        out
    }

    /// Whether it is the variable that `{% block %}` provides.
    fn is_block(&self, path: &Path) -> bool {
        self.block.is_some()
            && path.first() == "block"
            && matches!(path.segments.get(1).map(String::as_str), Some("super" | "name"))
    }

    /// The condition of an `{% if %}`. A filter's argument that is missing makes all of it false.
    pub(super) fn condition(&self, condition: &Condition) -> String {
        let Condition::Value(expression) = condition else { return self.truth(condition) };
        let truth = format!("{} is _true", self.closed(expression, Missing::None));
        match self.arguments_given(&[expression]) {
            Some(given) => format!("{given} and {truth}"),
            None => truth,
        }
    }

    /// Whether the variables are there that are arguments of filters; nothing if there are none.
    pub(super) fn arguments_given(&self, expressions: &[&Expression]) -> Option<String> {
        let filters = expressions.iter().flat_map(|expression| &expression.filters);
        let given: Vec<String> = filters
            .filter_map(|filter| match &filter.argument {
                Some(Operand::Variable(path)) if constant(path).is_none() => {
                    Some(format!("{} is defined", self.path(path)))
                }
                _ => None,
            })
            .collect();
        (!given.is_empty()).then(|| given.join(" and "))
    }

    /// A part of a condition, as something true or false: in Django an error makes the operator around it false.
    fn truth(&self, condition: &Condition) -> String {
        match condition {
            Condition::Value(expression) => format!("({} is _true)", self.tried(expression)),
            Condition::Not(inner) => match inner.as_ref() {
                Condition::Value(expression) => format!("({} is _false)", self.tried(expression)),
                inner => format!("(not {})", self.truth(inner)),
            },
            // Of chains no part stands in the parentheses of the one before, of which minijinja takes only so many.
            Condition::And(left, right) => match left.as_ref() {
                Condition::And(..) => format!("({} and {})", opened(&self.truth(left)), self.truth(right)),
                left => format!("({} and {})", self.truth(left), self.truth(right)),
            },
            Condition::Or(left, right) => match left.as_ref() {
                Condition::Value(expression) if !expression.filters.is_empty() => {
                    let tried = self.tried(expression);
                    format!("({tried} is _ok and ({tried} is _true or {}))", self.truth(right))
                }
                left @ Condition::Or(first, _) if !may_fail(first) => {
                    format!("({} or {})", opened(&self.truth(left)), self.truth(right))
                }
                left => format!("({} or {})", self.truth(left), self.truth(right)),
            },
            Condition::Compare(comparison, left, right) => {
                let test = match comparison {
                    Comparison::Equal => "_eq",
                    Comparison::NotEqual => "_ne",
                    Comparison::Less => "_lt",
                    Comparison::LessOrEqual => "_le",
                    Comparison::Greater => "_gt",
                    Comparison::GreaterOrEqual => "_ge",
                    Comparison::In => "_in",
                    Comparison::NotIn => "_not_in",
                    Comparison::Is => "_same",
                    Comparison::IsNot => "_not_same",
                };
                format!("({} is {test}({}))", self.compared(left), self.compared(right))
            }
        }
    }

    fn compared(&self, condition: &Condition) -> String {
        match condition {
            Condition::Value(expression) => self.tried(expression),
            other => self.truth(other),
        }
    }

    /// A value in a condition, whose filters may fail.
    fn tried(&self, expression: &Expression) -> String {
        if expression.filters.is_empty() {
            return self.closed(expression, Missing::None);
        }
        let mut out = self.operand(&expression.base);
        if matches!(expression.base, Operand::Variable(_)) {
            out.push_str("|_none");
        }
        for filter in &expression.filters {
            out.push_str(&format!("|_try(\"django_{}\"", super::filter_name(&filter.name)));
            if let Some(argument) = &filter.argument {
                out.push_str(", ");
                out.push_str(&self.operand(argument));
            }
            out.push(')');
        }
        format!("({out})")
    }
}

/// A condition without the parentheses around it.
fn opened(condition: &str) -> &str {
    condition.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(condition)
}

/// Whether a condition is a value with filters.
fn may_fail(condition: &Condition) -> bool {
    matches!(condition, Condition::Value(expression) if !expression.filters.is_empty())
}

/// The constants that every context of Django's has.
fn constant(path: &Path) -> Option<&'static str> {
    match path.segments.as_slice() {
        [first] if first == "True" => Some("true"),
        [first] if first == "False" => Some("false"),
        [first] if first == "None" => Some("none"),
        _ => None,
    }
}
