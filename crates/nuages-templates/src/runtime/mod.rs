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
mod zones;

use std::sync::Arc;

use minijinja::Environment;

use crate::engine::Config;

pub(crate) use format::format;
pub(crate) use root::Root;

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
