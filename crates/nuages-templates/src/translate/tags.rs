//! Every tag that is no loop and no condition.

use super::Emitter;
use super::expression::Missing;
use super::identifier::mangle;
use super::quote::string;
use crate::python::is_space;
use crate::syntax::expression::{Expression, Operand};
use crate::syntax::node::{Call, Constant, Kind, Method, Node, Prefix, TranslateBlock, TranslatePart};
use crate::syntax::words::is_name;

impl Emitter<'_> {
    pub(super) fn node(&mut self, kind: &Kind) {
        match kind {
            // An extends is written before all else, and one that is not first was refused.
            Kind::Silence | Kind::Extends(_) => {}
            Kind::Text(text) => self.text(text),
            Kind::Variable(expression) => self.variable(expression),
            Kind::Autoescape { on, body } => {
                self.push(&format!("{{% autoescape {on} %}}"));
                self.nodes(body);
                self.push("{% endautoescape %}");
            }
            Kind::Block { name, body } => self.a_block(name, body),
            Kind::Body(body) => self.nodes(body),
            Kind::Cache { timeout, name, vary, using, body } => {
                self.cache(timeout, name, vary, using.as_ref(), body);
            }
            Kind::CsrfToken => self.print("_csrf(csrf_token)"),
            Kind::Custom(call) => self.call(call),
            Kind::Cycle { cycle, values, name, silent } => {
                self.cycle(*cycle, values, name.as_deref(), *silent)
            }
            Kind::Debug => self.print("_debug()"),
            Kind::Filter { filters, body } => {
                let output = self.captured(body);
                let filtered = self.filtered(format!("{output}|_s"), &filters.filters);
                self.print(&format!("{filtered}|_raw"));
            }
            Kind::FirstOf { values, target } => {
                let first = self.first_of(values);
                self.shown(&first, target.as_deref());
            }
            Kind::For(for_loop) => self.for_loop(for_loop),
            Kind::If { branches, otherwise } => self.if_chain(branches, otherwise.as_ref()),
            Kind::IfChanged { values, body, otherwise } => self.if_changed(values, body, otherwise),
            Kind::Include { template, with, only } => self.include(template, with, *only),
            Kind::Constant { value, target } => {
                let value = match value {
                    Constant::Language => "_language()",
                    Constant::LanguageBidi => "false",
                    Constant::TimeZone => "_time_zone()",
                };
                self.assign(target, value);
            }
            Kind::Lorem { count, method, common } => {
                let method = match method {
                    Method::Words => "w",
                    Method::Paragraphs => "p",
                    Method::Blocks => "b",
                };
                let count = self.value(count, Missing::Empty);
                self.print(&format!("_lorem({count}, \"{method}\", {common})|_raw"));
            }
            Kind::Now { format, target } => {
                let now = format!("_now()|django_date({})", string(format));
                self.raw(&now, target.as_deref());
            }
            Kind::Prefix { prefix, target } => {
                let prefix = match prefix {
                    Prefix::Static => "_static_prefix()",
                    Prefix::Media => "_media_prefix()",
                };
                self.raw(prefix, target.as_deref());
            }
            Kind::QueryString { base, changes, target } => {
                let base =
                    base.as_ref().map_or_else(|| "none".to_owned(), |base| self.value(base, Missing::Empty));
                let query = format!("_querystring({base}, {})", self.dictionary(changes));
                self.given(&query, target.as_deref());
            }
            Kind::Regroup { list, by, target } => self.regroup(list, by, target),
            Kind::ResetCycle { cycle } => {
                let number = self.cycles + *cycle as u64;
                self.push(&format!("{{% set _ = _reset_cycle({number}) %}}"));
            }
            Kind::Spaceless { body } => {
                let output = self.captured(body);
                self.print(&format!("{output}|_spaceless"));
            }
            Kind::Static { path, target } => {
                let url = format!("_static({})", self.value(path, Missing::Empty));
                self.shown(&url, target.as_deref());
            }
            Kind::Translate { text, noop: true, target: None } if text.literal().is_some() => {
                // Django doubles percent signs before it translates, and makes one of two afterwards.
                let text = text.literal().unwrap_or_default().replace("%%", "%");
                self.text(&text);
            }
            Kind::Translate { text, target, .. } => {
                let text = self.value(text, Missing::Nothing);
                self.shown(&text, target.as_deref());
            }
            Kind::TranslateBlock(block) => self.translate_block(block),
            Kind::TimeZone { zone, body } => {
                let zone = self.value(zone, Missing::Empty);
                self.push(&format!("{{% set _ = _zone_starts({zone}) %}}"));
                self.nodes(body);
                self.push("{% set _ = _zone_ends() %}");
            }
            Kind::LocalTime { on, body } => {
                self.push(&format!("{{% set _ = _conversion_starts({on}) %}}"));
                self.nodes(body);
                self.push("{% set _ = _conversion_ends() %}");
            }
            Kind::Url { name, args, kwargs, target } => {
                let (name, args) = (self.value(name, Missing::Empty), self.values(args, Missing::Empty));
                let kwargs = self.dictionary(kwargs);
                let quiet = target.is_some();
                self.given(&format!("_url({name}, [{args}], {kwargs}, {quiet})"), target.as_deref());
            }
            Kind::WidthRatio { value, maximum, width, target } => {
                // In Django an argument of a filter that is missing makes the whole tag empty.
                if let Some(given) = self.arguments_given(&[value, maximum, width]) {
                    self.push(&format!("{{% if {given} %}}"));
                    self.width_ratio([value, maximum, width], target.as_deref());
                    self.push("{% endif %}");
                } else {
                    self.width_ratio([value, maximum, width], target.as_deref());
                }
            }
            Kind::With { bindings, body } => {
                self.begin_with(bindings);
                self.nodes(body);
                self.end_with();
            }
        }
    }

    fn width_ratio(&mut self, values: [&Expression; 3], target: Option<&str>) {
        let [value, maximum, width] = values.map(|expression| self.value(expression, Missing::Empty));
        self.raw(&format!("_width_ratio({value}, {maximum}, {width})"), target);
    }

    fn variable(&mut self, expression: &Expression) {
        if let Some(text) = expression.literal() {
            return self.text(text);
        }
        match (&expression.base, self.block.clone()) {
            // The direct way does not copy what the parent prints.
            (Operand::Variable(path), Some(block))
                if expression.filters.is_empty() && path.segments == ["block", "super"] =>
            {
                self.push(&format!(
                    "{{% if {} is _inherited %}}{{{{ super() }}}}{{% endif %}}",
                    string(&block)
                ));
            }
            _ => {
                let value = self.value(expression, Missing::Nothing);
                self.print(&value);
            }
        }
    }

    /// Prints a value, or keeps it as it is.
    fn given(&mut self, value: &str, target: Option<&str>) {
        match target {
            Some(target) => self.assign(target, value),
            None => self.print(value),
        }
    }

    /// Prints a value, or keeps the text that would be printed.
    fn shown(&mut self, value: &str, target: Option<&str>) {
        match target {
            Some(target) => self.assign(target, &format!("({value})|_shown")),
            None => self.print(value),
        }
    }

    /// Prints a value that is never escaped, or keeps it as it is.
    fn raw(&mut self, value: &str, target: Option<&str>) {
        match target {
            Some(target) => self.assign(target, value),
            None => self.print(&format!("{value}|_raw")),
        }
    }

    fn cycle(&mut self, cycle: usize, values: &[Expression], name: Option<&str>, silent: bool) {
        let number = self.cycles + cycle as u64;
        let next = self.next_of(number, values);
        match name {
            None => self.print(&next),
            Some(name) => {
                self.assign_cycle(name, &next, number);
                if !silent {
                    self.print(&mangle(name));
                }
            }
        }
    }

    /// The first value that is true. What a filter may refuse is looked at only if its turn comes.
    fn first_of(&mut self, values: &[Expression]) -> String {
        if values.iter().all(|value| value.filters.is_empty()) {
            return format!("_first({})", self.values(values, Missing::None));
        }
        let first = self.temporary();
        self.push(&format!("{{% set {first} = \"\" %}}"));
        for value in values {
            let value = self.value(value, Missing::None);
            self.push(&format!("{{% if {first} is not _true %}}{{% set {first} = {value} %}}{{% endif %}}"));
        }
        self.push(&format!("{{% if {first} is not _true %}}{{% set {first} = \"\" %}}{{% endif %}}"));
        first
    }

    /// The next value of a cycle; of the others none is looked at that a filter may refuse.
    fn next_of(&mut self, number: u64, values: &[Expression]) -> String {
        if values.iter().all(|value| value.filters.is_empty()) {
            return format!("_cycle({number}, {})", self.values(values, Missing::Empty));
        }
        let (turn, next) = (self.temporary(), self.temporary());
        self.push(&format!("{{% set {turn} = _turn({number}, {}) %}}", values.len()));
        for (index, value) in values.iter().enumerate() {
            let value = self.value(value, Missing::Empty);
            self.push(&format!("{{% if {turn} == {index} %}}{{% set {next} = {value} %}}{{% endif %}}"));
        }
        format!("{next}|_turned({number})")
    }

    fn cache(
        &mut self,
        timeout: &Expression,
        name: &str,
        vary: &[Expression],
        using: Option<&Expression>,
        body: &[Node],
    ) {
        let timeout = self.value(timeout, Missing::Empty);
        let vary = self.values(vary, Missing::Empty);
        let using =
            using.map_or_else(String::new, |using| format!(", {}", self.value(using, Missing::Empty)));
        let found = self.temporary();
        let fragment = format!("[{timeout}, {}, [{vary}]{using}]", string(name));
        self.push(&format!("{{% set {found} = _cache_get({fragment}) %}}{{% if {found} is undefined %}}"));
        let output = self.captured(body);
        self.push(&format!(
            "{{% set {found} = {output}|_s %}}{{% set _ = _cache_set({fragment}, {output}) %}}{{% endif %}}"
        ));
        self.print(&format!("{found}|_raw"));
    }

    fn call(&mut self, call: &Call) {
        let mut args: Vec<String> =
            call.args.iter().map(|argument| self.value(argument, Missing::Empty)).collect();
        args.extend(
            call.kwargs.iter().map(|(name, value)| format!("{name}={}", self.value(value, Missing::Empty))),
        );
        let kind = if call.inclusion { "_inclusion" } else { "_tag" };
        let called = format!("{kind}_{}({})", super::filter_name(&call.name), args.join(", "));
        self.given(&called, call.target.as_deref());
    }

    fn translate_block(&mut self, block: &TranslateBlock) {
        let kept = block.target.as_ref().map(|target| (target, self.temporary()));
        if let Some((_, name)) = &kept {
            self.push(&format!("{{% set {name} %}}"));
        }
        self.begin_with(&block.with);
        if let Some((name, count)) = block.count.as_ref().filter(|_| !block.plural.is_empty()) {
            let count = self.value(count, Missing::Empty);
            let name = mangle(name);
            self.push(&format!("{{% set {name} = ({count})|_count %}}{{% if {name} is _eq(1) %}}"));
            self.parts(&block.singular, block.trimmed);
            self.push("{% else %}");
            self.parts(&block.plural, block.trimmed);
            self.push("{% endif %}");
        } else {
            self.parts(&block.singular, block.trimmed);
        }
        self.end_with();
        if let Some((target, name)) = kept {
            self.push("{% endset %}");
            self.assign(target, &format!("{name}|_s"));
        }
    }

    fn parts(&mut self, parts: &[TranslatePart], trimmed: bool) {
        for (index, part) in parts.iter().enumerate() {
            match part {
                TranslatePart::Text(text) if trimmed => {
                    let mut text = one_line(text);
                    if index == 0 {
                        text = text.trim_start_matches(is_space).to_owned();
                    }
                    if index + 1 == parts.len() {
                        text = text.trim_end_matches(is_space).to_owned();
                    }
                    self.text(&text);
                }
                TranslatePart::Text(text) => self.text(text),
                // Django looks the whole up as one name.
                TranslatePart::Variable(name) if is_name(name) => {
                    let variable = mangle(name);
                    match &self.options.invalid {
                        Some(invalid) => {
                            let invalid = string(&invalid.replace("%s", name));
                            self.print(&format!("{variable} if {variable} is defined else {invalid}"));
                        }
                        None => self.print(&variable),
                    }
                }
                TranslatePart::Variable(name) => {
                    if let Some(invalid) = &self.options.invalid {
                        self.print(&string(&invalid.replace("%s", name)));
                    }
                }
            }
        }
    }
}

/// Makes one space of every line end and the space around it.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.truncate(out.trim_end_matches(is_space).len());
            out.push(' ');
            out.push_str(line.trim_start_matches(is_space));
        } else {
            out.push_str(line);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn line_ends_become_spaces() {
        for (text, expected) in
            [("a", "a"), ("a \n  b", "a b"), ("\n a", " a"), ("a\n\n b", "a b"), ("a  b", "a  b")]
        {
            assert_eq!(one_line(text), expected, "{text:?}");
        }
    }
}
