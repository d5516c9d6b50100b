//! Which variables a tag sets, and how long they live. In Django a loop's variables last from one turn to the
//! next, and a named cycle changes the variable where it was first set.

use super::identifier::mangle;
use super::{Emitter, fresh};

/// The inside of a tag that ends the life of variables.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// Whether it is the body of a loop, whose turns minijinja starts with no variables.
    repeats: bool,
    /// What was set in it; in a loop with the number under which it is kept for the next turn.
    names: Vec<(String, Option<u64>)>,
    /// The cycles in it that set a variable further out.
    outward: Vec<(String, u64)>,
}

impl Scope {
    pub(super) fn plain() -> Self {
        Self::default()
    }

    pub(super) fn repeating() -> Self {
        Self { repeats: true, ..Self::default() }
    }

    pub(super) fn with(names: impl IntoIterator<Item = String>) -> Self {
        Self { names: names.into_iter().map(|name| (name, None)).collect(), ..Self::default() }
    }
}

impl Emitter<'_> {
    /// Sets a variable in the scope at hand.
    pub(super) fn assign(&mut self, target: &str, value: &str) {
        let kept = self.scopes.last_mut().and_then(|scope| {
            let known = scope.names.iter().find(|(name, _)| name == target).map(|(_, kept)| *kept);
            known.unwrap_or_else(|| {
                let kept = scope.repeats.then(|| fresh(1));
                scope.names.push((target.to_owned(), kept));
                kept
            })
        });
        let name = mangle(target);
        self.push(&match kept {
            Some(number) => format!("{{% set {name} = ({value})|_keep({number}) %}}"),
            None => format!("{{% set {name} = {value} %}}"),
        });
    }

    /// Sets the variable of a cycle: where it is known already, else in the scope at hand.
    pub(super) fn assign_cycle(&mut self, target: &str, value: &str, cycle: u64) {
        let known = self.scopes.iter().rposition(|scope| scope.names.iter().any(|(name, _)| name == target));
        match known {
            Some(at) if at + 1 < self.scopes.len() => {
                for scope in &mut self.scopes[at + 1..] {
                    if !scope.outward.iter().any(|(name, _)| name == target) {
                        scope.outward.push((target.to_owned(), cycle));
                    }
                }
                self.push(&format!("{{% set {} = {value} %}}", mangle(target)));
            }
            _ => self.assign(target, value),
        }
    }

    /// Ends the scope at hand, behind the tag that ends it.
    pub(super) fn leave(&mut self) -> Scope {
        let scope = self.scopes.pop().unwrap_or_default();
        for (name, cycle) in &scope.outward {
            let value = format!("{}|_cycled({cycle})", mangle(name));
            let here =
                self.scopes.last().is_some_and(|scope| scope.names.iter().any(|(known, _)| known == name));
            if here {
                self.assign(name, &value);
            } else {
                self.push(&format!("{{% set {} = {value} %}}", mangle(name)));
            }
        }
        scope
    }

    /// What a loop does at the start of each turn, so that what was set in the turn before is there.
    pub(super) fn resumed(&self) -> String {
        let mut out = String::new();
        let Some(scope) = self.scopes.last() else { return out };
        for (name, kept) in &scope.names {
            if let Some(number) = kept {
                let name = mangle(name);
                out.push_str(&format!("{{% set {name} = {name}|_kept({number}, loop.first) %}}"));
            }
        }
        for (name, cycle) in &scope.outward {
            let name = mangle(name);
            out.push_str(&format!("{{% set {name} = {name}|_cycled({cycle}) %}}"));
        }
        out
    }
}
