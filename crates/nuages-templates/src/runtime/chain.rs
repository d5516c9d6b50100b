//! Templates that extend and include others, by names that are known only while rendering.

use std::sync::Arc;

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, Value};

use super::memory::{deep_enough, enter, known_scope, raised, scope};
use super::root::Root;
use crate::engine::Config;
use crate::engine::names::{self, Internal};
use crate::error::{TemplateError, TemplateErrorKind};
use crate::python;

/// How many templates may extend one another.
const LONGEST: usize = 40;

pub(super) fn register(env: &mut Environment<'_>, config: &Arc<Config>) {
    let of = Arc::clone(config);
    env.add_function("_include", move |state: &mut State<'_, '_>, template: Value| -> Result<Value, Error> {
        let found = find(state, &of, &template)?;
        enter(state)?;
        Ok(Value::from(found))
    });
    let of = Arc::clone(config);
    env.add_function("_extends", move |state: &mut State<'_, '_>, parent: Value| {
        extends(state, &of, &parent)
    });
    let of = Arc::clone(config);
    env.add_test("_inherited", move |state: &mut State<'_, '_>, block: &str| -> Result<bool, Error> {
        let here = state.name();
        let chain = known_scope(state).map_or(&[][..], |scope| &scope.chain);
        if chain.is_empty() {
            let message = "{{ block.super }} in a template that extends no other and that no other extends";
            return Err(raised(TemplateError::new(TemplateErrorKind::Syntax, message)));
        }
        let above = chain.iter().skip_while(|name| *name != here).skip(1);
        Ok(above.into_iter().any(|name| of.registry.has_block(name, block)))
    });
    let of = Arc::clone(config);
    env.add_function("_isolated", move |state: &mut State<'_, '_>, template: Value, values: Value| {
        let found = find(state, &of, &template)?;
        render(state, &found, values)
    });
}

/// Renders a template with a context of its own.
pub(super) fn render(state: &mut State<'_, '_>, internal: &str, values: Value) -> Result<Value, Error> {
    let depth = deep_enough(state)?;
    let root = Root::inner(values, state, depth);
    let text = state.env().get_template(internal)?.render(Value::from_object(root))?;
    Ok(Value::from_safe_string(text))
}

/// The first of these templates that exists, under the name that minijinja knows it by.
pub(super) fn find(state: &State<'_, '_>, config: &Config, template: &Value) -> Result<String, Error> {
    let names = wanted(state, template)?;
    let plain = matches!(state.auto_escape(), AutoEscape::None);
    let internal = |name: &str| Internal { name: name.to_owned(), skipped: 0, plain }.to_string();
    for name in &names {
        let internal = internal(name);
        match state.env().get_template(&internal) {
            Ok(_) => return Ok(internal),
            Err(error) if error.kind() == ErrorKind::TemplateNotFound => {}
            Err(error) => return Err(error),
        }
    }
    Err(raised(config.does_not_exist(&names)))
}

/// The names that a tag was given: one or several.
fn wanted(state: &State<'_, '_>, template: &Value) -> Result<Vec<String>, Error> {
    let current = Internal::parse(state.name()).name;
    let names: Vec<Value> = match template.kind() {
        ValueKind::Seq | ValueKind::Iterable => template.try_iter()?.collect(),
        _ if !python::truth(template) => Vec::new(),
        _ => vec![template.clone()],
    };
    names
        .into_iter()
        .map(|name| {
            let Some(name) = name.as_str() else {
                let shown = python::repr(&name);
                return Err(super::values::refused(format!("{shown} is not the name of a template")));
            };
            names::absolute(&current, name, false)
                .map_err(|message| raised(TemplateError::new(TemplateErrorKind::Syntax, message)))
        })
        .collect()
}

/// The template that the one at hand extends: of the same name the next one in the folders.
fn extends(state: &mut State<'_, '_>, config: &Config, parent: &Value) -> Result<Value, Error> {
    let names = wanted(state, parent)?;
    let [name] = names.as_slice() else {
        let shown = python::repr(parent);
        return Err(raised(TemplateError::new(
            TemplateErrorKind::Syntax,
            format!("{{% extends %}} needs the name of one template, and got {shown}"),
        )));
    };
    let here = state.name().to_owned();
    let chain = &mut scope(state).chain;
    if chain.last() != Some(&here) {
        chain.push(here);
    }
    if chain.len() > LONGEST {
        return Err(super::values::refused(format!("more than {LONGEST} templates extend one another")));
    }
    // Those of this name that are in the chain already stand for as many places that are passed over.
    let skipped = chain.iter().filter(|internal| Internal::parse(internal).name == *name).count();
    let internal = Internal { name: name.clone(), skipped, plain: false }.to_string();
    match state.env().get_template(&internal) {
        Ok(_) => {
            scope(state).chain.push(internal.clone());
            Ok(Value::from(internal))
        }
        Err(error) if error.kind() == ErrorKind::TemplateNotFound => {
            Err(raised(config.does_not_exist(&names)))
        }
        Err(error) => Err(error),
    }
}
