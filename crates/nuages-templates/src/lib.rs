//! Django's template language, run by minijinja.

mod filters;

pub use minijinja::{Value, context};
