//! From minijinja's errors to ours.

use std::error::Error as StdError;

use minijinja::{Error, ErrorKind};

use super::config::Config;
use super::names::Internal;
use crate::error::{TemplateError, TemplateErrorKind};

/// The error of a template, at the place where it arose: of templates in templates the innermost. `string` is the source of one
/// that was given as text.
pub(super) fn failure(config: &Config, error: Error, string: Option<&str>) -> TemplateError {
    let mut place = None;
    let mut innermost = &error;
    let mut next: Option<&(dyn StdError + 'static)> = Some(&error);
    while let Some(current) = next {
        if let Some(ours) = current.downcast_ref::<TemplateError>() {
            let ours = ours.clone();
            return if ours.name().is_some() { ours } else { placed(config, ours, place, string) };
        }
        if let Some(error) = current.downcast_ref::<Error>() {
            innermost = error;
            if let Some(name) = error.name() {
                place = Some((name.to_owned(), error.line()));
            }
        }
        next = current.source();
    }
    let kind = match innermost.kind() {
        ErrorKind::TemplateNotFound => TemplateErrorKind::DoesNotExist { tried: Vec::new() },
        ErrorKind::SyntaxError | ErrorKind::BadEscape => TemplateErrorKind::Syntax,
        _ => TemplateErrorKind::Render,
    };
    let message = innermost.detail().map_or_else(|| innermost.kind().to_string(), str::to_owned);
    placed(config, TemplateError::new(kind, message), place, string).with_source(error)
}

fn placed(
    config: &Config,
    error: TemplateError,
    place: Option<(String, Option<usize>)>,
    string: Option<&str>,
) -> TemplateError {
    let Some((internal, line)) = place else { return error };
    let loaded = config.registry.get(&internal);
    let source = loaded.as_deref().map(|loaded| loaded.source.as_str());
    error.at(&Internal::parse(&internal).name, line, source.or(string))
}
