//! Lookups that are more than minijinja's own, and the small filters that tell missing values apart.

use minijinja::value::{DynObject, ObjectRepr, ValueKind};
use minijinja::{Environment, Error, State, Value};

use super::memory::raised;
use super::views::View;
use crate::error::{TemplateError, TemplateErrorKind};
use crate::python;

/// Methods of Python's texts and dictionaries that a template may call.
const METHODS: &[&str] = &[
    "capitalize",
    "casefold",
    "isalnum",
    "isalpha",
    "isdigit",
    "islower",
    "isspace",
    "isupper",
    "items",
    "keys",
    "lower",
    "lstrip",
    "rstrip",
    "split",
    "splitlines",
    "strip",
    "swapcase",
    "title",
    "upper",
    "values",
];

/// Whether an attribute may be a method, which minijinja's own lookup would not find.
pub(crate) fn is_method(name: &str) -> bool {
    METHODS.contains(&name)
}

pub(super) fn register(env: &mut Environment<'_>) {
    env.add_filter("_at", at);
    env.add_filter("_s", |value: Value| safe(&value));
    env.add_filter("_none", |value: Value| if value.is_undefined() { Value::from(()) } else { value });
    env.add_filter("_blank", |value: Value| if value.is_undefined() { Value::from("") } else { value });
    env.add_filter("_must", must);
    env.add_filter("_raw", |state: &mut State<'_, '_>, value: Value| {
        Value::from_safe_string(python::text_in(state, &value).into_owned())
    });
    env.add_filter("_shown", shown);
    env.add_filter("_float", |text: &str| text.parse::<f64>().unwrap_or(f64::NAN));
}

/// A value as a safe text.
fn safe(value: &Value) -> Value {
    if value.is_safe() { value.clone() } else { Value::from_safe_string(python::str(value).into_owned()) }
}

/// The text that would be printed, as Django's `render_value_in_context`.
fn shown(state: &mut State<'_, '_>, value: Value) -> Result<Value, Error> {
    let escaped = !matches!(state.auto_escape(), minijinja::AutoEscape::None);
    let text = state.format(value)?;
    Ok(if escaped { Value::from_safe_string(text) } else { Value::from(text) })
}

/// The argument of a filter has to be there.
fn must(value: Value, name: &str) -> Result<Value, Error> {
    if !value.is_undefined() {
        return Ok(value);
    }
    let message = format!("the variable '{name}', a filter's argument, is not in the context");
    Err(raised(TemplateError::new(TemplateErrorKind::MissingVariable, message)))
}

/// One step of Django's lookup: by key, as an attribute, by position.
fn at(state: &mut State<'_, '_>, value: Value, name: &str) -> Result<Value, Error> {
    let found = item(&value, name).or_else(|| method(&value, name)).or_else(|| position(&value, name));
    match found {
        Some(found) => Ok(called(state, &found)?.unwrap_or(found)),
        None => Ok(Value::UNDEFINED),
    }
}

fn item(value: &Value, name: &str) -> Option<Value> {
    value.as_object()?.get_value_by_str(name)
}

fn position(value: &Value, name: &str) -> Option<Value> {
    let index: usize = name.parse().ok().filter(|_| name.bytes().all(|digit| digit.is_ascii_digit()))?;
    value.get_item(&Value::from(index)).ok().filter(|found| !found.is_undefined())
}

/// Calls a method of Python's, for a value that has it.
fn method(value: &Value, name: &str) -> Option<Value> {
    if value.kind() == ValueKind::Map {
        return View::of(value, name);
    }
    let text = value.as_str()?;
    let all = |test: fn(char) -> bool| Some(Value::from(!text.is_empty() && text.chars().all(test)));
    let cased = |test: fn(char) -> bool, other: fn(char) -> bool| {
        Some(Value::from(text.chars().any(test) && !text.chars().any(other)))
    };
    match name {
        "capitalize" => {
            let mut letters = text.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            Some(Value::from(first.chain(letters.flat_map(char::to_lowercase)).collect::<String>()))
        }
        "casefold" | "lower" => Some(Value::from(text.to_lowercase())),
        "isalnum" => all(char::is_alphanumeric),
        "isalpha" => all(char::is_alphabetic),
        "isdigit" => all(|letter| letter.is_ascii_digit()),
        "islower" => cased(char::is_lowercase, char::is_uppercase),
        "isupper" => cased(char::is_uppercase, char::is_lowercase),
        "isspace" => all(char::is_whitespace),
        "lstrip" => Some(Value::from(text.trim_start())),
        "rstrip" => Some(Value::from(text.trim_end())),
        "split" => Some(text.split_whitespace().map(Value::from).collect()),
        "splitlines" => Some(text.lines().map(Value::from).collect()),
        "strip" => Some(Value::from(text.trim())),
        "swapcase" => Some(Value::from(text.chars().flat_map(swapped).collect::<String>())),
        "title" => Some(Value::from(titled(text))),
        "upper" => Some(Value::from(text.to_uppercase())),
        _ => None,
    }
}

fn swapped(letter: char) -> Vec<char> {
    if letter.is_uppercase() { letter.to_lowercase().collect() } else { letter.to_uppercase().collect() }
}

/// Python's `str.title`: a letter behind no letter is large.
fn titled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for letter in text.chars() {
        if inside {
            out.extend(letter.to_lowercase())
        } else {
            out.extend(letter.to_uppercase())
        }
        inside = letter.is_alphabetic();
    }
    out
}

/// The type of functions that minijinja makes of closures.
const FUNCTION: &str = "minijinja::functions::BoxedFunction";

/// What a function in the context returns, which Django calls wherever it meets one.
pub(super) fn called(state: &mut State<'_, '_>, value: &Value) -> Result<Option<Value>, Error> {
    let is_function =
        |object: &DynObject| object.repr() == ObjectRepr::Plain && object.type_name() == FUNCTION;
    match value.as_object() {
        Some(object) if is_function(object) => value.call(state, &[]).map(Some),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use minijinja::{Environment, context};

    use super::*;

    #[test]
    fn functions_of_minijinja_are_known() {
        let function = Value::from_function(|| 1);
        assert_eq!(function.as_object().unwrap().type_name(), FUNCTION);
    }

    #[test]
    fn a_step_is_by_key_then_by_method_then_by_position() {
        let mut env = Environment::new();
        register(&mut env);
        let ctx = context! {
            list => ["a", "b"], dict => context! { items => "mine" }, plain => context! { b => 1 }, text => "hi there",
            digits => context! { d0 => 1 }, function => context! { x => Value::from_function(|| 7) },
            numbered => Value::from_pairs([(Value::from(0), "zero")]),
        };
        let cases = [
            ("list|_at('0')", "a"),
            ("list|_at('2')", ""),
            ("list|_at('-1')", ""),
            ("dict|_at('items')", "mine"),
            ("plain|_at('items')", "dict_items([('b', 1)])"),
            ("plain|_at('keys')", "dict_keys(['b'])"),
            ("plain|_at('values')", "dict_values([1])"),
            ("text|_at('upper')", "HI THERE"),
            ("text|_at('title')", "Hi There"),
            ("text|_at('0')", "h"),
            ("text|_at('nothing')", ""),
            ("function|_at('x')", "7"),
            ("numbered|_at('0')", "zero"),
            ("missing|_at('x')", ""),
        ];
        for (expression, expected) in cases {
            let found = env.render_str(&format!("{{{{ {expression} }}}}"), ctx.clone()).unwrap();
            assert_eq!(found, expected, "{expression}");
        }
    }
}
