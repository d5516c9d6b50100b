//! Python's view of a value: its text, its truth, its order.
//!
//! Django's templates print what Python prints. What a [`Value`](minijinja::Value) would print by itself is Jinja's or Rust's, so the formatter, the
//! filters and `{% if %}` ask here.

mod compare;
mod int;
mod number;
mod references;
mod repr;
mod space;
mod text;
mod truth;
mod word;

pub use compare::{compare, equal};
pub(crate) use int::{float, int};
pub(crate) use number::{decimal_text, float_repr};
pub(crate) use references::html_unescape;
pub use repr::repr;
pub(crate) use repr::string_repr;
pub(crate) use space::{is_space, split_lines, trim, words};
pub use text::{str, text, text_in};
pub use truth::truth;
pub(crate) use word::is_word;
