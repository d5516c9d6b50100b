//! Loops, conditions and variables.

use super::Emitter;
use super::expression::Missing;
use super::identifier::mangle;
use super::scope::Scope;
use crate::syntax::condition::Condition;
use crate::syntax::expression::Expression;
use crate::syntax::node::{Bindings, For, Node, Nodes};

impl Emitter<'_> {
    pub(super) fn for_loop(&mut self, for_loop: &For) {
        let mut list = self.value(&for_loop.list, Missing::None);
        if for_loop.reversed {
            list = format!("({list})|_reversed");
        }
        let targets: Vec<_> = for_loop.targets.iter().map(|name| mangle(name)).collect();
        if targets.len() > 1 {
            list = format!("({list})|_unpacked({})", targets.len());
        }
        if for_loop.watched {
            self.push(&format!("{{% with forloop=({list})|_loop(forloop) %}}"));
            "forloop|_items".clone_into(&mut list);
        }
        self.push(&format!("{{% for {} in {list} %}}", targets.join(", ")));
        let start = self.out.len();
        self.scopes.push(Scope::repeating());
        self.nodes(&for_loop.body);
        let resumed = self.resumed();
        self.out.insert_str(start, &resumed);
        let body = self.scopes.pop();
        if let Some(empty) = &for_loop.empty {
            let with = if for_loop.watched { "with forloop=forloop|_around" } else { "with" };
            self.push(&format!("{{% else %}}{{% {with} %}}"));
            self.scopes.push(Scope::plain());
            self.nodes(empty);
            self.push("{% endwith %}");
            self.leave();
        }
        self.push("{% endfor %}");
        if for_loop.watched {
            self.push("{% endwith %}");
        }
        self.scopes.extend(body);
        self.leave();
    }

    pub(super) fn if_chain(&mut self, branches: &[(Condition, Nodes)], otherwise: Option<&Nodes>) {
        for (index, (condition, body)) in branches.iter().enumerate() {
            let tag = if index == 0 { "if" } else { "elif" };
            let condition = self.condition(condition);
            self.push(&format!("{{% {tag} {condition} %}}"));
            self.nodes(body);
        }
        if let Some(body) = otherwise {
            self.push("{% else %}");
            self.nodes(body);
        }
        self.push("{% endif %}");
    }

    pub(super) fn if_changed(&mut self, values: &[Expression], body: &[Node], otherwise: &[Node]) {
        let number = super::fresh(1);
        if values.is_empty() {
            let output = self.captured(body);
            self.push(&format!("{{% if _changed({number}, {output}) %}}{{{{ {output} }}}}"));
        } else {
            let values = self.values(values, Missing::None);
            self.push(&format!("{{% if _changed({number}, {values}) %}}"));
            self.nodes(body);
        }
        if !otherwise.is_empty() {
            self.push("{% else %}");
            self.nodes(otherwise);
        }
        self.push("{% endif %}");
    }

    /// Begins a `with`: in Django no value sees the variables that are set beside it.
    pub(super) fn begin_with(&mut self, bindings: &Bindings) {
        let sees_another = bindings.iter().enumerate().any(|(index, (_, value))| {
            value.variables().any(|path| bindings[..index].iter().any(|(name, _)| name == path.first()))
        });
        let mut pairs = Vec::new();
        if sees_another {
            let temporaries: Vec<String> = bindings.iter().map(|_| self.temporary()).collect();
            for (temporary, (_, value)) in temporaries.iter().zip(bindings) {
                pairs.push(format!("{temporary}={}", self.value(value, Missing::Empty)));
            }
            pairs.extend(
                temporaries.iter().zip(bindings).map(|(from, (name, _))| format!("{}={from}", mangle(name))),
            );
        } else {
            for (name, value) in bindings {
                pairs.push(format!("{}={}", mangle(name), self.value(value, Missing::Empty)));
            }
        }
        self.push(&format!("{{% with {} %}}", pairs.join(", ")));
        self.scopes.push(Scope::with(bindings.iter().map(|(name, _)| name.clone())));
    }

    pub(super) fn end_with(&mut self) {
        self.push("{% endwith %}");
        self.leave();
    }

    pub(super) fn include(&mut self, template: &Expression, with: &Bindings, only: bool) {
        let template = self.value(template, Missing::Empty);
        if only {
            let context = self.dictionary(with);
            return self.print(&format!("_isolated({template}, {context})"));
        }
        self.begin_with(with);
        self.push(&format!("{{% include _include({template}) %}}{{% set _ = _included() %}}"));
        self.end_with();
    }

    pub(super) fn regroup(&mut self, list: &Expression, by: &Expression, target: &str) {
        let groups = self.temporary();
        let (list, name) = (self.value(list, Missing::None), mangle(target));
        let by = self.value(by, Missing::None);
        self.push(&format!(
            "{{% set {groups} = _groups() %}}{{% for {name} in {list} %}}{{% set _ = {groups}|_group({by}, {name}) %}}{{% endfor %}}"
        ));
        self.assign(target, &format!("{groups}|_grouped"));
    }
}
