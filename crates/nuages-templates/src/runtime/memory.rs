//! What is remembered while a template is rendered: where cycles are, what loops keep, which templates extend which.

use std::collections::HashMap;

use minijinja::value::Rest;
use minijinja::{Environment, Error, ErrorKind, State, Value};

use super::forloop::ForLoop;
use super::root::Root;
use crate::error::TemplateError;
use crate::python;

/// How many templates may include each other, one in the other.
const DEEPEST: usize = 40;

/// The memory of a render.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// One for the template that is rendered, and one for each around it that includes it.
    scopes: Vec<Scope>,
}

/// The memory of one template and those that it extends; one that is included begins with none.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// Where each cycle is, and what it gave last.
    cycles: HashMap<u64, (usize, Value)>,
    /// What loops keep for their next turn.
    kept: HashMap<u64, Value>,
    /// What the `{% ifchanged %}` outside of loops have seen last.
    changed: HashMap<u64, Vec<Value>>,
    /// The templates that extend one another, under the names that minijinja knows them by.
    pub(super) chain: Vec<String>,
}

/// The memory of the template at hand.
pub(super) fn scope<'s>(state: &'s mut State<'_, '_>) -> &'s mut Scope {
    let memory = state.get_or_insert_extension_with(Memory::default);
    if memory.scopes.is_empty() {
        memory.scopes.push(Scope::default());
    }
    let last = memory.scopes.len() - 1;
    &mut memory.scopes[last]
}

/// The same, only to look at.
pub(super) fn known_scope<'s>(state: &'s State<'_, '_>) -> Option<&'s Scope> {
    state.get_extension::<Memory>()?.scopes.last()
}

/// How many templates are around the one at hand.
pub(super) fn depth(state: &mut State<'_, '_>) -> usize {
    let around = Root::of(state).map_or(0, |root| root.depth);
    scope(state);
    around + state.get_extension::<Memory>().map_or(0, |memory| memory.scopes.len())
}

/// Begins the memory of a template that is included.
///
/// # Errors
///
/// Too many templates are around it.
pub(super) fn enter(state: &mut State<'_, '_>) -> Result<(), Error> {
    deep_enough(state)?;
    state.get_or_insert_extension_with(Memory::default).scopes.push(Scope::default());
    Ok(())
}

/// Refuses one template more in too many.
pub(super) fn deep_enough(state: &mut State<'_, '_>) -> Result<usize, Error> {
    let depth = depth(state);
    if depth > DEEPEST {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("more than {DEEPEST} templates include one another; does one include itself?"),
        ));
    }
    Ok(depth)
}

/// An error of ours, as minijinja carries it.
pub(super) fn raised(error: TemplateError) -> Error {
    Error::new(ErrorKind::InvalidOperation, error.message().to_owned()).with_source(error)
}

pub(super) fn register(env: &mut Environment<'_>) {
    env.add_function("_included", |state: &mut State<'_, '_>| {
        state.get_or_insert_extension_with(Memory::default).scopes.pop();
    });
    env.add_function("_cycle", |state: &mut State<'_, '_>, number: u64, values: Rest<Value>| {
        let (turn, last) = scope(state).cycles.entry(number).or_default();
        let value = values.get(*turn % values.len().max(1)).cloned().unwrap_or_default();
        *turn = turn.wrapping_add(1);
        last.clone_from(&value);
        value
    });
    env.add_function("_turn", |state: &mut State<'_, '_>, number: u64, count: usize| {
        let (turn, _) = scope(state).cycles.entry(number).or_default();
        let at = *turn % count.max(1);
        *turn = turn.wrapping_add(1);
        at
    });
    env.add_filter("_turned", |state: &mut State<'_, '_>, value: Value, number: u64| {
        scope(state).cycles.entry(number).or_default().1.clone_from(&value);
        value
    });
    env.add_function("_reset_cycle", |state: &mut State<'_, '_>, number: u64| {
        if let Some((turn, _)) = scope(state).cycles.get_mut(&number) {
            *turn = 0;
        }
    });
    env.add_filter("_cycled", |state: &mut State<'_, '_>, value: Value, number: u64| {
        scope(state).cycles.get(&number).map_or(value, |(_, last)| last.clone())
    });
    env.add_filter("_keep", |state: &mut State<'_, '_>, value: Value, number: u64| {
        scope(state).kept.insert(number, value.clone());
        value
    });
    env.add_filter("_kept", |state: &mut State<'_, '_>, value: Value, number: u64, first: bool| {
        let kept = &mut scope(state).kept;
        if first {
            kept.remove(&number);
        }
        kept.get(&number).cloned().unwrap_or(value)
    });
    env.add_function("_changed", |state: &mut State<'_, '_>, number: u64, values: Rest<Value>| {
        let around = state.lookup("forloop");
        if let Some(forloop) = around.as_ref().and_then(|value| value.downcast_object_ref::<ForLoop>()) {
            return forloop.changed(number, values.0);
        }
        differs(&mut scope(state).changed, number, values.0)
    });
}

/// Whether values differ from those of the time before, which they replace.
pub(super) fn differs(remembered: &mut HashMap<u64, Vec<Value>>, number: u64, values: Vec<Value>) -> bool {
    let same = remembered.get(&number).is_some_and(|before| {
        before.len() == values.len()
            && before.iter().zip(&values).all(|(one, other)| python::equal(one, other))
    });
    if !same {
        remembered.insert(number, values);
    }
    !same
}
