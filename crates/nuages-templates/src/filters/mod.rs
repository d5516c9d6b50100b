//! Django's filters: what each is called, what it takes, and what it does.
//!
//! A filter does here what its namesake does in Django, for the same values. Its file is its family's. Around each stands what
//! Django's `FilterExpression` does: a moment in time comes in the current time zone, if the filter expects that, and what
//! a filter makes of a safe text is safe if the filter says so.

mod dates;
mod decimal;
mod filesize;
mod float_format;
mod html;
mod humanize;
mod input;
mod json;
mod lists;
mod logic;
mod markup;
mod numbers;
mod percent;
mod pretty;
mod sort;
mod strings;
mod strip;
mod title;
mod truncate;
mod unordered;
mod urlize;
mod urls;
mod wrap;
mod zones;

use minijinja::value::Rest;
use minijinja::{Environment, Error, State, Value};

use crate::{moment, python};

/// Whether a filter takes an argument.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ArgCount {
    /// It takes none.
    None,
    /// It takes one or none.
    Optional,
    /// It takes one.
    Required,
}

type Run = fn(&State<'_, '_>, &Value, Option<&Value>) -> Result<Value, Error>;

/// A filter of Django's.
#[derive(Debug)]
pub(crate) struct Filter {
    /// Its name in a template.
    pub(crate) name: &'static str,
    /// Whether it takes an argument.
    pub(crate) args: ArgCount,
    /// The library that has to be loaded for it; those without are built in.
    pub(crate) library: Option<&'static str>,
    run: Run,
    /// Django's `is_safe`: what it makes of a safe text is safe.
    is_safe: bool,
    /// Django's `expects_localtime`.
    local: bool,
}

impl Filter {
    const fn new(name: &'static str, args: ArgCount, run: Run) -> Self {
        Self { name, args, library: None, run, is_safe: false, local: false }
    }

    const fn safe(mut self) -> Self {
        self.is_safe = true;
        self
    }

    const fn local(mut self) -> Self {
        self.local = true;
        self
    }

    const fn of(mut self, library: &'static str) -> Self {
        self.library = Some(library);
        self
    }

    fn apply(&self, state: &State<'_, '_>, value: &Value, arg: Option<&Value>) -> Result<Value, Error> {
        // A variable that is missing is an empty text to a filter.
        let value = if value.is_undefined() { &Value::from("") } else { value };
        let value = if self.local { &moment::localized(state, value) } else { value };
        let result = (self.run)(state, value, arg)?;
        let made_safe = self.is_safe && value.is_safe() && !result.is_safe();
        Ok(if made_safe { Value::from_safe_string(python::str(&result).into_owned()) } else { result })
    }
}

const FAMILIES: &[&[Filter]] = &[
    dates::FILTERS,
    filesize::FILTERS,
    float_format::FILTERS,
    html::FILTERS,
    humanize::FILTERS,
    json::FILTERS,
    lists::FILTERS,
    logic::FILTERS,
    numbers::FILTERS,
    percent::FILTERS,
    pretty::FILTERS,
    sort::FILTERS,
    strings::FILTERS,
    strip::FILTERS,
    title::FILTERS,
    truncate::FILTERS,
    unordered::FILTERS,
    urlize::FILTERS,
    urls::FILTERS,
    wrap::FILTERS,
    zones::FILTERS,
];

/// Every filter.
pub(crate) fn all() -> impl Iterator<Item = &'static Filter> {
    FAMILIES.iter().copied().flatten()
}

/// The filter with this name.
pub(crate) fn find(name: &str) -> Option<&'static Filter> {
    all().find(|filter| filter.name == name)
}

/// Puts every filter into an environment, under its name with `django_` before it.
pub(crate) fn register(env: &mut Environment<'_>) {
    for filter in all() {
        env.add_filter(
            format!("django_{}", filter.name),
            |state: &mut State<'_, '_>, value: Value, args: Rest<Value>| {
                filter.apply(state, &value, args.first())
            },
        );
    }
}

#[cfg(test)]
mod tests;
