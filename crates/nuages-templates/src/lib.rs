//! Django's template language, run by minijinja.

pub mod escape;
mod filters;
pub mod moment;
pub mod python;

pub use minijinja::value::Tuple;
pub use minijinja::{Value, context};
