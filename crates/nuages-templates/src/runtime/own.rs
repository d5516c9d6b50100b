//! Tags and filters that the application has registered.

use std::sync::Arc;

use minijinja::value::Rest;
use minijinja::{Environment, Error, State, Value};

use super::chain;
use crate::engine::Config;
use crate::python;
use crate::translate::filter_name;

pub(super) fn register(env: &mut Environment<'_>, config: &Arc<Config>) {
    for (name, filter) in &config.filters {
        let (function, safe) = (filter.function.clone(), filter.safe);
        env.add_filter(
            format!("django_{}", filter_name(name)),
            move |state: &mut State<'_, '_>, mut args: Rest<Value>| -> Result<Value, Error> {
                // A variable that is missing is an empty text to a filter.
                if let Some(first) = args.first_mut().filter(|first| first.is_undefined()) {
                    *first = Value::from("");
                }
                let was_safe = args.first().is_some_and(Value::is_safe);
                let result = function.call(state, &args)?;
                let made_safe = safe && was_safe && !result.is_safe();
                Ok(if made_safe {
                    Value::from_safe_string(python::str(&result).into_owned())
                } else {
                    result
                })
            },
        );
    }
    for (name, function) in &config.simple_tags {
        env.add_global(format!("_tag_{}", filter_name(name)), function.clone());
    }
    for (name, tag) in &config.inclusion_tags {
        let (function, template, of) =
            (tag.function.clone(), Value::from(tag.template.clone()), Arc::clone(config));
        env.add_function(
            format!("_inclusion_{}", filter_name(name)),
            move |state: &mut State<'_, '_>, args: Rest<Value>| -> Result<Value, Error> {
                let mut values = function.call(state, &args)?;
                // A form in it needs the token.
                if let Some(token) = state.lookup("csrf_token").filter(|token| !token.is_undefined()) {
                    values = minijinja::context! { csrf_token => token, ..values };
                }
                let found = chain::find(state, &of, &template)?;
                chain::render(state, &found, values)
            },
        );
    }
}
