//! Django's template language, run by minijinja.

mod filters;
