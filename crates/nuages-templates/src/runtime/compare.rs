//! The comparisons of `{% if %}`: what Python cannot compare is false.

use std::cmp::Ordering;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, ValueKind};
use minijinja::{Environment, Error, State, Value};

use super::lookup::called;
use crate::python::{compare, equal, truth};

pub(super) fn register(env: &mut Environment<'_>) {
    env.add_test("_true", |state: &mut State<'_, '_>, value: Value| -> Result<bool, Error> {
        Ok(truth(called(state, &value)?.as_ref().unwrap_or(&value)))
    });
    env.add_test("_false", |state: &mut State<'_, '_>, value: Value| -> Result<bool, Error> {
        Ok(!failed(&value) && !truth(called(state, &value)?.as_ref().unwrap_or(&value)))
    });
    env.add_test("_ok", |value: Value| !failed(&value));
    env.add_filter("_try", |state: &mut State<'_, '_>, value: Value, name: &str, argument: Option<Value>| {
        // The argument of a filter has to be there.
        if failed(&value) || argument.as_ref().is_some_and(Value::is_undefined) {
            return Value::from_object(Failed);
        }
        let args: Vec<Value> = std::iter::once(value).chain(argument).collect();
        state.apply_filter(name, &args).unwrap_or_else(|_| Value::from_object(Failed))
    });
    let mut add = |name: &'static str, test: fn(&Value, &Value) -> bool| {
        env.add_test(
            name,
            move |state: &mut State<'_, '_>, left: Value, right: Value| -> Result<bool, Error> {
                if failed(&left) || failed(&right) {
                    return Ok(false);
                }
                let (left_called, right_called) = (called(state, &left)?, called(state, &right)?);
                Ok(test(left_called.as_ref().unwrap_or(&left), right_called.as_ref().unwrap_or(&right)))
            },
        );
    };
    add("_eq", equal);
    add("_ne", |left, right| !equal(left, right));
    add("_lt", |left, right| compare(left, right) == Some(Ordering::Less));
    add("_le", |left, right| compare(left, right).is_some_and(Ordering::is_le));
    add("_gt", |left, right| compare(left, right) == Some(Ordering::Greater));
    add("_ge", |left, right| compare(left, right).is_some_and(Ordering::is_ge));
    add("_in", |item, container| contains(container, item) == Some(true));
    add("_not_in", |item, container| contains(container, item) == Some(false));
    add("_same", same);
    add("_not_same", |left, right| !same(left, right));
}

/// What stands for a value whose filter failed, which is neither true nor false.
#[derive(Debug)]
struct Failed;

impl Object for Failed {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        false
    }
}

fn failed(value: &Value) -> bool {
    value.downcast_object_ref::<Failed>().is_some()
}

/// Python's `in`; nothing stands for the error that Python raises.
fn contains(container: &Value, item: &Value) -> Option<bool> {
    match container.kind() {
        ValueKind::String => Some(container.as_str()?.contains(item.as_str()?)),
        ValueKind::Map => {
            // A list is no key, and asking for one is an error.
            if matches!(item.kind(), ValueKind::Map | ValueKind::Iterable)
                || item.kind() == ValueKind::Seq && !item.is_tuple()
            {
                return None;
            }
            let item = if item.is_undefined() { &Value::from(()) } else { item };
            let found = container.get_item(item).is_ok_and(|found| !found.is_undefined());
            // A key that is equal and not the same, as 1 and True.
            Some(found || item.kind() != ValueKind::String && any(container, item)?)
        }
        ValueKind::Seq | ValueKind::Iterable => any(container, item),
        _ => None,
    }
}

fn any(container: &Value, item: &Value) -> Option<bool> {
    Some(container.try_iter().ok()?.any(|one| equal(&one, item)))
}

/// Python's `is`, as far as a value can tell: nothing, truth values, small numbers and objects.
fn same(left: &Value, right: &Value) -> bool {
    let none = |value: &Value| value.is_none() || value.is_undefined();
    match (left.kind(), right.kind()) {
        _ if none(left) || none(right) => none(left) && none(right),
        (ValueKind::Bool, ValueKind::Bool) | (ValueKind::String, ValueKind::String) => left == right,
        (ValueKind::Number, ValueKind::Number) => {
            left.is_integer()
                && right.is_integer()
                && left == right
                && left.as_i64().is_some_and(|number| (-5..=256).contains(&number))
        }
        // Where an object lies nobody tells; one that is equal is taken for the same.
        _ => left.as_object().is_some() && right.as_object().is_some() && equal(left, right),
    }
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::*;

    #[test]
    fn what_python_cannot_compare_is_false() {
        let mut env = Environment::new();
        register(&mut env);
        env.set_undefined_behavior(minijinja::UndefinedBehavior::Chainable);
        let ctx = context! {
            one => 1, text => "abc", list => [1, 2], map => context! { a => 1 }, nothing => (), yes => true,
            function => Value::from_function(|| ""), numbers => Value::from_pairs([(Value::from(1), 2)]),
        };
        let cases = [
            ("one is _eq(1.0)", true),
            ("one is _eq(yes)", true),
            ("one is _eq('1')", false),
            ("one is _ne('1')", true),
            ("one is _lt('1')", false),
            ("one is _ge('1')", false),
            ("one is _lt(2)", true),
            ("one is _le(1)", true),
            ("nothing is _eq(missing)", true),
            ("nothing is _lt(1)", false),
            ("1 is _in(list)", true),
            ("3 is _in(list)", false),
            ("3 is _not_in(list)", true),
            ("'b' is _in(text)", true),
            ("1 is _in(text)", false),
            ("1 is _not_in(text)", false),
            ("'a' is _in(map)", true),
            ("'b' is _not_in(map)", true),
            ("list is _not_in(map)", false),
            ("yes is _in(numbers)", true),
            ("1 is _in(missing)", false),
            ("1 is _not_in(missing)", false),
            ("nothing is _same(none)", true),
            ("missing is _same(none)", true),
            ("yes is _same(true)", true),
            ("one is _same(true)", false),
            ("300 is _same(300)", false),
            ("list is _same(list)", true),
            ("text is _true", true),
            ("missing is _true", false),
            // In Django the function is called.
            ("function is _true", false),
        ];
        for (condition, expected) in cases {
            let shown = env.render_str(&format!("{{{{ 'yes' if {condition} }}}}"), ctx.clone()).unwrap();
            assert_eq!(shown == "yes", expected, "{condition}");
        }
    }
}
