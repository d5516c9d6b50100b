//! What a translated template needs while it is rendered: its own filters, tests and functions of minijinja, whose
//! names begin with an underscore, which no name in a template of Django's does.

mod chain;
mod compare;
mod forloop;
mod format;
mod groups;
mod links;
pub(crate) mod lookup;
mod lorem;
mod memory;
mod own;
mod root;
mod values;
mod views;
mod zones;

use std::sync::Arc;

use minijinja::{Environment, Value};

use crate::engine::Config;

pub(crate) use format::format;
pub(crate) use root::Root;

/// How a value of ours prints itself, where Python's has a name of its own.
pub(crate) fn own_text(value: &Value) -> Option<String> {
    let own = value.downcast_object_ref::<groups::Group>().is_some()
        || value.downcast_object_ref::<views::View>().is_some();
    own.then(|| value.to_string())
}

/// Puts all of it into an environment.
pub(crate) fn register(env: &mut Environment<'_>, config: &Arc<Config>) {
    lookup::register(env);
    compare::register(env);
    forloop::register(env);
    memory::register(env);
    groups::register(env);
    zones::register(env);
    values::register(env, config);
    links::register(env, config);
    chain::register(env, config);
    own::register(env, config);
}
